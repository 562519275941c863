// Models are listed with what serves where, and each opens with its versions and a history that is whole.
export async function check({ page, open, row, expect }) {
  await open("models");

  const model = await row("models", "entities");
  expect((await model.innerText()).includes("1"), `the model's row says: ${await model.innerText()}`);
  await model.locator("a").click();
  await row("versions", "1");
  await row("history-prod", "1");

  expect((await page.locator("main").innerText()).includes("is whole"), "the page does not say whether the history is whole");
}
