// One version: its reports, each feature's history with its limit, what it is held against, and the button that checks now.
import { load, send } from "./api.js";
import { createLineChart, formats } from "./chart.js";
import { action, h, moment, number, replace } from "./dom.js";
import { at, mostMoved, nameOf, verdictClass, words } from "./drift.js";
import { validationOf } from "./drift-report.js";
import { createFacts, createTable } from "./table.js";

const reportsShown = 60;
const whole = "all"; // the slice that has every prediction
const hourMilliseconds = 3_600_000;

export function driftVersion(environment, model, version) {
  const path = `drift/${[environment, model, version].map(encodeURIComponent).join("/")}`;
  const facts = createFacts();
  const feature = h("select", { id: "drift-feature" });
  const slice = h("select", { id: "drift-slice" }, h("option", {}, whole));
  const chart = createLineChart({ width: 736, height: 200, className: "wide" });
  const history = h("div", {},
    h("p", { class: "filters" }, h("label", { for: "drift-feature" }, "Feature ", feature), h("label", { for: "drift-slice" }, "Slice ", slice)),
    chart.element,
    h("p", { class: "legend" }, h("span", { class: "key canary" }, "size of the shift"), h("span", { class: "key bound" }, "allowed")));
  const quality = createLineChart({ width: 736, height: 160, className: "wide" });
  const qualities = h("div", {}, h("h2", {}, "Quality"), quality.element,
    h("p", { class: "legend" }, h("span", { class: "key canary" }, "right of the labelled"), h("span", { class: "key stable" }, "by the scores alone, an estimate"), h("span", { class: "key arm-2" }, "macro F1"), h("span", { class: "key bound" }, "the least that the validation measured")));
  const table = createTable({
    id: "drift-reports",
    caption: "The latest window first",
    empty: "No window has been checked yet.",
    columns: ["Window", "Verdict", { number: "Predictions" }, "Largest shift", "Decisions"],
    keyOf: (report) => report.name,
    cellsOf: (report) => [
      { text: `${moment(report.from).text} – ${moment(report.until).text}`, href: at(environment, model, version, report.name) },
      { text: words[report.verdict], className: verdictClass[report.verdict] },
      number(report.answered),
      { text: largest(report), className: "detail" },
      { text: report.decisions.map(({ action: act, done }) => `${act}${done ? "" : " (not done)"}`).join(", "), title: report.decisions.map(({ reason }) => reason).join("\n") },
    ],
  });
  const check = action("Check the hours until now", async () => {
    const until = new Date(Math.ceil(Date.now() / hourMilliseconds) * hourMilliseconds);
    const from = new Date(until.getTime() - 24 * hourMilliseconds);
    await send("drift/checks", { model, environment, version: Number(version), from: from.toISOString(), until: until.toISOString() });
  }, { className: "main", needs: "operate" });

  return {
    element: h("section", {}, h("h2", {}, `Drift of ${model}/${version} in ${environment}`), facts.element, h("p", {}, check), history, qualities, table.element),
    async refresh() {
      const { items, reference } = await load(`${path}/reports`, { limit: reportsShown, slice: slice.value });
      facts.fill([
        ["Held against", reference ? `${moment(reference.from).text} – ${moment(reference.until).text}, ${reference.answered.toLocaleString()} predictions` : "nothing yet: the first window with enough predictions"],
        ["Because", reference && { text: reference.reason, reason: reference.by ? `by ${reference.by}` : "" }],
        ["Against the validation", items[0]?.validation && validationOf(items[0].validation)],
      ]);
      table.fill(items);
      history.hidden = items.length === 0;
      offer(feature, mostMoved(items.flatMap(({ features }) => features)));
      offer(slice, [whole, ...new Set(items.flatMap(({ slices }) => slices).filter((name) => name !== whole))]);
      drawHistory(chart, feature.value, slice.value, [...items].reverse());
      drawQuality(quality, [...items].reverse());
      qualities.hidden = !items.some((report) => report.quality);
      return items.length > 0 ? `${items.length} reports, the latest until ${moment(items[0].until).text}: ${words[items[0].verdict]}` : "No report yet";
    },
  };
}

function largest({ features }) {
  const shifted = features.filter(({ verdict }) => verdict === "shifted" || verdict === "alarm");
  const [first] = shifted.sort((a, b) => b.effect / b.limit - a.effect / a.limit);
  return first ? `${nameOf(first)}: ${first.effect.toFixed(2)} of ${first.limit} allowed` : "";
}

function offer(select, names) {
  const offered = [...select.options].map(({ value }) => value);
  if (names.length === offered.length && names.every((name) => offered.includes(name))) return; // an open list would close under the hand
  const chosen = select.value;
  replace(select, names.map((name) => h("option", { selected: name === chosen }, name)));
}

// Over time; over the number of looks where all were at one window.
function axisOf(reports) {
  const start = Date.parse(reports[0].until);
  return Date.parse(reports.at(-1).until) > start
    ? { at: ({ until }) => (Date.parse(until) - start) / 1000, format: formats.lasting }
    : { at: (_, i) => i, format: formats.count };
}

function drawQuality(chart, reports) {
  if (reports.length === 0) return;
  const { at: place, format } = axisOf(reports);
  const points = (read) => reports.map((report, i) => [place(report, i), read(report.quality) ?? null]);
  chart.draw({
    label: `Share of right answers over ${reports.length} windows`,
    lines: [
      { className: "canary", points: points((quality) => quality?.accuracy?.value) },
      { className: "stable", points: points((quality) => quality?.estimatedAccuracy) },
      { className: "arm-2", points: points((quality) => quality?.labels?.macroF1.value) },
      { className: "bound", points: reports.map((report, i) => [place(report, i), report.validation?.validated.metric === "accuracy" ? report.validation.validated.value.low : null]) },
    ],
    x: format,
    y: formats.share,
    least: 1,
  });
}

function drawHistory(chart, name, slice, reports) {
  if (reports.length === 0) return;
  const { at: place, format } = axisOf(reports);
  const lines = reports.map((report, i) => [place(report, i), report.features.find((line) => nameOf(line) === name)]);
  chart.draw({
    label: `Size of the shift of ${name}${slice === whole ? "" : ` of ${slice}`} over ${reports.length} windows`,
    lines: [
      { className: "canary", points: lines.map(([x, line]) => [x, line && line.verdict !== "notEnoughData" ? line.effect : null]) },
      { className: "bound", points: lines.map(([x, line]) => [x, line ? line.limit : null]) },
    ],
    x: format,
    y: formats.plain,
  });
}
