// An address that somebody typed, with a percent sign that begins no escape, and a run whose id has one, are told of and break nothing.
export const expectedErrors = /404/;

export async function check({ page, open, row, expect }) {
  await open("runs/100%");
  await page.locator("#connection", { hasText: "There is no run '100%'." }).waitFor();
  expect((await page.locator("h2 code").first().innerText()) === "100%", "the page does not name the run that the address names");

  await page.evaluate(() => { location.hash = "#runs/100%25%2025"; });
  await page.locator("#connection", { hasText: "There is no run '100% 25'." }).waitFor();
  await page.evaluate(() => { location.hash = "#runs?name=ingestasset"; });
  await row("runs", "IngestAsset");
}
