// Two versions are compared, and one is shown with what is known of it and what its validation found.
export async function check({ page, open, row, api, expect }) {
  await api("models/console/versions/2/validate?environment=dev", {}, { "Idempotency-Key": "console" });
  await open("models/console");
  await row("versions", "dev, prod");
  await page.getByRole("button", { name: "Compare" }).click();

  expect((await (await row("numbers", "f1")).innerText()).includes("0.99"), "the metrics are not compared");
  await row("signature", "last_hidden_state");
  await (await row("compared", "version 2")).locator("a").click();
  await row("tensors", "input_ids");

  expect(/passed/.test(await (await row("gates", "digest")).innerText()), "the gate is not shown with its verdict");
  const [saved] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save the report as a page" }).click()]);
  expect(saved.suggestedFilename().endsWith(".html"), `the report is saved as ${saved.suggestedFilename()}`);

  const text = await page.locator("main").innerText();
  await page.setViewportSize({ width: 400, height: 800 });
  const beyond = await page.evaluate(() => [...document.querySelectorAll(".table, body")].filter((part) => part.scrollWidth > part.clientWidth).map((part) => part.innerText.slice(0, 40)));
  expect(beyond.length === 0, `on a small screen these reach beyond the edge: ${beyond.join("; ")}`);
  expect(text.includes("no environment") && text.includes("sha256:"), `the page says: ${text}`);
}
