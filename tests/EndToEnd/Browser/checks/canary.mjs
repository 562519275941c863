// A canary at work: how far it has come, each guardrail as a drawing that says in words what it shows; then it is cancelled by hand.
export async function check({ page, open, row, api, traffic, expect }) {
  const plan = { watchEvery: "00:00:00.5", canary: [{ weight: 0.5, bake: "01:00:00", minRequests: 7 }] };
  const { id } = await api("promotions", { model: "console", version: 2, to: "prod", plan, queue: true }, { "Idempotency-Key": "console-canary" });

  await traffic("console", "prod", async () => {
    await open(`promotions/${id}`);
    const errors = page.locator(".card", { hasText: "Failed requests" });
    await errors.locator("svg[aria-label*='candidate 0']").waitFor();
    expect((await errors.innerText()).includes("kept"), `the card says: ${await errors.innerText()}`);
    const step = await (await row("steps", "canary 50 %")).innerText();
    expect(/of 7/.test(step) && /5\d min|1 h/.test(step), `the step says: ${step}`);

    const over = page.getByLabel("Over");
    await over.focus();
    await over.selectOption("requests");
    await page.locator("#steps tbody tr", { hasText: /\d{2} of 7/ }).waitFor();
    expect(await over.inputValue() === "requests" && await over.evaluate((element) => element === document.activeElement), "a refresh took the choice or the focus away");
  });

  page.once("dialog", (dialog) => dialog.accept());
  await page.getByLabel("Your name").fill("Łucja");
  await page.getByRole("button", { name: "Cancel the promotion" }).click();
  await page.locator(".facts", { hasText: "Cancelled by Łucja." }).waitFor();
}
