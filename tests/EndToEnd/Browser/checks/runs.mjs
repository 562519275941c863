// Runs are listed, filtered by what the address and the form say, counted and drawn over time, and each opens with its history.
export async function check({ page, open, row, expect }) {
  await open("runs?name=IngestAsset&within=24h");
  await row("runs", "IngestAsset");
  const chip = page.locator(".chip.completed");
  await chip.waitFor();

  expect(await page.locator("#within").inputValue() === "24h", "the form does not show the time that the address asks for");
  expect(await page.locator(".histogram rect.completed").count() > 0, "the histogram draws no completed run");
  await chip.click();
  await page.waitForFunction(() => location.hash.includes("status=completed"));
  await page.waitForFunction(() => document.querySelector("#runs tbody td.completed") && !document.querySelector("#runs tbody td.running"));
  expect(await chip.getAttribute("aria-pressed") === "true", "the status that is chosen is not shown as pressed");

  await page.locator("#runs .sort", { hasText: "Duration" }).click();
  await page.waitForFunction(() => document.querySelector("#runs th[aria-sort]")?.textContent === "Duration");
  expect(page.url().includes("sort=duration"), "the order is not in the address");

  await zoom(page, expect);
  await page.locator("#text").fill("no run has this");
  await page.keyboard.press("Enter");
  await page.locator(".empty:visible").waitFor();
  await page.goBack();
  await row("runs", "IngestAsset");
  expect(await page.locator("#text").inputValue() === "", "Back does not bring the filter back");

  await page.getByRole("button", { name: "Over time" }).click();
  await page.locator(".gantt li a").first().waitFor();
  await page.getByRole("button", { name: "Over time" }).click();
  await keepView(page, row, expect);
  await showOne(page, row, expect);
  await showLambda(page, open, row, expect);
}

// A view that has a name, markup among it, is found again, and is gone once it is removed.
async function keepView(page, row, expect) {
  const name = "<b>mine</b>";
  const shown = page.url();
  await page.locator("#view-name").fill(name);
  await page.keyboard.press("Enter");
  await page.reload();
  const view = page.getByRole("link", { name });
  await page.evaluate(() => { location.hash = "#runs"; });
  await view.click();
  await row("runs", "IngestAsset");
  expect(new URL(page.url()).hash === new URL(shown).hash, "a named view opens another address than it was saved from");
  await page.getByRole("button", { name: `Remove the view ${name}` }).click();
  expect(await view.count() === 0, "a view that was removed is still there");
}

// What the Lambda function handled stands beside, and leads to its asset.
async function showLambda(page, open, row, expect) {
  await open("runs?kind=lambda&outcome=processed&text=shelf-bucket");
  const handled = await row("runs", "shelf-bucket.txt");
  expect((await handled.innerText()).includes("IngestObject"), "the work of Lambda has no name");
  expect(await page.locator(".chip[data-key='kind:lambda']").getAttribute("aria-pressed") === "true", "the kind that is chosen is not shown as pressed");
  await handled.locator("th a").click();
  await page.waitForFunction(() => location.hash.startsWith("#ingest/"));
  await page.locator("#versions tbody tr").first().waitFor();
}

// With the keyboard: the last bar, then its runs alone.
async function zoom(page, expect) {
  await page.locator(".histogram").focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.hash.includes("from=") && location.hash.includes("to="));
  expect(!page.url().includes("within="), "a zoom leaves the time that was chosen before");
}

async function showOne(page, row, expect) {
  const run = await row("runs", "IngestAsset");
  await run.locator("th a").click();
  await row("history", "TaskCompleted");
  expect((await page.locator(".facts").innerText()).includes("IngestAsset"), "the run's facts do not name its orchestration");
  expect((await page.locator(".gantt").innerText()).includes("AdmitAsset"), "the timeline lacks an activity");
  await page.getByText("Sequence diagram").click();
  expect(await page.locator(".sequence .message.answer.completed").count() >= 2, "the sequence diagram lacks answers");
  expect((await page.locator(".links").innerText()).includes("asset"), "the run has no link to its asset");
  expect(await page.title() !== "", "the page has no title");
  await pageHistory(page, expect);
}

// A history that is longer than a page goes on where it ended, each time that it is asked to, and has each event once.
async function pageHistory(page, expect) {
  const rows = page.locator("#history tbody tr");
  const all = await rows.count();
  const isRun = /api\/runs\/[^/]+\?.*limit=500/;
  await page.route(isRun, (route) => route.continue({ url: route.request().url().replace("limit=500", "limit=5") }));
  await page.reload();
  const more = page.getByRole("button", { name: "More events" });
  await more.waitFor();
  const connection = page.locator("#connection");
  while (await more.isVisible()) {
    const line = await connection.innerText();
    await more.click();
    await page.waitForFunction((before) => document.getElementById("connection").textContent !== before, line);
  }
  expect(await rows.count() === all, `page by page the history has ${await rows.count()} events, whole it has ${all}`);
  await page.unroute(isRun);
}
