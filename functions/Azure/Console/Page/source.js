// One source: what it covers, how its sync stands, and what can be done with it.
import { load } from "./api.js";
import { action, h, lasting, moment, number, replace } from "./dom.js";
import { createSigning } from "./person.js";
import { countCells, countColumns, createChoiceOfObjects, placeOf, stateClass, syncCell } from "./sources.js";
import { createFacts, createTable } from "./table.js";

export function source(store, name) {
  const path = `sources/${encodeURIComponent(store)}/${encodeURIComponent(name)}`;
  const facts = createFacts();
  const progress = createFacts();
  const errors = h("ul", { id: "sync-errors" });
  const counts = createTable({ id: "source-counts", columns: ["Source", ...countColumns], keyOf: (one) => one.name, cellsOf: (one) => [one.name, ...countCells(one.counts)] });
  const sync = h("section", {}, h("h2", {}, "Sync"), progress.element, errors);
  const acts = createActs(path);

  return {
    element: h("div", {},
      h("section", {}, h("h2", {}, h("code", {}, `${store}/${name}`)), facts.element, counts.element),
      sync, acts.element),
    async refresh() {
      const one = await load(path);
      facts.fill([
        ["State", { text: one.state, className: stateClass[one.state], reason: one.erasure && `analyses: ${one.erasure.stage}, ${number(one.erasure.erased).text} erased` }],
        ["Container", one.container],
        ["What of it", placeOf(one)],
        ["New objects", one.found],
        ["Rate", one.ratePerSecond && `${number(one.ratePerSecond).text} objects a second at most`],
        ["Added", one.created && `${moment(one.created).text} by ${one.by}`],
        ["Changed", one.version > 1 && `${moment(one.changed).text} by ${one.changedBy}`],
      ]);
      counts.fill([one]);
      sync.hidden = !one.sync;
      if (one.sync) showSync(one.sync);
      acts.show(one);
      return one.sync ? `${one.state}, sync ${one.sync.stage}` : one.state;
    },
  };

  function showSync({ id, counts: seen, perSecond, secondsLeft, begun, errors: failed, ...rest }) {
    progress.fill([
      ["Stage", syncCell({ ...rest, counts: seen, secondsLeft })],
      ["Begun", begun && moment(begun)],
      ["Looked at", `${number(seen.seen).text}${seen.total ? ` of ${number(seen.total).text}` : ""} objects`],
      ["Match", number(seen.matched).text],
      ["Analyses begun", number(seen.begun).text],
      ["Known before", number(seen.known).text],
      ["Kept out by the filter", number(seen.skipped).text],
      ["Failed", seen.failed > 0 && { text: number(seen.failed).text, className: "failed" }],
      ["Pace", perSecond && `${number(perSecond, 1).text} objects a second`],
      ["Left", secondsLeft && lasting(secondsLeft * 1000)],
      ["Run", { text: id, href: `#runs/${encodeURIComponent(id)}` }],
    ]);
    replace(errors, (failed ?? []).map((error) => h("li", { class: "problem" }, error)));
  }
}

function createActs(path) {
  const signing = createSigning("source");
  const rate = h("input", { id: "new-rate", type: "number", min: 1, max: 1000, required: true });
  const chosen = createChoiceOfObjects("change");
  const fate = h("select", { id: "analyses", required: true }, h("option", { value: "" }, "choose one"), h("option", { value: "keep" }, "keep what was found"), h("option", { value: "erase" }, "erase what was found"));
  const pause = action("Pause", () => signing.send(`${path}/pause`));
  const resume = action("Resume", () => signing.send(`${path}/resume`));
  const again = action("Sync now", () => signing.send(`${path}/sync`));
  const change = action("Change the rate", () => rate.reportValidity() && signing.send(path, { ratePerSecond: rate.valueAsNumber }, "PATCH"));
  const choose = action("Change what is covered", () => signing.send(path, chosen.read(), "PATCH"), { ask: "Change what this source covers? It is synced anew." });
  const remove = action("Remove the source", async () => {
    if (!fate.reportValidity()) return;
    const erases = fate.value === "erase";
    if (!confirm(erases ? "Remove this source, and erase all that was made of its objects? The objects stay." : "Remove this source? What was found in its objects stays, and is not followed any more.")) return;
    if (await signing.send(`${path}?analyses=${fate.value}`, {}, "DELETE")) location.hash = "#sources";
  });
  let shown;
  const element = h("section", { "data-needs": "operate" }, h("h2", {}, "Act"),
    h("p", { class: "filters" }, signing.fields),
    h("p", { class: "filters" }, pause, resume, again),
    h("p", { class: "filters" }, h("span", {}, h("label", { for: rate.id }, "Objects a second"), " ", rate), change),
    h("details", { class: "form" }, h("summary", {}, "Change what is covered"), chosen.elements, choose),
    h("details", { class: "form" }, h("summary", {}, "Remove"), h("p", { class: "filters" }, h("span", {}, h("label", { for: fate.id }, "Analyses of its objects"), " ", fate), remove)));

  return {
    element,
    show(one) {
      element.hidden = one.isBuiltIn || one.state === "removed";
      pause.hidden = one.state !== "active";
      resume.hidden = one.state !== "paused";
      again.hidden = one.state !== "active";
      if (shown === one.version) return;
      shown = one.version; // what somebody types is not written over
      rate.value = one.ratePerSecond ?? "";
      chosen.show(one);
    },
  };
}
