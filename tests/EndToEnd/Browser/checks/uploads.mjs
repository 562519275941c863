// A large upload goes to storage in parts, also after one that failed; what is given up says why, and can be tried again.
export const expectedErrors = /ERR_FAILED/;

const megabytes = 9;

export async function check({ page, open, row, expect }) {
  let parts = 0;
  await page.route(/comp=block&/, (route) => (parts++ === 1 ? route.abort() : route.continue()));
  await open("ingest");
  await page.locator("#folder").fill("console/parts");
  const file = { name: `zeros-${Date.now()}.bin`, mimeType: "application/octet-stream", buffer: Buffer.alloc(megabytes << 20) };

  await page.locator("#files").setInputFiles(file);
  const uploaded = await row("uploads", file.name);
  await uploaded.locator("td.quarantined").waitFor();
  expect(parts === 3, `${parts} parts were sent; 2 and one of them again were expected`);

  await page.locator("#state").selectOption("quarantined");
  const asset = await row("assets", file.name);
  expect((await asset.innerText()).length > file.name.length + 40, "the reason is not shown");
  await page.locator("#redrive-person").fill("ana");
  await page.locator("#redrive-reason").fill("to see it fail once more");
  await asset.locator("button", { hasText: "Redrive" }).click();
  await page.waitForFunction((name) => [...document.querySelectorAll("#assets tbody tr")].some((row) => row.innerText.includes(name) && row.cells[5].innerText === "2"), file.name);

  await asset.locator("td.quarantined").waitFor();
  await page.getByRole("button", { name: "Redrive all of this filter …" }).click();
  const preview = page.locator("#redrive-preview");
  expect((await preview.locator("ol").innerText()).includes(file.name), "the preview does not say which asset comes first");
  await preview.getByRole("button", { name: /^Redrive \d+/ }).waitFor();
  await preview.getByRole("button", { name: "Close" }).click();

  await page.locator("#said").fill("nonsense");
  await page.locator("#files").setInputFiles({ ...file, buffer: Buffer.from("x") });
  await page.locator("#drop .problem", { hasText: "'nonsense' is not name=value." }).waitFor();
}
