import { drawInterval, drawScale } from "./chart.js";
import { action, h } from "./dom.js";

// A table whose rows are kept by key and changed in place: a refresh neither moves the focus nor loses a selection.
// A cell is a text or { text, className, title, reason, href }, and may hold { meter } from 0 to 1, { interval } or { scale } to be drawn, or a
// { button } that does { press } for those who have the role that it { needs }, or { links } as [[text, href, title], …]. A column is a title
// or { text } or { number }, and with { sort } its head is a button that tells onSort.
export function createTable({ id, caption, empty, columns, keyOf, cellsOf, onSort }) {
  const body = h("tbody");
  const none = h("p", { class: "empty", hidden: true }, empty ?? "Nothing yet.");
  const head = columns.map((column) => h("th", { scope: "col", class: column.number && "number" }, column.sort
    ? h("button", { type: "button", class: "sort", onclick: () => onSort(column.sort) }, titleOf(column))
    : titleOf(column)));
  const table = h("table", { id }, caption && h("caption", { class: "quiet" }, caption), h("thead", {}, h("tr", {}, head)), body);
  const element = createFrame(table, none);

  function fill(items) {
    const known = new Map([...body.rows].map((row) => [row.dataset.key, row]));
    items.forEach((item, position) => {
      const key = String(keyOf(item));
      const row = known.get(key) ?? h("tr", { "data-key": key });
      known.delete(key);
      cellsOf(item).forEach((cell, column) => write(row, column, columns[column], cell));
      if (body.rows[position] !== row) body.insertBefore(row, body.rows[position] ?? null);
    });
    for (const row of known.values()) row.remove();
    none.hidden = items.length > 0;
  }

  // Shows by which column the rows are sorted.
  function mark(key, isAscending) {
    columns.forEach((column, position) => {
      if (column.sort === key) head[position].setAttribute("aria-sort", isAscending ? "ascending" : "descending");
      else head[position].removeAttribute("aria-sort");
    });
  }

  return { element, fill, mark };
}

// Around a table: what is wider than the page is scrolled by the keyboard too.
export function createFrame(...content) {
  const frame = h("div", { class: "table" }, ...content);
  const observer = new ResizeObserver(() => {
    if (frame.scrollWidth > frame.clientWidth) frame.setAttribute("tabindex", 0);
    else frame.removeAttribute("tabindex");
  });
  for (const element of [frame, ...content]) observer.observe(element);
  return frame;
}

const titleOf = (column) => column.text ?? column.number ?? column;

// Facts about one thing, a line each: [["Version", "3"], …]
export function createFacts() {
  const list = h("dl", { class: "facts" });
  return {
    element: list,
    fill(facts) {
      const shown = JSON.stringify(facts);
      if (list.dataset.shown === shown) return;
      list.dataset.shown = shown;
      list.replaceChildren(...facts.filter(([, cell]) => cell !== undefined && cell !== null && cell !== false && cell !== "").flatMap(([name, cell]) => {
        const place = h("dd");
        fillCell(place, cell);
        return [h("dt", {}, name), place];
      }));
    },
  };
}

function write(row, column, title, cell) {
  let place = row.cells[column];
  if (!place) {
    place = column === 0 ? h("th", { scope: "row" }) : h("td", { "data-title": titleOf(title) });
    row.append(place);
  }
  const signature = JSON.stringify(cell);
  if (place.dataset.shown === signature) return;
  place.dataset.shown = signature;
  fillCell(place, cell);
}

function fillCell(place, cell) {
  if (typeof cell !== "object" || cell === null) cell = { text: cell ?? "" };
  const { text = "", className = "", title = "", reason = "", href } = cell;
  place.className = className;
  place.title = title;
  place.replaceChildren(href ? h("a", { href }, String(text)) : String(text));
  if (reason) place.append(h("span", { class: "reason" }, reason));
  draw(place, cell);
}

// A long path breaks behind its slashes rather than within a name.
const breakable = (text) => String(text).split(/(?<=\/)/).flatMap((part, i) => i === 0 ? [part] : [h("wbr"), part]);

function draw(place, { meter, interval, scale, button, press, needs, links }) {
  if (links) place.append(...links.map(([text, href, title]) => h("a", { href, title, class: "tag" }, breakable(text))));
  if (meter !== undefined) place.prepend(h("meter", { min: 0, max: 1, value: meter, "aria-hidden": "true" }), " ");
  if (interval) place.append(drawInterval(interval));
  if (scale) place.append(drawScale(scale));
  if (button) place.append(action(button, press, { needs }));
}
