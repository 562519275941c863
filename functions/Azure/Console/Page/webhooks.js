// Who is told of what happens: subscriptions, and the form that adds one.
import { load, send } from "./api.js";
import { action, h, moment, replace } from "./dom.js";
import { createPerson } from "./person.js";
import { createTable } from "./table.js";

export function webhooks() {
  const table = createTable({
    id: "webhooks",
    empty: "Nobody is told by webhook.",
    columns: ["Address", "Events", "By", "Since"],
    keyOf: (one) => one.id,
    cellsOf: (one) => [
      { text: one.url, className: "name", href: `#webhooks/${one.id}`, title: `${one.id}: to its deliveries` },
      { text: one.events.join(", "), className: "detail" },
      one.by,
      moment(one.created),
    ],
  });
  return {
    element: h("section", {}, h("h2", {}, "Webhooks"), table.element, createForm()),
    async refresh() {
      const { items } = await load("webhooks");
      table.fill(items);
      return `${items.length} subscriptions`;
    },
  };
}

// A secret as it is answered once, to be kept by whoever checks signatures.
export const secretOf = ({ secret }) => [h("p", {}, "What is sent is signed with this secret, which is not shown again:"), h("p", {}, h("code", {}, secret))];

function createForm() {
  const url = h("input", { id: "webhook-url", type: "url", required: true, maxlength: 2000, placeholder: "https://", spellcheck: "false" });
  const events = h("input", { id: "webhook-events", required: true, value: "*", spellcheck: "false", "aria-describedby": "webhook-hint" });
  const person = createPerson("webhook-person");
  const answer = h("div", { id: "webhook-secret", role: "status" });
  const field = (label, input, ...more) => h("p", { class: "field" }, h("label", { for: input.id }, label), input, ...more);
  const add = action("Subscribe", async () => {
    replace(answer);
    if (!form.reportValidity()) return;
    replace(answer, secretOf(await send("webhooks", { url: url.value, events: events.value.split(/[\s,]+/).filter(Boolean) }, { "X-Requested-By": person.value })));
    url.value = "";
  }, { submits: true });
  const form = h("form", { onsubmit: (submitted) => submitted.preventDefault() },
    field("Address that is told, by POST", url),
    field("Events", events, h("span", { id: "webhook-hint", class: "quiet" }, "alert.opened asset.* promotion.*, or * for all")),
    field("Your name", person),
    h("p", {}, add));
  return h("details", { class: "form", "data-needs": "operate" }, h("summary", {}, "Subscribe an address"), form, answer);
}
