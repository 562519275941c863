// The text of an asset by its passages, with the entities marked in them.
import { loadBlob } from "./api.js";
import { h } from "./dom.js";
import { createLabels } from "./labels.js";
import { addressOf } from "./picture.js";

const most = 200;

export async function showText({ text }, { place }) {
  const passages = text.passageTexts ? await unpack(text.passageTexts.path) : [];
  const shown = passages.slice(0, most).map((passage) => show(passage, text.entities, passage.place === place));
  const found = shown.find((passage) => passage.classList.contains("sought"));
  if (found) requestAnimationFrame(() => found.scrollIntoView({ block: "center" }));
  return [
    text.topics?.length > 0 && createLabels(text.topics),
    h("div", { class: "passages", tabindex: "0", role: "region", "aria-label": "Text" }, shown),
    passages.length > most && h("p", { class: "quiet" }, `These are the first ${most} of ${passages.length.toLocaleString()} passages.`),
  ];
}

async function unpack(path) {
  const packed = await loadBlob(addressOf(path));
  return JSON.parse(await new Response(packed.stream().pipeThrough(new DecompressionStream("gzip"))).text());
}

function show({ place, text }, entities, isSought) {
  const [start, end] = /^char=(\d+),(\d+)$/.exec(place)?.slice(1).map(Number) ?? [0, 0];
  return h("p", { class: isSought ? "sought" : null }, marked(text, entities.filter((entity) => entity.start >= start && entity.end <= end)));
}

// Offsets count the original, whose markup and white space the passage no longer has: an entity is looked for by its text, in order.
function marked(text, entities) {
  const parts = [];
  let end = 0;
  for (const entity of entities.toSorted((one, other) => one.start - other.start)) {
    const words = entity.text.replace(/\s+/g, " ");
    const at = text.indexOf(words, end);
    if (at < 0) continue;
    parts.push(text.slice(end, at), h("mark", { class: "entity", title: `${entity.type}, ${Math.round(entity.score * 100)} %` }, words, h("small", {}, entity.type)));
    end = at + words.length;
  }
  return [...parts, text.slice(end)];
}
