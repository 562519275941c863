import { load, save } from "./api.js";
import { createCardActions } from "./card.js";
import { createChoice } from "./choice.js";
import { h, moment, number, size } from "./dom.js";
import { environments } from "./environments.js";
import { atSet } from "./golden.js";
import { createFacts, createTable } from "./table.js";

export const at = (...parts) => `#models/${parts.map(encodeURIComponent).join("/")}`;
export const metricsOf = (metrics) => Object.entries(metrics).map(([metric, value]) => `${metric} ${number(value, 4).text}`).join(", ");

export function models() {
  const table = createTable({
    id: "models",
    empty: "No models are registered.",
    columns: ["Model", "Task", { number: "Versions" }, { number: "Latest" }, ...environments.map((environment) => ({ number: `Serves in ${environment}` }))],
    keyOf: (model) => model.name,
    cellsOf: (model) => [
      { text: model.name, href: at(model.name) },
      model.task ?? "cannot be read",
      number(model.versions),
      number(model.latest),
      ...environments.map((environment) => number(model.serving[environment])),
    ],
  });

  return {
    element: h("section", {}, h("h2", {}, "Models"), table.element, h("h2", {}, "The system"), createCardActions("system/card", "system-card")),
    async refresh() {
      const { items } = await load("models");
      table.fill(items);
      return `${items.length} models`;
    },
  };
}

export function model(name) {
  const versions = createTable({
    id: "versions",
    columns: [{ number: "Version" }, "Serves in", "Digest", { number: "Size" }, "Metrics", "Licence", "Registered by", "Registered", "Card"],
    keyOf: (version) => version.version,
    cellsOf: (version) => [
      { ...number(version.version), href: at(name, "versions", version.version) },
      version.serves.join(", "),
      { text: version.digest.replace("sha256:", "").slice(0, 12), className: "id", title: version.digest },
      size(version.totalBytes),
      metricsOf(version.metrics),
      version.licence ?? "",
      version.registeredBy,
      moment(version.registeredAt),
      { button: "Save", press: () => save(`models/${encodeURIComponent(name)}/versions/${version.version}/card?format=html`, `${name}-${version.version}-card.html`) },
    ],
  });
  const serving = createFacts();
  const compare = createComparing(name);
  const histories = environments.map((environment) => createHistory(name, environment));

  return {
    element: h("section", {},
      h("h2", {}, name), serving.element, versions.element, compare.element,
      histories.flatMap(({ environment, table, whole }) => [h("h2", {}, `History in ${environment}`), whole, table.element])),
    async refresh() {
      const [found, { items: pointers }] = await Promise.all([load(`models/${encodeURIComponent(name)}`), load("golden")]);
      serving.fill([
        ...found.aliases.map((alias) => [`Serves in ${alias.environment}`, `version ${alias.version}`]),
        ...judgedBy(name, found.versions.at(-1)?.task, pointers),
        ...(found.faults ?? []).map((fault) => ["Corrupt", fault]),
      ]);
      versions.fill(found.versions.map((version) => ({
        ...version, serves: found.aliases.filter((alias) => alias.version === version.version).map(({ environment }) => environment),
      })).reverse());
      compare.offer(found.versions.map(({ version }) => version).reverse());
      await Promise.all(histories.map((history) => history.refresh()));
      return `${name} has ${found.versions.length} versions`;
    },
  };
}

// The golden set of each environment: the model's own, or that of its task.
const judgedBy = (name, task, pointers) => environments.flatMap((environment) => {
  const own = pointers.filter((pointer) => pointer.environment === environment);
  const pointer = own.find(({ scope }) => scope === `models/${name}`) ?? own.find(({ scope }) => scope === `tasks/${task}`);
  return pointer ? [[`Judged in ${environment} by`, { text: `${pointer.items} items of ${pointer.scope}`, href: atSet(pointer) }]] : [];
});

function createComparing(name) {
  const [a, b] = [createChoice("compare-a", "Compare version", [], "choose"), createChoice("compare-b", "with", [], "choose")];
  const button = h("button", { type: "button", onclick: () => {
    if (a.value && b.value) location.hash = at(name, "compare", a.value, b.value);
  } }, "Compare");
  const element = h("p", { class: "filters", hidden: true }, a.element, b.element, button);

  return {
    element,
    offer(versions) {
      const first = element.hidden;
      element.hidden = versions.length < 2;
      [a, b].forEach((choice) => choice.offer(versions));
      if (first && !element.hidden) [a.value, b.value] = [versions[1], versions[0]];
    },
  };
}

function createHistory(name, environment) {
  const table = createTable({
    id: `history-${environment}`,
    empty: "Nothing ever served here.",
    columns: ["When", "Event", { number: "Version" }, { number: "Before" }, "By", "Why"],
    keyOf: (record) => record.sequence,
    cellsOf: (record) => [moment(record.at), record.event.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`), number(record.version), number(record.from), record.by, { text: record.why ?? "", className: "detail" }],
  });
  const whole = h("p", { class: "quiet" });

  return {
    environment,
    table,
    whole,
    async refresh() {
      const path = `models/${encodeURIComponent(name)}/history`;
      const [{ items }, verdict] = await Promise.all([load(path, { environment }), load(`${path}/verify`, { environment })]);
      table.fill(items);
      whole.textContent = verdict.intact ? `The chain of ${verdict.records} records is whole.` : `The history was tampered with: ${verdict.faults.join(" ")}`;
      whole.classList.toggle("problem", !verdict.intact);
    },
  };
}
