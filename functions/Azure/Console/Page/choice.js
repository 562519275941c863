import { h } from "./dom.js";

// A labelled list to filter by; the empty value is "all", or what else stands for no choice.
export function createChoice(id, label, values, none = "all") {
  const select = h("select", { id });
  let offered;

  // Offers other values; what was chosen stays chosen while it is among them.
  function offer(others) {
    if (offered?.join("\n") === others.join("\n")) return;
    offered = others;
    const chosen = select.value;
    select.replaceChildren(h("option", { value: "" }, none), ...others.map((value) => h("option", { value }, value)));
    if (others.includes(chosen)) select.value = chosen;
  }

  offer(values.map(String));
  return {
    element: h("span", {}, h("label", { for: id }, label), " ", select),
    offer: (others) => offer(others.map(String)),
    get value() { return select.value; },
    set value(value) { select.value = value; },
  };
}
