// What model versions have cost in the process that answers.
import { load } from "./api.js";
import { h, moment, number } from "./dom.js";
import { createFacts, createTable } from "./table.js";

export function cost() {
  const facts = createFacts();
  const table = createTable({
    id: "cost",
    empty: "No model has been asked yet.",
    columns: ["Model", { number: "Predictions" }, { number: "Processor s" }, { number: "GPU s" }, { number: "Cost" }, { number: "Per 1,000" }],
    keyOf: ({ model, version }) => `${model}/${version}`,
    cellsOf: (line) => [
      { text: `${line.model}/${line.version}`, className: "model" },
      number(line.predictions),
      number(line.processorSeconds, 1),
      number(line.gpuSeconds, 1),
      number(line.cost, 4),
      number(line.costPerThousand, 4),
    ],
  });

  return {
    element: h("section", {}, h("h2", {}, "Cost"), facts.element, table.element),
    async refresh() {
      const { scope, since, currency, perProcessorHour, perGpuHour, unpriced, models } = await load("cost");
      facts.fill([
        ["Of", { text: `this process since ${moment(since).text}`, reason: scope }],
        ["Prices", { text: `${perProcessorHour} ${currency} a processor hour, ${perGpuHour} ${currency} a GPU hour`, reason: unpriced.join(" ") }],
      ]);
      table.fill(models);
      return `${models.length} model versions`;
    },
  };
}
