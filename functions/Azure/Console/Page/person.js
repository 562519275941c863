import { h } from "./dom.js";

const name = "person";

// A field for the name of who acts, which this tab remembers. The server decides who may.
export function createPerson(id) {
  const input = h("input", { id, autocomplete: "username", required: true, onchange: () => sessionStorage.setItem(name, input.value) });
  input.value = sessionStorage.getItem(name) ?? "";
  return input;
}
