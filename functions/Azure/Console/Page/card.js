// What is recorded of a version or of the system, to be kept by people who must answer for it.
import { save } from "./api.js";
import { action, h } from "./dom.js";

const formats = [["a page", "html", "html"], ["Markdown", "markdown", "md"], ["JSON", "json", "json"]];

export const createCardActions = (path, fileName) => h("p", { class: "filters", id: "card" }, formats.map(([name, format, extension]) =>
  action(`Save the card as ${name}`, () => save(`${path}?format=${format}`, `${fileName}.${extension}`))));
