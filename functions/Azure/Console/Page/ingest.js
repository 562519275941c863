import { load } from "./api.js";
import { createLineChart, formats } from "./chart.js";
import { action, h, number, replace, size, time } from "./dom.js";
import { createChoice } from "./choice.js";
import { createSigning } from "./person.js";
import { createTable } from "./table.js";
import { createUploads } from "./uploads.js";

const states = ["expected", "processing", "processed", "quarantined", "superseded", "gone"];
const kinds = ["text", "image", "video"];
const failures = ["unsupported", "malformed", "tooLarge", "archived", "exhausted", "internal", "cancelled", "notServed"];
const pageSize = 50;

const waited = (seconds) => ({ text: seconds === null || seconds === undefined ? "" : formats.lasting(seconds), className: "number" });

export function ingest() {
  const counts = createTable({
    id: "counts",
    caption: "Expected = processed + quarantined + missing",
    columns: ["Store", { number: "Expected" }, { number: "Processed" }, { number: "Quarantined" }, { number: "Missing" }, { number: "of these in progress" }],
    keyOf: (one) => one.store,
    cellsOf: (one) => [one.store, number(one.expected), number(one.processed), number(one.quarantined), number(one.missing), number(one.processing)],
  });
  const throughput = createThroughput();
  const uploads = createUploads();
  const assets = createAssets();

  return {
    element: h("div", {},
      h("section", {}, h("h2", {}, "Counts"), counts.element),
      uploads.element,
      throughput.element,
      assets.element),
    async refresh() {
      const [summary] = await Promise.all([load("ingest/summary"), throughput.refresh(), uploads.refresh(), assets.refresh()]);
      counts.fill([...summary.stores, summary.total]);
      const { expected, processed, quarantined, missing } = summary.total;
      return `${expected} expected, ${processed} processed, ${quarantined} quarantined, ${missing} missing at ${time(summary.asOf).text}`;
    },
  };
}

// Arrivals, results and how long they waited, over time and by store and kind.
function createThroughput() {
  const hours = createChoice("hours", "Over hours", ["1", "6", "168", "720"], "24");
  const amounts = createLineChart({ width: 560, height: 150 });
  const waits = createLineChart({ width: 560, height: 150 });
  const lanes = createTable({
    id: "lanes",
    empty: "Nothing came in.",
    columns: ["Store", "Kind", { number: "Arrived" }, { number: "Processed" }, { number: "Quarantined" }, { number: "Waited (median)" }, { number: "Waited (p95)" }],
    keyOf: (lane) => `${lane.store} ${lane.kind}`,
    cellsOf: ({ store, kind, count }) => [store, kind ?? "not told apart", number(count.arrived), number(count.processed), number(count.quarantined), waited(count.medianSeconds), waited(count.p95Seconds)],
  });
  const points = (buckets, width, read) => buckets.map(({ count }, i) => [i * width, read(count) ?? null]);

  return {
    element: h("section", {}, h("h2", {}, "Throughput"), h("p", { class: "filters" }, hours.element),
      h("div", { class: "cards charts" },
        h("figure", { class: "card" }, h("figcaption", {}, "Assets"), legend([["canary", "arrived"], ["arm-2", "processed"], ["bound", "quarantined"]]), amounts.element),
        h("figure", { class: "card" }, h("figcaption", {}, "From arrival to analysis"), legend([["canary", "median"], ["stable", "95 of 100 within"]]), waits.element)),
      lanes.element),
    async refresh() {
      const { from, buckets, lanes: found, bucketSeconds } = await load("ingest/throughput", { hours: hours.value });
      const sum = (read) => buckets.reduce((total, { count }) => total + read(count), 0);
      amounts.draw({
        label: `Over ${hours.value || 24} hours ${sum((count) => count.arrived)} assets arrived, ${sum((count) => count.processed)} were processed and ${sum((count) => count.quarantined)} quarantined`,
        lines: [["canary", "arrived"], ["arm-2", "processed"], ["bound", "quarantined"]].map(([className, name]) => ({ className, points: points(buckets, bucketSeconds, (count) => count[name]) })),
        from, y: formats.plain, least: 1,
      });
      waits.draw({
        label: "How long assets waited for their analysis",
        lines: [["stable", "p95Seconds"], ["canary", "medianSeconds"]].map(([className, name]) => ({ className, points: points(buckets, bucketSeconds, (count) => count[name]) })),
        from, y: formats.lasting, least: 1,
      });
      lanes.fill(found);
    },
  };
}

const legend = (keys) => h("p", { class: "legend" }, keys.map(([className, text]) => h("span", { class: `key ${className}` }, text)));

function createAssets() {
  const state = createChoice("state", "State", states);
  const kind = createChoice("kind", "Kind", kinds);
  const failure = createChoice("failure", "Failure", failures);
  const signing = createSigning("redrive");
  const table = createTable({
    id: "assets",
    caption: "The latest change first",
    empty: "No assets.",
    columns: ["Name", "Store", "Kind", "State", { number: "Size" }, { number: "Attempts" }, "Changed", ""],
    keyOf: (asset) => asset.asset,
    cellsOf: (asset) => [
      { text: asset.key, title: asset.asset, href: `#ingest/${asset.asset}` },
      asset.store,
      asset.kind ?? asset.mediaType ?? "",
      { text: asset.state, className: asset.state, reason: asset.failure?.message },
      size(asset.length),
      number(asset.attempts),
      time(asset.changed),
      asset.state === "quarantined" ? { button: "Redrive", needs: "operate", press: () => signing.send(`quarantine/${asset.asset}/redrive`) } : "",
    ],
  });
  const filter = () => ({ kind: kind.value, failure: failure.value });
  const preview = h("div", { id: "redrive-preview", class: "form", hidden: true });
  const redrive = action("Redrive all of this filter …", () => showPreview(filter()));

  // What is looked at here is what is redriven: the server refuses where others have come to it or gone meanwhile.
  async function showPreview(wanted) {
    const given = Object.entries(wanted).filter(([, value]) => value);
    const { total, count, first, incomplete } = await load("quarantine/redrive", given);
    const begin = action(`Redrive ${count.toLocaleString()}`, async () => {
      const begun = await signing.send(`quarantine/redrive?${new URLSearchParams([...given, ["expected", total]])}`);
      if (begun) location.hash = `#runs/${encodeURIComponent(begun.id)}`;
    }, { className: "main" });
    const rest = count - first.length;
    replace(preview,
      h("p", { role: "status" }, count === total ? `${count.toLocaleString()} assets are tried again, the latest change first:` : `${count.toLocaleString()} of ${total.toLocaleString()} assets are tried again, the latest change first:`),
      incomplete && h("p", { class: "problem" }, incomplete),
      h("ol", {}, first.map((asset) => h("li", {}, h("a", { href: `#ingest/${asset.asset}` }, asset.key), ` ${asset.failure?.kind ?? ""}`))),
      rest > 0 && h("p", { class: "quiet" }, `and ${rest.toLocaleString()} more.`),
      h("p", {}, count > 0 && begin, h("button", { type: "button", onclick: () => { preview.hidden = true; } }, "Close")));
    preview.hidden = false;
  }
  const pages = [""];
  let next;
  const older = h("button", { type: "button", onclick: () => turn(() => pages.push(next)) }, "Older");
  const newer = h("button", { type: "button", onclick: () => turn(() => pages.pop()) }, "Newer");

  function turn(change) {
    change();
    older.dispatchEvent(new Event("acted", { bubbles: true }));
  }

  return {
    element: h("section", { onchange: () => { pages.length = 1; } }, h("h2", {}, "Assets"),
      h("p", { class: "filters" }, state.element, kind.element, failure.element),
      h("p", { class: "filters", "data-needs": "operate" }, "To redrive:", signing.fields, redrive),
      preview,
      table.element, h("p", { class: "filters" }, newer, older)),
    async refresh() {
      const page = await load("assets", { limit: pageSize, after: pages.at(-1), state: state.value, ...filter() });
      table.fill(page.items);
      next = page.next;
      older.disabled = !next;
      newer.disabled = pages.length === 1;
      redrive.hidden = state.value !== "quarantined";
      if (redrive.hidden) preview.hidden = true;
    },
  };
}
