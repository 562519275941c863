// Views of runs that people name. They stay in this browser: a function key does not say whose it is, so that the server could not tell one
// person's views from another's. A view is an address, which is how it is given to others.
import { h, replace } from "./dom.js";

const place = "run-views", most = 50, longest = 60;

// queryOf gives the query of the view that is shown.
export function createSavedViews(queryOf) {
  const list = h("span", { class: "views" });
  const name = h("input", { id: "view-name", maxlength: longest, "aria-label": "Name of this view", placeholder: "name this view" });
  const problem = h("span", { class: "problem", role: "alert" });
  const element = h("p", { class: "filters" }, list, h("span", { class: "pair" }, name, h("button", { type: "button", onclick: save }, "Save the view")), problem);
  // Enter saves, and does not send the form of filters that this stands in.
  name.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    save();
  });

  function save() {
    const wanted = name.value.trim();
    if (!wanted) return say("Give the view a name.", name);
    const others = read().filter((view) => view.name !== wanted);
    if (others.length >= most) return say(`There are ${most} views already; remove one.`);
    if (write([...others, { name: wanted, query: queryOf() }])) name.value = "";
    show();
  }

  function remove(gone) {
    write(read().filter((view) => view.name !== gone));
    show();
    name.focus();
  }

  function say(text, field) {
    problem.textContent = text;
    field?.focus();
  }

  function write(views) {
    try {
      localStorage.setItem(place, JSON.stringify(views.sort((a, b) => a.name.localeCompare(b.name))));
      problem.textContent = "";
      return true;
    } catch (refused) {
      problem.textContent = `This browser keeps no views: ${refused.message}`;
      return false;
    }
  }

  function show() {
    list.hidden = read().length === 0;
    replace(list, read().map((view) => h("span", { class: "pair" }, h("a", { href: `#runs?${view.query}` }, view.name),
      h("button", { type: "button", class: "chip", "aria-label": `Remove the view ${view.name}`, title: "Remove", onclick: () => remove(view.name) }, "×"))));
  }

  show();
  return { element };
}

// What stands there in another form, by other means or an older page, is passed over.
function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(place) ?? "[]");
    return Array.isArray(kept) ? kept.filter((view) => typeof view?.name === "string" && typeof view.query === "string").slice(0, most) : [];
  } catch {
    return [];
  }
}
