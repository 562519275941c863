// Who may act sees the acts, and what was done stands in the audit with its reason; who may not sees none of them.
export async function check({ page, open, row, api, expect }) {
  const from = "2026-01-01T00:00:00Z";
  await api("runs", {
    orchestrator: "BackfillDrift", id: "console-acts", reason: "a check of the console",
    input: {
      subject: { environment: "prod", model: "no-such-model", version: 1 }, window: { from, until: "2026-01-01T01:00:00Z" }, until: "2026-01-09T00:00:00Z",
      reference: "previous", likeness: "any", ratePerMinute: 1,
    },
  });
  page.on("dialog", (dialog) => dialog.accept());

  await open("runs/console-acts", "key-of-the-end-to-end-reader"); // ListedKeys.Reader
  await row("history", "SubOrchestrationInstanceCreated");
  expect(await page.locator("#run-acts").isHidden(), "acts are shown to who may only read");

  await open("runs/console-acts");
  await page.fill("#act-person", "ana");
  await page.fill("#act-reason", "it is looked at");
  expect(await page.getByRole("button", { name: "Resume" }).isHidden(), "a run that goes on can be resumed");
  await page.getByRole("button", { name: "Suspend" }).click();
  await page.getByRole("button", { name: "Resume" }).waitFor();
  expect(await page.getByRole("button", { name: "Cancel" }).isVisible(), "a run that its own address cancels shows no button for it");
  await page.getByRole("button", { name: "Terminate" }).click();
  await page.getByRole("button", { name: "Purge" }).waitFor();

  expect(await page.getByRole("button", { name: "Cancel" }).isHidden(), "a run that has ended can be cancelled");
  await showActOnMany({ page, open, api, expect });
  await open("audit");
  const act = await row("audit", "TerminateRun");
  const said = await act.innerText();
  for (const part of ["ana", "/api/runs/console-acts/terminate", "it is looked at", "done"]) expect(said.includes(part), `the audit does not say '${part}': ${said}`);
  await page.getByRole("button", { name: "Verify the log" }).click();
  await page.getByText("records are as they were written").waitFor();
}

// What came of an act on many stands on the page of the run that did it, with why one was refused; it is begun anew by nobody.
async function showActOnMany({ page, open, api, expect }) {
  const begun = await api("runs/acts?kind=orchestration&prefix=console-acts&name=BackfillDrift&status=terminated", { act: "suspend", expected: 1, reason: "a check of the console" });
  await open(`runs/${begun.id}`);
  await page.locator(".facts", { hasText: "Suspend: 0 of 1, 1 refused. Run 'console-acts' is terminated" }).waitFor();
  await page.getByRole("button", { name: "Purge" }).waitFor();
  expect(await page.getByRole("button", { name: "Restart" }).isHidden(), "a run that only its routes start can be restarted");
}
