// What models have cost: by version in the process that answers; by kind and hour of media, and by name of runs, in all of them.
import { load } from "./api.js";
import { h, moment, number, price } from "./dom.js";
import { kinds } from "./run-view.js";
import { createFacts, createTable } from "./table.js";

const spent = ["Processor s", "GPU s", "Cost"].map((title) => ({ number: title }));
const hourly = (value, currency) => value > 0 ? `${value} ${currency}` : "no price";
const cellsOfSpent = (line) => [number(line.processorSeconds, 3), number(line.gpuSeconds, 3), price(line.cost)];

export function cost() {
  const facts = createFacts();
  const models = createTable({
    id: "cost",
    caption: "Model versions, in this process",
    empty: "No model has been asked yet.",
    columns: ["Model", { number: "Predictions" }, ...spent, { number: "Per 1,000" }],
    keyOf: ({ model, version }) => `${model}/${version}`,
    cellsOf: (line) => [
      { text: `${line.model}/${line.version}`, className: "model" },
      number(line.predictions),
      ...cellsOfSpent(line),
      price(line.costPerThousand),
    ],
  });
  const media = createTable({
    id: "cost-media",
    caption: "Uploads whose analysis stands, whichever process made it; copies of an analysis cost nothing and are left out",
    empty: "Nothing has been analysed yet.",
    columns: ["Kind", { number: "Analyses" }, { number: "Hours" }, ...spent, { number: "Per analysis" }, { number: "Per hour of media" }],
    keyOf: ({ kind }) => kind,
    cellsOf: (line) => [line.kind, number(line.analyses), number(line.hours, 3), ...cellsOfSpent(line), price(line.costPerAnalysis), price(line.costPerHour)],
  });
  const runs = createTable({
    id: "cost-runs",
    caption: "Runs that asked models, of all processes; a run that waits for a job counts what the job took, as the job itself does",
    empty: "No run has asked a model yet.",
    columns: ["Name", { number: "Runs" }, ...spent, { number: "Per run" }],
    keyOf: ({ kind, name }) => `${kind}/${name}`,
    cellsOf: (line) => [{ text: line.name, href: `#runs?name=${encodeURIComponent(line.name)}`, reason: kinds[line.kind] }, number(line.runs), ...cellsOfSpent(line), price(line.costPerRun)],
  });

  return {
    element: h("section", {}, h("h2", {}, "Cost"), facts.element, models.element, media.element, runs.element),
    async refresh() {
      const found = await load("cost");
      facts.fill([
        ["Of", { text: `this process since ${moment(found.since).text}`, reason: found.scope }],
        ["Prices", { text: `${hourly(found.perProcessorHour, found.currency)} a processor hour, ${hourly(found.perGpuHour, found.currency)} a GPU hour`, reason: found.unpriced.join(" ") }],
      ]);
      models.fill(found.models);
      media.fill(found.media);
      runs.fill(found.runs);
      return `${found.models.length} model versions`;
    },
  };
}
