// One experiment: its verdict, the arms, what is known of their differences, and whether the arms get the callers that they should.
import { load, send } from "./api.js";
import { createLineChart, formats, scaleOf } from "./chart.js";
import { action, h, moment, number, percent } from "./dom.js";
import { stateClass } from "./experiments.js";
import { createFacts, createTable } from "./table.js";

// A verdict is made of all captures anew each time: it is not asked for with every refresh.
const verdictMilliseconds = 10_000;

const formatOf = { feedback: "plain", latency: "milliseconds", failures: "share", score: "plain" };

export function experiment(id) {
  const path = `experiments/${encodeURIComponent(id)}`;
  const conclusion = h("p", { class: "conclusion" });
  const facts = createFacts();
  const stop = createStop(path, () => { asked = 0; });
  const arms = createTable({
    id: "arms",
    caption: "Arms; the first is the control",
    columns: ["Arm", { number: "Version" }, { number: "Callers" }, { number: "Requests" }, { number: "Values of the metric" }, { number: "Mean" }, { number: "Deviation" }],
    keyOf: (arm) => arm.arm,
    cellsOf: (arm) => [arm.arm, number(arm.version), percent(arm.weight), number(arm.requests), number(arm.values), number(arm.mean, 4), number(arm.deviation, 4)],
  });
  const comparisons = createEffects("comparisons", "An arm's mean less the control's, with an interval that stays valid however often one looks");
  const slices = createEffects("slice-effects", "The same by slice; all slices together keep the error rate");
  const weights = createWeights();
  let asked = 0, found;

  return {
    element: h("section", {}, h("h2", {}, "Experiment ", h("code", {}, id)), conclusion, facts.element, stop.element, arms.element,
      h("h2", {}, "Differences"), comparisons.element, slices.element, weights.element),
    async refresh() {
      const due = !found || (found.state === "running" && Date.now() - asked > verdictMilliseconds) || asked === 0;
      if (due) {
        asked = Date.now();
        found = await load(path).catch((problem) => { asked = 0; throw problem; });
        show(found);
      }
      return `${id} is ${found.state}`;
    },
  };

  function show({ verdict, ...experiment }) {
    const { sampleRatio } = verdict;
    conclusion.textContent = verdict.conclusion + (verdict.truncated ? " More was captured than is read at once: this is about the first part." : "");
    conclusion.classList.toggle("problem", !sampleRatio.trusted);
    facts.fill([
      ["Model", { text: experiment.model, href: `#models/${encodeURIComponent(experiment.model)}` }],
      ["In", experiment.environment],
      ["State", { text: experiment.state, className: stateClass[experiment.state] }],
      ["Decided by", experiment.metric],
      ["False verdicts", `at most ${percent(experiment.alpha).text}`],
      ["Effect looked for", formats[formatOf[experiment.metric]](experiment.effect)],
      ["Difference that nobody minds", experiment.delta && formats[formatOf[experiment.metric]](experiment.delta)],
      ["Sample ratio", {
        text: sampleRatio.trusted ? `as intended (p = ${number(sampleRatio.pValue, 3).text})` : `not as intended (p = ${sampleRatio.pValue.toExponential(1)})`,
        className: sampleRatio.trusted ? "completed" : "failed",
      }],
      ["Callers", experiment.adaptive ? "better arms get more (Thompson sampling)" : "divided as designed"],
      ["Started", `by ${experiment.by}, ${moment(experiment.started).text}`],
      ["Stopped", experiment.stopped && moment(experiment.stopped).text],
      ["Verdict of", moment(verdict.at).text],
    ]);
    stop.element.hidden = experiment.state !== "running";
    arms.fill(verdict.arms);
    const format = formatOf[experiment.metric];
    const valuesOf = (name) => verdict.arms.find(({ arm }) => arm === name)?.values ?? 0;
    comparisons.fill(verdict.comparisons.map((pair) => ({ ...pair, values: valuesOf(pair.arm) + valuesOf(pair.control) })), format, (pair) => `${pair.arm} less ${pair.control}`);
    slices.fill(verdict.slices, format, (pair) => `${pair.slice}, ${pair.arm}`);
    weights.show(experiment);
  }
}

// Differences as intervals on one scale. A row is what is known of one pair.
function createEffects(id, caption) {
  const table = createTable({
    id,
    caption,
    empty: "Nothing to compare yet.",
    columns: ["Difference of", { number: "Values" }, { number: "Measured" }, { number: "Between" }, "Interval", "Says"],
    keyOf: (row) => row.name,
    cellsOf: (row) => [row.name, number(row.values), row.measured, row.between, row.picture, row.says],
  });

  return {
    element: table.element,
    fill(pairs, format, nameOf) {
      const say = formats[format];
      const scale = scaleOf(pairs.map(({ low, difference, high }) => ({ low, middle: difference, high })));
      const rows = pairs.map(({ difference, low = null, high = null, different, better, ...pair }) => ({
        name: nameOf(pair),
        values: pair.values,
        measured: { text: say(difference), className: "number" },
        between: { text: low === null ? "not known yet" : `${say(low)} and ${say(high)}`, className: "number" },
        picture: { interval: { ...scale, low, middle: difference, high, className: different ? (better ? "better" : "worse") : "open" } },
        says: different ? { text: better ? "better" : "worse", className: better ? "completed" : "failed" } : low === null ? "needs 100 values an arm" : "not decided",
      }));
      table.fill(pairs.length === 0 ? [] : [...rows, { name: "Scale", measured: "", between: "", picture: { scale: { ...scale, format } }, says: "" }]);
    },
  };
}

// How the callers were divided over time, where better arms get more.
function createWeights() {
  const chart = createLineChart({ width: 720, height: 160, className: "wide" });
  const legend = h("p", { class: "legend", "aria-hidden": "true" });
  const element = h("figure", { hidden: true }, h("figcaption", {}, h("h2", {}, "Callers by arm over time")), legend, chart.element);

  return {
    element,
    show({ adaptive, epochs, started, stopped, arms }) {
      element.hidden = !adaptive || epochs.length === 0;
      if (element.hidden) return;
      const end = (stopped ? new Date(stopped) : new Date()) - new Date(started);
      legend.replaceChildren(...arms.map(({ name }, i) => h("span", { class: `key arm-${i}` }, name)));
      chart.draw({
        label: arms.map(({ name, weight }) => `${name} ${formats.share(weight)}`).join(", "),
        lines: arms.map(({ name }, i) => ({ className: `arm-${i}`, points: steps(epochs.map((epoch) => [Math.max(0, new Date(epoch.from) - new Date(started)), epoch.arms.find((arm) => arm.name === name)?.weight ?? 0]), end) })),
        x: formats.lasting, y: formats.share, least: 1,
      });
    },
  };
}

// Weights stay until the next ones.
const steps = (points, end) => points.flatMap(([at, value], i) => [[at / 1000, value], [(points[i + 1]?.[0] ?? Math.max(at, end)) / 1000, value]]);

function createStop(path, after) {
  const button = action("Stop the experiment", async () => {
    await send(`${path}/stop`, {});
    after();
  }, { ask: "Stop this experiment? It cannot be started again." });
  return { element: h("p", { class: "filters", "data-needs": "publish" }, button, h("span", { class: "quiet" }, "All callers go back to the version that serves; the verdict of that moment is kept.")) };
}
