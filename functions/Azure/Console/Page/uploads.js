// Files and folders that are dropped or chosen: brought into storage three at a time, and watched until they are analysed.
import { load } from "./api.js";
import { h } from "./dom.js";
import { createTable } from "./table.js";
import { transfer } from "./transfer.js";

const atOnce = 3;
const watched = 200;
const ended = ["processed", "quarantined", "gone"];

// They go on while other pages are looked at.
const uploads = [];
let running = 0;

function start() {
  while (running < atOnce) {
    const upload = uploads.find(({ state }) => state === "waiting");
    if (!upload) return;
    running++;
    upload.state = "uploading";
    transfer(upload.file, upload.name, { ...upload.terms, signal: upload.stop.signal, report: (share) => { upload.share = share; } })
      .then((arrived) => Object.assign(upload, arrived, { state: "uploaded", share: 1 }), (problem) => Object.assign(upload, { state: upload.stop.signal.aborted ? "stopped" : "failed", reason: problem.message }))
      .finally(() => {
        running--;
        start();
      });
  }
}

export function createUploads() {
  const folder = h("input", { id: "folder", placeholder: "news/2026" });
  const said = h("input", { id: "said", placeholder: "desk=sport; rights=agency" });
  const store = h("select", { id: "upload-store" }, h("option", {}, "azure"), h("option", {}, "s3"));
  const files = h("input", { id: "files", type: "file", multiple: true, onchange: () => take([...files.files]) });
  const folders = h("input", { id: "folders", type: "file", webkitdirectory: true, onchange: () => take([...folders.files]) });
  const problem = h("p", { class: "problem", role: "alert" });
  const table = createTable({
    id: "uploads",
    empty: "Nothing was uploaded from this page.",
    columns: ["File", "State", { number: "Arrived" }, "", ""],
    keyOf: (upload) => upload.key,
    cellsOf: (upload) => [
      upload.id ? { text: upload.name, href: `#ingest/${upload.id}` } : upload.name,
      { text: upload.state, className: upload.state === "uploaded" ? "running" : upload.state, reason: upload.reason },
      { text: `${Math.round(upload.share * 100)} %`, className: "number", meter: upload.share },
      upload.state === "uploading" || upload.state === "waiting" ? { button: "Stop", press: () => stop(upload) } : "",
      upload.state === "failed" || upload.state === "stopped" ? { button: "Go on", press: () => goOn(upload) } : "",
    ],
  });
  const zone = h("div", { id: "drop", class: "drop", ondragover: (over) => over.preventDefault(), ondrop: async (dropped) => {
    dropped.preventDefault();
    take(await filesOf(dropped.dataTransfer));
  } },
    h("p", {}, "Drop files or folders here, or choose ", h("label", { for: "files" }, "files"), " ", files, " or ", h("label", { for: "folders" }, "a folder"), " ", folders),
    h("p", { class: "filters" },
      h("span", {}, h("label", { for: "folder" }, "Into"), " ", folder),
      h("span", {}, h("label", { for: "upload-store" }, "Store"), " ", store),
      h("span", {}, h("label", { for: "said" }, "What is said of them"), " ", said)),
    problem);

  function take(chosen) {
    const given = readGiven(said.value);
    problem.textContent = typeof given === "string" ? given : "";
    if (typeof given === "string") return;
    for (const file of chosen) {
      const name = [folder.value.replace(/^\/+|\/+$/g, ""), file.path ?? (file.webkitRelativePath || file.name)].filter(Boolean).join("/");
      uploads.unshift({ key: `${uploads.length} ${name}`, file: file.file ?? file, name, terms: { store: store.value, given }, state: "waiting", share: 0, stop: new AbortController() });
    }
    files.value = folders.value = "";
    start();
    table.fill(uploads);
  }

  return {
    element: h("section", {}, h("h2", {}, "Upload"), zone, table.element),
    async refresh() {
      await watch(uploads.filter((upload) => upload.id && !ended.includes(upload.state)));
      table.fill(uploads);
    },
  };
}

function stop(upload) {
  upload.stop.abort();
  if (upload.state === "waiting") upload.state = "stopped";
}

function goOn(upload) {
  Object.assign(upload, { state: "waiting", stop: new AbortController(), reason: null });
  start();
}

// They are among the latest changes as soon as their events arrive.
async function watch(pending) {
  if (pending.length === 0) return;
  const latest = new Map((await load("assets", { limit: watched })).items.map((asset) => [asset.asset, asset]));
  for (const upload of pending) {
    const asset = latest.get(upload.id);
    if (asset && upload.isVersion(asset.version)) Object.assign(upload, { state: asset.state, reason: asset.failure?.message });
  }
}

// "name=value; name=value" to an object; a sentence where it is something else. Metadata of storage has names of letters, digits and underscores.
function readGiven(text) {
  const given = {};
  for (const part of text.split(";").map((one) => one.trim()).filter(Boolean)) {
    const [, name, value] = /^([A-Za-z_]\w*)\s*=\s*(.+)$/.exec(part) ?? [];
    if (!name) return `'${part}' is not name=value.`;
    given[name.toLowerCase()] = value;
  }
  return given;
}

// Folders that are dropped are walked through; each file keeps its path below them.
async function filesOf(transferred) {
  const entries = [...transferred.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  return entries.length > 0 ? (await Promise.all(entries.map(walk))).flat() : [...transferred.files];
}

async function walk(entry) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [{ file, path: entry.fullPath.slice(1) }];
  }
  const reader = entry.createReader();
  const found = [];
  // A reader gives at most 100 entries at once, and none when there are no more.
  for (let some; (some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))).length > 0;) found.push(...some);
  return (await Promise.all(found.map(walk))).flat();
}
