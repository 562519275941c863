// Makes a golden set of a draft once all of its items are reviewed: of which model or task, and which environments judge by it.
import { load, send } from "./api.js";
import { action, h, replace } from "./dom.js";
import { environments } from "./environments.js";
import { atSet } from "./golden.js";

export function createFinish(path, person) {
  const scope = h("select", { id: "golden-scope" });
  const boxes = environments.map((environment) => h("input", { type: "checkbox", id: `golden-in-${environment}`, value: environment }));
  const joins = h("input", { type: "checkbox", id: "golden-joins", checked: true });
  const waits = h("p", { class: "quiet" });
  const make = action("Make the golden set", async () => {
    if (!person.reportValidity()) return;
    const [kind, name] = scope.value.split("/");
    const chosen = boxes.filter(({ checked }) => checked).map(({ value }) => value);
    const { items } = await load("golden");
    const before = joins.checked ? items.find((pointer) => pointer.scope === scope.value && (chosen.length === 0 || chosen.includes(pointer.environment))) : undefined;
    const { set } = await send(`${path}/set`, { scope: kind, name, environments: chosen, with: before?.digest }, { "X-Requested-By": person.value });
    location.hash = atSet(set);
  }, { className: "main", needs: "publish" });
  const form = h("div", { hidden: true },
    h("p", { class: "field" }, h("label", { for: scope.id }, "It is of"), scope),
    h("fieldset", {}, h("legend", {}, "Judged by it from then on in"),
      h("p", { class: "filters" }, boxes.map((box) => h("span", {}, box, " ", h("label", { for: box.id }, box.value))))),
    h("p", {}, joins, " ", h("label", { for: joins.id }, "The items of the set that is there stay in it")),
    h("p", {}, make));
  let task;

  // Models of the task, and the task itself for those that have no set of their own.
  async function offer() {
    const { items } = await load("models");
    const names = [...items.filter((model) => model.task === task).map(({ name }) => `models/${name}`), `tasks/${task}`];
    replace(scope, names.map((name) => h("option", { value: name }, name)));
  }

  return {
    element: h("section", { "data-needs": "publish" }, h("h2", {}, "The golden set"), waits, form),
    show(draft) {
      const open = draft.open > 0 || draft.accepted === 0;
      form.hidden = open;
      waits.textContent = draft.open > 0 ? "It can be made once no item is open." : draft.accepted === 0 ? "No item was accepted." : `It takes the ${draft.accepted} items that were accepted.`;
      if (!open && task !== draft.task) {
        task = draft.task;
        offer().catch((problem) => {
          task = undefined;
          waits.textContent = problem.message;
        });
      }
    },
  };
}
