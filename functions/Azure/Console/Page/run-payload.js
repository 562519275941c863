// Inputs, outputs and other payloads: folded, indented, and fetched when they are large.
import { loadText, save } from "./api.js";
import { action, h, replace } from "./dom.js";

const mostCharacters = 200_000;
const mostInline = 20_000; // of which the answer about a run leaves nothing out

// Shows what the answer about a run holds, or fetches it once asked.
export function createPayload(title, path, fileName) {
  const content = h("div");
  const size = h("span", { class: "quiet" });
  const element = h("details", { class: "payload-fold", hidden: true }, h("summary", {}, title, " ", size), content);

  const text = (value) => h("pre", { class: "payload", tabindex: 0 }, value.length > mostCharacters ? `${value.slice(0, mostCharacters)}\n… of ${value.length.toLocaleString()} characters; save it to see the rest` : value);

  return {
    element,
    fill(value, characters) {
      const signature = JSON.stringify([value, characters]);
      if (element.dataset.shown === signature) return;
      element.dataset.shown = signature;
      element.hidden = !characters;
      size.textContent = `${characters.toLocaleString()} characters`;
      if (value !== undefined || characters <= mostInline) {
        element.open = characters < 1000;
        replace(content, text(indented(value ?? null)));
        return;
      }
      replace(content, h("p", {}, "It is large. ",
        action("Show", async () => content.append(text(await loadText(path))), { className: "fetch" }),
        action("Save", () => save(path, fileName))));
    },
  };
}

export const indented = (value) => typeof value === "string" ? value : JSON.stringify(value, null, 2);
export const brief = (value, length = 160) => {
  const text = value === undefined || value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
  return text.length > length ? `${text.slice(0, length)}…` : text;
};
