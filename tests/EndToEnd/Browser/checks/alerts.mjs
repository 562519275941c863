// Alerts can be tried, muted and read about; a runbook is shown as text.
export async function check({ page, open, api, row, expect }) {
  const until = new Date(Date.now() + 3600_000).toISOString();
  await api("alerts/mutes", { rule: "quality", subject: "<b>console</b>", until, reason: "<i>known</i>" });
  await open("alerts");

  const mute = await row("mutes", "<b>console</b>");
  expect((await mute.innerText()).includes("<i>known</i>"), "the mute's reason is not shown as text");
  await mute.locator("button").click();
  await mute.waitFor({ state: "detached" });

  await page.fill("#person", "Ana");
  await page.click("text=Send a test alert");
  await page.locator("#outcomes li").first().waitFor();

  await open("alerts/backlogAge");
  await page.locator("#runbook code", { hasText: "GET /api/health" }).waitFor();
  expect(await page.locator("#runbook ol li").count() > 0, "the runbook's steps are no list");
  await open("alerts/incident");
  await page.locator("#runbook a", { hasText: "/api/console#promotions" }).click();
  await page.locator("#promotions").waitFor({ state: "attached" });
}
