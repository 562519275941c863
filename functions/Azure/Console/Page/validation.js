// What a version was found to be when it was validated for an environment.
import { find, save } from "./api.js";
import { createChoice } from "./choice.js";
import { action, h, moment } from "./dom.js";
import { createFacts, createTable } from "./table.js";

const page = "/report.html", facts = "/report.json";

export function createValidation(path) {
  const choice = createChoice("validation", "Validation", [], "the latest");
  const summary = createFacts();
  const gates = createTable({
    id: "gates",
    caption: "What was asked of it, what was not passed first",
    columns: ["Gate", "Passed", "What it means", "Found", "Wanted"],
    keyOf: (gate) => gate.name,
    cellsOf: (gate) => [gate.name, { text: gate.passed ? "passed" : "not passed", className: gate.passed ? "completed" : "failed" }, { text: gate.sentence, className: "detail" }, { text: gate.found, className: "found" }, { text: gate.wanted, className: "detail" }],
  });
  const none = h("p", { class: "quiet" }, "It was not validated yet.");
  const saving = action("Save the report as a page with its plots", () => save(reportPath(shown + page), `${shown.replaceAll("/", "-")}.html`));
  const body = h("div", { hidden: true }, h("p", { class: "filters" }, choice.element, saving), summary.element, gates.element);
  const element = h("section", {}, h("h2", {}, "Validation"), none, body);
  let shown;

  const reportPath = (name) => `${path}/reports/${name.split("/").map(encodeURIComponent).join("/")}`;

  return {
    element,
    // The version's reports: a validation is a folder with report.json and, beside it, the same as a page.
    async refresh(reports) {
      const names = reports.filter(({ name }) => name.endsWith(facts)).sort((a, b) => b.at.localeCompare(a.at)).map(({ name }) => name.slice(0, -facts.length));
      choice.offer(names);
      const wanted = names.includes(choice.value) ? choice.value : names[0];
      if (!wanted || wanted === shown) return;
      const found = await find(reportPath(wanted + facts));
      if (!found) return;
      shown = wanted;
      saving.hidden = !reports.some(({ name }) => name === wanted + page);
      none.hidden = true;
      body.hidden = false;
      fill(found);
    },
  };

  function fill(report) {
    summary.fill([
      ["Verdict", { text: report.passed ? "passed" : "refused", className: report.passed ? "completed" : "failed" }],
      ["For", report.environment],
      ["Compared with", report.serving ? `version ${report.serving}` : "no other version"],
      ["Golden set", report.golden ? `${report.golden.scope}, ${report.golden.items} items` : "none"],
      ["When", moment(report.at).text],
    ]);
    gates.fill([...report.gates].sort((a, b) => a.passed - b.passed));
  }
}
