// Files that are chosen are uploaded, analysed, found and shown: a text with its entities, a picture, a film that opens at a shot.
import path from "node:path";

const samples = path.resolve(import.meta.dirname, "../../../../samples/media");
const files = ["cup-final.txt", "beach-umbrellas-rotated.jpg", "coast-report.mp4"];
const folder = "console/media";

export async function check({ page, open, row, expect }) {
  await open("ingest");
  await page.locator("#folder").fill(folder);
  await page.locator("#said").fill("desk=sport; rights=<b>agency</b>");
  await page.locator("#files").setInputFiles(files.map((file) => path.join(samples, file)));
  for (const file of files) await (await row("uploads", file)).locator("td.processed").waitFor();

  await (await row("uploads", "cup-final.txt")).locator("a").click();
  await page.locator("#content mark.entity", { hasText: "Merano" }).first().waitFor();
  expect((await page.locator("dl.facts").innerText()).includes("rights: <b>agency</b>"), "what was said of the text is not shown as text");
  await page.locator("#versions a", { hasText: "its run" }).click();
  await page.locator("#history tbody tr").first().waitFor();

  await open("search");
  await page.locator("#query").fill("beach umbrellas");
  await page.locator("#query").press("Enter");
  const hit = page.locator("#hits .hit", { hasText: `${folder}/beach-umbrellas-rotated.jpg` });
  await hit.locator("img[src^=blob]").waitFor();
  // Others upload the same picture to other paths: it is one hit, which links to all of them.
  await hit.locator("div a", { hasText: `${folder}/beach-umbrellas-rotated.jpg` }).click();
  await page.waitForFunction(() => document.querySelector("#content img")?.naturalWidth === 960);
  await page.locator("#neighbours img[src^=blob]").first().waitFor();

  await open("search");
  await page.locator("#query").fill("sunset beach");
  await page.locator("#query").press("Enter");
  const film = page.locator("#hits .hit", { hasText: "coast-report.mp4" });
  const moment = film.locator(".further a", { hasText: /^at 0:/ }).first();
  await moment.click();
  await page.waitForFunction(() => document.querySelector("video")?.currentTime > 0 || location.hash.includes("t%3D"));
  await page.locator("#shots li").nth(4).waitFor();

  await open("search");
  await page.locator("#picture").setInputFiles(path.join(samples, "beach-umbrellas-rotated.jpg"));
  const first = page.locator("#hits .hit").first();
  await first.waitFor();
  expect((await first.innerText()).includes("beach-umbrellas-rotated.jpg"), "the picture itself is not the first hit");

  await open("ingest");
  await (await row("assets", "coast-report.mp4")).locator("a").click();
  await page.locator("#shots li").nth(4).waitFor();
  await page.waitForFunction(() => document.querySelector("video")?.readyState >= 1);
  await page.locator("#shots button").nth(3).click();
  await page.waitForFunction(() => document.querySelector("video").currentTime > 5);
}
