import { h } from "./dom.js";

// A labelled list to filter by; the empty value is "all".
export function createChoice(id, label, values) {
  const select = h("select", { id }, h("option", { value: "" }, "all"), values.map((value) => h("option", {}, value)));
  return {
    element: h("span", {}, h("label", { for: id }, label), " ", select),
    get value() { return select.value; },
  };
}
