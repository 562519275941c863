// Counts and assets are shown, change by themselves, can be filtered, and are only text, whatever an asset is called.
export async function check({ page, open, upload, row, expect }) {
  const [note, markup] = [await upload("note", "A note about the shelf."), await upload("<img src=x onerror=alert(1)>", "A name that is markup.")];
  await open();

  const asset = await row("assets", new RegExp(`${note}.*processed`, "s"));
  await row("counts", "all");
  await row("assets", markup);
  expect(await page.locator("#assets img").count() === 0, "an asset's name became markup");

  // Marked, so that a page which loads anew would be seen.
  await page.evaluate(() => { document.body.dataset.marked = "yes"; });
  const answers = [1, 2].map(() => page.waitForResponse((response) => response.url().includes("/api/ingest/summary")));
  await Promise.all(answers);
  expect(await page.evaluate(() => document.body.dataset.marked) === "yes", "the page loaded anew instead of refreshing");

  await page.selectOption("#state", "quarantined");
  const refused = await row("assets", "shelf.zip");
  expect((await refused.innerText()).includes("ZIP"), `the quarantined asset's row gives no reason: ${await refused.innerText()}`);
  await asset.waitFor({ state: "detached" });
}
