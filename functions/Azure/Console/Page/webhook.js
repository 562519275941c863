// One subscription: what was sent to it with every try, sending again, another secret, and its end.
import { load, NotThere, remove, send } from "./api.js";
import { action, duration, h, moment, replace } from "./dom.js";
import { createPerson } from "./person.js";
import { createFacts, createTable } from "./table.js";
import { secretOf } from "./webhooks.js";

const stateClass = { delivered: "processed", failed: "failed", pending: "pending" };
const told = ({ status, fault }) => fault ?? `answered ${status}`;

export function webhook(id) {
  const path = `webhooks/${encodeURIComponent(id)}`;
  const facts = createFacts();
  const person = createPerson("webhook-person");
  const answer = h("div", { id: "webhook-secret", role: "status" });
  const asked = (where, body = {}) => person.reportValidity() && send(where, body, { "X-Requested-By": person.value });
  const deliveries = createTable({
    id: "deliveries",
    caption: "The latest first",
    empty: "Nothing was sent yet.",
    columns: ["Event", "Of what", "When", "State", { number: "Tries" }, { number: "Last took" }, ""],
    keyOf: (one) => one.id,
    cellsOf: ({ id: delivery, type, subject, time, round, state, attempts }) => {
      const last = attempts.at(-1);
      return [
        { text: type, title: delivery, reason: round > 1 && `sent again, round ${round}` },
        { text: subject, className: "name" },
        moment(time),
        { text: state, className: stateClass[state], reason: last && told(last) },
        { text: String(attempts.length), className: "number", title: attempts.map((one) => `${new Date(one.at).toLocaleString()}: ${told(one)}`).join("\n") },
        last ? duration(last.milliseconds) : "",
        state === "pending" ? "" : { button: "Send again", needs: "operate", press: () => asked(`${path}/deliveries/${encodeURIComponent(delivery)}/redeliver`) },
      ];
    },
  });
  const rotate = action("Give it another secret", async () => {
    const changed = await asked(`${path}/secret`);
    if (changed) replace(answer, secretOf(changed));
  }, { ask: "Make another secret? What is sent is signed with both for a day." });
  const end = action("End the subscription", async () => {
    await remove(path);
    location.hash = "#webhooks";
  }, { ask: "Tell this address of nothing any more?" });

  return {
    element: h("div", {},
      h("section", {}, h("h2", {}, "Subscription ", h("code", {}, id)), facts.element),
      h("section", {}, h("h2", {}, "Deliveries"), deliveries.element),
      h("section", { "data-needs": "operate" }, h("h2", {}, "Act"),
        h("p", { class: "filters" }, h("span", {}, h("label", { for: person.id }, "Your name"), " ", person)),
        h("p", { class: "filters" }, rotate, end), answer)),
    async refresh() {
      const one = (await load("webhooks")).items.find((item) => item.id === id);
      if (!one) throw new NotThere(`There is no subscription '${id}'.`);
      const { items } = await load(`${path}/deliveries`);
      facts.fill([
        ["Address", one.url],
        ["Events", one.events.join(", ")],
        ["Since", `${moment(one.created).text}, by ${one.by}`],
        ["Secret", one.formerUntil && `the one before signs too, until ${moment(one.formerUntil).text}`],
      ]);
      deliveries.fill(items);
      return `${items.length} deliveries, ${items.filter(({ state }) => state === "failed").length} failed`;
    },
  };
}
