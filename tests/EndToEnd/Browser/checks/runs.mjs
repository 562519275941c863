// Runs are listed, and each opens with its history.
export async function check({ page, open, row, expect }) {
  await open("runs");

  const run = await row("runs", "IngestAsset");
  await run.locator("a").click();
  await row("history", "TaskCompleted");

  expect((await page.locator(".facts").innerText()).includes("IngestAsset"), "the run's facts do not name its orchestration");
  expect(await page.title() !== "", "the page has no title");
}
