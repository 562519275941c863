// Somebody is subscribed, told of a test alert, told again, given another secret, and told no more.
import { createServer } from "node:http";

export const expectedErrors = /status of 400/;

export async function check({ page, open, row, expect }) {
  const told = [];
  const receiver = createServer((request, response) => {
    request.resume();
    told.push(request.headers);
    response.writeHead(told.length === 1 ? 410 : 204).end();
  });
  await new Promise((listening) => receiver.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${receiver.address().port}/told`;
  page.on("dialog", (dialog) => dialog.accept());
  try {
    await open("webhooks");
    await page.getByText("Subscribe an address").click();
    await page.getByLabel("Address that is told").fill(url);
    await page.getByLabel("Events").fill("alert.* <b>none</b>");
    await page.getByLabel("Your name").fill("<i>ana</i>");
    await page.getByRole("button", { name: "Subscribe", exact: true }).click();
    await page.getByText("events names '<b>none</b>'").waitFor();
    await page.getByLabel("Events").fill("alert.*");
    await page.getByRole("button", { name: "Subscribe", exact: true }).click();
    const secret = await page.locator("#webhook-secret code").innerText();
    const subscription = await row("webhooks", url);
    expect((await subscription.innerText()).includes("<i>ana</i>"), "who subscribed is not shown as text");

    await open("alerts");
    await page.click("text=Send a test alert");
    await page.locator("#outcomes li").first().waitFor();
    await open("webhooks");
    await (await row("webhooks", url)).getByRole("link").click();
    const delivery = await row("deliveries", "alert.opened");
    await delivery.locator("td.failed", { hasText: "410" }).waitFor();
    await delivery.getByRole("button", { name: "Send again" }).click();
    const again = await row("deliveries", "round 2");
    await again.locator("td.processed", { hasText: "204" }).waitFor();
    expect(told.every((headers) => headers["webhook-signature"]), "what was sent is not signed");

    await page.getByRole("button", { name: "Give it another secret" }).click();
    const other = await page.locator("#webhook-secret code").innerText();
    expect(other !== secret, "the other secret is the one before");
    await page.getByText("the one before signs too").waitFor();
    await page.getByRole("button", { name: "End the subscription" }).click();
    await page.locator("#webhooks tbody tr", { hasText: url }).waitFor({ state: "detached" });
  } finally {
    receiver.close();
  }
}
