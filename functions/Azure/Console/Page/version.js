// One version of a model: what it is, where it serves, and the reports of what was found out about it.
import { load, save } from "./api.js";
import { createCardActions } from "./card.js";
import { h, moment, number, size } from "./dom.js";
import { at, metricsOf } from "./models.js";
import { createFacts, createTable } from "./table.js";
import { createValidation } from "./validation.js";

export function version(name, wanted) {
  const path = `models/${encodeURIComponent(name)}/versions/${encodeURIComponent(wanted)}`;
  const facts = createFacts();
  const tensors = createTable({
    id: "tensors",
    caption: "Inputs and outputs",
    columns: ["Name", "Kind", "Type", "Shape"],
    keyOf: (tensor) => `${tensor.kind} ${tensor.name}`,
    cellsOf: (tensor) => [tensor.name, tensor.kind, tensor.datatype, tensor.shape ? tensor.shape.map((side) => side < 0 ? "any" : side).join(" × ") : "any"],
  });
  const validation = createValidation(path);
  const reports = createTable({
    id: "reports",
    caption: "All reports",
    empty: "Nothing was found out yet.",
    columns: ["Report", { number: "Size" }, "Written", "Keep"],
    keyOf: (report) => report.name,
    cellsOf: (report) => [
      { text: report.name, className: "id" }, size(report.bytes), moment(report.at),
      { button: "Save", press: () => save(`${path}/reports/${report.name.split("/").map(encodeURIComponent).join("/")}`, `${name}-${wanted}-${report.name.replaceAll("/", "-")}`) },
    ],
  });

  return {
    element: h("section", {}, h("h2", {}, h("a", { href: at(name) }, name), `, version ${wanted}`),
      createCardActions(`${path}/card`, `${name}-${wanted}-card`), facts.element, validation.element, tensors.element, h("h2", {}, "Reports"), reports.element),
    async refresh() {
      const { manifest, serves, reports: found, latency } = await load(path);
      const { lineage = {} } = manifest;
      facts.fill([
        ["Serves in", serves.join(", ") || "no environment"],
        ["Task", manifest.task],
        ["Digest", { text: manifest.digest, className: "id" }],
        ["Size", { ...size(manifest.totalBytes), className: "" }],
        ["Metrics", metricsOf(manifest.metrics)],
        ["Latency", latency && `p50 ${number(latency.p50Milliseconds, 2).text} ms, p95 ${number(latency.p95Milliseconds, 2).text} ms, p99 ${number(latency.p99Milliseconds, 2).text} ms`],
        ["Measured on", latency?.host],
        ["Licence", manifest.licence],
        ["Signed", manifest.signature && (manifest.signature.isVerified ? `by ${manifest.signature.signer}` : "by somebody whom nobody here knows")],
        ["Training run", lineage?.trainingRun],
        ["Data", lineage?.dataDigest],
        ["Code", lineage?.codeCommit],
        ["Base model", lineage?.baseModel],
        ["Registered", `by ${manifest.registeredBy}, ${moment(manifest.registeredAt).text}`],
      ]);
      tensors.fill([...manifest.inputs.map((tensor) => ({ ...tensor, kind: "input" })), ...manifest.outputs.map((tensor) => ({ ...tensor, kind: "output" }))]);
      reports.fill(found);
      await validation.refresh(found);
      return `${name} ${wanted}${serves.length > 0 ? ` serves in ${serves.join(", ")}` : " serves nowhere"}`;
    },
  };
}
