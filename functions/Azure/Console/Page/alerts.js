// What is not as it should be: acknowledged, muted or resolved by a person who says why.
import { load, remove, send } from "./api.js";
import { createChoice } from "./choice.js";
import { action, h, lasting, moment, number } from "./dom.js";
import { createPerson } from "./person.js";
import { createTable } from "./table.js";

const muteHours = ["1", "8", "24", "168", "720"];
const severityClass = { critical: "failed", warning: "running" };
const mailsShown = 20;

// The mute by which nobody is told of an alert: of its rule, its subject or the beginning of it.
const muteOf = (alert, mutes) => mutes.find(({ rule, subject }) => (!rule || rule === alert.rule)
  && (!subject || (subject.endsWith("*") ? alert.subject.startsWith(subject.slice(0, -1)) : subject === alert.subject)));

// A link to a page of this console.
const pageOf = (link) => link?.startsWith("/api/console#") ? link.slice("/api/console".length) : undefined;

export function alerts() {
  const state = createChoice("state", "State", ["resolved"], "open");
  const person = createPerson("person");
  const reason = h("input", { id: "reason", required: true });
  const hours = createChoice("hours", "Mute for hours", muteHours.slice(1), muteHours[0]);
  const outcomes = h("ul", { id: "outcomes", role: "status" });

  let muted = [];

  const isSaid = () => person.reportValidity() && reason.reportValidity();
  const act = (path, body = {}) => send(path, { ...body, reason: reason.value }, { "X-Requested-By": person.value });
  const muteUntil = () => new Date(Date.now() + Number(hours.value || muteHours[0]) * 3600_000).toISOString();

  const mutedUntil = (alert) => {
    const mute = alert.resolved ? undefined : muteOf(alert, muted);
    return mute && `muted until ${moment(mute.until).text}`;
  };
  const table = createTable({
    id: "alerts",
    caption: "The latest first",
    empty: "No alerts.",
    columns: ["Rule, and what to do", "Subject", "Severity", "What was found", "Opened", { number: "Lasts" }, "", "", ""],
    keyOf: (alert) => alert.id,
    cellsOf: (alert) => [
      { text: alert.rule, title: `${alert.id}: to its runbook`, className: "name", href: `#alerts/${encodeURIComponent(alert.rule)}/${encodeURIComponent(alert.id)}` },
      alert.subject,
      { text: alert.severity, className: severityClass[alert.severity] ?? "", reason: mutedUntil(alert) },
      { text: alert.summary, className: "detail", href: pageOf(alert.link), reason: (alert.acts ?? []).map(({ act, by, reason }) => `${act} by ${by}: ${reason}`).join("; ") },
      moment(alert.opened),
      { text: lasting((alert.resolved ? new Date(alert.resolved) : Date.now()) - new Date(alert.opened)), className: "number", title: `${alert.occurrences} times, seen last ${moment(alert.lastSeen).text}` },
      ...(alert.resolved ? ["", "", ""] : [
        alert.acknowledgedBy ? "" : { button: "Acknowledge", needs: "operate", press: async () => isSaid() && act(`alerts/${alert.id}/acknowledge`) },
        { button: "Mute", needs: "operate", press: async () => isSaid() && act("alerts/mutes", { rule: alert.rule, subject: alert.subject, until: muteUntil() }) },
        { button: "Resolve", needs: "operate", press: async () => isSaid() && act(`alerts/${alert.id}/resolve`) },
      ]),
    ],
  });
  const mutes = createTable({
    id: "mutes",
    empty: "Nothing is muted.",
    columns: ["Rule", "Subject", "Until", "By", "Reason", ""],
    keyOf: (mute) => mute.id,
    cellsOf: (mute) => [mute.rule ?? "all", mute.subject ?? "all", moment(mute.until), mute.by, { text: mute.reason, className: "detail" },
      { button: "End", needs: "operate", press: () => remove(`alerts/mutes/${mute.id}`) }],
  });
  const mails = createTable({
    id: "mails",
    caption: `The latest ${mailsShown} first`,
    empty: "Nothing was mailed.",
    columns: ["Time", "To", "Subject", "Outcome", { number: "Tries" }],
    keyOf: (mail) => mail.id,
    cellsOf: ({ to, subject, state, attempts }) => [
      moment(attempts.at(-1)?.at), to, { text: subject, className: "detail" },
      { text: state, className: state, reason: attempts.at(-1)?.fault }, number(attempts.length),
    ],
  });
  // Each mail is an object of its own: they are read while somebody looks.
  const mailed = h("details", { ontoggle: () => fillMails() }, h("summary", {}, "What was mailed"), mails.element);
  const fillMails = async () => mailed.open && mails.fill((await load("alerts/mails", { limit: mailsShown })).items);
  const test = action("Send a test alert", async () => {
    if (!person.reportValidity()) return;
    const { outcomes: all } = await send("alerts/test", {}, { "X-Requested-By": person.value });
    outcomes.replaceChildren(...(all.length > 0 ? all : [{ route: "nobody", to: "is told of alerts" }])
      .map(({ route, to, fault }) => h("li", { class: fault ? "failed" : "" }, `${route} ${to}${fault ? `: ${fault}` : ""}`)));
  });

  return {
    element: h("div", {},
      h("section", {}, h("h2", {}, "Alerts"),
        h("p", { class: "filters" }, state.element,
          h("span", {}, h("label", { for: "person" }, "Your name"), " ", person),
          h("span", {}, h("label", { for: "reason" }, "Reason"), " ", reason), hours.element),
        table.element),
      h("section", {}, h("h2", {}, "Muted"), mutes.element),
      h("section", { "data-needs": "operate" }, h("h2", {}, "Test"), test, outcomes),
      h("section", {}, h("h2", {}, "Mails"), mailed)),
    async refresh() {
      const [{ items, incomplete }, { items: standing }] = await Promise.all([load("alerts", { state: state.value || "open", limit: 100 }), load("alerts/mutes")]);
      muted = standing;
      table.fill(items);
      mutes.fill(muted);
      await fillMails();
      if (incomplete) return incomplete;
      return `${number(items.length).text} alerts ${state.value || "open"}, ${muted.length === 1 ? "1 mute" : `${muted.length} mutes`}`;
    },
  };
}
