import { load } from "./api.js";
import { createChoice } from "./choice.js";
import { duration, h, moment, time } from "./dom.js";
import { createBulkActs, createRunActs, createRunStart } from "./run-acts.js";
import { createFacts, createTable } from "./table.js";

const statuses = ["pending", "running", "completed", "failed", "suspended", "terminated"];

const stage = (run) => run.stage ?? "";
const took = (run) => duration(new Date(run.updated) - new Date(run.created));

export function runs() {
  const status = createChoice("status", "Status", statuses);
  const table = createTable({
    id: "runs",
    caption: "The latest first",
    empty: "No runs.",
    columns: ["Run", "Orchestration", "Status", "Stage", { number: "Duration" }, "Started"],
    keyOf: (run) => run.id,
    cellsOf: (run) => [
      { text: run.id, className: "id", href: `#runs/${encodeURIComponent(run.id)}` },
      run.name,
      { text: run.status, className: run.status, reason: run.failure },
      stage(run),
      took(run),
      time(run.created),
    ],
  });

  return {
    element: h("section", {}, h("h2", {}, "Runs"), h("p", { class: "filters" }, status.element), table.element,
      createBulkActs(() => [["status", status.value]]), createRunStart()),
    async refresh() {
      const { items } = await load("runs", { limit: 50, status: status.value });
      table.fill(items);
      return `${items.filter((run) => run.status === "running").length} running of the latest ${items.length}`;
    },
  };
}

export function run(id) {
  const acts = createRunActs(id);
  const facts = createFacts();
  const history = createTable({
    id: "history",
    caption: "What happened, in order",
    columns: ["Event", "Time", "Of", "Input or result"],
    keyOf: (happened) => happened.key,
    cellsOf: (happened) => [
      happened.type,
      time(happened.time),
      happened.name ?? "",
      { text: payload(happened.result ?? happened.input), className: "payload", reason: happened.reason },
    ],
  });

  return {
    element: h("section", {}, h("h2", {}, "Run ", h("code", {}, id)), facts.element, acts.element, history.element),
    async refresh() {
      const found = await load(`runs/${encodeURIComponent(id)}`);
      facts.fill([
        ["Orchestration", found.name],
        ["Status", { text: found.status, className: found.status, reason: found.failure }],
        ["Stage", stage(found)],
        ["Started", moment(found.created)],
        ["Took", { ...took(found), className: "" }],
        ["Input", { text: payload(found.input), className: "payload" }],
        ["Output", { text: payload(found.output), className: "payload" }],
      ]);
      await acts.show(found);
      const names = new Map(found.history.filter((happened) => happened.name).map((happened) => [happened.id, happened.name]));
      history.fill(found.history
        .map((happened, key) => ({ ...happened, key, name: happened.name ?? names.get(happened.scheduled) }))
        .filter(({ type }) => type !== "OrchestratorStarted" && type !== "OrchestratorCompleted"));
      return `${found.name} is ${found.status}`;
    },
  };
}

const payload = (value) => value === undefined || value === null ? "" : JSON.stringify(value);
