// The app's functions as it declares them: what they listen to, who called whom, how often, and how much of that failed.
import { load } from "./api.js";
import { h, number, percent } from "./dom.js";
import { createGraphDrawing } from "./graph-drawing.js";
import { linkOf, presets } from "./run-view.js";
import { createFacts, createTable } from "./table.js";

const kinds = { orchestration: "orchestrator", source: "queue or container" };
const kindOf = (node) => `${kinds[node.kind] ?? (node.kind === "activity" ? "activity" : `${node.kind} trigger`)}${node.isGone ? ", no longer in the app" : ""}`;

export function graph(query) {
  let within = query.get("within") ?? "24h", isWhole = query.get("all") === "true", found, chosen = null;
  const changed = () => {
    history.replaceState(null, "", `#graph?${new URLSearchParams({ within, all: isWhole })}`);
    show();
    element.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const choice = h("select", { id: "graph-within", onchange: () => { within = choice.value; changed(); } },
    Object.entries(presets).map(([value, text]) => h("option", { value, selected: value === within }, `the last ${text}`)), h("option", { value: "", selected: within === "" }, "any time"));
  const whole = h("input", { type: "checkbox", id: "graph-all", checked: isWhole, onchange: () => { isWhole = whole.checked; changed(); } });
  const drawing = createGraphDrawing((id) => {
    chosen = id;
    if (found) show();
  });
  const note = h("p", { class: "problem", hidden: true });
  const title = h("h3", {}), facts = createFacts(), one = h("div", { class: "form", role: "status", hidden: true }, title, facts.element);
  const table = createTable({
    id: "functions",
    caption: "A repetition counts as one more. Calls of functions that are neither orchestrators nor activities are those of the process that answered.",
    empty: "No function was called in this time.",
    columns: ["Function", "Kind", "Listens to, or is started by", "Calls", { number: "Count" }, { number: "Failed" }, { number: "Error share" }, { number: "Open" }, { number: "Waiting" }],
    keyOf: ({ id }) => id,
    cellsOf: (node) => [
      { text: nameOf(node), className: node.kind === "source" ? "" : "name", href: runsOf(node) },
      kindOf(node),
      { text: node.kind === "source" ? "" : node.detail, className: "route" },
      { className: "calls", links: from(node.id).map((edge) => [told(edge.to, edge), runsOf(found.nodes.find(({ id }) => id === edge.to)), `${edge.failed} failed`]) },
      number(node.count),
      { ...number(node.failed), className: node.failed > 0 ? "number failed" : "number" },
      percent(shareOf(node)),
      number(node.open),
      number(node.waiting),
    ],
  });
  const element = h("section", {}, h("h2", {}, "Functions"),
    h("p", { class: "filters" }, h("label", { for: "graph-within" }, "Created in"), choice, h("label", { for: "graph-all" }, whole, " also those that nobody called")),
    note, drawing.element, h("p", { class: "quiet" }, "A line is as wide as it was gone often, red where something failed. Arrow keys go along the lines; Enter shows what is known of a box."),
    one, table.element);

  const from = (id) => found.edges.filter((edge) => edge.from === id && (edge.count > 0 || isWhole));
  const to = (id) => found.edges.filter((edge) => edge.to === id && (edge.count > 0 || isWhole));
  // A tag tells which runs a trigger started; runs of an orchestrator have its name.
  function runsOf(node) {
    const time = within ? { within } : {};
    return node?.kind === "orchestration" ? linkOf({ name: node.id, ...time })
      : node && from(node.id).some((edge) => found.nodes.find(({ id }) => id === edge.to)?.kind === "orchestration") && node.kind !== "source"
        ? linkOf({ tag: `startedBy:${node.id}`, ...time }) : undefined;
  }

  function show() {
    if (!found) return;
    const joined = new Set(found.edges.filter(({ count }) => count > 0 || isWhole).flatMap((edge) => [edge.from, edge.to]));
    const listed = found.nodes.filter((node) => isWhole || node.count > 0 || node.waiting > 0 || joined.has(node.id));
    const drawn = listed.filter(({ id }) => joined.has(id));
    const ids = new Set(drawn.map(({ id }) => id));
    drawing.element.hidden = drawn.length === 0;
    drawing.fill(drawn.map((node) => ({ ...node, title: nameOf(node), words: wordsOf(node) })), found.edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to)));
    table.fill(listed);
    const node = found.nodes.find(({ id }) => id === chosen);
    one.hidden = !node;
    if (node) {
      title.textContent = nameOf(node);
      facts.fill([
        ["Kind", kindOf(node)], [node.kind === "orchestration" ? "Started by" : "Listens to", node.kind === "source" ? "" : node.detail], ["Count", wordsOf(node)],
        ["Error share", node.count > 0 && percent(shareOf(node)).text],
        ["Called by", linksTo(to(node.id), "from")], ["Calls", linksTo(from(node.id), "to")],
      ]);
    }
    note.hidden = !found.incomplete;
    note.textContent = found.incomplete ?? "";
  }

  const linksTo = (edges, end) => edges.length > 0 && { links: edges.map((edge) => [told(edge[end], edge), runsOf(found.nodes.find(({ id }) => id === edge[end]))]) };

  return {
    element,
    async refresh() {
      found = await load("graph", { within });
      show();
      const called = found.nodes.filter(({ kind, count }) => kind !== "source" && count > 0);
      return `${found.nodes.filter(({ kind }) => kind !== "source").length} functions, ${called.length} of them called, ${called.filter(({ failed }) => failed > 0).length} with failures`;
    },
  };
}

const nameOf = (node) => node.kind === "source" ? node.id.replace(":", " ") : node.id;
const shareOf = (node) => node.count > 0 ? node.failed / node.count : undefined;
const told = (name, { count, failed }) => `${name}\u00a0${count.toLocaleString()}${failed > 0 ? ` (${failed.toLocaleString()} failed)` : ""}`;

function wordsOf(node) {
  const what = { orchestration: ["run", "runs"] }[node.kind] ?? ["call", "calls"];
  return [
    `${node.count.toLocaleString()} ${what[node.count === 1 ? 0 : 1]}`, `${node.failed.toLocaleString()} failed`,
    node.open > 0 && `${node.open.toLocaleString()} open`, node.waiting !== undefined && `${node.waiting.toLocaleString()} waiting`,
  ].filter(Boolean).join(", ");
}
