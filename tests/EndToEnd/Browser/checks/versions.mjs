// Two versions are compared, and one is shown with what is known of it.
export async function check({ page, open, row, expect }) {
  await open("models/console");
  await row("versions", "dev, qa");
  await page.getByRole("button", { name: "Compare" }).click();

  expect((await (await row("numbers", "f1")).innerText()).includes("0.99"), "the metrics are not compared");
  await row("signature", "last_hidden_state");
  await (await row("compared", "version 2")).locator("a").click();
  await row("tensors", "input_ids");

  const text = await page.locator("main").innerText();
  expect(text.includes("no environment") && text.includes("sha256:"), `the page says: ${text}`);
}
