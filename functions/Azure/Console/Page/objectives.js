// Objectives: what callers may rely on, and how fast the error budget burns over an hour, six hours and three days.
import { load } from "./api.js";
import { h, number, percent } from "./dom.js";
import { createTable } from "./table.js";

const names = { availability: "Answered", latency: "In time" };

export function objectives() {
  const table = createTable({
    id: "objectives",
    caption: "A burn of 1 uses the budget up in a month; an alert needs both windows above the factor",
    empty: "No model was asked in the last three days.",
    columns: ["Model", "Environment", "Objective", { number: "Requests, 3 days" }, { number: "Good" }, { number: "1 hour (14.4)" }, { number: "6 hours (6)" }, { number: "3 days (1)" }, "State"],
    keyOf: ({ environment, model, kind }) => `${environment}/${model}/${kind}`,
    cellsOf: (standing) => {
      const longest = standing.windows.at(-1);
      return [
        { text: standing.model, href: `#models/${encodeURIComponent(standing.model)}` },
        standing.environment,
        `${names[standing.kind]}: ${+(standing.target * 100).toFixed(4)} %${standing.latencyMilliseconds ? ` within ${standing.latencyMilliseconds} ms` : ""}`,
        number(longest.requests),
        percent(longest.requests === 0 ? 1 : 1 - longest.bad / longest.requests),
        ...standing.windows.map(burn),
        state(standing),
      ];
    },
  });

  return {
    element: h("section", {}, h("h2", {}, "Objectives"), table.element),
    async refresh() {
      const { items } = await load("objectives");
      table.fill(items);
      const burning = items.filter((standing) => standing.windows.some(({ isBurning }) => isBurning)).length;
      return burning === 0 ? `${items.length} objectives, all kept` : `${burning} of ${items.length} objectives burn too fast`;
    },
  };
}

function burn({ longBurn, shortBurn, shortHours, isBurning }) {
  return {
    text: `${longBurn.toFixed(1)} · ${shortBurn.toFixed(1)}`,
    title: `${longBurn} over the long window, ${shortBurn} in the last ${Math.round(shortHours * 60)} minutes`,
    className: `number ${isBurning ? "failed" : ""}`,
  };
}

function state({ windows }) {
  const found = windows.find(({ isBurning }) => isBurning);
  if (!found) return { text: "kept", className: "completed" };
  return { text: found.isUrgent ? "burns fast" : "burns slowly", className: "failed" };
}
