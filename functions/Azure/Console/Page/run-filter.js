// The form that narrows the list of runs: counts to press, a time, and the rest behind a fold.
import { h, replace } from "./dom.js";
import { kinds, linkOf, presets, statuses, views } from "./run-view.js";
import { createSavedViews } from "./saved-views.js";

export function createRunFilter(view, onChange) {
  const change = (changes) => {
    view.change(changes);
    onChange();
  };
  const counts = h("div", { class: "chips", role: "group", "aria-label": "Kind, status and outcome" });
  const within = h("select", { id: "within", onchange: () => change({ within: within.value, from: "", to: "" }) },
    h("option", { value: "" }, "any time"), Object.entries(presets).map(([value, text]) => h("option", { value }, `the last ${text}`)));
  const name = h("select", { id: "name", onchange: () => change({ name: name.value }) });
  const text = field("text", "Text in id, input, output or status", { maxlength: 200 });
  const prefix = field("prefix", "Id begins with", { maxlength: 500 });
  const tag = field("tag", "Tags, with spaces between", { placeholder: "model:entities/2" });
  const from = field("from", "Created from", { type: "datetime-local", step: 1 });
  const to = field("to", "until", { type: "datetime-local", step: 1 });
  const more = h("details", { class: "form", open: isOpen() }, h("summary", {}, "More filters"), prefix.element, tag.element, from.element, to.element,
    h("p", {}, h("button", { type: "submit", class: "main" }, "Filter"), " ", h("button", { type: "button", onclick: clear }, "Clear all")));
  const element = h("form", { class: "run-filter", onsubmit: submit },
    h("p", { class: "views" }, views.map(([title, parameters]) => h("a", { href: linkOf(parameters) }, title))),
    createSavedViews(() => view.query).element,
    counts,
    h("p", { class: "filters" }, label("within", "Created in"), within, label("name", "Name"), name, text.element),
    more);

  // Not where nothing of it is asked: the runs are what the page is for.
  function isOpen() {
    return ["prefix", "from", "to"].some((name) => view.get(name)) || view.tags.length > 0;
  }

  function submit(submitted) {
    submitted.preventDefault();
    const isCustom = from.input.value || to.input.value;
    change({
      text: text.input.value.trim(), prefix: prefix.input.value.trim(), tags: tag.input.value.split(/\s+/).filter(Boolean),
      from: instant(from.input.value), to: instant(to.input.value), within: isCustom ? "" : view.get("within"),
    });
    show();
  }

  function clear() {
    change({ kind: "", status: "", outcome: "", name: "", text: "", prefix: "", parent: "", tags: [], from: "", to: "", within: "" });
    show();
  }

  // Writes what the view says into the form.
  function show() {
    within.value = view.get("within");
    text.input.value = view.get("text");
    prefix.input.value = view.get("prefix");
    tag.input.value = view.tags.join(" ");
    from.input.value = local(view.get("from"));
    to.input.value = local(view.get("to"));
  }

  const chip = (kind, value, count, title = value) => h("button", {
    type: "button", class: `chip ${value.replaceAll(" ", "-")}`, "data-key": `${kind}:${value}`, "aria-pressed": String(view.has(kind, value)),
    onclick: () => { view.toggle(kind, value); onChange(); },
  }, title, " ", h("b", {}, count.toLocaleString()));

  // The counts of a summary; what is chosen stays to be taken out, also at none.
  function count(summary) {
    const focused = document.activeElement?.closest?.(".chip")?.dataset.key;
    const outcomes = new Set([...Object.keys(summary.outcomes), ...view.get("outcome").split(",").filter(Boolean)]);
    replace(counts,
      Object.entries(kinds).filter(([kind]) => (summary.kinds[kind] && Object.keys(summary.kinds).length > 1) || view.has("kind", kind))
        .map(([kind, title]) => chip("kind", kind, summary.kinds[kind] ?? 0, title)),
      statuses.filter((status) => summary.statuses[status] || view.has("status", status)).map((status) => chip("status", status, summary.statuses[status] ?? 0)),
      outcomes.size > 0 && h("span", { class: "quiet" }, "came to"),
      [...outcomes].sort().map((outcome) => chip("outcome", outcome, summary.outcomes[outcome] ?? 0)));
    if (focused) counts.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    const names = [...new Set([...Object.keys(summary.names), view.get("name")])].filter(Boolean).sort();
    if (name.dataset.offered !== names.join()) {
      name.dataset.offered = names.join();
      replace(name, h("option", { value: "" }, "all"), names.map((value) => h("option", { value }, value)));
    }
    name.value = view.get("name");
  }

  show();
  return { element, count, show };
}

const label = (id, content) => h("label", { for: id }, content);

function field(id, title, properties = {}) {
  const input = h("input", { id, ...properties });
  return { input, element: h("span", { class: "pair" }, label(id, title), " ", input) };
}

// Between the address, in UTC, and the field, in the time of the browser.
const instant = (text) => text ? new Date(text).toISOString() : "";
function local(text) {
  const at = new Date(text);
  if (!text || Number.isNaN(at.getTime())) return "";
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
