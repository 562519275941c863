// Drawings in SVG, with axes and units. Whoever draws says the same in words, as the drawing's label.
import { h, replace } from "./dom.js";

const left = 50, right = 8, top = 8, bottom = 20;
const seconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];
const day = 86400;

const svg = (tag, properties, ...children) => h(tag, { svg: true, ...properties }, ...children);
const text = (x, y, anchor, content) => svg("text", { x, y, "text-anchor": anchor }, content);

// How values are written on an axis and elsewhere.
export const formats = {
  share: (value) => `${round(value * 100)}\u00a0%`,
  milliseconds: (value) => `${round(value)}\u00a0ms`,
  plain: (value) => round(value),
  count: (value) => value.toLocaleString(),
  lasting: (value) => value < 120 ? `${round(value)}\u00a0s` : value < 7200 ? `${round(value / 60)}\u00a0min` : value < 172800 ? `${round(value / 3600)}\u00a0h` : `${round(value / 86400)}\u00a0d`,
};

const round = (value) => Number(value.toPrecision(3)).toLocaleString(undefined, { maximumFractionDigits: 4 });

// Round numbers from low to high, about so many: steps of 1, 2 or 5 times a power of ten.
function ticks(low, high, about) {
  const rough = (high - low) / about || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough);
  return everyTick(low, high, step);
}

// Steps of minutes, hours or days, however long the time is.
function timeTicks(low, high, about) {
  const step = seconds.find((candidate) => candidate >= (high - low) / about);
  return step ? everyTick(low, high, step) : ticks(low / day, high / day, about).map((days) => days * day);
}

function everyTick(low, high, step) {
  const found = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at++) found.push(at * step);
  return found;
}

// Lines over time (in seconds) or over a count, from zero upwards.
// draw({ label, lines: [{ className, points: [[x, y or null], …] }], x: format, y: format, least: the least that the top of the axis may be,
// from: the moment at x = 0, where moments stand below the axis })
export function createLineChart({ width = 360, height = 130, className = "" } = {}) {
  const element = svg("svg", { class: `chart ${className}`, viewBox: `0 0 ${width} ${height}`, role: "img" });

  function draw({ label, lines, x, y, least = 0, from }) {
    if (from) x = (value) => momentOf(from, value, last);
    const points = lines.flatMap((line) => line.points).filter(([, value]) => value !== null);
    const last = Math.max(1, ...lines.flatMap((line) => line.points).map(([at]) => at));
    const high = Math.max(least, ...points.map(([, value]) => value)) * 1.08 || 1;
    const across = (value) => left + (width - left - right) * value / last;
    const up = (value) => height - bottom - (height - top - bottom) * Math.min(1, value / high);

    element.setAttribute("aria-label", label);
    replace(element,
      ticks(0, high, height / 45).map((tick) => [
        svg("line", { class: "grid", x1: left, x2: width - right, y1: up(tick), y2: up(tick) }),
        text(left - 6, up(tick) + 4, "end", y(tick))]).flat(),
      (from || x === formats.lasting ? timeTicks : ticks)(0, last, width / 72).map((tick) =>
        text(across(tick), height - 5, across(tick) > width - 30 ? "end" : "middle", x(tick))),
      lines.map((line) => svg("path", { class: line.className, d: path(line.points, across, up) })),
      lines.map((line) => line.points.at(-1)).map((point, i) => point && point[1] !== null && !lines[i].className.includes("bound")
        && svg("circle", { class: lines[i].className, cx: across(point[0]), cy: up(point[1]), r: 3 })));
  }

  return { element, draw };
}

// The time of day, or the day where more than two of them are shown.
function momentOf(from, seconds, last) {
  const at = new Date(new Date(from).getTime() + seconds * 1000);
  return last > 172800 ? at.toLocaleDateString(undefined, { month: "short", day: "numeric" }) : at.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
}

function path(points, across, up) {
  let broken = true;
  return points.map(([x, y]) => {
    if (y === null) {
      broken = true;
      return "";
    }
    const command = `${broken ? "M" : "L"}${across(x).toFixed(1)} ${up(y).toFixed(1)}`;
    broken = false;
    return command;
  }).join("");
}

// One scale for intervals that stand below each other; it always shows zero.
export function scaleOf(intervals) {
  const values = intervals.flatMap(({ low, middle, high }) => [low, middle, high]).filter((value) => value !== null && value !== undefined);
  const low = Math.min(0, ...values), high = Math.max(0, ...values);
  const margin = (high - low) * 0.06 || 1;
  return { from: low - margin, to: high + margin };
}

// An interval around what was measured, on a scale that shows where zero is.
export function drawInterval({ from, to, low, middle, high, className = "" }) {
  const across = (value) => 320 * (value - from) / (to - from);
  return svg("svg", { class: `interval ${className}`, viewBox: "0 0 320 20", "aria-hidden": "true" },
    svg("line", { class: "zero", x1: across(0), x2: across(0), y1: 0, y2: 20 }),
    low !== null && svg("line", { class: "range", x1: across(low), x2: across(high), y1: 10, y2: 10 }),
    low !== null && [low, high].map((end) => svg("line", { class: "range", x1: across(end), x2: across(end), y1: 6, y2: 14 })),
    svg("circle", { cx: across(middle), cy: 10, r: 4 }));
}

export function drawScale({ from, to, format }) {
  const across = (value) => 320 * (value - from) / (to - from);
  return svg("svg", { class: "interval", viewBox: "0 0 320 20", "aria-hidden": "true" },
    ticks(from, to, 4).flatMap((tick) => [
      svg("line", { class: tick === 0 ? "zero" : "grid", x1: across(tick), x2: across(tick), y1: 0, y2: 5 }),
      text(across(tick), 17, across(tick) < 20 ? "start" : across(tick) > 300 ? "end" : "middle", formats[format](tick))]));
}

// Shares of categories or ranges, the reference's above the window's.
export function drawBars({ label, bars }) {
  const name = 96, width = 320, row = 22;
  const most = Math.max(...bars.flatMap(({ reference, current }) => [reference, current]), 1e-9);
  const across = (share) => (width - name - 48) * share / most;
  return svg("svg", { class: "chart bars", viewBox: `0 0 ${width} ${bars.length * row}`, role: "img", "aria-label": `${label}: ${bars.map((bar) => `${bar.name} ${formats.share(bar.reference)} before, ${formats.share(bar.current)} now`).join("; ")}` },
    bars.flatMap((bar, i) => [
      text(name - 6, i * row + 14, "end", bar.name.length > 16 ? `${bar.name.slice(0, 15)}…` : bar.name),
      svg("rect", { class: "stable", x: name, y: i * row + 3, width: across(bar.reference), height: 7 }),
      svg("rect", { class: "canary", x: name, y: i * row + 11, width: across(bar.current), height: 7 }),
      text(name + Math.max(across(bar.reference), across(bar.current)) + 5, i * row + 14, "start", formats.share(bar.current))]));
}
