// A large upload goes to storage in parts, also after one that failed; what is given up says why, and can be tried again.
export const expectedErrors = /ERR_FAILED|status of 40[09]/;

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

  await goOnWithLostParts(page, row, expect);
  await sayOfBucketUpload(page, row, expect);

  await page.locator("#said").fill("nonsense");
  await page.locator("#files").setInputFiles({ ...file, buffer: Buffer.from("x") });
  await page.locator("#drop .problem", { hasText: "'nonsense' is not name=value." }).waitFor();
}

// Goes on with what the storage has not, also where it answered for a part that it lost.
async function goOnWithLostParts(page, row, expect) {
  const isBlock = /comp=block&/;
  for (const [isFirstKept, again, told] of [[true, 1, "the second alone"], [false, 2, "both"]]) {
    const sent = [];
    await page.unroute(isBlock);
    await page.route(isBlock, (route) => {
      sent.push(route.request().url().match(/blockid=([^&]+)/)[1]);
      const headers = { "access-control-allow-origin": "*" };
      if (sent.length === 1 && !isFirstKept) return route.fulfill({ status: 201, headers });
      return sent.length === 2 ? route.fulfill({ status: 409, headers }) : route.continue();
    });
    const file = { name: `lost-${Date.now()}.bin`, mimeType: "application/octet-stream", buffer: Buffer.alloc(megabytes << 20) };
    await page.locator("#files").setInputFiles(file);
    const upload = await row("uploads", file.name);
    await upload.getByRole("button", { name: "Go on" }).click();
    await upload.locator("td.quarantined").waitFor();
    expect(sent.length === 2 + again, `${sent.length - 2} parts were sent again; ${told} was expected`);
  }
}

// What is said of an upload is kept with it in a bucket too, also where it is not ASCII.
async function sayOfBucketUpload(page, row, expect) {
  await page.locator("#upload-store").selectOption("s3");
  await page.locator("#said").fill("desk=sport; place=Zürich");
  const put = page.waitForRequest((request) => request.method() === "PUT" && request.url().includes("X-Amz-Signature"));
  const file = { name: `said-${Date.now()}.txt`, mimeType: "text/plain", buffer: Buffer.from("The harbour was quiet on Monday.") };
  await page.locator("#files").setInputFiles(file);
  const headers = (await put).headers();
  expect(headers["x-amz-meta-desk"] === "sport", `the upload carries ${JSON.stringify(headers)}`);
  const upload = await row("uploads", file.name);
  await upload.locator("td.processed").waitFor();
  await page.locator("#upload-store").selectOption("azure");
  await page.locator("#said").fill("");
}
