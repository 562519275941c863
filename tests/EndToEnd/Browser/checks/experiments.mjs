// An experiment is started by hand, gets callers, says what can be said of the arms, and is stopped.
export async function check({ page, open, row, traffic, expect }) {
  await open("experiments");
  await page.getByText("Start an experiment").click();
  await page.getByRole("combobox", { name: "Model" }).fill("console");
  await page.getByLabel("In", { exact: true }).selectOption("dev");
  const versions = page.getByLabel("Version");
  await versions.nth(0).fill("1");
  await versions.nth(1).fill("2");
  await page.getByLabel("Decided by").selectOption("latency");
  await page.getByLabel("Effect to look for").fill("5");
  await page.getByLabel("Your name").fill("<i>ana</i>");
  await page.getByLabel("Your name").press("Enter");
  await row("arms", "a");

  await traffic("console", "dev", async () => {
    await page.locator("#comparisons tbody tr", { hasText: /ms and/ }).waitFor();
  });
  const known = await row("comparisons", "b less a");
  expect(await known.locator("svg.interval").count() === 1, "the interval is not drawn");
  const text = await page.locator("main").innerText();
  expect(text.includes("as intended") && text.includes("<i>ana</i>"), `the page says: ${text}`);
  await row("slice-effects", "language=de");

  page.once("dialog", (dialog) => dialog.accept());
  await page.getByRole("button", { name: "Stop the experiment" }).click();
  await page.locator(".facts", { hasText: "stopped" }).waitFor();
  await page.goBack();
  expect((await (await row("experiments", "a: version 1")).innerText()).includes("stopped"), "the list does not say that it is stopped");
}
