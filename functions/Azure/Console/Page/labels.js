import { h } from "./dom.js";

const leastScore = 0.01;

// Labels with their scores, best first; those that hardly any of the score is left for are not shown.
export const createLabels = (labels) => h("ul", { class: "labels" },
  labels.filter(({ score }, i) => i === 0 || score >= leastScore).map(({ label, score, model }) => h("li", { title: model ?? null }, label, " ", h("span", { class: "quiet" }, `${Math.round(score * 100)} %`))));

// Boxes over a picture, in its own pixels.
export const createBoxes = (objects, width, height) => h("svg", { class: "boxes", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": objects.map((found) => found.label).join(", ") },
  objects.flatMap((found) => [
    h("rect", { svg: true, x: found.x, y: found.y, width: found.width, height: found.height }),
    h("text", { svg: true, x: found.x + width / 200, y: found.y + height / 22, "font-size": height / 28 }, `${found.label} ${Math.round(found.score * 100)} %`)]));
