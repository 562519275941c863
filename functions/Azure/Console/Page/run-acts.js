// What an operator does to one run; each act is logged with its reason.
import { load } from "./api.js";
import { createChoice } from "./choice.js";
import { action, h } from "./dom.js";
import { createSigning } from "./person.js";

const ended = ["completed", "failed", "terminated"];
const acts = [
  { act: "suspend", title: "Suspend", fits: (status) => !ended.includes(status) && status !== "suspended" },
  { act: "resume", title: "Resume", fits: (status) => status === "suspended" },
  { act: "rewind", title: "Rewind", fits: (status) => status === "failed", ask: "Rewind this run? It goes on from the step that failed; what succeeded does not run again." },
  { act: "restart", title: "Restart", fits: (status) => ended.includes(status), ask: "Restart this run? It begins anew with its input, and its history is gone." },
  { act: "terminate", title: "Terminate", fits: (status) => !ended.includes(status), ask: "Terminate this run, and those that it waits for? A promotion is better cancelled, which undoes what it did." },
  { act: "purge", title: "Purge", fits: (status) => ended.includes(status), ask: "Purge this run? It is forgotten with its history." },
];

// A field for JSON, and what is in it.
function createJson(id, label) {
  const field = h("textarea", { id, rows: 4, spellcheck: false, class: "payload" });
  const hint = h("span", { class: "quiet" });
  return {
    element: h("p", { class: "field" }, h("label", { for: id }, label), h("span", {}, field, hint)),
    hint(members) { hint.textContent = members.join(", "); },
    read() {
      try {
        return JSON.parse(field.value);
      } catch (problem) {
        throw new Error(`${label} is no JSON: ${problem.message}`);
      }
    },
  };
}

export function createRunActs(id) {
  const path = `runs/${encodeURIComponent(id)}`;
  const signing = createSigning("act");
  const buttons = acts.map(({ act, title, ask }) => action(title, async () => {
    if (await signing.send(`${path}/${act}`) && act === "purge") location.hash = "#runs";
  }, { ask }));
  let cancelPath;
  const cancel = action("Cancel", () => signing.send(cancelPath), { ask: "Cancel this run? It ends before its next step; what it has done stays, unless it undoes it by itself." });
  const event = createChoice("event", "Event", [], "choose one");
  const payload = createJson("event-payload", "Payload");
  const raise = h("details", { class: "form", hidden: true }, h("summary", {}, "Raise an event"),
    h("p", { class: "filters" }, event.element), payload.element,
    action("Raise the event", () => {
      if (!event.value) throw new Error("Choose an event.");
      return signing.send(`${path}/events/${encodeURIComponent(event.value)}`, { payload: payload.read() });
    }));
  const element = h("section", { id: "run-acts", "data-needs": "operate" }, h("h2", {}, "Act"),
    h("p", { class: "filters" }, signing.fields), h("p", {}, buttons, cancel), raise);
  let known;

  return {
    element,
    async show({ name, status }) {
      known ??= (await load("orchestrators")).items;
      const orchestrator = known.find((one) => one.name === name);
      acts.forEach(({ act, fits }, i) => { buttons[i].hidden = !fits(status) || (act === "restart" && orchestrator?.mayRestart === false); });
      const awaited = orchestrator?.events ?? [];
      cancelPath = cancelOf(awaited)?.replace("{id}", encodeURIComponent(id));
      cancel.hidden = ended.includes(status) || !cancelPath;
      const events = awaited.filter((one) => !one.raisedBy);
      raise.hidden = ended.includes(status) || events.length === 0;
      event.offer(events.map((one) => one.name));
      payload.hint(events.find((one) => one.name === event.value)?.payload ?? []);
    },
  };
}

// Of a run that is cancelled where more is checked: "POST /api/reanalysis/{id}/cancel".
function cancelOf(awaited) {
  const [, path] = /^POST \/api\/(.+\/\{id\}\/cancel)$/.exec(awaited.find((one) => one.name === "cancel")?.raisedBy ?? "") ?? [];
  return path;
}

export function createRunStart() {
  const signing = createSigning("start");
  const orchestrator = createChoice("orchestrator", "Orchestration", [], "choose one");
  const id = h("input", { id: "start-id", maxlength: 256, placeholder: "made up" });
  const input = createJson("start-input", "Input");
  let known = [];
  const start = action("Start the run", async () => {
    if (!orchestrator.value) throw new Error("Choose an orchestration.");
    const begun = await signing.send("runs", { orchestrator: orchestrator.value, id: id.value || undefined, input: input.read() });
    if (begun) location.hash = `#runs/${encodeURIComponent(begun.id)}`;
  }, { className: "main" });
  const hint = () => input.hint(known.find((one) => one.name === orchestrator.value)?.input ?? []);
  return h("details", {
    class: "form", "data-needs": "operate", onchange: hint, ontoggle: async ({ target }) => {
      if (!target.open || known.length > 0) return;
      known = (await load("orchestrators")).items.filter((one) => !one.startedBy);
      orchestrator.offer(known.map((one) => one.name));
    },
  }, h("summary", {}, "Start a run"),
    h("p", { class: "filters" }, orchestrator.element, h("span", {}, h("label", { for: "start-id" }, "Id"), " ", id)),
    input.element, h("p", { class: "filters" }, signing.fields), start);
}

// The same act on all runs of a filter, which parametersOf gives as names and values: how many they are is said before anything is done.
export function createBulkActs(parametersOf) {
  const signing = createSigning("bulk");
  const choice = createChoice("bulk-act", "Act", acts.map(({ act }) => act), "choose one");
  const begin = action("Count, and act on all of them", async () => {
    if (!choice.value) throw new Error("Choose an act.");
    // Other work takes no act.
    const given = [...parametersOf().filter(([name]) => name !== "kind"), ["kind", "orchestration"]];
    const { total } = await load("runs", [...given, ["limit", 1]]);
    if (total === 0) throw new Error("No runs match.");
    if (!confirm(`${choice.value} ${total.toLocaleString()} runs? Those that stand otherwise by then are passed over.`)) return;
    const begun = await signing.send(`runs/acts?${new URLSearchParams(given)}`, { act: choice.value, expected: total });
    if (begun) location.hash = `#runs/${encodeURIComponent(begun.id)}`;
  });
  return h("details", { class: "form", "data-needs": "operate" }, h("summary", {}, "Act on all runs that match"),
    h("p", { class: "filters" }, choice.element, signing.fields), begin);
}
