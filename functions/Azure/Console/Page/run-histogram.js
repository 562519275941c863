// When runs were created, stacked by how they stand. A stretch that is dragged over, or chosen with the arrow keys and Enter, becomes the filter.
import { h, replace } from "./dom.js";

const parts = ["completed", "running", "failed", "terminated", "other"];
const height = 100;

export function createHistogram(onZoom) {
  const bars = h("g", { svg: true });
  const choice = h("rect", { svg: true, class: "choice", y: 0, height, hidden: true });
  const drawing = h("svg", { class: "histogram", preserveAspectRatio: "none", tabindex: 0, role: "img" }, bars, choice);
  const axis = h("p", { class: "axis quiet", "aria-hidden": "true" });
  const said = h("p", { class: "quiet", role: "status" });
  const element = h("figure", { hidden: true }, drawing, axis, h("figcaption", {}, said));
  let shown, anchor, end;

  const startOf = (bucket) => new Date(new Date(shown.from).getTime() + bucket * shown.bucketSeconds * 1000);
  const countIn = (bucket) => parts.reduce((sum, part) => sum + shown.buckets[bucket][part], 0);

  function fill(summary) {
    const signature = JSON.stringify([summary.from, summary.bucketSeconds, summary.buckets]);
    if (element.dataset.shown === signature) return;
    element.dataset.shown = signature;
    element.hidden = summary.buckets.length === 0;
    if (element.hidden) return;
    shown = summary;
    const most = Math.max(1, ...summary.buckets.map((_, bucket) => countIn(bucket)));
    drawing.setAttribute("viewBox", `0 0 ${summary.buckets.length} ${height}`);
    drawing.setAttribute("aria-label", `Runs by time of creation: ${summary.total.toLocaleString()} in ${summary.buckets.length} stretches of ${lasting(summary.bucketSeconds)}, at most ${most} in one. Arrow keys choose a stretch, with Shift several; Enter shows its runs.`);
    replace(bars, summary.buckets.flatMap((bucket, at) => {
      let top = height;
      return parts.map((part) => {
        const tall = height * bucket[part] / most;
        top -= tall;
        return tall > 0 && h("rect", { svg: true, class: part, x: at + 0.08, width: 0.84, y: top, height: tall });
      });
    }));
    const middle = Math.floor(summary.buckets.length / 2);
    replace(axis, [0, middle, summary.buckets.length].map((bucket) => h("span", {}, startOf(bucket).toLocaleString())));
    choose();
  }

  function choose() {
    if (anchor !== undefined && shown && Math.max(anchor, end) >= shown.buckets.length) anchor = undefined;
    if (anchor === undefined) {
      choice.setAttribute("hidden", "");
      said.textContent = shown ? `A bar is ${lasting(shown.bucketSeconds)}; drag over some to see their runs.` : "";
      return;
    }
    const [first, last] = [Math.min(anchor, end), Math.max(anchor, end)];
    choice.removeAttribute("hidden");
    choice.setAttribute("x", first);
    choice.setAttribute("width", last - first + 1);
    const bucketsChosen = shown.buckets.slice(first, last + 1);
    const words = parts.map((part) => [part, bucketsChosen.reduce((sum, bucket) => sum + bucket[part], 0)]).filter(([, count]) => count > 0);
    said.textContent = `${startOf(first).toLocaleString()} to ${startOf(last + 1).toLocaleString()}: ${words.map(([part, count]) => `${count.toLocaleString()} ${part}`).join(", ") || "none"}`;
  }

  function zoom() {
    if (anchor === undefined) return;
    const range = { from: startOf(Math.min(anchor, end)).toISOString(), to: startOf(Math.max(anchor, end) + 1).toISOString() };
    anchor = undefined;
    choose();
    onZoom(range);
  }

  const bucketAt = (event) => {
    const { left, width } = drawing.getBoundingClientRect();
    return Math.min(shown.buckets.length - 1, Math.max(0, Math.floor((event.clientX - left) / width * shown.buckets.length)));
  };
  drawing.addEventListener("pointerdown", (event) => {
    drawing.setPointerCapture(event.pointerId);
    anchor = end = bucketAt(event);
    choose();
  });
  drawing.addEventListener("pointermove", (event) => {
    if (!drawing.hasPointerCapture(event.pointerId)) return;
    end = bucketAt(event);
    choose();
  });
  drawing.addEventListener("pointerup", zoom);
  drawing.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) {
      end = Math.min(shown.buckets.length - 1, Math.max(0, (end ?? (step > 0 ? -1 : shown.buckets.length)) + step));
      if (!event.shiftKey || anchor === undefined) anchor = end;
      choose();
    } else if (event.key === "Enter") zoom();
    else if (event.key === "Escape") {
      anchor = undefined;
      choose();
    } else return;
    event.preventDefault();
  });

  return { element, fill };
}

const units = [[86400, "days"], [3600, "hours"], [60, "minutes"], [1, "seconds"]];
function lasting(seconds) {
  const [size, unit] = units.find(([size]) => seconds >= size && seconds % size === 0) ?? [1, "seconds"];
  return `${seconds / size} ${seconds === size ? unit.slice(0, -1) : unit}`;
}
