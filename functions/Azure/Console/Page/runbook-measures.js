// What is measured now of what a runbook is about, as facts.
import { load } from "./api.js";
import { lasting, number } from "./dom.js";

const health = async () => {
  const { backlogs, members, findings } = await load("health");
  return [...backlogs.map(backlog), ...workers(members), ...findings.map(({ thing, found, expected }) => [`Found: ${thing}`, `${found}; expected: ${expected}`])];
};

const uploads = async () => {
  const { stores } = await load("ingest/summary");
  return stores.map(({ store, expected, processed, quarantined, missing, processing }) =>
    [`Uploads of ${store}`, `${expected} expected, ${processed} processed, ${quarantined} quarantined, ${missing} missing, of which ${processing} in progress`]);
};

const burns = async (alert) => {
  const { items } = await load("objectives");
  const { model, environment } = alert?.about ?? {};
  return items
    .filter((standing) => (!model || standing.model === model) && (!environment || standing.environment === environment))
    .map((standing) => [`${standing.kind} of ${standing.model} in ${standing.environment}`, standing.windows.map(({ longHours, longBurn, shortBurn }) =>
      `${longHours} h: burns ${longBurn.toFixed(1)}, now ${shortBurn.toFixed(1)}`).join("; ")]);
};

const measures = {
  backlogAge: [health], lostJob: [health], health: [health], stuckRun: [health, uploads], missingAssets: [uploads], quarantineRate: [uploads],
  burnFast: [burns], burnSlow: [burns], errorShare: [burns], latency: [burns], incident: [health, uploads], recovery: [health, uploads],
};

// What cannot be asked says so: it may be what the runbook is about.
export const measuresOf = async (name, alert) => (await Promise.all((measures[name] ?? []).map((measure) =>
  measure(alert).catch((problem) => [["Not measured", problem.message]])))).flat();

const backlog = ({ thing, items, inHand, oldestSeconds }) => [`Backlog: ${thing}`,
  `${items.toLocaleString()} left, ${inHand ?? "an unknown number"} in hand${oldestSeconds ? `, the oldest for ${lasting(oldestSeconds * 1000)}` : ""}`];

function workers(members) {
  const all = members.filter(({ jobs }) => jobs);
  if (all.length === 0) return [["Workers", "none reports"]];
  return all.map(({ name, jobs, heard }) => [`Worker ${name}`,
    `${number(jobs.length).text} jobs in hand, heard of at ${heard ? new Date(heard).toLocaleTimeString() : "a time that is not told"}`]);
}
