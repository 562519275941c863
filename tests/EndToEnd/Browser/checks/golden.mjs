// Uploaded pictures are drawn from an export, reviewed by keyboard and mouse, and become a golden set; who may only read sees the set and no act.
import { readFile } from "node:fs/promises";
import path from "node:path";

const samples = path.resolve(import.meta.dirname, "../../../../samples/media");
const reader = "key-of-the-end-to-end-reader"; // ListedKeys.Reader
const model = "image-labels";

export async function check({ page, key, open, row, api, until, readByAxe, expect }) {
  await open("golden");
  const { origin } = new URL(page.url());
  const from = new Date(Date.now() - 1000).toISOString();
  for (const file of ["football-grey.jpg", "green-car-upside-down.jpg", "football-grey.jpg"]) {
    // Bytes behind its end that no upload had before: what was analysed before would not be looked at again.
    const picture = Buffer.concat([await readFile(path.join(samples, file)), Buffer.from(`${Date.now()} ${Math.random()}`)]);
    const sent = await page.request.post(`${origin}/api/assets?name=console/golden-${Date.now()}-${file}`, { headers: { "x-functions-key": key }, data: picture });
    expect(sent.ok(), `the upload answered ${sent.status()}`);
  }
  const name = await until(() => exported(api, from), "export with three pictures");

  await open("golden");
  await page.locator("#golden-person").fill("ana");
  await page.locator("#golden-rows").fill("3");
  await page.locator("#golden-labels").selectOption("what the model answered");
  await (await row("golden-exports", name)).getByRole("button", { name: "Draw" }).click();
  await page.getByText("3 items are to be reviewed").waitFor();
  await page.getByRole("link", { name: "Review them" }).click();

  const progress = page.locator("#golden-progress");
  await progress.getByText("0 of 3 reviewed").waitFor();
  await page.locator(".asked img[src^=blob]").waitFor();
  await page.getByRole("button", { name: "Reject (R)" }).click();
  await progress.getByText("1 of 3 reviewed: 0 accepted, 1 rejected").waitFor();

  await page.locator(".review").focus();
  await page.keyboard.press("a");
  await progress.getByText("2 of 3 reviewed: 1 accepted, 1 rejected").waitFor();

  await page.locator("#golden-label").fill("green car");
  await page.locator("#golden-label").press("Enter");
  await progress.getByText("3 of 3 reviewed: 2 accepted, 1 rejected").waitFor();
  await row("golden-items", "drawn as");
  await readByAxe();
  await page.setViewportSize({ width: 390, height: 900 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the review is wider than a phone");
  await page.setViewportSize({ width: 1280, height: 900 });
  const acts = (await api("audit?act=ReviewGoldenItem")).items;
  expect(acts.filter(({ by }) => by === "ana").length >= 3, "the log has not each review");

  await page.locator("#golden-scope").selectOption(`models/${model}`);
  await page.getByRole("button", { name: "Make the golden set" }).click();
  await page.getByText("Golden set of models/").waitFor();
  await row("golden-items", "green car");
  await page.locator(".neighbours img[src^=blob]").first().waitFor();

  const set = new URL(page.url()).hash.slice(1);
  await open("golden", reader);
  await page.getByText("What environments judge by").waitFor();
  await page.waitForFunction(() => document.body.dataset.roles === "read");
  expect(await page.locator("#golden-exports").isHidden() && await page.locator("#golden-drafts").isHidden(), "who may only read is shown drafts");
  await open(set, reader);
  await row("golden-items", "green car");
}

// The name of an export of the pictures that came since; null while a capture of them is not written yet.
async function exported(api, from) {
  const name = `golden-${Date.now()}`;
  const { id } = await api("exports", { name, model, from, until: new Date().toISOString(), filters: { source: "upload" } });
  let run;
  do run = await api(`exports/runs/${id}`); while (!["completed", "refused", "failed"].includes(run.stage));
  return run.rows >= 3 ? name : null;
}
