export const expectedErrors = /status of 400/; // of the container that is not there

// A source is previewed and added by the keyboard, shown with its counts, and paused, resumed and removed.
export async function check({ page, open, row, readByAxe, api, expect }) {
  await open("sources");
  const builtIn = await row("sources", "azure");
  expect((await builtIn.innerText()).includes("by events"), `the built-in source's row says: ${await builtIn.innerText()}`);

  const name = `shelf-${Date.now()}`;
  await page.locator("summary", { hasText: "Add a source" }).focus();
  await page.keyboard.press("Enter");
  await readByAxe();
  await page.fill("#source-name", name);
  await page.fill("#source-container", "shelf-archive");
  await page.fill("#source-prefixes", "news/");
  await page.check("label:has-text('text') input");
  await page.fill("#source-person", "Ana L\u00f3pez");
  await page.fill("#source-reason", "<i>the archive</i>");
  await page.click("text=Preview");
  await page.locator("#source-preview", { hasText: "2 of 3 objects match" }).waitFor();
  expect(await page.locator("#source-preview b").count() === 0, "a name of an object became markup");
  await page.locator("#source-preview code", { hasText: "news/<b>bold</b>.txt" }).waitFor();

  await page.fill("#source-container", "not-there");
  await page.click("text=Preview");
  await page.locator(".problem", { hasText: "does not have" }).waitFor();
  await page.fill("#source-container", "shelf-archive");
  await page.locator("button", { hasText: "Add the source" }).focus();
  await page.keyboard.press("Enter");

  await page.locator("#source-counts td", { hasText: "2" }).first().waitFor();
  await page.locator(".facts dd", { hasText: "completed" }).waitFor();
  await readByAxe();
  await page.fill("#source-person", "Ana");
  await page.fill("#source-reason", "for now");
  await page.click("main button:text-is('Pause')");
  await page.locator(".facts dd", { hasText: "paused" }).waitFor();
  await page.click("main button:text-is('Resume')");
  await page.locator(".facts dd", { hasText: "active" }).waitFor();
  await page.fill("#new-rate", "25");
  await page.click("text=Change the rate");
  await page.locator(".facts dd", { hasText: "25 objects a second" }).waitFor();

  const other = await api("sources", { name: `${name}-b`, store: "azure", container: "shelf-archive" });
  page.on("dialog", (dialog) => dialog.accept());
  await page.locator("summary", { hasText: "Remove" }).click();
  await page.selectOption("#analyses", "keep");
  await page.click("text=Remove the source");
  await row("sources", other.name);
  expect(await page.locator("#sources tbody tr", { hasText: `${name}azure` }).count() === 0, "the removed source is still there");
}
