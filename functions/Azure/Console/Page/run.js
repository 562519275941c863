// One run: how it stands, why it failed, what it did over time, and what it is linked to.
import { load } from "./api.js";
import { at } from "./drift.js";
import { h, moment, replace, time } from "./dom.js";
import { createGantt } from "./gantt.js";
import { createRunActs } from "./run-acts.js";
import { brief, createPayload, indented } from "./run-payload.js";
import { drawSequence } from "./run-sequence.js";
import { ganttRows, stepsOf } from "./run-timeline.js";
import { linkOf } from "./run-view.js";
import { costOf, took } from "./runs.js";
import { createFacts, createTable } from "./table.js";

const quietTypes = ["OrchestratorStarted", "OrchestratorCompleted"];
const pageSize = 500;

export function run(id) {
  const path = `runs/${encodeURIComponent(id)}`;
  const acts = createRunActs(id);
  const facts = createFacts();
  const links = h("p", { class: "links" });
  const failure = h("div", { class: "failure", hidden: true });
  const payloads = Object.fromEntries(["customStatus", "input", "output"].map((name) =>
    [name, createPayload({ customStatus: "Custom status", input: "Input", output: "Output" }[name], `${path}/payloads/${name}`, `${name}.json`)]));
  const gantt = createGantt({ label: "Activities, timers and sub-runs over time" });
  const sequence = h("div");
  const sequenceFold = h("details", {}, h("summary", {}, "Sequence diagram"), sequence);
  const opened = h("pre", { class: "payload", tabindex: 0, hidden: true });
  const more = h("button", { type: "button", hidden: true, onclick: () => { kept = shown; more.dispatchEvent(new Event("acted", { bubbles: true })); } }, "More events");
  const history = createTable({
    id: "history",
    caption: "What happened, in order",
    columns: ["Event", "Time", "Of", "Input or result", ""],
    keyOf: (happened) => happened.position,
    cellsOf: (happened) => [
      happened.type,
      { ...time(happened.time), title: happened.time },
      happened.instance ? { text: happened.name, href: `#runs/${encodeURIComponent(happened.instance)}` } : happened.name ?? "",
      { text: brief(happened.result ?? happened.input), className: "payload", reason: happened.reason },
      happened.characters > 160 ? { button: "Open", press: () => open(happened.position) } : "",
    ],
  });
  // Events that were shown before the page that is asked for: a history grows at its end.
  let kept = [];
  let shown = [];

  async function open(position) {
    const found = await load(`${path}/events/${position}`);
    opened.textContent = indented(found.result ?? found.input);
    opened.hidden = false;
    opened.focus();
  }

  return {
    element: h("section", {}, h("h2", {}, "Run ", h("code", {}, id)), facts.element, links, failure, acts.element,
      Object.values(payloads).map((payload) => payload.element),
      h("h2", {}, "Timeline"), gantt.element, sequenceFold, h("h2", {}, "History"), opened, history.element, more),
    async refresh() {
      const found = await load(path, { after: kept.length, limit: pageSize });
      if (found.events < kept.length) kept = []; // it began anew
      shown = [...kept, ...found.history];
      facts.fill([
        ["Orchestration", found.name],
        ["Status", { text: found.status, className: found.status }],
        ["Outcome", found.outcome && { text: found.outcome, className: found.outcome.replaceAll(" ", "-") }],
        ["Stage", found.stage],
        ["Done to each", progressOf(found)],
        ["Created", moment(found.created)],
        ["Changed", moment(found.updated)],
        ["Lasted", { ...took(found), className: "" }],
        ["Models took", costOf(found)],
        ["Trace", found.traceAddress ? { text: found.trace, href: found.traceAddress } : found.trace],
      ]);
      await acts.show(found);
      linksOf(found);
      showFailure(found);
      for (const [name, payload] of Object.entries(payloads)) payload.fill(found[name], found[`${name}Characters`]);
      const steps = stepsOf(shown, found.next === undefined ? found.ended : undefined);
      gantt.fill(ganttRows(steps));
      draw(found, steps);
      const names = new Map(shown.filter((happened) => happened.name).map((happened) => [happened.id, happened.name]));
      history.fill(shown.filter(({ type }) => !quietTypes.includes(type)).map((happened) => ({ ...happened, name: happened.name ?? names.get(happened.scheduled) })));
      more.hidden = found.next === undefined;
      return `${found.name} is ${found.status}${found.next === undefined ? "" : `; the first ${shown.length} of ${found.events} events`}`;
    },
  };

  function draw(found, steps) {
    const signature = JSON.stringify(steps);
    if (sequence.dataset.shown === signature) return;
    sequence.dataset.shown = signature;
    replace(sequence, drawSequence(found.name, steps));
  }

  function linksOf(found) {
    const all = [
      found.parent && ["started by ", found.parent, `#runs/${encodeURIComponent(found.parent)}`],
      ...found.children.map((child) => ["started ", child, `#runs/${encodeURIComponent(child)}`]),
      found.stage === "waitingForWorker" && ["waits for ", "its job", "#jobs"],
      found.name === "IngestAsset" && ["", "what it analysed", `#ingest/${encodeURIComponent(id.split("-")[0])}`],
      found.name === "CheckDrift" && reportOf(found),
      found.name === "PromoteModel" && ["", "its promotion", `#promotions/${encodeURIComponent(id)}`],
      ...(found.tags ?? []).map(linkOfTag),
    ].filter(Boolean);
    const signature = JSON.stringify(all);
    if (links.dataset.shown === signature) return;
    links.dataset.shown = signature;
    replace(links, all.flatMap(([before, text, href]) => [h("span", {}, before, h("a", { href }, text)), " "]));
  }

  function showFailure({ failureDetails }) {
    const signature = JSON.stringify(failureDetails ?? null);
    if (failure.dataset.shown === signature) return;
    failure.dataset.shown = signature;
    failure.hidden = !failureDetails;
    if (failureDetails) replace(failure, h("h2", {}, "Why it failed"), causes(failureDetails));
  }
}

const causes = ({ type, message, stack, cause }) => [
  h("p", {}, h("b", { class: "failed" }, type), " ", message),
  stack && h("details", { open: true }, h("summary", {}, "Stack"), h("pre", { class: "payload", tabindex: 0 }, stack)),
  ...(cause ? [h("p", { class: "quiet" }, "because of"), ...causes(cause)] : []),
];

// Of an act on many: "Requeue: 7 of 8, 1 refused. Run 'a' is completed and waits for no job."
function progressOf({ name, customStatus }) {
  const counts = name === "ActOnRuns" && customStatus?.Counts;
  if (!counts) return undefined;
  const refused = counts.Refused > 0 ? `, ${counts.Refused.toLocaleString()} refused. ${counts.Refusal ?? ""}` : "";
  return `${customStatus.Act}: ${counts.Done.toLocaleString()} of ${customStatus.Total.toLocaleString()}${refused}`;
}

// Undefined until the check has one.
function reportOf({ input, customStatus }) {
  const report = member(customStatus, "report");
  const subject = member(member(input, "request"), "subject");
  return report && subject && ["", "its report", at(member(subject, "environment"), member(subject, "model"), member(subject, "version"), report)];
}

// Orchestrations write their members in either case.
function member(record, name) {
  const found = Object.keys(record ?? {}).find((key) => key.toLowerCase() === name);
  return found && record[found];
}

function linkOfTag(tag) {
  const [name, value] = [tag.slice(0, tag.indexOf(":")), tag.slice(tag.indexOf(":") + 1)];
  const [model, version] = value.split("/");
  if (name === "model") return ["model ", value, `#models/${encodeURIComponent(model)}${version ? `/versions/${version}` : ""}`];
  return [`${name} `, value, linkOf({ tag })];
}
