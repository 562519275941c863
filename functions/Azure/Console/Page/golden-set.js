// The items of a golden set as it is stored: what is asked, and what is expected.
import { loadText } from "./api.js";
import { clock, h, replace } from "./dom.js";
import { createPicture } from "./picture.js";
import { createFacts, createTable } from "./table.js";

const most = 200;
const characters = 300;

export const pictureOf = (media, side) => `golden/media/${media.replace("sha256:", "")}?side=${side}`;

export function goldenSet(scope, name, digest) {
  const facts = createFacts();
  const more = h("p", { class: "quiet", hidden: true });
  const table = createTable({
    id: "golden-items",
    empty: "The set has no items.",
    columns: ["Item", "Asked", "Expected", "Slices", "From"],
    keyOf: (item) => item.id,
    cellsOf: (item) => [
      { text: item.id, className: "id detail" },
      { text: askedOf(item), className: "detail" },
      { text: expectedOf(item), className: "detail" },
      [item.language, item.source, item.kind].filter(Boolean).join(", "),
      item.asset ? { text: "an upload", href: `#ingest/${item.asset}` } : "",
    ],
  });
  const pictures = h("ul", { class: "neighbours", "aria-label": "Pictures", tabindex: 0 });
  let items;

  return {
    element: h("section", {}, h("h2", {}, `Golden set of ${scope}/${name}`), facts.element, pictures, table.element, more),
    async refresh() {
      items ??= (await loadText(`golden/${[scope, name, digest].map(encodeURIComponent).join("/")}`)).split("\n").filter((line) => line.trim()).map((line) => JSON.parse(line));
      facts.fill([["Digest", { text: digest, className: "id" }], ["Items", items.length.toLocaleString()], ["Drawn and reviewed", items.filter(({ review }) => review).length.toLocaleString()]]);
      const shown = items.slice(0, most);
      const seen = shown.filter(({ media }) => media);
      pictures.hidden = seen.length === 0;
      if (pictures.children.length !== seen.length) {
        replace(pictures, seen.map((item) => h("li", {}, createPicture(pictureOf(item.media, 320), expectedOf(item)), expectedOf(item))));
      }
      table.fill(shown);
      more.hidden = items.length <= most;
      more.textContent = `These are the first ${most} of ${items.length.toLocaleString()}.`;
      return `${items.length} items`;
    },
  };
}

const cut = (text) => text.length > characters ? `${text.slice(0, characters)} …` : text;

const askedOf = ({ text, media, moment, tensors }) => text !== undefined ? cut(text) : media ? moment === undefined ? "a picture" : `a film at ${clock(moment)}` : tensors ? tensors.map((tensor) => `${tensor.name} [${tensor.shape.join(", ")}]`).join(", ") : "";

const expectedOf = ({ label, entities, boxes, documents, relevance, vector, text }) =>
  label ? label
    : entities ? entities.map(({ start, length, type }) => `${text.slice(start, start + length)} (${type})`).join(", ") || "no entity"
    : boxes ? boxes.map((box) => box.label).join(", ") || "nothing"
    : documents ? `${relevance.filter((value) => value > 0).length} of ${documents.length} documents`
    : vector ? `a vector of ${vector.length}` : "";
