"use strict";

const refreshMilliseconds = 2000;
const keyName = "functions-key";
const api = location.pathname.replace(/\/console\/?$/, "/");
const element = (id) => document.getElementById(id);

// The key of a link is taken out of the address at once, so that it ends up in no history and no screenshot.
const address = new URL(location.href);
if (address.searchParams.has("code")) {
  sessionStorage.setItem(keyName, address.searchParams.get("code"));
  address.searchParams.delete("code");
  history.replaceState(null, "", address);
}

class KeyRefused extends Error {}

async function load(path) {
  const response = await fetch(api + path, { headers: { "x-functions-key": sessionStorage.getItem(keyName) ?? "" } });
  if (response.status === 401 || response.status === 403) throw new KeyRefused();
  if (!response.ok) throw new Error(`${path.split("?")[0]} answered ${response.status}`);
  return response.json();
}

function query(path, parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== "");
  return `${path}?${new URLSearchParams(given)}`;
}

// Rows are kept by key and changed in place: a refresh neither moves the focus nor loses a selection.
function fill(tableId, items, keyOf, cellsOf) {
  const body = element(tableId).tBodies[0];
  const known = new Map([...body.rows].map((row) => [row.dataset.key, row]));
  items.forEach((item, position) => {
    const key = keyOf(item);
    const row = known.get(key) ?? createRow(key);
    known.delete(key);
    cellsOf(item).forEach((cell, column) => write(row, column, cell));
    if (body.rows[position] !== row) body.insertBefore(row, body.rows[position] ?? null);
  });
  for (const row of known.values()) row.remove();
  const empty = element(`${tableId}-empty`);
  if (empty) empty.hidden = items.length > 0;
}

function createRow(key) {
  const row = document.createElement("tr");
  row.dataset.key = key;
  return row;
}

function write(row, column, cell) {
  let place = row.cells[column];
  if (!place) {
    place = document.createElement(column === 0 ? "th" : "td");
    if (column === 0) place.scope = "row";
    row.append(place);
  }
  const { text, className = "", title = "", reason = "" } = typeof cell === "object" ? cell : { text: cell };
  const signature = `${text}\n${className}\n${title}\n${reason}`;
  if (place.dataset.shown === signature) return;
  place.dataset.shown = signature;
  place.textContent = text;
  place.className = className;
  place.title = title;
  if (reason) {
    const line = document.createElement("span");
    line.className = "reason";
    line.textContent = reason;
    place.append(line);
  }
}

const number = (value) => ({ text: value === undefined ? "" : value.toLocaleString(), className: "number" });
const time = (value) => ({ text: new Date(value).toLocaleTimeString(), title: new Date(value).toLocaleString() });

function size(bytes) {
  if (bytes === undefined) return { text: "", className: "number" };
  const units = ["B", "KB", "MB", "GB"];
  const unit = Math.min(units.length - 1, bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0);
  return { text: `${(bytes / 1000 ** unit).toFixed(unit ? 1 : 0)} ${units[unit]}`, className: "number", title: `${bytes} bytes` };
}

function duration(run) {
  const milliseconds = new Date(run.updated) - new Date(run.created);
  return { text: milliseconds < 10000 ? `${milliseconds} ms` : `${Math.round(milliseconds / 1000)} s`, className: "number" };
}

function showCounts({ stores, total }) {
  fill("counts", [...stores, total], (one) => one.store, (one) => [
    one.store, number(one.expected), number(one.processed), number(one.quarantined), number(one.missing), number(one.processing),
  ]);
}

function showAssets({ items }) {
  fill("assets", items, (asset) => asset.asset, (asset) => [
    { text: asset.key, title: asset.asset },
    asset.store,
    asset.kind ?? asset.mediaType ?? "",
    { text: asset.state, className: asset.state, reason: asset.failure?.message },
    size(asset.length),
    number(asset.attempts),
    time(asset.changed),
  ]);
}

function showRuns({ items }) {
  fill("runs", items, (run) => run.id, (run) => [
    { text: run.id, className: "id" },
    run.name,
    { text: run.status, className: run.status, reason: run.failure },
    run.customStatus?.Stage ?? run.customStatus?.stage ?? "",
    duration(run),
    time(run.created),
  ]);
}

function say(text, lost) {
  const place = element("connection");
  if (place.textContent !== text) place.textContent = text;
  place.classList.toggle("lost", lost);
}

function show(open) {
  element("main").hidden = !open;
  element("key-form").hidden = open;
}

async function refresh() {
  const [counts, assets, runs] = await Promise.all([
    load("ingest/summary"),
    load(query("assets", { limit: 50, state: element("state").value, kind: element("kind").value })),
    load(query("runs", { limit: 50, status: element("status").value })),
  ]);
  show(true);
  showCounts(counts);
  showAssets(assets);
  showRuns(runs);
  say(`${counts.total.expected} expected, ${counts.total.processed} processed, ${counts.total.quarantined} quarantined, ${counts.total.missing} missing`, false);
}

let paused = false;
let timer;

async function turn() {
  clearTimeout(timer);
  try {
    await refresh();
  } catch (problem) {
    if (problem instanceof KeyRefused) {
      say(sessionStorage.getItem(keyName) ? "The key was refused" : "A function key is needed", true);
      show(false);
      return;
    }
    say(`No connection (${problem.message}); trying again`, true);
  }
  if (!paused && !document.hidden) timer = setTimeout(turn, refreshMilliseconds);
}

element("key-form").addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  sessionStorage.setItem(keyName, element("key").value.trim());
  turn();
});
element("pause").addEventListener("click", () => {
  paused = !paused;
  element("pause").setAttribute("aria-pressed", paused);
  turn();
});
for (const id of ["state", "kind", "status"]) element(id).addEventListener("change", turn);
document.addEventListener("visibilitychange", turn);
turn();
