import { send } from "./api.js";
import { h } from "./dom.js";

const name = "person";

// A field for the name of who acts, which this tab remembers. The server decides who may.
export function createPerson(id) {
  const input = h("input", { id, autocomplete: "username", required: true, onchange: () => sessionStorage.setItem(name, input.value) });
  input.value = sessionStorage.getItem(name) ?? "";
  return input;
}

// Fields for who acts and why, and sending with them: null where one of them is not filled in.
export function createSigning(id) {
  const person = createPerson(`${id}-person`);
  const reason = h("input", { id: `${id}-reason`, required: true, maxlength: 500 });
  return {
    fields: [
      h("span", {}, h("label", { for: person.id }, "Your name"), " ", person),
      h("span", {}, h("label", { for: reason.id }, "Reason"), " ", reason),
    ],
    send: async (path, body = {}, method = "POST") => person.reportValidity() && reason.reportValidity()
      ? send(path, { ...body, reason: reason.value }, { "X-Requested-By": person.value }, method)
      : null,
  };
}
