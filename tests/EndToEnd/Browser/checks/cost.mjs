// What uploads and runs have cost is shown by kind of media, by name of runs, and on the page of a run.
export async function check({ page, open, api, row, readByAxe, expect }) {
  await open("cost");

  await row("cost", "text-embedding/");
  const texts = await row("cost-media", "text");
  expect(Number(await texts.locator("td[data-title='Per analysis']").innerText()) > 0, "the analysis of a text has no cost");
  await row("cost-runs", "IngestAsset");
  await readByAxe();
  await page.click("#cost-runs a >> text=IngestAsset");
  await row("runs", "shelf-note.txt");
  const { items } = await api("runs?name=IngestAsset&text=shelf-note.txt");
  await open(`runs/${items[0].id}`);
  await page.locator("dd", { hasText: /processor s, .* EUR/ }).waitFor();
}
