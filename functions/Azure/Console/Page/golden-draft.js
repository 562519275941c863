// The review of a draft: an item at a time, accepted or rejected by mouse or keyboard, until a golden set can be made of what was accepted.
import { load, remove, send } from "./api.js";
import { createChoice } from "./choice.js";
import { action, clock, h, moment, replace } from "./dom.js";
import { createFinish } from "./golden-finish.js";
import { leftOutOf } from "./golden.js";
import { pictureOf } from "./golden-set.js";
import { createPerson } from "./person.js";
import { createPicture } from "./picture.js";
import { createFacts, createTable } from "./table.js";

const refreshMilliseconds = 30_000; // others review too; the page knows what it did itself
const rowsShown = 200;
const excerpt = 90;
const stateClass = { accepted: "completed", rejected: "failed", open: "pending" };

// What an item without a text shows.
const pictured = ({ moment: seconds }) => seconds === undefined ? "a picture" : `a film at ${clock(seconds)}`;

export function goldenDraft(id) {
  const path = `golden-drafts/${encodeURIComponent(id)}`;
  const facts = createFacts();
  const progress = h("meter", { min: 0, max: 1, value: 0, "aria-hidden": "true" });
  const told = h("p", { id: "golden-progress", role: "status" });
  const person = createPerson("review-person");
  const card = createCard({ review, step });
  const filter = createChoice("golden-filter", "Show", ["open", "accepted", "rejected"]);
  const table = createTable({
    id: "golden-items",
    empty: "No item is in this state.",
    columns: ["Item", "Label", "Review", "By", ""],
    keyOf: (item) => item.id,
    cellsOf: (item) => [
      { text: `${items.indexOf(item) + 1}. ${item.text ? item.text.slice(0, excerpt) : pictured(item)}` },
      { text: item.label ?? "", reason: item.label !== item.drawnLabel ? `drawn as ${item.drawnLabel}` : "" },
      { text: item.review, className: stateClass[item.review] },
      item.by ? { text: item.by, title: moment(item.at).text } : "",
      { button: "Show", press: async () => { show(items.indexOf(item)); card.focus(); } },
    ],
  });
  const more = h("p", { class: "quiet", hidden: true });
  const finish = createFinish(path, person);
  const discard = action("Discard the draft", async () => {
    if (!person.reportValidity()) return;
    await remove(path, { "X-Requested-By": person.value });
    location.hash = "#golden";
  }, { needs: "publish", ask: "Discard this draft, and all that was said of its items?" });
  const element = h("section", {},
    h("h2", {}, h("a", { href: "#golden" }, "Golden sets"), ", a draft under review"), facts.element,
    h("p", { class: "filters" }, progress, told),
    h("p", { class: "filters" }, h("span", {}, h("label", { for: person.id }, "Your name"), " ", person)),
    card.element, finish.element,
    h("h2", {}, "All items"), h("p", { class: "filters" }, filter.element, discard), table.element, more);
  let draft, items = [], at = 0, loaded = 0;

  function fill() {
    const known = [...new Set(items.map(({ label }) => label).filter(Boolean))].sort();
    card.offer(known);
    progress.value = draft.items ? (draft.items - draft.open) / draft.items : 0;
    told.textContent = `${draft.items - draft.open} of ${draft.items} reviewed: ${draft.accepted} accepted, ${draft.rejected} rejected.`;
    const chosen = items.filter(({ review: state }) => !filter.value || state === filter.value);
    table.fill(chosen.slice(0, rowsShown));
    more.hidden = chosen.length <= rowsShown;
    more.textContent = `These are the first ${rowsShown} of ${chosen.length}.`;
    finish.show(draft);
  }

  function show(position) {
    at = Math.max(0, Math.min(items.length - 1, position));
    card.show(items[at], at, items.length);
  }

  function step(by) {
    show(at + by);
  }

  // Goes to the next item that nobody has looked at, from here on and then from the beginning; stays where there is none.
  function showNextOpen() {
    const next = [...items.keys()].map((i) => (at + 1 + i) % items.length).find((i) => items[i].review === "open");
    show(next ?? at);
  }

  async function review(state, label) {
    if (!person.reportValidity()) return;
    const item = items[at];
    const corrected = label && label !== item.drawnLabel ? label : undefined;
    draft = await send(`${path}/items/${encodeURIComponent(item.id)}`, { review: state, label: corrected }, { "X-Requested-By": person.value }, "PUT");
    Object.assign(item, { review: state, label: corrected ?? item.drawnLabel, by: person.value, at: new Date().toISOString() });
    fill();
    if (state === "open") show(at);
    else showNextOpen();
  }

  return {
    element,
    async refresh() {
      if (!draft || Date.now() - loaded > refreshMilliseconds) {
        const first = !draft;
        ({ draft, items } = await load(path));
        loaded = Date.now();
        if (first) {
          at = -1;
          showNextOpen();
        }
      }
      facts.fill([
        ["Drawn from", draft.export],
        ["Task", draft.task],
        ["Drawn by", `${draft.by}, ${moment(draft.at).text}`],
        ["Left out", leftOutOf(draft)],
      ]);
      fill();
      return `${draft.open} of ${draft.items} items are open`;
    },
  };
}

// One item, with its label to be corrected. Its keys count while it, and none of its fields, has the focus.
function createCard({ review, step }) {
  const place = h("h3", {});
  const about = h("p", { class: "quiet" });
  const asked = h("div", { class: "asked" });
  const options = h("datalist", { id: "golden-known" });
  const label = h("input", { id: "golden-label", list: "golden-known", required: true, maxlength: 200, spellcheck: "false" });
  const problem = h("p", { class: "problem", role: "alert" });
  const act = (title, keys, run, className = "") => h("button", { type: "button", class: className, "aria-keyshortcuts": keys, onclick: () => attempt(run) }, title);
  const accept = () => label.reportValidity() && review("accepted", label.value.trim());
  const reject = () => review("rejected");
  const element = h("section", { class: "form review", tabindex: 0, "aria-labelledby": "golden-place", onkeydown: press },
    place, about, asked,
    h("p", { class: "filters" }, h("label", { for: "golden-label" }, "Right label"), label, options),
    h("p", { class: "filters", "data-needs": "publish" },
      act("Accept (A)", "a", accept, "main"), act("Reject (R)", "r", reject), act("Open again (O)", "o", () => review("open")),
      act("Before (←)", "ArrowLeft", () => step(-1)), act("Next (→)", "ArrowRight", () => step(1))),
    h("p", { class: "quiet" }, "The keys work while this frame has the focus; in the label, Enter accepts."), problem);
  place.id = "golden-place";
  const runs = { a: accept, r: reject, o: () => review("open"), ArrowLeft: () => step(-1), ArrowRight: () => step(1) };
  let busy = false, shown;

  async function attempt(run) {
    if (busy) return; // a key that is held down says nothing of the next item
    busy = true;
    problem.textContent = "";
    try {
      await run();
    } catch (failure) {
      problem.textContent = failure.message;
    }
    busy = false;
  }

  function press(pressed) {
    if (pressed.ctrlKey || pressed.metaKey || pressed.altKey || pressed.repeat) return;
    const run = pressed.target === label ? { Enter: accept, Escape: () => element.focus() }[pressed.key] : runs[pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key];
    if (!run) return;
    pressed.preventDefault();
    attempt(run);
  }

  return {
    element,
    focus: () => element.focus(),
    offer: (labels) => {
      if (options.dataset.shown === labels.join("\n")) return;
      options.dataset.shown = labels.join("\n");
      replace(options, labels.map((value) => h("option", { value })));
    },
    show(item, at, count) {
      place.textContent = `Item ${at + 1} of ${count}: ${item.review}${item.by ? ` by ${item.by}` : ""}`;
      about.textContent = [item.suggested ? "the label is what the model answered" : "the label was reported", item.moment !== undefined ? `of ${pictured(item)}` : item.source === "upload" ? "of an upload" : item.source && "of a caller", item.language && `language ${item.language}`].filter(Boolean).join(", ");
      label.value = item.label ?? "";
      if (shown !== item.id) {
        shown = item.id;
        replace(asked, item.media ? h("figure", { class: "picture" }, createPicture(pictureOf(item.media, 640), `The picture of item ${at + 1}`)) : h("p", {}, item.text));
      }
    },
  };
}
