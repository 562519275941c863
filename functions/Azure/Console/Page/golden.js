// Golden sets: what is under review, by which set each environment judges, and exports from which further items can be drawn.
import { load, send } from "./api.js";
import { createChoice } from "./choice.js";
import { action, h, moment, number, tally } from "./dom.js";
import { createPerson } from "./person.js";
import { createTable } from "./table.js";

export const atDraft = (id) => `#golden/drafts/${encodeURIComponent(id)}`;
export const atSet = ({ scope, digest }) => `#golden/${scope.split("/").map(encodeURIComponent).join("/")}/${digest}`;
export const may = (role) => document.body.dataset.roles?.split(" ").includes(role);

const exportsShown = 200;

export function golden() {
  const drafts = createTable({
    id: "golden-drafts",
    empty: "Nothing is under review.",
    columns: ["Drawn from", "Task", { number: "Reviewed" }, { number: "Accepted" }, { number: "Rejected" }, "Drawn by", "Drawn"],
    keyOf: (draft) => draft.id,
    cellsOf: (draft) => [
      { text: draft.export.split("/")[0], title: draft.export, href: atDraft(draft.id) },
      draft.task,
      { ...tally(draft.items - draft.open, draft.items), meter: (draft.items - draft.open) / draft.items },
      number(draft.accepted), number(draft.rejected), draft.by, moment(draft.at),
    ],
  });
  const sets = createTable({
    id: "golden-sets",
    empty: "No environment judges by a golden set.",
    columns: ["Environment", "For", "Task", { number: "Items" }, "Set", "By", "Since"],
    keyOf: (pointer) => `${pointer.environment} ${pointer.scope}`,
    cellsOf: (pointer) => [
      pointer.environment, pointer.scope, pointer.task, number(pointer.items),
      { text: pointer.digest.slice(0, 12), className: "id", title: pointer.digest, href: atSet(pointer) },
      pointer.by, moment(pointer.at),
    ],
  });
  const drawing = createDrawing();

  return {
    element: h("section", {},
      h("div", { "data-needs": "publish" }, h("h2", {}, "Under review"), drafts.element),
      h("h2", {}, "What environments judge by"), sets.element, drawing.element),
    async refresh() {
      const [{ items }, reviewed] = await Promise.all([load("golden"), may("publish") ? load("golden-drafts") : null, drawing.refresh()]);
      sets.fill(items);
      if (reviewed) drafts.fill(reviewed.items);
      return `${items.length} golden sets${reviewed ? `, ${reviewed.items.length} drafts under review` : ""}`;
    },
  };
}

// Exports, and drawing items of them: who may draw need not be who reviews.
function createDrawing() {
  const person = createPerson("golden-person");
  const rows = h("input", { id: "golden-rows", type: "number", min: 1, max: 2000, value: 100 });
  const labels = createChoice("golden-labels", "Of rows without a reported label take", ["what the model answered"], "none");
  const answer = h("p", { role: "status" });
  const table = createTable({
    id: "golden-exports",
    empty: "Nothing was exported yet: POST /api/exports writes what a model was asked and answered.",
    columns: ["Export", "Model", { number: "Rows" }, { number: "Labelled" }, "Window", "Written", ""],
    keyOf: (line) => `${line.name}/${line.version}`,
    cellsOf: (line) => [
      { text: line.name, title: line.version },
      `${line.model}/${line.modelVersion} in ${line.environment}`,
      number(line.rows), number(line.labelled),
      `${moment(line.from).text} – ${moment(line.until).text}`,
      moment(line.created),
      line.rows > 0 ? { button: "Draw", needs: "operate", press: () => draw(line) } : "",
    ],
  });

  async function draw(line) {
    if (!person.reportValidity() || !rows.reportValidity()) return;
    answer.replaceChildren();
    const path = `exports/${encodeURIComponent(line.name)}/${line.version}/golden`;
    const wish = new URLSearchParams({ rows: rows.value, labels: labels.value ? "suggested" : "reported" });
    const draft = await send(`${path}?${wish}`, {}, { "X-Requested-By": person.value });
    const left = leftOutOf(draft);
    answer.replaceChildren(`${draft.items} items are to be reviewed`, left && `; left out: ${left}`, ". ", may("publish") ? h("a", { href: atDraft(draft.id) }, "Review them") : "");
  }

  return {
    element: h("div", { "data-needs": "operate" }, h("h2", {}, "Draw items from an export"),
      h("p", { class: "filters" },
        h("span", {}, h("label", { for: person.id }, "Your name"), " ", person),
        h("span", {}, h("label", { for: rows.id }, "At most"), " ", rows, " items"),
        labels.element),
      answer, table.element),
    async refresh() {
      if (may("operate")) table.fill((await load("exports", { limit: exportsShown })).items.sort((a, b) => b.created.localeCompare(a.created)));
    },
  };
}

export const leftOutOf = ({ leftOut }) => Object.entries(leftOut).map(([reason, count]) => `${count} ${reason}`).join(", ");
