// A promotion that cannot be is listed with its verdict, and opens with the step that turned it back.
export async function check({ page, key, open, row, expect }) {
  await open("promotions");
  const api = page.url().split("/console")[0];
  const started = await page.request.post(`${api}/promotions`, {
    headers: { "x-functions-key": key, "X-Requested-By": "<b>ci</b>", "Idempotency-Key": "console-check" },
    data: { model: "entities", version: 99, to: "dev" },
  });
  expect(started.status() === 202, `the promotion was answered ${started.status()}: ${await started.text()}`);

  const promotion = await row("promotions", new RegExp(`${(await started.json()).id}.*rejected`)); // others are rejected too
  await promotion.locator("a").click();
  const step = await row("steps", "checks");

  expect((await step.innerText()).includes("failed"), `the step's row says: ${await step.innerText()}`);
  expect((await page.locator(".facts").first().innerText()).includes("<b>ci</b>"), "who asked is not shown as text");
}
