// Models in production × features: how far each has moved, in parts of what is allowed.
import { load } from "./api.js";
import { h, moment, replace } from "./dom.js";
import { environments } from "./environments.js";
import { createFrame } from "./table.js";

export const at = (environment, model, version, report) => `#${["drift", environment, model, version, report].filter((part) => part !== undefined).map(encodeURIComponent).join("/")}`;

export const words = { alarm: "alarm", shifted: "shifted", steady: "steady", notEnoughData: "not enough data" };
export const verdictClass = { alarm: "failed", shifted: "running", steady: "completed", notEnoughData: "quiet" };

// What is compared of a feature, where it is not its values.
export const nameOf = ({ feature, aspect }) => aspect === "presence" ? `${feature} (missing)` : feature;

// Names of features, what has moved most first.
export function mostMoved(lines) {
  const moved = new Map();
  for (const line of lines) moved.set(nameOf(line), Math.max(moved.get(nameOf(line)) ?? 0, shareOf(line)));
  return [...moved.keys()].sort((a, b) => moved.get(b) - moved.get(a) || a.localeCompare(b));
}

const shareOf = ({ effect, limit }) => limit > 0 ? effect / limit : 0;
const featuresShown = 12;

export function drift() {
  const environment = h("select", { id: "drift-environment" }, environments.toReversed().map((name) => h("option", {}, name)));
  const map = h("div");
  let shown;

  return {
    element: h("section", {}, h("h2", {}, "Drift"),
      h("p", { class: "filters" }, h("label", { for: "drift-environment" }, "In ", environment)),
      h("p", { class: "quiet" }, `Each cell is the size of a shift in parts of what is allowed; the ${featuresShown} features that moved most come first. A shift is larger than that and not by chance; an alarm is one that chance would hardly bring within the horizon.`),
      map),
    async refresh() {
      const { items } = await load("drift", { environment: environment.value });
      const signature = JSON.stringify(items);
      if (signature !== shown) replace(map, draw(items));
      shown = signature;
      const alarms = items.filter(({ latest }) => latest?.verdict === "alarm").length;
      return alarms > 0 ? `${alarms} of ${items.length} models alarmed in their last window` : `${items.length} models, no alarm in their last windows`;
    },
  };
}

function draw(items) {
  if (items.length === 0) return h("p", { class: "empty" }, "Nothing serves here.");
  const features = mostMoved(items.flatMap(({ latest }) => latest?.features ?? [])).slice(0, featuresShown);
  return createFrame(h("table", { id: "drift", class: "heat" },
    h("thead", {}, h("tr", {}, ["Model", "Checked", "Until", "Predictions", "Verdict", ...features].map((title) => h("th", { scope: "col" }, title)))),
    h("tbody", {}, items.map((item) => rowOf(item, features)))));
}

const scheduleOf = ({ enabled, windowHours }) => !enabled ? "not by itself" : windowHours === 1 ? "each hour" : `each ${windowHours} hours`;

function rowOf({ environment, model, version, schedule, latest }, features) {
  const name = h("th", { scope: "row", class: "name" }, h("a", { href: at(environment, model, version) }, `${model}/${version}`));
  const checked = h("td", { "data-title": "Checked" }, scheduleOf(schedule));
  if (!latest) return h("tr", {}, name, checked, h("td", { class: "quiet", colspan: 3 + features.length }, "No window has been checked yet."));
  const cells = new Map(latest.features.map((line) => [nameOf(line), line]));
  return h("tr", {}, name, checked,
    h("td", { class: "time", "data-title": "Until" }, h("a", { href: at(environment, model, version, latest.name) }, moment(latest.until).text)),
    h("td", { class: "number", "data-title": "Predictions" }, latest.answered.toLocaleString()),
    h("td", { class: verdictClass[latest.verdict], "data-title": "Verdict" }, words[latest.verdict]),
    features.map((feature) => cellOf(feature, cells.get(feature))));
}

function cellOf(feature, line) {
  if (!line) return h("td", { class: "heat-none", "data-title": feature });
  const share = shareOf(line);
  const known = line.verdict !== "notEnoughData";
  return h("td", {
    class: `number heat-${line.verdict === "steady" && share > 0.5 ? "near" : line.verdict}`,
    "data-title": feature,
    title: known ? `${feature}: ${words[line.verdict]}, effect ${line.effect.toFixed(3)} of ${line.limit} allowed` : `${feature}: not enough data`,
  }, known ? share.toFixed(2) : "–");
}
