import { send } from "./api.js";
import { action, h } from "./dom.js";
import { createPerson } from "./person.js";

// Approval and cancellation name the person who acts; the server decides who may.
export function createDecision(path) {
  const person = createPerson("person");
  const reason = h("input", { id: "reason" });
  const act = (end, body) => () => {
    if (!person.reportValidity()) return Promise.resolve();
    return send(`${path}/${end}`, { ...body, reason: reason.value || undefined }, { "X-Requested-By": person.value });
  };
  const decide = h("span", {},
    action("Approve", act("decision", { approve: true }), { className: "main", needs: "approve" }),
    action("Refuse", act("decision", { approve: false }), { needs: "approve" }));
  const element = h("p", { class: "filters" },
    h("span", {}, h("label", { for: "person" }, "Your name"), " ", person),
    h("span", {}, h("label", { for: "reason" }, "Reason"), " ", reason),
    decide,
    action("Cancel the promotion", act("cancel", {}), { needs: "publish", ask: "Cancel this promotion? What served before it serves again." }));

  return {
    element,
    show(promotion) {
      element.hidden = Boolean(promotion.verdict);
      decide.hidden = promotion.stage !== "approval";
    },
  };
}
