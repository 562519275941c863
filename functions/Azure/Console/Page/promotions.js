import { load, send } from "./api.js";
import { action, h, moment, time } from "./dom.js";
import { createFacts, createTable } from "./table.js";

const verdictClass = { promoted: "completed", rejected: "failed", "rolled back": "failed" };
const stepClass = { passed: "completed", failed: "failed", running: "running" };
const verdict = (promotion) => ({
  text: promotion.verdict ?? promotion.stage, className: verdictClass[promotion.verdict] ?? "running", reason: promotion.reason,
});

export function promotions() {
  const table = createTable({
    id: "promotions",
    caption: "The latest first",
    empty: "No promotions.",
    columns: ["Promotion", "Model", "Version", "From", "To", "Asked by", "Asked", "Verdict or stage"],
    keyOf: (promotion) => promotion.id,
    cellsOf: (promotion) => [
      { text: promotion.id, className: "id", href: `#promotions/${encodeURIComponent(promotion.id)}` },
      promotion.model,
      promotion.version,
      promotion.from ?? "outside",
      promotion.to,
      promotion.requestedBy,
      time(promotion.requestedAt),
      verdict(promotion),
    ],
  });

  return {
    element: h("section", {}, h("h2", {}, "Promotions"), table.element),
    async refresh() {
      const { items } = await load("promotions", { limit: 50 });
      table.fill(items);
      return `${items.filter((promotion) => !promotion.verdict).length} at work of the latest ${items.length}`;
    },
  };
}

export function promotion(id) {
  const path = `promotions/${encodeURIComponent(id)}`;
  const facts = createFacts();
  const steps = createTable({
    id: "steps",
    caption: "Steps, in order",
    columns: ["Step", "State", "Began", "Ended", "What was found"],
    keyOf: (step) => step.name,
    cellsOf: (step) => [step.name, { text: step.state, className: stepClass[step.state] ?? "" }, time(step.started), time(step.ended), { text: step.detail ?? "", className: "detail" }],
  });
  const findings = createTable({
    id: "findings",
    empty: "No guardrail was broken.",
    columns: ["Guardrail", "Evidence", { number: "p-value" }],
    keyOf: (finding) => `${finding.guard} ${finding.slice ?? ""}`,
    cellsOf: (finding) => [finding.guard, finding.message, { text: finding.pValue.toExponential(1), className: "number" }],
  });
  const decision = createDecision(path);

  return {
    element: h("section", {}, h("h2", {}, "Promotion ", h("code", {}, id)), facts.element, decision.element, steps.element, h("h2", {}, "Guardrails"), findings.element),
    async refresh() {
      const found = await load(path);
      facts.fill([
        ["Model", { text: `${found.model}, version ${found.version}`, href: `#models/${encodeURIComponent(found.model)}` }],
        ["From", found.from ?? "outside"],
        ["To", found.to],
        ["Served before", found.before ? `version ${found.before}` : "nothing"],
        ["Asked by", `${found.requestedBy}, ${moment(found.requestedAt).text}`],
        ["Verdict or stage", verdict(found)],
        ["Approved by", found.approvals.map(({ by, reason }) => reason ? `${by} (${reason})` : by).join(", ")],
        ["Run", { text: found.id, href: `#runs/${encodeURIComponent(found.id)}` }],
      ]);
      steps.fill(found.steps);
      findings.fill(found.findings);
      decision.show(found);
      return `${found.model} ${found.version} to ${found.to}: ${found.verdict ?? found.stage}`;
    },
  };
}

// Approval and cancellation name the person who acts; the server decides who may.
function createDecision(path) {
  const person = h("input", { id: "person", autocomplete: "username", required: true });
  const reason = h("input", { id: "reason" });
  const act = (end, body) => () => {
    if (!person.reportValidity()) return Promise.resolve();
    return send(`${path}/${end}`, { ...body, reason: reason.value || undefined }, { "X-Requested-By": person.value });
  };
  const decide = h("span", {},
    action("Approve", act("decision", { approve: true })),
    action("Refuse", act("decision", { approve: false })));
  const element = h("p", { class: "filters" },
    h("span", {}, h("label", { for: "person" }, "Your name"), " ", person),
    h("span", {}, h("label", { for: "reason" }, "Reason"), " ", reason),
    decide,
    action("Cancel the promotion", act("cancel", {})));

  return {
    element,
    show(promotion) {
      element.hidden = Boolean(promotion.verdict);
      decide.hidden = promotion.stage !== "approval";
    },
  };
}
