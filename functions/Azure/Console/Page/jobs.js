// Jobs for gpu-batch that runs wait for, and those of the bucket, which no run waits for: who has which, and since when.
import { load } from "./api.js";
import { createChoice } from "./choice.js";
import { action, h, moment, replace, time } from "./dom.js";
import { createSigning } from "./person.js";
import { createTable } from "./table.js";

const stateClass = { queued: "pending", inHand: "running", silent: "failed" };
const words = { queued: "queued", inHand: "in hand", silent: "silent" };

export function jobs() {
  const signing = createSigning("job");
  const send = (id, act) => signing.send(`jobs/${encodeURIComponent(id)}/${act}`);
  let shown = [];
  const table = createTable({
    id: "jobs",
    caption: "The longest waiting first",
    empty: "No run waits for a worker.",
    columns: ["Job", "State", "Waits since", "Worker", "Taken", "Heartbeat", { number: "Hand-out" }, "", ""],
    keyOf: (job) => job.id,
    cellsOf: (job) => [
      { text: job.id, className: "id", href: placeOf(job), reason: job.isAwaited ? "" : "of the bucket" },
      { text: words[job.state], className: stateClass[job.state] },
      moment(job.since),
      { text: job.worker ?? "", title: job.lane ? `${job.lane} jobs` : "" },
      time(job.taken),
      time(job.heartbeat),
      { text: job.attempt ?? "", className: "number" },
      job.isAwaited ? { button: "Requeue", needs: "operate", press: () => send(job.id, "requeue") } : "",
      job.isAwaited ? { button: "Cancel", needs: "operate", press: () => send(job.id, "cancel") } : "",
    ],
  });
  const state = createChoice("job-state", "State", Object.keys(words), "any");
  const which = h("p", { class: "quiet", role: "status" });
  const chosen = () => shown.filter((job) => job.isAwaited && (!state.value || job.state === state.value));
  const both = h("details", { class: "form", "data-needs": "operate", onchange: count }, h("summary", {}, "Act on all that match"),
    h("p", { class: "filters" }, state.element), which,
    h("p", {}, action("Requeue all", () => sendAll("requeue")), " ", action("Cancel all", () => sendAll("cancel"))));

  function count() {
    replace(which, `${chosen().length.toLocaleString()} of the ${shown.length.toLocaleString()} listed jobs match and are awaited by a run.`);
  }

  // One after the other, so that none is asked for twice; what has ended meanwhile refuses, and is counted.
  async function sendAll(act) {
    const some = chosen();
    if (some.length === 0) throw new Error("No jobs match.");
    if (!confirm(`${act} ${some.length.toLocaleString()} jobs? ${act === "cancel" ? "Their uploads end in quarantine, and can be redriven." : "A worker that meets one twice answers from what is written."}`)) return;
    let done = 0;
    const refused = [];
    for (const { id } of some) {
      try {
        if (await send(id, act) === null) return;
        done++;
      } catch (problem) {
        refused.push(problem.message);
      }
    }
    if (refused.length > 0) throw new Error(`${done} took it, ${refused.length} did not: ${refused[0]}`);
  }

  return {
    element: h("section", {}, h("h2", {}, "Jobs for gpu-batch"),
      h("p", { class: "filters", "data-needs": "operate" }, "To requeue or cancel:", signing.fields), table.element, both),
    async refresh() {
      const { items, incomplete } = await load("jobs", { limit: 200 });
      shown = items;
      table.fill(items);
      count();
      return incomplete ?? `${items.length} jobs, ${items.filter((job) => job.state === "inHand").length} in hand`;
    },
  };
}

// No run waits for a job of the bucket; its id begins with that of its asset.
const placeOf = (job) => job.isAwaited ? `#runs/${encodeURIComponent(job.id)}` : `#ingest/${encodeURIComponent(job.id.split("-")[0])}`;
