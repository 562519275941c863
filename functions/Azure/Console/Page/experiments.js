// Experiments, and the form that starts one.
import { load, send } from "./api.js";
import { action, h, time } from "./dom.js";
import { environments } from "./environments.js";
import { createPerson } from "./person.js";
import { createTable } from "./table.js";

const metrics = { feedback: "feedback, more is better", latency: "latency in ms, less is better", failures: "failed requests, fewer are better", score: "score, more is better" };
const maxArms = 10;
const at = (id) => `#experiments/${encodeURIComponent(id)}`;

export const stateClass = { running: "running", stopped: "" };

export function experiments() {
  const table = createTable({
    id: "experiments",
    caption: "The latest first",
    empty: "No experiments.",
    columns: ["Experiment", "Model", "In", "State", "Metric", "Arms", "Started by", "Started", "Conclusion"],
    keyOf: (experiment) => experiment.id,
    cellsOf: (experiment) => [
      { text: experiment.id, className: "id", href: at(experiment.id) },
      { text: experiment.model, className: "model" },
      experiment.environment,
      { text: experiment.state, className: stateClass[experiment.state] },
      experiment.metric,
      experiment.arms.map(({ name, version }) => `${name}: version ${version}`).join(", "),
      experiment.by,
      time(experiment.started),
      { text: experiment.verdict?.conclusion ?? "", className: "detail" },
    ],
  });
  const form = createForm();

  return {
    element: h("section", {}, h("h2", {}, "Experiments"), table.element, form.element),
    async refresh() {
      const [{ items }, models] = await Promise.all([load("experiments", { limit: 50 }), load("models", { limit: 200 })]);
      table.fill(items);
      form.offer(models.items.map(({ name }) => name));
      return `${items.filter(({ state }) => state === "running").length} running of the latest ${items.length}`;
    },
  };
}

function createForm() {
  const field = (id, label, input) => h("p", { class: "field" }, h("label", { for: id }, label), input);
  const names = h("datalist", { id: "known-models" });
  const model = h("input", { id: "experiment-model", list: "known-models", required: true, spellcheck: "false" });
  const environment = h("select", { id: "experiment-environment" }, environments.map((name) => h("option", {}, name)));
  const metric = h("select", { id: "metric" }, Object.entries(metrics).map(([value, name]) => h("option", { value }, name)));
  const effect = h("input", { id: "effect", type: "number", step: "any", min: "0.000001", value: "0.05", required: true });
  const alpha = h("input", { id: "alpha", type: "number", step: "any", min: "0.0001", max: "0.2", value: "0.05", required: true });
  const adaptive = h("input", { id: "adaptive", type: "checkbox" });
  const person = createPerson("experimenter");
  const arms = createArms();

  const start = action("Start the experiment", async () => {
    if (!element.querySelector("form").reportValidity()) return;
    const started = await send("experiments", {
      model: model.value, environment: environment.value, arms: arms.read(), metric: metric.value, effect: effect.valueAsNumber, alpha: alpha.valueAsNumber, adaptive: adaptive.checked,
    }, { "X-Requested-By": person.value });
    location.hash = at(started.id);
  }, { className: "main", submits: true });
  const element = h("details", { class: "form", "data-needs": "publish" }, h("summary", {}, "Start an experiment"),
    h("form", { onsubmit: (submitted) => submitted.preventDefault() },
      names,
      field("experiment-model", "Model", model),
      field("experiment-environment", "In", environment),
      arms.element,
      field("metric", "Decided by", metric),
      field("effect", "Effect to look for, in the metric's unit", effect),
      field("alpha", "Probability of a false verdict, at most", alpha),
      h("p", { class: "field" }, h("span", {}), h("label", {}, adaptive, " give better arms more callers while it runs (Thompson sampling)")),
      field("experimenter", "Your name", person),
      h("p", { class: "field" }, h("span", {}), start)));

  return {
    element,
    // Only what is new, or a list that is open would close under the hand.
    offer(models) {
      if (models.length !== names.children.length) names.replaceChildren(...models.map((value) => h("option", { value })));
    },
  };
}

// The first is the control; without weights all get equally many callers.
function createArms() {
  const rows = h("div");
  const add = h("button", { type: "button", onclick: () => { append(); rows.lastChild.querySelector("input").focus(); } }, "Another arm");
  const element = h("fieldset", {}, h("legend", {}, "Arms, the first is the control"), rows, add);

  function append() {
    const name = String.fromCharCode(97 + rows.children.length);
    rows.append(h("p", { class: "filters" },
      h("label", {}, "Name ", h("input", { name: "arm", size: "8", value: name, required: true, spellcheck: "false" })),
      h("label", {}, "Version ", h("input", { name: "version", type: "number", min: "1", required: true })),
      h("label", {}, "Share of callers, % ", h("input", { name: "share", type: "number", min: "0", max: "100", step: "any", placeholder: "equal" })),
      rows.children.length < 2 ? null : h("button", { type: "button", "aria-label": `Remove arm ${name}`, onclick: (clicked) => { clicked.target.closest("p").remove(); add.disabled = false; add.focus(); } }, "Remove")));
    add.disabled = rows.children.length >= maxArms;
  }

  append();
  append();
  return {
    element,
    read: () => [...rows.children].map((row) => {
      const [name, version, share] = row.querySelectorAll("input");
      return { name: name.value, version: version.valueAsNumber, weight: share.value === "" ? undefined : share.valueAsNumber / 100 };
    }),
  };
}
