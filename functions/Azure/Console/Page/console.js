// The shell: which view the address names, the key, and the refresh that every view shares.
import { learnAccess } from "./access.js";
import { alerts } from "./alerts.js";
import { hasKey, KeyRefused, keepKey, NotAllowed, NotThere } from "./api.js";
import { asset } from "./asset.js";
import { audit } from "./audit.js";
import { compare } from "./compare.js";
import { h, replace } from "./dom.js";
import { cost } from "./cost.js";
import { drift } from "./drift.js";
import { driftReport } from "./drift-report.js";
import { driftVersion } from "./drift-version.js";
import { experiment } from "./experiment.js";
import { experiments } from "./experiments.js";
import { golden } from "./golden.js";
import { goldenDraft } from "./golden-draft.js";
import { goldenSet } from "./golden-set.js";
import { graph } from "./graph.js";
import { ingest } from "./ingest.js";
import { jobs } from "./jobs.js";
import { createLive } from "./live.js";
import { model, models } from "./models.js";
import { objectives } from "./objectives.js";
import { promotion } from "./promotion.js";
import { promotions } from "./promotions.js";
import { runbook } from "./runbook.js";
import { run } from "./run.js";
import { runs } from "./runs.js";
import { search } from "./search.js";
import { source } from "./source.js";
import { sources } from "./sources.js";
import { version } from "./version.js";
import { webhook } from "./webhook.js";
import { webhooks } from "./webhooks.js";

const refreshMilliseconds = 2000;

// With a stream of changes; what lasts goes on to be shown.
const heardMilliseconds = 15_000;

// A view opens on what its address names and gives { element, refresh() → the line that says how things are }. It is refreshed when what
// it is live of has changed, and anyway from time to time.
const views = {
  ingest: { title: "Ingest", list: ingest, one: asset, live: "assets" },
  sources: { title: "Sources", list: sources, one: source },
  search: { title: "Search", list: search, one: search },
  alerts: { title: "Alerts", list: alerts, one: runbook },
  webhooks: { title: "Webhooks", list: webhooks, one: webhook },
  runs: { title: "Runs", list: runs, one: run, live: "runs" },
  graph: { title: "Functions", list: graph },
  jobs: { title: "Jobs", list: jobs },
  models: { title: "Models", list: models, one: (name, part, ...rest) => ({ versions: version, compare }[part] ?? model)(name, ...rest) },
  golden: { title: "Golden sets", list: golden, one: (first, ...rest) => (first === "drafts" ? goldenDraft : goldenSet.bind(null, first))(...rest) },
  promotions: { title: "Promotions", list: promotions, one: promotion },
  drift: { title: "Drift", list: drift, one: (...place) => (place.length > 3 ? driftReport : driftVersion)(...place) },
  objectives: { title: "Objectives", list: objectives },
  cost: { title: "Cost", list: cost },
  audit: { title: "Audit", list: audit },
  experiments: { title: "Experiments", list: experiments, one: experiment },
};

const connection = document.getElementById("connection");
const main = document.getElementById("main");
const keyForm = document.getElementById("key-form");
const pause = document.getElementById("pause");

let paused = false;
let timer;
let page;
let pageOf;
let turned = 0;
const live = createLive(() => {
  clearTimeout(timer);
  timer = setTimeout(turn, Math.max(0, turned + refreshMilliseconds / 2 - Date.now()));
});

function open() {
  const [path, query] = location.hash.slice(1).split("?", 2);
  const [name, ...place] = path.split("/").map(decoded);
  const view = views[name] ? name : "ingest";
  pageOf = views[view].live;
  page = place.length > 0 && views[view].one ? views[view].one(...place) : views[view].list(new URLSearchParams(query));
  replace(main, page.element);
  replace(document.getElementById("views"), ...Object.entries(views).map(([key, { title }]) =>
    h("a", { href: `#${key}`, "aria-current": key === view ? "page" : null }, title)));
  document.title = `${views[view].title} · Media pipeline`;
  turn();
}

// An address that somebody typed may have a percent sign that begins no escape; it stands for itself.
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function say(text, lost) {
  if (connection.textContent !== text) connection.textContent = text;
  connection.classList.toggle("lost", lost);
}

function show(allowed) {
  main.hidden = !allowed;
  keyForm.hidden = allowed;
}

async function turn() {
  clearTimeout(timer);
  turned = Date.now();
  const shown = page;
  try {
    await learnAccess();
    const line = await shown.refresh();
    if (shown !== page) return;
    show(true);
    say(line, false);
    follow();
  } catch (problem) {
    if (shown !== page) return;
    if (problem instanceof KeyRefused) {
      say(hasKey() ? "The key was refused" : "A function key is needed", true);
      show(false);
      return;
    }
    say(problem instanceof NotThere || problem instanceof NotAllowed ? problem.message : `No connection (${problem.message}); trying again`, true);
  }
  if (paused || document.hidden) live.stop();
  else timer = setTimeout(turn, live.hears() ? heardMilliseconds : refreshMilliseconds);
}

function follow() {
  if (pageOf && !paused && !document.hidden) live.listen(pageOf);
  else live.stop();
}

keyForm.addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  keepKey(document.getElementById("key").value.trim());
  turn();
});
pause.addEventListener("click", () => {
  paused = !paused;
  pause.setAttribute("aria-pressed", paused);
  turn();
});
main.addEventListener("change", () => turn());
main.addEventListener("acted", () => turn());
addEventListener("hashchange", open);
document.addEventListener("visibilitychange", turn);
open();
