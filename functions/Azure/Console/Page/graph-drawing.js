// Functions as boxes in layers, who called whom as lines between them. Arrow keys go along the lines and up and down a layer.
import { h, replace } from "./dom.js";
import { layersOf } from "./graph-layout.js";

const box = { width: 184, height: 38 }, gap = { across: 64, down: 10 }, margin = 4, maxLetters = 25;
const svg = (tag, properties, ...children) => h(tag, { svg: true, ...properties }, ...children);

export function createGraphDrawing(onChoose) {
  const lines = svg("g"), boxes = svg("g");
  const drawing = svg("svg", { class: "graph", role: "group", "aria-label": "Functions and who called whom" }, lines, boxes);
  const element = h("div", { class: "scroll" }, drawing);
  let shown = "", layers = [], edges = [], chosen = null;

  // Only what has changed is drawn anew; whoever has the focus keeps it.
  function fill(nodes, joined) {
    const signature = JSON.stringify([nodes, joined]);
    if (signature === shown) return;
    shown = signature;
    edges = joined;
    layers = layersOf(nodes.map(({ id }) => id), edges);
    const places = placesOf(layers);
    const width = layers.length * (box.width + gap.across) - gap.across + 2 * margin;
    const height = Math.max(1, ...layers.map((layer) => layer.length)) * (box.height + gap.down) - gap.down + 2 * margin;
    for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` })) drawing.setAttribute(name, value);
    const focused = boxes.contains(document.activeElement) ? document.activeElement.dataset.id : undefined;
    const most = Math.max(1, ...edges.map(({ count }) => count));
    replace(lines, edges.map((edge) => lineOf(edge, places, most)));
    replace(boxes, nodes.map((node) => boxOf(node, places.get(node.id))));
    if (chosen && !places.has(chosen)) chosen = null;
    mark();
    if (focused) boxFor(focused)?.focus({ preventScroll: true });
  }

  const boxFor = (id) => boxes.querySelector(`[data-id="${CSS.escape(id)}"]`);

  function boxOf(node, { x, y }) {
    return svg("g", {
      class: `node ${node.kind} ${node.failed > 0 ? "has-failed" : ""} ${node.count > 0 ? "" : "idle"}`, "data-id": node.id, role: "button",
      transform: `translate(${x} ${y})`,
      onclick: () => choose(node.id), onkeydown: (event) => press(event, node.id), onfocus: () => comeBack(node.id),
    },
    svg("rect", { width: box.width, height: box.height, rx: 4 }),
    svg("text", { x: 8, y: 16 }, cut(node.title)),
    svg("text", { x: 8, y: 31, class: "counts" }, cut(node.words, 32)),
    svg("title", {}, `${node.title}: ${node.words}`));
  }

  function choose(id) {
    chosen = chosen === id ? null : id;
    mark();
    onChoose(chosen);
  }

  // What is chosen stands out with its lines; of all boxes one is reached by Tab.
  function mark() {
    const first = chosen ?? layers[0]?.[0];
    drawing.classList.toggle("has-choice", chosen !== null);
    for (const one of boxes.children) {
      one.setAttribute("aria-pressed", String(one.dataset.id === chosen));
      one.setAttribute("tabindex", one.dataset.id === first ? 0 : -1);
    }
    for (const one of lines.children) one.classList.toggle("near", one.dataset.from === chosen || one.dataset.to === chosen);
  }

  function comeBack(id) {
    for (const one of boxes.children) one.setAttribute("tabindex", one.dataset.id === id ? 0 : -1);
  }

  function press(event, id) {
    if (event.key === "Enter" || event.key === " ") choose(id);
    else if (event.key === "Escape" && chosen) choose(chosen);
    else {
      const next = neighbourOf(id, event.key);
      if (next === undefined) return;
      boxFor(next)?.focus();
    }
    event.preventDefault();
  }

  function neighbourOf(id, key) {
    const layer = layers.find((some) => some.includes(id));
    return {
      ArrowUp: layer[layer.indexOf(id) - 1], ArrowDown: layer[layer.indexOf(id) + 1],
      ArrowLeft: edges.find(({ to }) => to === id)?.from, ArrowRight: edges.find(({ from }) => from === id)?.to,
      Home: layers[0][0], End: layers.at(-1).at(-1),
    }[key];
  }

  return { element, fill };
}

function placesOf(layers) {
  const most = Math.max(1, ...layers.map((layer) => layer.length));
  return new Map(layers.flatMap((layer, column) => layer.map((id, row) => [id, {
    x: margin + column * (box.width + gap.across),
    y: margin + ((most - layer.length) / 2 + row) * (box.height + gap.down),
  }])));
}

function lineOf({ from, to, count, failed }, places, most) {
  const start = places.get(from), end = places.get(to);
  const [x1, y1, x2, y2] = [start.x + box.width, start.y + box.height / 2, end.x, end.y + box.height / 2];
  const bend = Math.max(gap.across / 2, Math.abs(x2 - x1) / 2);
  return svg("path", {
    class: `edge ${failed > 0 ? "has-failed" : ""} ${count > 0 ? "" : "idle"}`, "data-from": from, "data-to": to,
    d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`, "stroke-width": (1 + 3 * Math.log1p(count) / Math.log1p(most)).toFixed(1),
  }, svg("title", {}, `${from} to ${to}: ${count.toLocaleString()}, ${failed.toLocaleString()} failed`));
}

const cut = (text, letters = maxLetters) => text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
