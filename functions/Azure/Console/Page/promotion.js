// One promotion: how it stands, what is to be decided, its steps, its guardrails over time and how the two versions' answers differ.
import { load } from "./api.js";
import { createDecision } from "./decision.js";
import { h, lasting, moment, number, percent, span, tally, time } from "./dom.js";
import { verdict } from "./promotions.js";
import { createDifferences } from "./shadow.js";
import { createFacts, createTable } from "./table.js";
import { createTrials, titleOf } from "./trials.js";

const stepClass = { passed: "completed", failed: "failed", running: "running" };

export function promotion(id) {
  const path = `promotions/${encodeURIComponent(id)}`;
  const facts = createFacts();
  const steps = createTable({
    id: "steps",
    caption: "Steps, in order",
    columns: ["Step", "State", "Began", "Ended", { number: "Callers" }, { number: "Requests" }, { number: "Bake time left" }, "What was found"],
    keyOf: (step) => step.name,
    cellsOf: (step) => [
      { text: step.name, className: "name" },
      { text: step.state, className: stepClass[step.state] ?? "" },
      time(step.started),
      time(step.ended),
      step.weight === undefined ? "" : percent(step.weight),
      step.requests === undefined ? "" : step.minRequests > 0 ? tally(step.requests, step.minRequests) : number(step.requests),
      step.left === undefined ? "" : { text: lasting(step.left), className: "number" },
      { text: step.detail ?? "", className: "detail" },
    ],
  });
  const findings = createTable({
    id: "findings",
    empty: "No guardrail was broken.",
    columns: ["Guardrail", "Evidence", { number: "p-value" }],
    keyOf: (finding) => `${finding.guard} ${finding.slice ?? ""}`,
    cellsOf: (finding) => [
      titleOf(finding.guard),
      { text: finding.message, className: "detail" },
      { text: finding.pValue.toExponential(1), className: "number", title: "How probable so much evidence would ever be, were the limit kept" },
    ],
  });
  const decision = createDecision(path);
  const trials = createTrials(path);
  const differences = createDifferences();

  return {
    element: h("section", {}, h("h2", {}, "Promotion ", h("code", {}, id)), facts.element, decision.element, steps.element,
      h("h2", {}, "Broken guardrails"), findings.element, trials.element, differences.element),
    async refresh() {
      const found = await load(path);
      const looks = await trials.refresh(found);
      facts.fill([
        ["Model", { text: `${found.model}, version ${found.version}`, href: `#models/${encodeURIComponent(found.model)}/versions/${found.version}` }],
        ["From", found.from ?? "outside"],
        ["To", found.to],
        ["Served before", found.before
          ? { text: `version ${found.before}${found.before === found.version ? "" : "; compare the two"}`, href: `#models/${encodeURIComponent(found.model)}/compare/${found.before}/${found.version}` }
          : "nothing"],
        ["Asked by", `${found.requestedBy}, ${moment(found.requestedAt).text}`],
        ["Verdict or stage", verdict(found)],
        ["Approved by", found.approvals.map(({ by, reason }) => reason ? `${by} (${reason})` : by).join(", ")],
        ["Too small to see", found.warnings?.join(" ")],
        ["Validation", found.reports.some((report) => report.endsWith("/report.html")) && { text: "what was found", href: `#models/${encodeURIComponent(found.model)}/versions/${found.version}` }],
        ["Run", { text: found.id, href: `#runs/${encodeURIComponent(found.id)}` }],
      ]);
      steps.fill(found.steps.map((step) => ({ ...step, ...progress(step, found.plan, looks) })));
      findings.fill(found.findings);
      decision.show(found);
      await differences.refresh(found.model, found.version, found.reports.filter((report) => report.startsWith("differences/")));
      return `${found.model} ${found.version} to ${found.to}: ${found.verdict ?? found.stage}`;
    },
  };
}

// How far a step in which the version is watched has come, by the clock of whoever watches.
function progress(step, plan, looks) {
  const trial = step.name === "shadow" ? plan.shadow : plan.canary[canaryOf(step.name, plan)];
  if (!trial) return {};
  const weight = step.name === "shadow" ? undefined : trial.weight;
  const last = looks?.step === step.name && looks.looks.at(-1);
  if (step.state !== "running" || !last) return { weight };
  return {
    weight,
    requests: step.name === "shadow" ? last.pairs : last.canaryRequests,
    minRequests: trial.minRequests,
    left: span(trial.bake) - (new Date(last.at) - new Date(step.started)),
  };
}

// A canary step is called by its weight: "canary 10 %".
const canaryOf = (name, plan) => plan.canary.findIndex((step) => name === `canary ${Number((step.weight * 100).toFixed(3))} %`);
