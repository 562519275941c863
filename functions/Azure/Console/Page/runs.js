// The list of runs: filtered, sorted and paged by the server, as the address says.
import { load } from "./api.js";
import { h, lasting, number, price } from "./dom.js";
import { createGantt } from "./gantt.js";
import { createBulkActs, createRunStart } from "./run-acts.js";
import { createRunFilter } from "./run-filter.js";
import { createHistogram } from "./run-histogram.js";
import { createView, kinds, linkOf } from "./run-view.js";
import { createTable } from "./table.js";

const pageSize = 50;
const summaryMilliseconds = 5000;

// A tag of who started a run is no tag of what it is about; the page of functions asks by it.
const starter = "startedBy:";

export const took = (run) => {
  const milliseconds = new Date(run.ended ?? Date.now()) - new Date(run.created);
  return { text: milliseconds < 10_000 ? `${Math.max(0, milliseconds)} ms` : lasting(milliseconds), className: "number" };
};

// What models took in a run, in words; undefined of a run that asked none.
export const costOf = ({ cost }) => cost && [
  `${number(cost.processorSeconds, 3).text} processor s`,
  cost.gpuSeconds > 0 && `${number(cost.gpuSeconds, 3).text} GPU s`,
  cost.cost === undefined ? "no price is configured" : `${price(cost.cost).text} ${cost.currency}`,
].filter(Boolean).join(", ");

export function runs(query) {
  const view = createView(query);
  let turned = 0, asked = "", next;
  const changed = () => {
    filter.show();
    element.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const filter = createRunFilter(view, changed);
  const histogram = createHistogram((range) => { view.change({ ...range, within: "" }); changed(); });
  const note = h("p", { class: "problem", hidden: true });
  const gantt = createGantt({ label: "The runs of this page over time" });
  const table = createTable({
    id: "runs",
    caption: "",
    empty: "No run is as the filter asks.",
    columns: [
      "Run", { text: "Name", sort: "name" }, { text: "Status", sort: "status" }, "Stage or outcome", "About",
      { number: "Duration", sort: "duration" }, { text: "Created", sort: "created" }, { text: "Changed", sort: "updated" },
    ],
    onSort: (key) => {
      const isSame = (view.get("sort") || "created") === key;
      view.change({ sort: key, order: isSame && view.get("order") !== "asc" ? "asc" : "" });
      changed();
    },
    keyOf: (run) => run.id,
    cellsOf: (run) => [
      { text: run.id, className: "id", href: placeOf(run) },
      { text: run.name, reason: run.kind === "orchestration" ? "" : kinds[run.kind] },
      { text: run.status, className: run.status, reason: run.failure },
      { text: run.outcome ?? run.stage ?? "", className: run.outcome?.replaceAll(" ", "-") ?? "" },
      { className: "about", links: (run.tags ?? []).filter((tag) => !tag.startsWith(starter)).map((tag) => [tag.slice(tag.indexOf(":") + 1), linkOf({ tag }), tag]) },
      { ...took(run), title: run.cost && `Models took ${costOf(run)}` },
      stamp(run.created),
      stamp(run.updated),
    ],
  });
  const first = h("button", { type: "button", onclick: () => turn("") }, "First page");
  const further = h("button", { type: "button", onclick: () => turn(next) }, "Next page");
  const shape = h("button", { type: "button", "aria-pressed": String(view.get("view") === "time"), onclick: () => {
    view.change({ view: view.get("view") === "time" ? "" : "time", after: view.get("after") });
    shape.setAttribute("aria-pressed", String(view.get("view") === "time"));
    changed();
  } }, "Over time");
  const count = h("span", { class: "quiet" });
  const element = h("section", {}, h("h2", {}, "Runs"), filter.element, histogram.element, note,
    h("p", { class: "filters" }, count, shape), gantt.element, table.element, h("p", { class: "filters" }, first, further),
    createBulkActs(() => view.filter), createRunStart());

  function turn(after) {
    view.change({ after });
    changed();
    element.scrollIntoView();
  }

  async function summarise() {
    const filterNow = JSON.stringify(view.filter);
    if (filterNow === asked && Date.now() - turned < summaryMilliseconds) return;
    [turned, asked] = [Date.now(), filterNow];
    const summary = await load("runs/summary", view.filter);
    filter.count(summary);
    histogram.fill(summary);
  }

  return {
    element,
    async refresh() {
      const [page] = await Promise.all([load("runs", [...view.parameters, ["limit", pageSize]]), summarise()]);
      next = page.next;
      const isDrawn = view.get("view") === "time";
      table.element.hidden = isDrawn;
      gantt.element.hidden = !isDrawn;
      if (isDrawn) gantt.fill(page.items.map(ganttRow));
      else table.fill(page.items);
      table.mark(view.get("sort") || "created", view.get("order") === "asc");
      first.hidden = !view.get("after");
      further.hidden = !next;
      note.hidden = !page.incomplete;
      note.textContent = page.incomplete ?? "";
      count.textContent = `${page.total.toLocaleString()} ${page.total === 1 ? "run" : "runs"}${view.get("parent") ? ` started by ${view.get("parent")}` : view.isFiltered ? " as the filter asks" : ""}`;
      return `${page.total.toLocaleString()} runs, ${page.items.filter((run) => run.status === "running").length} of these ${page.items.length} at work`;
    },
  };
}

// Only orchestrations have a history to be shown. Of a trial the run that waits for it has more to see; of other work, whose id has that of its
// asset, the asset.
const placeOf = (run) => run.kind === "orchestration" || run.kind === "trial" ? `#runs/${encodeURIComponent(run.kind === "trial" ? run.parent : run.id)}` : `#ingest/${encodeURIComponent(run.id.split(/[:-]/)[1])}`;

// Of today the time alone.
function stamp(value) {
  const at = new Date(value);
  const isToday = at.toDateString() === new Date().toDateString();
  return { text: isToday ? at.toLocaleTimeString() : at.toLocaleString(undefined, { dateStyle: "short", timeStyle: "short" }), title: at.toLocaleString(), className: "time" };
}

const ganttRow = (run) => ({
  label: `${run.name} ${run.id}`, href: placeOf(run), className: run.status, title: `${run.status} since ${run.updated}`,
  from: new Date(run.created).getTime(), to: run.ended ? new Date(run.ended).getTime() : undefined,
});
