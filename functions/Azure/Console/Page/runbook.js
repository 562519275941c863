// A runbook: what to do when an alert opens. Its Markdown becomes elements, never markup: headings, paragraphs, lists and code.
import { loadText } from "./api.js";
import { h, replace } from "./dom.js";

export function runbook(name) {
  const text = h("div", { id: "runbook" });
  let shown;

  return {
    element: h("section", {}, text, h("p", {}, h("a", { href: "#alerts" }, "All alerts"))),
    async refresh() {
      const found = await loadText(`runbooks/${encodeURIComponent(name)}`);
      if (found !== shown) replace(text, ...render(shown = found));
      return `Runbook ${name}`;
    },
  };
}

// Text with `code` in it; what begins with a page of the console is a link to it.
const inline = (text) => text.split("`").map((part, i) => {
  if (i % 2 === 0) return part;
  return part.startsWith("/api/console#") ? h("a", { href: part.slice(part.indexOf("#")) }, part) : h("code", {}, part);
});

function render(markdown) {
  const blocks = [];
  let list;
  for (const line of markdown.split("\n")) {
    const [, heading, title] = /^(#{1,3}) (.*)$/.exec(line) ?? [];
    const [, mark, item] = /^(-|\d+\.) (.*)$/.exec(line) ?? [];
    if (item) {
      const tag = mark === "-" ? "ul" : "ol";
      if (list?.localName !== tag) blocks.push(list = h(tag));
      list.append(h("li", {}, inline(item)));
      continue;
    }
    list = undefined;
    if (heading) blocks.push(h(heading.length === 1 ? "h2" : "h3", {}, inline(title)));
    else if (line.trim()) blocks.push(h("p", {}, inline(line)));
  }
  return blocks;
}
