import { load } from "./api.js";
import { h, number, size, time } from "./dom.js";
import { createChoice } from "./choice.js";
import { createSigning } from "./person.js";
import { createTable } from "./table.js";

const states = ["expected", "processing", "processed", "quarantined", "superseded", "gone"];
const kinds = ["text", "image", "video"];

export function ingest() {
  const counts = createTable({
    id: "counts",
    caption: "Expected = processed + quarantined + missing",
    columns: ["Store", { number: "Expected" }, { number: "Processed" }, { number: "Quarantined" }, { number: "Missing" }, { number: "of these in progress" }],
    keyOf: (one) => one.store,
    cellsOf: (one) => [one.store, number(one.expected), number(one.processed), number(one.quarantined), number(one.missing), number(one.processing)],
  });
  const state = createChoice("state", "State", states);
  const kind = createChoice("kind", "Kind", kinds);
  const signing = createSigning("redrive");
  const assets = createTable({
    id: "assets",
    caption: "The latest change first",
    empty: "No assets.",
    columns: ["Name", "Store", "Kind", "State", { number: "Size" }, { number: "Attempts" }, "Changed", ""],
    keyOf: (asset) => asset.asset,
    cellsOf: (asset) => [
      { text: asset.key, title: asset.asset },
      asset.store,
      asset.kind ?? asset.mediaType ?? "",
      { text: asset.state, className: asset.state, reason: asset.failure?.message },
      size(asset.length),
      number(asset.attempts),
      time(asset.changed),
      asset.state === "quarantined" ? { button: "Redrive", needs: "operate", press: () => signing.send(`quarantine/${encodeURIComponent(asset.asset)}/redrive`) } : "",
    ],
  });

  return {
    element: h("div", {},
      h("section", {}, h("h2", {}, "Counts"), counts.element),
      h("section", {}, h("h2", {}, "Assets"), h("p", { class: "filters" }, state.element, kind.element),
        h("p", { class: "filters", "data-needs": "operate" }, "To redrive:", signing.fields), assets.element)),
    async refresh() {
      const [summary, page] = await Promise.all([
        load("ingest/summary"),
        load("assets", { limit: 50, state: state.value, kind: kind.value }),
      ]);
      counts.fill([...summary.stores, summary.total]);
      assets.fill(page.items);
      const { expected, processed, quarantined, missing } = summary.total;
      return `${expected} expected, ${processed} processed, ${quarantined} quarantined, ${missing} missing at ${time(summary.asOf)}`;
    },
  };
}
