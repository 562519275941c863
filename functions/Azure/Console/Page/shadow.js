// How a candidate's answers to mirrored requests differ from those of the version that serves.
import { find } from "./api.js";
import { createChoice } from "./choice.js";
import { h, moment, number, percent } from "./dom.js";
import { createFacts, createTable } from "./table.js";

const reportPath = (model, version, report) =>
  `models/${encodeURIComponent(model)}/versions/${version}/reports/${report.split("/").map(encodeURIComponent).join("/")}`;

export function createDifferences() {
  const choice = createChoice("differences", "Measured during", [], "the first step");
  const facts = createFacts();
  const problems = h("p", { class: "problem" });
  const latency = createTable({
    id: "mirrored-latency",
    caption: "Time to answer, mirrored requests",
    columns: ["Version", { number: "p50" }, { number: "p95" }, { number: "p99" }],
    keyOf: (side) => side.name,
    cellsOf: (side) => [side.name, ...["p50Milliseconds", "p95Milliseconds", "p99Milliseconds"].map((p) => ({ text: `${number(side[p], 1).text} ms`, className: "number" }))],
  });
  const slices = createTable({
    id: "slices",
    caption: "Agreement by slice, the worst first",
    empty: "The requests have nothing to divide them by.",
    columns: ["Slice", { number: "Compared" }, { number: "Agreement" }],
    keyOf: (slice) => slice.name,
    cellsOf: (slice) => [slice.name, number(slice.compared), { ...percent(slice.agreement), meter: slice.agreement }],
  });
  const worst = createTable({
    id: "worst",
    caption: "The worst answers first: faults, then invalid outputs, then those furthest apart",
    empty: "No answer differs.",
    columns: ["Prediction", "What happened", "Candidate", "Stable version", { number: "Cosine" }, { number: "Score shift" }],
    keyOf: (example) => example.predictionId,
    cellsOf: (example) => [
      { text: example.predictionId, className: "id" },
      example.fault ? { text: `fault: ${example.fault}`, className: "failed" } : example.badness === 2 ? { text: "invalid output", className: "failed" } : "differs",
      answer(example.candidate),
      answer(example.reference),
      number(example.cosine, 4),
      number(example.scoreShift, 4),
    ],
  });
  const element = h("section", { hidden: true },
    h("h2", {}, "Differences in the shadow"), h("p", { class: "filters" }, choice.element), problems, facts.element, latency.element, slices.element, worst.element);
  let shown;

  return {
    element,
    // The names of its reports: each is written once, when its step ends.
    async refresh(model, version, reports) {
      element.hidden = reports.length === 0;
      choice.element.hidden = reports.length < 2;
      choice.offer(reports.map(stepOf));
      const report = reports.find((name) => stepOf(name) === choice.value) ?? reports[0];
      if (!report || shown === report) return;
      const found = await find(reportPath(model, version, report));
      if (!found) return;
      shown = report;
      fill(found);
    },
  };

  function fill(report) {
    const between = ({ mean, min, max }) => `mean ${number(mean, 4).text}, from ${number(min, 4).text} to ${number(max, 4).text}`;
    problems.textContent = report.problems.join(" ");
    facts.fill([
      ["Versions", `${report.candidate} against ${report.reference} in ${report.environment}`],
      ["Measured", `${moment(report.from).text} to ${moment(report.until).text}`],
      ["Mirrored requests", `${report.pairs.toLocaleString()}, of which ${report.compared.toLocaleString()} can be compared`],
      ["Agreement", report.agreement === null || report.agreement === undefined ? "nothing to compare" : percent(report.agreement).text],
      ["Overlap of the best answers", report.topOverlap === null || report.topOverlap === undefined ? "" : percent(report.topOverlap).text],
      ["Score shift", report.scoreShift && between(report.scoreShift)],
      ["Cosine", report.cosine && between(report.cosine)],
      ["Failed", `candidate ${report.candidateFaults.toLocaleString()}, stable version ${report.referenceFaults.toLocaleString()}`],
      ["Invalid outputs", `candidate ${report.candidateInvalid.toLocaleString()}`],
    ]);
    latency.fill([{ name: `candidate, ${report.candidate}`, ...report.candidateLatency }, { name: `stable, ${report.reference}`, ...report.referenceLatency }]);
    slices.fill(report.slices);
    worst.fill(report.worst);
  }
}

// "differences/{promotion}-shadow.json" was measured in the shadow.
const stepOf = (report) => /-([^-]+)\.json$/.exec(report)?.[1] ?? report;

// An output as it is summed up: its best label and score, else how much there is of it.
function answer(output) {
  if (!output) return "";
  if (output.label) return `${output.label}${output.score === null || output.score === undefined ? "" : ` (${number(output.score, 3).text})`}`;
  return output.embedding ? `${output.embedding.dimensions} numbers, norm ${number(output.embedding.norm, 3).text}` : `${output.count} in all`;
}
