// A runbook: what to do when an alert opens, filled in with that alert and with what is measured now. Its Markdown becomes elements, never
// markup: headings, paragraphs, lists and code.
import { find, load, loadText, save } from "./api.js";
import { action, h, lasting, moment, number, replace } from "./dom.js";
import { createSigning } from "./person.js";
import { actOf, fillIn } from "./runbook-acts.js";
import { measuresOf } from "./runbook-measures.js";
import { createFacts } from "./table.js";

const at = (name, alert) => `#alerts/${[name, ...(alert ? [alert.id] : [])].map(encodeURIComponent).join("/")}`;
const actsOfAlert = ["POST /api/alerts/{id}/acknowledge", "POST /api/alerts/mutes"];

export function runbook(name, id) {
  const signing = createSigning("runbook");
  const about = createFacts();
  const ofAlert = h("section", { id: "alert", hidden: true }, h("h2", {}, "The alert"), about.element);
  const open = h("p", { id: "open-alerts", hidden: true });
  const measured = createFacts();
  const now = h("section", { id: "measured", hidden: true }, h("h2", {}, "Now"), measured.element);
  const text = h("div", { id: "runbook" });
  const done = h("p", { id: "done", role: "status" });
  const buttons = h("span");
  const acts = h("p", { class: "filters", "data-needs": "operate", hidden: true }, "To act from here:", signing.fields, buttons);
  let known = { alert: null, rules: { rules: {}, limits: {} } };
  let shown;
  let offered;

  const see = async (label, acting) => {
    if (await acting) done.textContent = `${label}: done.`;
  };

  // What is away may be what the runbook is about: its text is shown all the same, with what was known before.
  const learn = async () => {
    const [alert, rules] = await Promise.all([id ? find(`alerts/${encodeURIComponent(id)}`) : null, load("alerts/rules")]);
    known = { alert, rules };
    offer(alert ? [] : await openAlertsOf(name, rules));
  };

  function offer(alerts) {
    const own = JSON.stringify(alerts.map((alert) => alert.id));
    if (own === offered) return;
    offered = own;
    replace(open, "Open: ", ...alerts.map((alert) => h("a", { class: "tag", href: at(name, alert) }, alert.subject)));
    open.hidden = alerts.length === 0;
  }

  function show(markdown) {
    const { alert, rules } = known;
    ofAlert.hidden = !alert;
    about.fill(alert ? factsOf(alert, rules.limits[alert.rule]) : []);
    const state = JSON.stringify([markdown, alert && { ...alert, lastSeen: null, summary: null, value: null }]);
    if (state === shown) return;
    shown = state;
    const context = { alert, signing, see };
    replace(text, ...render(markdown, context));
    replace(buttons, ...alert ? actsOfAlert.flatMap((act) => actOf(act, context)) : []);
    acts.hidden = !text.querySelector("button") && !buttons.hasChildNodes();
  }

  return {
    element: h("div", {}, ofAlert, acts, done, open, now, text,
      h("p", { class: "filters" },
        action("Save as Markdown", () => save(`runbooks/${encodeURIComponent(name)}.md`, `${name}.md`)),
        action("Save all runbooks", () => save("runbooks.md", "runbooks.md")),
        h("a", { href: "#alerts" }, "All alerts"))),
    async refresh() {
      const markdown = await loadText(`runbooks/${encodeURIComponent(name)}`);
      const fault = await learn().catch((problem) => problem.message);
      show(markdown);
      const facts = await measuresOf(name, known.alert);
      measured.fill(facts);
      now.hidden = facts.length === 0;
      const line = known.alert ? `Runbook ${name} for ${known.alert.subject}` : `Runbook ${name}`;
      return fault ? `${line} (${fault})` : line;
    },
  };
}

function factsOf(alert, means) {
  const value = alert.value ?? null;
  return [
    ["Alert", { text: alert.id, className: "id" }],
    ["Subject", alert.subject],
    ["Severity", alert.severity],
    ["Found", alert.summary],
    ["Measured", value === null ? "" : `${number(value, 3).text}, at ${new Date(alert.lastSeen).toLocaleTimeString()}${means ? ` (${means})` : ""}`],
    ["Allowed", value === null || alert.limit === undefined || alert.limit === null ? "" : number(alert.limit, 3).text],
    ["Opened", moment(alert.opened)],
    ["State", stateOf(alert)],
    ["Acknowledged", alert.acknowledgedBy ? `by ${alert.acknowledgedBy}: ${alert.acknowledgedReason}` : ""],
  ];
}

function stateOf({ resolved, inactiveSince, opened, lastSeen }) {
  if (resolved) return `resolved after ${lasting(new Date(resolved) - new Date(opened))}`;
  return inactiveSince ? "no longer found" : `open for ${lasting(new Date(lastSeen) - new Date(opened))}`;
}

// Opened by its name alone, the runbook of a rule offers the alerts to be filled in with.
async function openAlertsOf(name, { rules }) {
  if (!rules[name]) return [];
  const { items } = await load("alerts", { limit: 1000 });
  return items.filter(({ rule }) => rule === name);
}

function render(markdown, context) {
  const blocks = [];
  let list;
  for (const line of markdown.split("\n")) {
    const [, heading, title] = /^(#{1,3}) (.*)$/.exec(line) ?? [];
    const [, mark, item] = /^(-|\d+\.) (.*)$/.exec(line) ?? [];
    if (item) {
      const tag = mark === "-" ? "ul" : "ol";
      if (list?.localName !== tag) blocks.push(list = h(tag));
      list.append(h("li", {}, inline(item, context)));
      continue;
    }
    list = undefined;
    if (heading) blocks.push(h(heading.length === 1 ? "h2" : "h3", {}, inline(title, context)));
    else if (line.trim()) blocks.push(h("p", {}, inline(line, context)));
  }
  return blocks;
}

// Text with `code` in it. A page of the console and another runbook are links; behind an act of the API is its button.
function inline(text, context) {
  const { alert } = context;
  return text.split("`").flatMap((part, i, parts) => {
    if (i % 2 === 0) return part;
    if (part.startsWith("/api/console#")) return h("a", { href: part.slice(part.indexOf("#")) }, part);
    if (/runbooks? $/.test(parts[i - 1])) return h("a", { href: at(part, alert) }, part);
    return [h("code", {}, fillIn(part, alert)), ...actOf(part, context)];
  });
}
