// A runbook: what to do when an alert opens, filled in with that alert and with what is measured now. Its Markdown becomes elements, never
// markup: headings, paragraphs, lists and code.
import { find, load, loadText, save } from "./api.js";
import { action, h, lasting, moment, number, replace } from "./dom.js";
import { createSigning } from "./person.js";
import { actOf, fillIn } from "./runbook-acts.js";
import { measuresOf } from "./runbook-measures.js";
import { createFacts } from "./table.js";

export function runbook(name, id) {
  const signing = createSigning("runbook");
  const about = createFacts();
  const open = h("p", { id: "open-alerts" });
  const measured = createFacts();
  const text = h("div", { id: "runbook" });
  const done = h("p", { id: "done", role: "status" });
  const acts = h("p", { class: "filters", "data-needs": "operate", hidden: true }, "To act from here:", signing.fields);
  let shown;

  const see = async (label, acting) => {
    if (await acting) done.textContent = `${label}: done.`;
  };

  return {
    element: h("section", {}, about.element, open, h("div", { id: "measured" }, measured.element), acts, done, text,
      h("p", { class: "filters" },
        action("Save as Markdown", () => save(`runbooks/${encodeURIComponent(name)}.md`, `${name}.md`)),
        action("Save all runbooks", () => save("runbooks.md", "runbooks.md")),
        h("a", { href: "#alerts" }, "All alerts"))),
    async refresh() {
      const [markdown, alert, rules] = await Promise.all([
        loadText(`runbooks/${encodeURIComponent(name)}`), id ? find(`alerts/${encodeURIComponent(id)}`) : null, load("alerts/rules"),
      ]);
      about.fill(alert ? factsOf(alert, rules.limits[alert.rule]) : []);
      if (!alert) replace(open, ...await openAlertsOf(name, rules));
      measured.fill(await measuresOf(name, alert));
      const state = JSON.stringify([markdown, alert && { ...alert, lastSeen: null, summary: null, value: null }]);
      if (state !== shown) {
        shown = state;
        replace(text, ...render(markdown, { alert, signing, see }));
        acts.hidden = !text.querySelector("button");
      }
      return alert ? `Runbook ${name} for ${alert.subject}` : `Runbook ${name}`;
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

// Opened by its name alone, a runbook offers the alerts to be filled in with.
async function openAlertsOf(name, { rules }) {
  if (!rules[name]) return [];
  const { items } = await load("alerts", { limit: 1000 });
  const own = items.filter(({ rule }) => rule === name);
  return own.length === 0 ? ["No alert of this rule is open."] : ["Open: ", ...own.map((alert) =>
    h("a", { class: "tag", href: `#alerts/${encodeURIComponent(name)}/${encodeURIComponent(alert.id)}` }, alert.subject))];
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
    if (/runbooks? $/.test(parts[i - 1])) return linkTo(part, alert);
    return [h("code", {}, fillIn(part, alert)), ...actOf(part, context)];
  });
}

const linkTo = (name, alert) => h("a", { href: `#alerts/${[name, ...(alert ? [alert.id] : [])].map(encodeURIComponent).join("/")}` }, name);
