// The functions of the app are drawn with who called whom, told in a table too, and reached by the keyboard.
export async function check({ page, open, row, upload, readByAxe, expect }) {
  await open("graph?within=24h");
  // What was uploaded while the system started may have been found by the reconcile.
  await upload("graph", "The ferry leaves.");
  const orchestrator = page.locator("#functions tr[data-key='IngestAsset']");
  await orchestrator.waitFor();
  expect((await orchestrator.innerText()).includes("AdmitAsset"), "the table does not say what an orchestrator calls");
  expect(await page.locator("#functions tbody tr", { hasText: "CancelDriftBackfill" }).count() === 0, "a function that nobody called is listed");

  await page.locator(".graph .node[tabindex='0']").focus();
  const boxes = await page.locator(".graph .node").count();
  expect(boxes >= 4, `${boxes} boxes are drawn, at least 4 are expected`);
  const line = (to) => page.locator(`.graph .edge[data-from='BlobArrived'][data-to='${to}']`);
  await line("IngestAsset").waitFor({ state: "attached" });
  await page.locator(".graph .node[data-id='BlobArrived']").press("ArrowRight");
  const reached = await page.evaluate(() => document.activeElement.dataset.id);
  expect(await line(reached).count() === 1, `the arrow key goes to ${reached}, to which there is no line`);
  await page.locator(".graph .node[data-id='IngestAsset']").press("Enter");
  const facts = page.locator(".form", { hasText: "Called by" });
  expect((await facts.innerText()).includes("BlobArrived"), "what started an orchestrator is not told");
  expect(await page.locator(".graph .edge.near").count() >= 3, "the lines of what is chosen do not stand out");
  await readByAxe();

  await page.getByLabel("also those that nobody called").check();
  await page.locator("#functions tr[data-key='PromoteModel']").waitFor();
  expect(page.url().includes("all=true"), "what is shown is not in the address");
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than a phone");
  await facts.getByRole("link", { name: "BlobArrived" }).click();
  await row("runs", "IngestAsset");
}
