// Who did what, when and why, and whether the log of it is whole.
import { load } from "./api.js";
import { action, h, moment } from "./dom.js";
import { createTable } from "./table.js";

const outcome = ({ status, ended }) => status === undefined
  ? { text: "not known", className: "running", title: "It is at work, or its process ended before it had told" }
  : { text: status < 400 ? "done" : "not done", className: status < 400 ? "completed" : "failed", title: `${status}, ${new Date(ended).toLocaleString()}` };

export function audit() {
  const filters = ["act", "by", "target"].map((name) => h("input", { id: `audit-${name}` }));
  const [act, by, target] = filters;
  const verdict = h("p", { id: "verdict", role: "status" });
  const table = createTable({
    id: "audit",
    caption: "The latest first",
    empty: "No acts.",
    columns: ["Act", "When", "Who", "To", "Why", "Outcome"],
    keyOf: (one) => one.sequence,
    cellsOf: (one) => [
      { text: one.act, className: "name" },
      moment(one.at),
      { text: one.by ?? one.byId ?? "a key that is not listed", title: one.byId ?? "" },
      { text: one.target, className: "payload" },
      { text: one.why ?? "", className: "detail" },
      outcome(one),
    ],
  });
  const verify = action("Verify the log", async () => {
    const found = await load("audit/verify");
    verdict.className = found.intact ? "completed" : "failed";
    verdict.textContent = found.intact
      ? `All ${found.records} records are as they were written; the last is ${found.last} with the hash ${found.head ?? "none"}.`
      : found.faults.map(({ sequence, what }) => `Record ${sequence}: ${what}`).join(" ");
  });
  let after;
  let next;
  const turn = (to) => async () => { after = to(); };
  const older = action("Older", turn(() => next));
  const newest = action("Newest", turn(() => undefined));

  return {
    element: h("section", {}, h("h2", {}, "Audit"),
      h("p", { class: "filters" }, [["Act", act], ["By", by], ["Address contains", target]].map(([label, field]) =>
        h("span", {}, h("label", { for: field.id }, label), " ", field))),
      table.element, h("p", {}, newest, older, verify), verdict),
    async refresh() {
      const page = await load("audit", { act: act.value, by: by.value, target: target.value, limit: 50, after });
      table.fill(page.items);
      next = page.next;
      older.hidden = !next;
      newest.hidden = !after;
      return page.incomplete ?? `${page.items.length} acts`;
    },
  };
}
