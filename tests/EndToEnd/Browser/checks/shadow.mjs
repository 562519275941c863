// A candidate that answers otherwise is turned back by its shadow; the page shows how its answers differ, in all and by slice.
export async function check({ page, open, row, api, traffic, expect }) {
  const plan = { watchEvery: "00:00:00.5", shadow: { bake: "00:00:01", minRequests: 20 }, canary: [], guards: { minCosine: 0.999999 } };
  const { id } = await api("promotions", { model: "console", version: 2, to: "dev", plan, queue: true }, { "Idempotency-Key": "console-shadow" });

  await traffic("console", "dev", async () => {
    await open(`promotions/${id}`);
    await row("mirrored-latency", "candidate, 2");
    await page.locator(".facts", { hasText: "rejected" }).waitFor();
  });

  const differences = page.locator("section", { has: page.getByRole("heading", { name: "Differences in the shadow" }) }).last();
  const text = await differences.innerText();
  expect(/Agreement\s+\d+([.,]\d+)? %/.test(text), `the differences say: ${text}`);
  expect(/Cosine\s+mean/.test(text), `the differences say: ${text}`);
  expect((await (await row("slices", "language=de")).innerText()).includes("%"), "the slice has no agreement");
  expect((await page.getByLabel("Step", { exact: true }).locator("option").allInnerTexts()).includes("shadow"), "the shadow is no step to look at");
}
