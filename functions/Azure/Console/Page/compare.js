// Two versions of a model side by side.
import { load } from "./api.js";
import { h, moment, number, size } from "./dom.js";
import { at, metricsOf } from "./models.js";
import { createTable } from "./table.js";

export function compare(name, a, b) {
  const versions = createTable({
    id: "compared",
    columns: ["Version", "Digest", { number: "Size" }, "Metrics", "Licence", "Registered by", "Registered"],
    keyOf: (version) => version.version,
    cellsOf: (version) => [
      { text: `version ${version.version}`, href: at(name, "versions", version.version) },
      { text: version.digest.replace("sha256:", "").slice(0, 12), className: "id", title: version.digest },
      size(version.totalBytes), metricsOf(version.metrics), version.licence ?? "", version.registeredBy, moment(version.registeredAt),
    ],
  });
  const numbers = createTable({
    id: "numbers",
    caption: "What was measured",
    empty: "Neither has metrics or a measured latency.",
    columns: ["Measure", { number: `Version ${a}` }, { number: `Version ${b}` }, { number: `${b} less ${a}` }],
    keyOf: (pair) => pair.name,
    cellsOf: (pair) => [pair.label, ...[pair.a, pair.b, pair.difference].map((value) => value === null || value === undefined ? "" : pair.show(value))],
  });
  const signature = createTable({
    id: "signature",
    caption: "Inputs, outputs, task and operators",
    empty: "They are the same in both.",
    columns: ["What differs"],
    keyOf: (difference) => difference,
    cellsOf: (difference) => [difference],
  });
  const files = createTable({
    id: "files",
    caption: "Files",
    empty: "All files are the same.",
    columns: ["File", "How it differs"],
    keyOf: (file) => file.path,
    cellsOf: (file) => [{ text: file.path, className: "id" }, file.how],
  });

  return {
    element: h("section", {}, h("h2", {}, h("a", { href: at(name) }, name), `, version ${a} and version ${b}`), versions.element, numbers.element, signature.element, files.element),
    async refresh() {
      const found = await load(`models/${encodeURIComponent(name)}/versions/compare`, { a, b });
      versions.fill([found.a, found.b]);
      const milliseconds = (value) => ({ text: `${number(value, 2).text} ms`, className: "number" });
      numbers.fill([
        ...found.metrics.map((pair) => ({ ...pair, label: pair.name, show: (value) => number(value, 4) })),
        ...found.latency.map((pair) => ({ ...pair, label: `latency, ${pair.name.replace("Milliseconds", "")}`, show: milliseconds })),
        { ...found.bytes, label: "size", show: (value) => value < 0 ? { ...size(-value), text: `−${size(-value).text}` } : size(value) },
      ]);
      signature.fill(found.signature.differences);
      const { onlyA, onlyB, changed } = found.files;
      files.fill([
        ...changed.map((path) => ({ path, how: "changed" })),
        ...onlyA.map((path) => ({ path, how: `only in version ${a}` })),
        ...onlyB.map((path) => ({ path, how: `only in version ${b}` })),
      ]);
      return `${name}: version ${a} and version ${b}`;
    },
  };
}
