// Who asked whom, in order: the run on the left, activities, sub-runs, timers and those who raise events to its right.
import { h } from "./dom.js";
import { titleOf } from "./run-timeline.js";

const column = 150, row = 24, top = 34, maxSteps = 150;
const svg = (tag, properties, ...children) => h(tag, { svg: true, ...properties }, ...children);
const cut = (text, length) => text.length > length ? `${text.slice(0, length - 1)}…` : text;

const partOf = (step) => ({ activity: step.name, timer: "timers", "sub-run": step.name }[step.kind] ?? "outside");

export function drawSequence(name, steps) {
  const shown = steps.slice(0, maxSteps);
  const parts = [name, ...new Set(shown.map(partOf))];
  // Each step is told twice: when it is asked for, and when it is answered.
  const messages = shown.flatMap((step) => step.state === "moment" || step.to === undefined ? [{ step, at: step.from }] : [{ step, at: step.from }, { step, at: step.to, isAnswer: true }])
    .sort((a, b) => a.at - b.at || (a.isAnswer ? a.step.end : a.step.key) - (b.isAnswer ? b.step.end : b.step.key));
  const width = parts.length * column, height = top + (messages.length + 1) * row;
  const middle = (position) => position * column + column / 2;
  const label = `${shown.length} steps between ${parts.length} parts, in order: ${shown.map((step) => `${titleOf(step)} ${step.state}`).join("; ")}`;
  const drawing = svg("svg", { class: "sequence", width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
    parts.map((part, position) => [
      svg("line", { class: "grid", x1: middle(position), x2: middle(position), y1: top, y2: height }),
      svg("text", { class: "part", x: middle(position), y: 16, "text-anchor": "middle" }, cut(part, 20), svg("title", {}, part)),
    ]).flat(),
    messages.map((message, at) => arrow(message, top + (at + 1) * row, middle(0), middle(parts.indexOf(partOf(message.step))))));
  return h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Sequence diagram" }, drawing,
    steps.length > maxSteps && h("p", { class: "quiet" }, `The first ${maxSteps} of ${steps.length} steps.`));
}

function arrow({ step, isAnswer }, y, run, other) {
  const isInward = isAnswer || ["event", "suspended", "resumed"].includes(step.kind);
  const [from, to] = isInward ? [other, run] : [run, other];
  const tip = to > from ? -7 : 7;
  const words = isAnswer ? step.state === "failed" ? "failed" : step.state === "cancelled" ? "cancelled" : "" : step.kind === "activity" && step.tries > 0 ? `try ${step.tries + 1}` : step.kind === "activity" ? "" : cut(step.name, 18);
  return svg("g", { class: `message ${isAnswer ? `answer ${step.state}` : step.kind}` },
    svg("line", { x1: from, x2: to, y1: y, y2: y }),
    svg("path", { d: `M${to} ${y}l${tip} -4v8z` }),
    svg("text", { x: (from + to) / 2, y: y - 4, "text-anchor": "middle" }, words),
    svg("title", {}, `${titleOf(step)} ${isAnswer ? step.state : "begins"} at ${new Date(isAnswer ? step.to : step.from).toLocaleTimeString()}${step.reason ? `: ${step.reason}` : ""}`));
}
