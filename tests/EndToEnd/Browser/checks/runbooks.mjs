// An alert leads to its runbook, which is filled in with it, has what is measured now, offers the acts to who may act, and can be saved; the
// alert is acknowledged and muted with a reason.
import { readFile } from "node:fs/promises";

const subject = "console/1 in dev";

export const expectedErrors = /the server responded with a status of 503/; // while what it asks for is away

export async function check(tools) {
  const { page, api, until, traffic, expect } = tools;
  const rules = (changed) => api("alerts/rules", { rules: changed, reason: "a check of the console" }, { "If-Match": "*" }, "PUT");
  const openAlert = async () => (await api("alerts?limit=1000")).items.find((alert) => alert.rule === "latency" && alert.subject === subject);

  await rules({ latency: { limit: 0, for: "00:00:00", resolveAfter: "01:00:00" } });
  try {
    await traffic("console", "dev", () => until(openAlert, `alert of ${subject}`));
    await readFilledIn(tools);
    await rollBackFrom(tools);
    await save(page, expect);
    await actOn(tools);
    await readWhileAway(tools);
  } finally {
    const alert = await openAlert();
    if (alert) await api(`alerts/${alert.id}/resolve`, { reason: "the check is over" });
    await rules({});
  }
}

async function readFilledIn({ page, open, row, readByAxe, expect }) {
  await open("alerts");
  await (await row("alerts", subject)).locator("th a").click();
  await page.locator("#runbook code", { hasText: "GET /v2/models/console/stats" }).waitFor();
  const facts = await page.locator(".facts").first().innerText();
  for (const part of [subject, "Measured", "milliseconds", "Allowed"]) expect(facts.includes(part), `the facts of the alert lack '${part}': ${facts}`);
  await page.locator("#measured", { hasText: "availability of console in dev" }).waitFor();
  expect(await page.getByRole("button", { name: "Acknowledge" }).isVisible(), "the alert cannot be acknowledged from its runbook");
  await page.fill("#runbook-person", "ana");
  await page.fill("#runbook-reason", "it is known");
  await page.getByRole("button", { name: "Mute for 24 hours" }).click();
  await page.getByText("Mute for 24 hours: done.").waitFor();
  await readByAxe();
  const filled = page.url().split("#")[1];

  await open("alerts/latency");
  await page.locator("#open-alerts a", { hasText: subject }).click();
  await page.waitForFunction((place) => location.hash.slice(1) === place, filled);
  await open("alerts/backlogAge");
  await page.locator("#measured", { hasText: "Backlog: queue gpu-jobs" }).waitFor();
  await page.locator("#measured", { hasText: "in hand, heard of at" }).waitFor();
  await open(filled);
}

// The other runbook is filled in with the same alert.
async function rollBackFrom({ page, open, expect }) {
  await page.locator("#runbook a", { hasText: "rollback" }).first().click();
  await page.locator("#runbook code", { hasText: "POST /api/models/console/rollback" }).waitFor();
  expect((await page.locator("#runbook").innerText()).includes("?environment=dev"), "the environment is not filled in");
  expect(await page.getByRole("button", { name: "Roll back" }).isVisible(), "there is no button to roll back");
  const place = page.url().split("#")[1];

  await open(place, "key-of-the-end-to-end-reader"); // ListedKeys.Reader
  await page.locator("#runbook code", { hasText: "POST /api/models/console/rollback" }).waitFor();
  expect(await page.getByRole("button", { name: "Roll back" }).isHidden(), "who may only read can roll back");
  await open(place);
}

async function save(page, expect) {
  for (const [button, name, begin] of [["Save as Markdown", "rollback.md", "# Roll back a model"], ["Save all runbooks", "runbooks.md", "# Runbooks"]]) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: button }).click()]);
    expect(download.suggestedFilename() === name, `${button} gives the file ${download.suggestedFilename()}`);
    expect((await readFile(await download.path(), "utf8")).startsWith(begin), `${name} does not begin with '${begin}'`);
  }
}

// A runbook is there when what it is about is not.
async function readWhileAway({ page, open }) {
  for (const part of ["alerts/rules", "health"]) {
    await page.route(`**/api/${part}`, (route) => route.fulfill({ status: 503, json: { detail: "The store is away." } }));
  }
  await open("alerts/health");
  await page.locator("#runbook code", { hasText: "POST /api/reconcile" }).waitFor();
  await page.locator("#measured", { hasText: "The store is away." }).waitFor();
  await page.locator("#connection", { hasText: "Runbook health (The store is away.)" }).waitFor();
  await page.unrouteAll();
}

async function actOn({ page, open, row, expect }) {
  await open("alerts");
  await page.fill("#person", "ana");
  await page.fill("#reason", "<b>it is looked at</b>");
  const alert = await row("alerts", subject);
  await alert.getByRole("button", { name: "Acknowledge" }).click();
  await alert.getByText("acknowledged by ana: <b>it is looked at</b>").waitFor();
  expect(await alert.getByRole("button", { name: "Acknowledge" }).count() === 0, "what is acknowledged can be acknowledged again");

  await alert.getByRole("button", { name: "Mute" }).click();
  for (const reason of ["it is known", "<b>it is looked at</b>"]) {
    const mute = await row("mutes", reason);
    const said = await mute.innerText();
    for (const part of ["latency", subject, "ana"]) expect(said.includes(part), `the mute does not say '${part}': ${said}`);
    await mute.getByRole("button", { name: "End" }).click();
    await mute.waitFor({ state: "detached" });
  }

  await page.getByText("What was mailed").click();
  await page.locator("#mails").waitFor({ state: "attached" });
}
