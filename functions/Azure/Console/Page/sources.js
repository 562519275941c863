// Where uploads come from: containers and buckets with what became of their objects, and the form that adds one.
import { load, send } from "./api.js";
import { action, h, lasting, number, replace, size } from "./dom.js";
import { createPerson } from "./person.js";
import { createTable } from "./table.js";

const kinds = ["text", "image", "video"];
const stageClass = { counting: "running", syncing: "running", starting: "pending", waitingForUploads: "pending", failed: "failed", completed: "processed" };
const stageText = { waitingForUploads: "waits for uploads" };

export const stateClass = { active: "processed", paused: "pending", removed: "" };
export const placeOf = ({ prefixes, types }) => [
  prefixes.every((prefix) => prefix === "") ? "" : prefixes.join(", "), types.join(", "),
].filter(Boolean).join("; only ") || "all of it";

// How a sync stands, with the share of the listing that it has looked at where that is known.
export function syncCell(sync) {
  if (!sync) return "";
  const { counts: { seen, total }, stage, secondsLeft, reason } = sync;
  const isAtWork = ["syncing", "waitingForUploads"].includes(stage);
  return {
    text: [stageText[stage] ?? stage, isAtWork && total ? `${number(seen).text} of ${number(total).text}` : "", secondsLeft ? `${lasting(secondsLeft * 1000)} left` : ""].filter(Boolean).join(", "),
    className: stageClass[stage] ?? "",
    meter: isAtWork && total ? Math.min(1, seen / total) : undefined,
    reason,
  };
}

export const countColumns = [{ number: "Expected" }, { number: "Processed" }, { number: "Quarantined" }, { number: "Missing" }, { number: "Deleted" }];
export const countCells = ({ expected, processed, quarantined, missing, deleted }) => [expected, processed, quarantined, missing, deleted].map((count) => number(count));

export function sources() {
  const table = createTable({
    id: "sources",
    caption: "Expected = processed + quarantined + missing, as far as objects were looked at",
    columns: ["Source", "Store", "Container", "What of it", "State", ...countColumns, "Sync"],
    keyOf: (source) => `${source.store}/${source.name}`,
    cellsOf: (source) => [
      { text: source.name, href: `#sources/${source.store}/${encodeURIComponent(source.name)}`, title: source.isBuiltIn ? "set up with the deployment" : `added by ${source.by}` },
      source.store,
      { text: source.container, className: "name" },
      { text: placeOf(source), className: "name" },
      { text: source.state, className: stateClass[source.state], reason: source.erasure && `erasing, ${number(source.erasure.erased).text} so far` },
      ...countCells(source.counts),
      source.isBuiltIn ? "by events" : syncCell(source.sync),
    ],
  });
  const form = createForm();
  return {
    element: h("section", {}, h("h2", {}, "Sources"),
      h("p", { class: "quiet" }, "New objects of the built-in sources are told of by events. Those of sources that were added are found every five minutes, by the reconcile."),
      table.element, form),
    async refresh() {
      const { items, faults } = await load("sources");
      table.fill(items);
      const atWork = items.filter(({ sync }) => sync && ["starting", "counting", "syncing", "waitingForUploads"].includes(sync.stage)).length;
      return faults ? faults.join(" ") : `${items.length} sources, ${atWork} being synced`;
    },
  };
}

// A field per line of text; kinds are boxes, and further extensions a text.
export function createChoiceOfObjects(id) {
  const prefixes = h("textarea", { id: `${id}-prefixes`, rows: 2, spellcheck: false, placeholder: "news/" });
  const boxes = kinds.map((kind) => [kind, h("input", { type: "checkbox" })]);
  const extensions = h("input", { id: `${id}-extensions`, spellcheck: "false", placeholder: ".jpg .txt" });
  return {
    elements: [
      h("p", { class: "field" }, h("label", { for: prefixes.id }, "Beginnings of keys, one a line; all if empty"), prefixes),
      h("fieldset", {}, h("legend", {}, "Only these types, by the names of files; all if none"),
        h("p", { class: "filters" }, boxes.map(([kind, box]) => h("label", {}, box, ` ${kind}`)), h("span", {}, h("label", { for: extensions.id }, "Extensions"), " ", extensions))),
    ],
    read: () => ({
      prefixes: lines(prefixes.value),
      types: [...boxes.filter(([, box]) => box.checked).map(([kind]) => kind), ...extensions.value.split(/[\s,;]+/).filter(Boolean)],
    }),
    show(source) {
      prefixes.value = source.prefixes.join("\n");
      for (const [kind, box] of boxes) box.checked = source.types.includes(kind);
      extensions.value = source.types.filter((type) => !kinds.includes(type)).join(" ");
    },
  };
}

const lines = (text) => {
  const all = text.split("\n").map((line) => line.trim()).filter(Boolean);
  return all.length > 0 ? all : [""];
};

function createForm() {
  const field = (id, label, input) => h("p", { class: "field" }, h("label", { for: id }, label), input);
  const name = h("input", { id: "source-name", required: true, maxlength: 40, pattern: "[a-z0-9]([a-z0-9\\-]*[a-z0-9])?", title: "lower-case letters, digits and hyphens", spellcheck: "false" });
  const store = h("select", { id: "source-store" }, h("option", {}, "azure"), h("option", {}, "s3"));
  const container = h("input", { id: "source-container", required: true, maxlength: 63, spellcheck: "false" });
  const rate = h("input", { id: "source-rate", type: "number", min: 1, max: 1000, value: 10, required: true });
  const person = createPerson("source-person");
  const reason = h("input", { id: "source-reason", maxlength: 500 });
  const chosen = createChoiceOfObjects("source");
  const found = h("div", { id: "source-preview", role: "status" });

  const preview = action("Preview", async () => {
    replace(found);
    if (!store.reportValidity() || !container.reportValidity()) return;
    const { prefixes, types } = chosen.read();
    const { seen, matched, isWhole, examples, overlaps } = await load("sources/preview", [
      ["store", store.value], ["container", container.value], ...prefixes.filter(Boolean).map((prefix) => ["prefix", prefix]), ...types.map((type) => ["type", type]),
    ]);
    replace(found,
      h("p", {}, `${isWhole ? "" : "At least "}${number(matched).text} of ${number(seen).text} objects match${isWhole ? "" : "; there are more"}.`),
      overlaps.length > 0 && h("p", {}, `${overlaps.join(", ")} may cover some of them too; an object that several cover is analysed once.`),
      h("ul", {}, examples.map(({ key, length }) => h("li", {}, h("code", {}, key), " ", h("span", { class: "quiet" }, size(length).text)))));
  });
  const add = action("Add the source", async () => {
    if (!form.reportValidity()) return;
    const added = await send("sources", {
      name: name.value, store: store.value, container: container.value, ...chosen.read(), ratePerSecond: rate.valueAsNumber, reason: reason.value || undefined,
    }, { "X-Requested-By": person.value });
    location.hash = `#sources/${added.store}/${encodeURIComponent(added.name)}`;
  }, { className: "main", submits: true });
  const form = h("form", { onsubmit: (submitted) => submitted.preventDefault() },
    field("source-name", "Name", name),
    field("source-store", "Store", store),
    field("source-container", "Container or bucket of its account", container),
    chosen.elements,
    field("source-rate", "Objects begun a second, at most", rate),
    field("source-person", "Your name", person),
    field("source-reason", "Reason", reason),
    h("p", { class: "field" }, h("span", {}), h("span", {}, preview, " ", add)),
    found);
  return h("details", { class: "form", "data-needs": "operate" }, h("summary", {}, "Add a source"), form);
}
