// One asset: its content with what was found in it, its versions, its neighbours, and what can be done with it.
import { find, load } from "./api.js";
import { action, clock, h, moment, number, replace, size } from "./dom.js";
import { showFilm } from "./film.js";
import { showImage } from "./image.js";
import { showText } from "./passages.js";
import { createSigning } from "./person.js";
import { createPicture } from "./picture.js";
import { linkOf } from "./run-view.js";
import { linkOfHit } from "./search.js";
import { createFacts, createTable } from "./table.js";

const shows = { text: showText, image: showImage, video: showFilm };
// Lambda's work is no orchestration, and has no page of its own.
const runOf = (id, entry, { store, container, key }) => store === "s3"
  ? linkOf({ tag: `asset:${store}:${container}/${key}` })
  : `#runs/${encodeURIComponent(`${id}-${entry.version}${entry.run > 1 ? `-r${entry.run}` : ""}`)}`;

const removalText = {
  untold: "deleted; whether the store keeps older versions, it does not say",
  marker: "deleted by a marker; older versions are kept in the store",
  permanent: "deleted for good",
  oldVersion: "an old version was deleted; the object stays",
  returned: "back again",
};

export function asset(id, place = "") {
  const facts = createFacts();
  const content = h("div", { id: "content" });
  const neighbours = h("ol", { id: "neighbours", class: "neighbours" });
  const title = h("h2", {}, h("code", {}, id));
  const signing = createSigning("act");
  const versions = createTable({
    id: "versions",
    caption: "The newest first",
    columns: ["Version", "State", "Kind", { number: "Size" }, { number: "Attempts" }, "Registered", "Finished", "Run"],
    keyOf: (entry) => entry.version,
    cellsOf: (entry) => [
      { text: entry.version, className: "id" },
      { text: entry.state, className: entry.state, reason: entry.failure?.message },
      entry.mediaType ?? entry.kind ?? "",
      size(entry.length),
      number(entry.attempts),
      moment(entry.registered),
      moment(entry.finished),
      entry.run > 0 ? { text: "its run", href: runOf(id, entry, source) } : "",
    ],
  });
  const removals = createTable({
    id: "removals",
    columns: ["Removed", "What", "Version of the store"],
    keyOf: ({ at, kind }) => `${at} ${kind}`,
    cellsOf: ({ at, kind, versionId }) => [moment(at), removalText[kind], { text: versionId ?? "", className: "id" }],
  });
  const removed = h("section", {}, h("h2", {}, "Deletions"), removals.element);
  const models = createTable({
    id: "models",
    empty: "No model took part.",
    columns: ["Role", "Model", "Version"],
    keyOf: (use) => `${use.role} ${use.name} ${use.version}`,
    cellsOf: (use) => [use.role, { text: use.name, href: `#models/${encodeURIComponent(use.name)}` }, use.version],
  });
  const redrive = action("Redrive", () => signing.send(`quarantine/${encodeURIComponent(id)}/redrive`));
  const erase = action("Erase", async () => {
    if (await signing.send(`assets/${encodeURIComponent(id)}`, {}, "DELETE")) location.hash = "ingest";
  }, { ask: "Erase this asset, all that was made of it and its history? It cannot be brought back." });
  let shown;
  let source;

  // What was found stays as it is while no other analysis takes its place: a film that plays is not begun again.
  async function showAnalysis(analysis) {
    const key = analysis && `${analysis.version} ${analysis.revision ?? 1}`;
    if (shown === key) return;
    shown = key;
    if (!analysis) return replace(content);
    models.fill(analysis.models);
    replace(content, await shows[analysis.kind](analysis, { id, place, original: () => load(`assets/${encodeURIComponent(id)}/download`) }));
    const similar = await find(`assets/${encodeURIComponent(id)}/similar`, { limit: 8 });
    replace(neighbours, (similar?.hits ?? []).map((hit) => h("li", {},
      h("a", { href: linkOfHit(hit) },
        hit.picture && createPicture(hit.picture, ""), h("span", {}, hit.key ?? hit.asset)),
      h("span", { class: "quiet" }, hit.score.toFixed(3)))));
  }

  return {
    element: h("div", {},
      h("section", {}, title, facts.element, content),
      h("section", {}, h("h2", {}, "Like it"), neighbours),
      h("section", {}, h("h2", {}, "Versions"), versions.element),
      removed,
      h("section", {}, h("h2", {}, "Models"), models.element),
      h("section", { "data-needs": "operate" }, h("h2", {}, "Act"), h("p", { class: "filters" }, signing.fields, redrive, erase))),
    async refresh() {
      const document = await load(`assets/${encodeURIComponent(id)}`);
      const [newest] = document.versions;
      source = document;
      replace(title, document.key);
      versions.fill(document.versions);
      removed.hidden = !document.removals;
      removals.fill((document.removals ?? []).toReversed());
      redrive.hidden = newest?.state !== "quarantined";
      const others = document.locations.filter((other) => other.asset !== id);
      const isAnalysed = document.versions.some((entry) => entry.finished && !entry.failure);
      const analysis = isAnalysed ? await find(`assets/${encodeURIComponent(id)}/analysis`) : null;
      facts.fill([
        ["Store", `${document.store}, ${document.container}`],
        ["Same content", others.length > 0 && { links: others.map((other) => [`${other.key} (${other.store})`, linkOfHit(other)]) }],
        ["State", newest && { text: newest.state, className: newest.state, reason: newest.failure?.message }],
        ["Storage class", newest?.storageClass],
        ...(analysis ? [["Content", `${analysis.mediaType}, ${size(analysis.size).text}`], ...factsOf(analysis), ["Analysed", moment(analysis.analysed)]] : []),
      ]);
      await showAnalysis(analysis);
      return `${document.key} is ${newest?.state ?? "unknown"}`;
    },
  };
}

function factsOf({ text, image, video, given }) {
  const said = Object.entries(given ?? {}).map(([name, value]) => `${name}: ${value}`).join("; ");
  return [
    ...(text ? [["Language", text.language], ["Length", `${text.words.toLocaleString()} words, ${text.characters.toLocaleString()} characters`]] : []),
    ...(image ? [["Pixels", `${image.width} × ${image.height}${image.frames > 1 ? `, ${image.frames} frames` : ""}`]] : []),
    ...(video ? [["Film", `${clock(video.durationSeconds)}, ${video.width} × ${video.height}, ${video.frameRate.toFixed(2)} pictures a second, ${video.videoCodec}${video.audio ? `, ${video.audio.codec}` : ", silent"}`]] : []),
    ["Said of it", said],
    ["Left out", [...(text?.warnings ?? []), ...(video?.warnings ?? [])].join(" ")],
  ];
}
