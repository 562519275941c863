// Things that last, one below the other on one scale of time.
import { h, lasting, replace } from "./dom.js";

// rows: [{ label, href, from, to, className, title, depth }] in milliseconds; one without an end lasts until now.
export function createGantt({ label }) {
  const list = h("ol", { class: "gantt", "aria-label": label });
  const scale = h("p", { class: "axis quiet gantt-scale" });
  const element = h("div", {}, scale, list);

  function fill(rows, now = Date.now()) {
    const signature = JSON.stringify(rows);
    if (element.dataset.shown === signature && rows.every(({ to }) => to)) return;
    element.dataset.shown = signature;
    const first = Math.min(...rows.map(({ from }) => from)), last = Math.max(...rows.map(({ to }) => to ?? now), first + 1);
    replace(list, rows.map((row) => lineOf(row, first, last, now)));
    replace(scale, rows.length > 0 && [h("span", {}, new Date(first).toLocaleString()), h("span", {}, `${lasting(last - first) === "0 s" ? `${last - first} ms` : lasting(last - first)} in all`)]);
  }

  return { element, fill };
}

function lineOf({ label, href, from, to, className = "", title = "", depth = 0 }, first, last, now) {
  const end = to ?? now;
  const bar = h("span", { class: `bar ${className}` });
  // By the object model, which the page's policy allows; a style attribute it does not.
  bar.style.left = `${100 * (from - first) / (last - first)}%`;
  bar.style.width = `${Math.max(0.3, 100 * (end - from) / (last - first))}%`;
  const name = href ? h("a", { href }, label) : h("span", {}, label);
  name.style.paddingLeft = `${depth * 0.75}rem`;
  const took = end - from < 10_000 ? `${Math.round(end - from)} ms` : lasting(end - from);
  return h("li", { title }, h("span", { class: "gantt-label" }, name), h("span", { class: "track" }, bar), h("span", { class: "number took" }, to ? took : `${took} so far`));
}
