// Jobs for gpu-batch that runs wait for: who has which, and since when.
import { load } from "./api.js";
import { h, moment, time } from "./dom.js";
import { createSigning } from "./person.js";
import { createTable } from "./table.js";

const stateClass = { queued: "pending", inHand: "running", silent: "failed" };

export function jobs() {
  const signing = createSigning("job");
  const press = (id, act) => () => signing.send(`jobs/${encodeURIComponent(id)}/${act}`);
  const table = createTable({
    id: "jobs",
    caption: "The longest waiting first",
    empty: "No run waits for a worker.",
    columns: ["Run", "State", "Waits since", "Worker", "Taken", "Heartbeat", { number: "Hand-out" }, "", ""],
    keyOf: (job) => job.id,
    cellsOf: (job) => [
      { text: job.id, className: "id", href: `#runs/${encodeURIComponent(job.id)}` },
      { text: job.state, className: stateClass[job.state] },
      moment(job.since),
      { text: job.worker ?? "", title: job.lane ? `${job.lane} jobs` : "" },
      time(job.taken),
      time(job.heartbeat),
      { text: job.attempt ?? "", className: "number" },
      { button: "Requeue", needs: "operate", press: press(job.id, "requeue") },
      { button: "Cancel", needs: "operate", press: press(job.id, "cancel") },
    ],
  });

  return {
    element: h("section", {}, h("h2", {}, "Jobs for gpu-batch"),
      h("p", { class: "filters", "data-needs": "operate" }, "To requeue or cancel:", signing.fields), table.element),
    async refresh() {
      const { items, incomplete } = await load("jobs", { limit: 100 });
      table.fill(items);
      return incomplete ?? `${items.length} jobs, ${items.filter(({ state }) => state === "inHand").length} in hand`;
    },
  };
}
