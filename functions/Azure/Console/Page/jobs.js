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
  const table = createTable({
    id: "jobs",
    caption: "The longest waiting first",
    empty: "Nothing waits for a worker.",
    columns: ["Job", "State", "Waits since", "Worker", "Taken", "Heartbeat", { number: "Hand-out" }, "", ""],
    keyOf: (job) => job.id,
    cellsOf: (job) => [
      { text: job.id, className: "id", href: placeOf(job), reason: [job.asset, !job.isAwaited && "of the bucket"].filter(Boolean).join(", ") },
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
  const both = h("details", { class: "form", "data-needs": "operate", onchange: count, ontoggle: () => both.open && count() }, h("summary", {}, "Act on all that match"),
    h("p", { class: "filters" }, state.element), which,
    h("p", {}, action("Requeue all", () => sendAll("requeue")), " ", action("Cancel all", () => sendAll("cancel"))));
  const chosen = () => state.value ? [["state", state.value]] : [];

  async function count() {
    const { total, awaited } = await load("jobs", [...chosen(), ["limit", 1]]);
    replace(which, `${awaited.toLocaleString()} of ${total.toLocaleString()} jobs match and are awaited by a run.`);
    return awaited;
  }

  // A run does it, some at a time, also when this page is closed; it is refused where others have come or gone since they were counted.
  async function sendAll(act) {
    const expected = await count();
    if (expected === 0) throw new Error("No jobs match.");
    if (!confirm(`${act} ${expected.toLocaleString()} jobs? ${act === "cancel" ? "Their uploads end in quarantine, and can be redriven." : "A worker that meets one twice answers from what is written."}`)) return;
    const begun = await signing.send(`jobs/acts?${new URLSearchParams(chosen())}`, { act, expected });
    if (begun) location.hash = `#runs/${encodeURIComponent(begun.id)}`;
  }

  return {
    element: h("section", {}, h("h2", {}, "Jobs for gpu-batch"),
      h("p", { class: "filters", "data-needs": "operate" }, "To requeue or cancel:", signing.fields), table.element, both),
    async refresh() {
      const { items, total, incomplete } = await load("jobs", { limit: 200 });
      table.fill(items);
      if (both.open) await count();
      return incomplete ?? `${total} jobs, ${items.filter((job) => job.state === "inHand").length} in hand`;
    },
  };
}

// No run waits for a job of the bucket; its id begins with that of its asset.
const placeOf = (job) => job.isAwaited ? `#runs/${encodeURIComponent(job.id)}` : `#ingest/${encodeURIComponent(job.id.split("-")[0])}`;
