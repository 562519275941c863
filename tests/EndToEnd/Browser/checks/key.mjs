// Without a key the page asks for it, says so when it is refused, keeps it out of the address, and tells which role it lacks.
export const expectedErrors = /status of 40[13]/;

export async function check({ page, key, open, upload, row, expect }) {
  const note = await upload("note", "A note about the shelf.");
  await open("", "");
  await page.locator("#key-form").waitFor();
  expect(await page.locator("#main").isHidden(), "facts are shown without a key");

  await page.fill("#key", "no-such-key");
  await page.click("#key-form button");
  await page.getByText("The key was refused").waitFor();

  await page.fill("#key", key);
  await page.click("#key-form button");
  await row("assets", note);
  expect(!page.url().includes("code="), "the key stands in the address");

  await open("runs");
  await row("runs", "IngestAsset");
  expect(!page.url().includes("code="), "the key of the link stays in the address");

  await open("runs", "key-of-the-end-to-end-caller"); // ListedKeys.Caller
  await page.getByText("ListRuns needs the role read; the key 'caller' has predict.").waitFor();
}
