// One report: both windows, and every feature with its distributions over each other and its examples.
import { load } from "./api.js";
import { drawBars } from "./chart.js";
import { h, moment, number, replace } from "./dom.js";
import { at, nameOf, verdictClass, words } from "./drift.js";
import { createFacts, createTable } from "./table.js";

const cardsShown = 24;

export function driftReport(environment, model, version, name) {
  const facts = createFacts();
  const cards = h("div", { class: "cards" });
  const table = createTable({
    id: "drift-features",
    caption: "The most serious first",
    columns: ["Feature", "Slice", "Verdict", { number: "Size" }, { number: "Allowed" }, { number: "p" }, { number: "p, corrected" }, "Test", { number: "Reference" }, { number: "Window" }],
    keyOf: ({ slice, feature, aspect }) => `${slice}|${feature}|${aspect}`,
    cellsOf: (finding) => [
      nameOf(finding),
      finding.slice,
      { text: words[finding.verdict], className: verdictClass[finding.verdict] },
      number(finding.effect, 3),
      number(finding.effectLimit, 3),
      chance(finding.p),
      chance(finding.adjustedP),
      finding.test,
      number(finding.reference),
      number(finding.current),
    ],
  });
  let shown;

  return {
    element: h("section", {}, h("h2", {}, "Drift of ", h("a", { href: at(environment, model, version) }, `${model}/${version} in ${environment}`)),
      facts.element,
      h("p", { class: "legend" }, h("span", { class: "key stable" }, "what it is held against"), h("span", { class: "key canary" }, "the window")),
      cards, h("h2", {}, "All features"), table.element),
    async refresh() {
      const report = await load(`drift/${[environment, model, version].map(encodeURIComponent).join("/")}/reports/${encodeURIComponent(name)}`);
      const signature = JSON.stringify(report);
      if (signature !== shown) {
        facts.fill(factsOf(report));
        replace(cards, report.findings.filter(({ bars }) => bars).slice(0, cardsShown).map(cardOf));
        table.fill(report.findings);
      }
      shown = signature;
      return `${words[report.verdict]}: ${report.findings.filter(({ verdict }) => verdict === "alarm").length} alarms in ${report.streams} comparisons`;
    },
  };
}

const chance = (p) => ({ text: p === undefined ? "" : p < 0.001 ? p.toExponential(1) : p.toFixed(3), className: "number" });

function factsOf({ verdict, current, reference, referenceKind, quality, looksBetweenFalseAlarms, decisions }) {
  return [
    ["Verdict", { text: words[verdict], className: verdictClass[verdict] }],
    ["Window", sideOf(current)],
    ["Held against", heldAgainst(reference, referenceKind)],
    ["Wrong in the captures", faultsOf(current)],
    ["Latency", current.milliseconds && `p50 ${current.milliseconds.p50} ms, p95 ${current.milliseconds.p95} ms, p99 ${current.milliseconds.p99} ms`],
    ["Quality", qualityOf(current.quality)],
    ["Against the validation", quality && validationOf(quality)],
    ["False alarms", `at least ${Math.round(looksBetweenFalseAlarms).toLocaleString()} looks apart, on average`],
    ["Decisions", decisions.map(({ action, done, reason }) => `${action}${done ? "" : " not done"}: ${reason}`).join(" · ")],
  ];
}

const sideOf = ({ from, until, answered, failed, slices }) => ({
  text: `${moment(from).text} – ${moment(until).text}: ${answered.toLocaleString()} answered, ${failed.toLocaleString()} failed`,
  reason: Object.entries(slices).filter(([name]) => name !== "all").map(([name, count]) => `${name} ${count.toLocaleString()}`).join(", "),
});

const nothing = {
  pinned: "nothing yet: the first window with enough predictions will be it",
  previous: "nothing: the window before has no predictions",
  validation: "nothing: no validation of this version used a golden set",
};

function heldAgainst(reference, kind) {
  if (!reference) return nothing[kind];
  if (kind !== "validation") return sideOf(reference);
  return `its validation of ${moment(reference.from).text}: ${reference.answered.toLocaleString()} items of the golden set`;
}

// What people reported beside what the version's validation measured.
export function validationOf({ validated, found, foundF1, verdict }) {
  const share = (value) => (validated.metric === "accuracy" ? `${(value * 100).toFixed(1)} %` : value.toFixed(3));
  const interval = ({ value, low, high }) => `${share(value)} (${share(low)} to ${share(high)})`;
  const now = found ? `${interval(found)} by labels` : "not enough labels";
  return {
    text: `${validated.metric} ${now}, validated ${interval(validated.value)}${foundF1 ? `; macro F1 ${f1Of(foundF1)}, validated ${f1Of(validated.macroF1)}` : ""}${verdict === "worse" ? ": worse" : ""}`,
    className: verdict === "worse" ? "failed" : "",
    reason: `report ${validated.report}`,
  };
}

function faultsOf({ faults, doubled, leftOut, silent, silentHours }) {
  const parts = [[faults.damaged, "damaged files"], [faults.damagedLines, "damaged lines"], [faults.crowded, "lines of environments beyond the limit"], [faults.misdated, "misdated lines"], [faults.late, "late files"], [doubled, "doubled predictions"], [leftOut, "values of features beyond the limit"], [silent, silent === 1 ? "hour without captures" : "hours without captures"]];
  const found = parts.filter(([count]) => count > 0).map(([count, name]) => `${count.toLocaleString()} ${name}`);
  return found.length > 0 && { text: found.join(", "), reason: [...(faults.named ?? [faults.firstDamage ?? ""]), ...(silentHours ?? []).map((hour) => `no captures from ${hour}`)].join("\n") };
}

const f1Of = ({ value, low, high }) => `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;

// The labels that are found worst, of those that were wanted.
function worstOf({ classes, moreClasses }) {
  const told = classes.filter(({ recall }) => recall).sort((a, b) => a.recall.value - b.recall.value).slice(0, 5);
  const words = told.map(({ label, recall, precision }) => `${label}: recall ${recall.value.toFixed(2)}${precision ? `, precision ${precision.value.toFixed(2)}` : ""}`);
  return words.length > 0 && `${words.join(", ")}${moreClasses > 0 ? ` (and ${moreClasses} labels more)` : ""}`;
}

function qualityOf(quality) {
  if (!quality) return null;
  const share = (value) => `${(value * 100).toFixed(1)} %`;
  return [
    quality.accuracy && `${share(quality.accuracy.value)} right of ${quality.labelled.toLocaleString()} labelled (${share(quality.accuracy.low)} to ${share(quality.accuracy.high)})`,
    quality.meanValue !== undefined && `mean value ${quality.meanValue.toFixed(3)}`,
    quality.labels && `macro F1 ${f1Of(quality.labels.macroF1)} of ${quality.labels.joined.toLocaleString()} predictions whose report is here`,
    quality.labels && worstOf(quality.labels),
    quality.estimatedAccuracy !== undefined && `${share(quality.estimatedAccuracy)} right by the scores alone, ${quality.estimate === "thresholdedConfidence" ? "an estimate by the golden set" : "not calibrated"}`,
  ].filter(Boolean).join("; ");
}

// Other measures of the same shift.
function othersOf({ stabilityIndex, domainClassifierAuc, outlierShare, outOfRange }) {
  return [
    stabilityIndex !== undefined && `stability index ${stabilityIndex.toFixed(2)}`,
    domainClassifierAuc !== undefined && `a classifier tells the windows apart with an AUC of ${domainClassifierAuc.toFixed(2)} (0.5: not at all)`,
    outOfRange > 0 && `${(outOfRange * 100).toFixed(1)} % out of the reference's range`,
    outlierShare !== undefined && `${(outlierShare * 100).toFixed(1)} % outliers (5 %: as before)`,
  ].filter(Boolean);
}

function cardOf(finding) {
  const { slice, verdict, effect, effectLimit, bars, sizes, examples } = finding;
  return h("figure", { class: `card ${verdict === "alarm" ? "broken" : ""}` },
    h("figcaption", {}, h("h3", {}, nameOf(finding), slice === "all" ? "" : ` of ${slice}`), h("span", { class: verdictClass[verdict] }, words[verdict])),
    h("p", { class: "quiet" }, [`size ${effect.toFixed(3)} of ${effectLimit} allowed`, ...othersOf(sizes ?? {})].join(", ")),
    drawBars({ label: `Shares of ${nameOf(finding)}`, bars }),
    examples?.length > 0 && h("details", {}, h("summary", {}, "Examples"), h("ul", {}, examples.map((id) => h("li", { class: "id" }, id)))));
}
