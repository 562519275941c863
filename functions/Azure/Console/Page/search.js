// Search by words, by meaning, or by a picture; a hit leads to the asset, a film's to the moment found.
import { load, sendFile } from "./api.js";
import { createChoice } from "./choice.js";
import { clock, h, replace } from "./dom.js";
import { createPicture } from "./picture.js";

const kinds = ["text", "image", "video"];
const modes = ["words", "meaning", "look"];
const modalities = { text: "its text", picture: "its looks", label: "what is seen in it", caption: "its subtitles", metadata: "what is said of it" };

export function search(address = "") {
  const asked = new URLSearchParams(address);
  const text = h("input", { id: "query", type: "search", "aria-label": "Search for", placeholder: "harbour storm, \"as it stands\", -without", title: "-without leaves out what has the word anywhere", value: asked.get("q") ?? "" });
  const kind = createChoice("kind", "Kind", kinds);
  const mode = createChoice("mode", "Found by", modes, "words and meaning");
  const picture = h("input", { id: "picture", type: "file", accept: "image/*" });
  const hits = h("ol", { id: "hits", class: "hits" });
  const more = h("button", { type: "button", hidden: true, onclick: () => show(next) }, "More");
  let next, line = "Nothing is searched for";
  let isDone = false;

  kind.value = asked.get("kind") ?? "";
  mode.value = asked.get("mode") ?? "";

  async function show(after) {
    const file = picture.files[0];
    if (!file && !asked.get("q")) return;
    const terms = { kind: kind.value, limit: 24, after: after ?? "" };
    const parameters = new URLSearchParams(Object.entries(terms).filter(([, value]) => value !== ""));
    const found = file ? await sendFile(`search?${parameters}`, file) : await load("search", { ...terms, q: asked.get("q"), mode: mode.value });
    const items = found.hits.map((one) => hit(one, file || mode.value === "look" ? "meaning" : mode.value));
    if (after) hits.append(...items);
    else replace(hits, items);
    next = found.next;
    more.hidden = !next;
    line = found.hits.length === 0 && !after
      ? "Nothing was found"
      : `${hits.children.length} assets${next ? ", and more" : ""} in ${Math.round(found.milliseconds)} ms${found.isComplete ? "" : "; some may be missing while analyses are read again"}`;
  }

  const form = h("form", { class: "filters", role: "search", onsubmit: (submitted) => {
    submitted.preventDefault();
    picture.value = "";
    const terms = Object.entries({ q: text.value.trim(), kind: kind.value, mode: mode.value }).filter(([, value]) => value);
    location.hash = `search/${encodeURIComponent(new URLSearchParams(terms))}`;
  } }, text, h("button", { type: "submit", class: "main" }, "Search"), kind.element, mode.element,
    h("span", {}, h("label", { for: "picture" }, "or by a picture"), " ", picture));
  // A change of a filter asks again by itself: the shell refreshes after each.
  form.addEventListener("change", () => { isDone = false; });

  return {
    element: h("section", {}, h("h2", {}, "Search"), form, hits, more),
    async refresh() {
      if (!isDone) await show();
      isDone = true;
      return line;
    },
  };
}

// To the page of what was found, at its place.
export const linkOfHit = ({ asset, place }) => `#ingest/${encodeURIComponent(asset)}${place ? `/${encodeURIComponent(place)}` : ""}`;

function hit(found, asked) {
  const href = linkOfHit(found);
  return h("li", { class: "hit" },
    h("a", { href, class: "look", tabindex: "-1", "aria-hidden": "true" }, found.picture ? createPicture(found.picture, "") : h("span", { class: "quiet" }, found.kind)),
    h("div", {},
      h("a", { href }, found.key ?? found.asset),
      h("p", { class: "quiet" }, [found.kind, found.language, isMoment(found.startSeconds) && `at ${clock(found.startSeconds)}`, `found in ${modalities[found.modality]}, by ${found.foundBy === "both" ? "words and meaning" : found.foundBy}`].filter(Boolean).join(", ")),
      found.snippet && h("p", {}, marked(found.snippet, found.highlights)),
      furtherOf(found, asked),
      found.locations.length > 1 && h("p", { class: "quiet" }, "Same content: ", linksOf(found.locations.slice(1)))));
}

// Other places that have the words, or other moments where only meaning was asked: something is always the next by meaning.
function furtherOf({ asset, places }, asked) {
  const further = places.slice(1, 4).filter(({ place, snippet, startSeconds, foundBy }) => place && snippet && (foundBy !== "meaning" || (foundBy === asked && isMoment(startSeconds))));
  return further.length > 0 && h("ul", { class: "further" }, further.map(({ place, startSeconds, snippet, highlights }) => h("li", {},
    h("a", { href: linkOfHit({ asset, place }) }, isMoment(startSeconds) ? `at ${clock(startSeconds)}` : "also"), " ", marked(snippet, highlights))));
}

const isMoment = (seconds) => seconds !== undefined && seconds !== null;

// Where else the same content lies, each with its store.
function linksOf(locations) {
  return locations.flatMap(({ asset, store, key }, i) => [i > 0 ? ", " : "", h("a", { href: linkOfHit({ asset }) }, key), ` (${store})`]);
}

// The snippet's words that were looked for, as marks.
function marked(text, highlights) {
  let end = 0;
  return [...highlights.flatMap((highlight) => {
    const before = text.slice(end, highlight.start);
    end = highlight.start + highlight.length;
    return [before, h("mark", {}, text.slice(highlight.start, end))];
  }), text.slice(end)];
}
