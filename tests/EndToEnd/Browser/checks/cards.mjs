// A version and the system have a card that is saved as a page, as Markdown and as JSON.
import { readFile } from "node:fs/promises";

export async function check({ page, open, expect }) {
  const saved = async (name) => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
  };

  await open("models/entities/versions/1");
  await page.locator("#card button").first().waitFor();
  const html = await saved("Save the card as a page");
  expect(html.name === "entities-1-card.html" && html.text.includes("<h1>Model card: entities, version 1</h1>"), `the page is ${html.name}`);
  const markdown = await saved("Save the card as Markdown");
  expect(markdown.name === "entities-1-card.md" && markdown.text.includes("## Identity"), `the Markdown is ${markdown.name}`);

  await open("models");
  await page.locator("#card button").first().waitFor();
  const system = await saved("Save the card as JSON");
  expect(JSON.parse(system.text).subject === "system", `the system's card is ${system.name}`);
}
