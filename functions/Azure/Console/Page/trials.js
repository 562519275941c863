// The guardrails of a promotion's step: what was measured of both versions, what is allowed, and how much evidence there is, look by look.
import { load } from "./api.js";
import { createLineChart, formats } from "./chart.js";
import { createChoice } from "./choice.js";
import { h } from "./dom.js";

const guards = {
  errors: { title: "Failed requests", format: formats.share },
  invalidOutputs: { title: "Invalid outputs", format: formats.share },
  latency: { title: "Latency, half of the requests", format: formats.milliseconds },
  latencyP95: { title: "Latency, p95", format: formats.milliseconds },
  latencyP99: { title: "Latency, p99", format: formats.milliseconds },
  scoreDrift: { title: "Score drift, stability index", format: formats.plain },
  feedback: { title: "Bad outcomes by feedback", format: formats.share },
  maxErrorShare: { title: "Failed requests, at all", format: formats.share },
  errorBudget: { title: "Error budget: failures", format: formats.share },
  latencyBudget: { title: "Error budget: slow answers", format: formats.share },
  maxP95Milliseconds: { title: "Latency, p95, at all", format: formats.milliseconds },
  minGoodShare: { title: "Bad outcomes by feedback, at all", format: formats.share },
  mirroredErrors: { title: "Failed, mirrored requests", format: formats.share },
  mirroredInvalidOutputs: { title: "Invalid, mirrored requests", format: formats.share },
  disagreement: { title: "Disagreement, mirrored requests", format: formats.share },
  sliceDisagreement: { title: "Disagreement, slice with the most evidence", format: formats.share },
};

export function createTrials(path) {
  const step = createChoice("trial", "Step", [], "the latest");
  const over = createChoice("over", "Over", ["requests"], "time");
  const said = h("p", { class: "quiet" });
  const cards = h("div", { class: "cards" });
  const element = h("section", { hidden: true },
    h("h2", {}, "Guardrails"),
    h("p", { class: "filters" }, step.element, over.element),
    said,
    h("p", { class: "legend", "aria-hidden": "true" },
      ["stable", "canary", "bound", "evidence"].map((name) => h("span", { class: `key ${name}` }, { stable: "stable version", canary: "candidate", bound: "allowed", evidence: "evidence; it breaks at 100 %" }[name]))),
    cards);
  const known = new Map(); // what was seen of steps that have ended
  const shown = new Map();

  async function look(name, ended) {
    if (known.has(name)) return known.get(name);
    const found = await load(`${path}/trials/${encodeURIComponent(name.replaceAll(" ", "-").replace("%", "percent"))}`);
    if (ended) known.set(name, found);
    return found;
  }

  return {
    element,
    // Gives what was last seen of the step at work, { step, looks }, or null.
    async refresh(promotion) {
      const watched = promotion.steps.filter(({ name, started }) => started && (name === "shadow" || name.startsWith("canary ")));
      step.offer(watched.map(({ name }) => name));
      element.hidden = watched.length === 0;
      const latest = watched.at(-1);
      const chosen = watched.find(({ name }) => name === step.value) ?? latest;
      if (!chosen) return null;

      const [now, seen] = await Promise.all([look(latest.name, latest.state !== "running"), look(chosen.name, chosen.state !== "running")]);
      draw(chosen, seen);
      return { step: latest.name, looks: now.looks };
    },
  };

  function draw(chosen, seen) {
    const looks = seen.looks;
    const last = looks.at(-1);
    said.textContent = last
      ? `${chosen.name}: ${last.stableRequests.toLocaleString()} requests answered by the stable version, ${last.canaryRequests.toLocaleString()} by the candidate, ${last.pairs.toLocaleString()} mirrored.`
      : `${chosen.name}: nothing was looked at yet.`;
    const byRequests = over.value === "requests";
    const start = new Date(chosen.started);
    const at = (look) => byRequests ? (chosen.name === "shadow" ? look.pairs : look.canaryRequests) : (new Date(look.at) - start) / 1000;
    for (const [name, guard] of Object.entries(guards)) {
      const series = looks.map((look) => [at(look), look.readings.find((reading) => reading.guard === name)]);
      const card = shown.get(name) ?? (series.at(-1)?.[1] && createCard(guard));
      if (!card) continue;
      shown.set(name, card);
      if (!card.element.parentNode) cards.append(card.element);
      card.element.hidden = !series.at(-1)?.[1];
      if (!card.element.hidden) card.draw(series, byRequests ? formats.count : formats.lasting);
    }
  }
}

export const titleOf = (guard) => guards[guard]?.title ?? guard;

// What was measured may be over the bound by chance: a guardrail is broken by evidence alone.
const stateOf = ({ canary, bound, evidence }) =>
  evidence >= 1 ? ["broken", "failed"] : bound !== undefined && bound !== null && canary > bound ? ["over, not proven", "running"] : ["kept", "completed"];

function createCard({ title, format }) {
  const measured = createLineChart();
  const evidence = createLineChart({ height: 62 });
  const state = h("span");
  const said = h("p", { class: "quiet" });
  const element = h("figure", { class: "card" }, h("figcaption", {}, h("h3", {}, title), state), said, measured.element, evidence.element);

  return {
    element,
    draw(series, x) {
      const last = series.at(-1)[1];
      const line = (className, part) => ({ className, points: series.map(([at, reading]) => [at, reading?.[part] ?? null]) });
      const [word, className] = stateOf(last);
      state.textContent = word;
      state.className = className;
      element.classList.toggle("broken", last.evidence >= 1);
      const values = [["stable", last.stable], ["candidate", last.canary], ["allowed", last.bound]]
        .filter(([, value]) => value !== null && value !== undefined).map(([name, value]) => `${name} ${format(value)}`);
      said.textContent = `${values.join(", ")}; evidence ${formats.share(last.evidence)}`;
      const bound = line("bound", "bound");
      bound.points = bound.points.filter(([, value]) => value !== null);
      if (bound.points.length > 0) bound.points.unshift([0, bound.points[0][1]]);
      measured.draw({ label: `${title}: ${values.join(", ")}`, lines: [bound, line("stable", "stable"), line("canary", "canary")], x, y: format });
      evidence.draw({
        label: `Evidence ${formats.share(last.evidence)} of what breaks it`,
        lines: [{ className: "bound", points: [[0, 1], [series.at(-1)[0], 1]] }, { className: "evidence", points: series.map(([at, reading]) => [at, reading ? Math.min(1.2, reading.evidence) : null]) }],
        x, y: formats.share, least: 1,
      });
    },
  };
}
