// What a runbook's steps name, made to be pressed: the acts of the API that need no more than an alert, and links to the pages that have the others.
import { action, h } from "./dom.js";

const muteHours = 24;

const acts = {
  "POST /api/reconcile": { title: "Reconcile" },
  "POST /api/alerts/test": { title: "Send a test alert" },
  "POST /api/alerts/{id}/acknowledge": { title: "Acknowledge", fits: (alert) => alert && !alert.acknowledgedBy && !alert.resolved },
  "POST /api/alerts/mutes": {
    title: `Mute for ${muteHours} hours`,
    fits: (alert) => alert && !alert.resolved,
    body: ({ rule, subject }) => ({ rule, subject, until: new Date(Date.now() + muteHours * 3600_000).toISOString() }),
  },
  "POST /api/models/{name}/rollback": {
    title: "Roll back",
    query: "?environment={environment}",
    ask: (alert) => `Roll back ${alert.about.model} in ${alert.about.environment}? What served before the newest change serves all callers again.`,
  },
};

const pages = {
  "POST /api/runs/{id}/rewind": ["#runs/{id}", "to the run"],
  "POST /api/runs/{id}/terminate": ["#runs/{id}", "to the run"],
  "POST /api/runs/{id}/restart": ["#runs/{id}", "to the run"],
  "POST /api/runs/{id}/purge": ["#runs/{id}", "to the run"],
  "POST /api/jobs/{id}/requeue": ["#jobs", "to the jobs"],
  "POST /api/quarantine/redrive": ["#ingest", "to the uploads"],
  "POST /api/quarantine/{id}/redrive": ["#ingest", "to the uploads"],
  "POST /api/promotions/{id}/cancel": ["#promotions", "to the promotions"],
  "POST /api/promotions/{id}/decision": ["#promotions", "to the promotions"],
  "POST /api/experiments/{id}/stop": ["#experiments", "to the experiments"],
};

// Text with the placeholders of its addresses filled in from an alert, as far as that is about one thing: {id} is that of what stands before it.
export function fillIn(text, alert, write = String) {
  const about = alert?.about ?? {};
  return text.replace(/\{(\w+)\}/g, (whole, name, at) => {
    const [, noun] = /(\w+)\/$/.exec(text.slice(0, at)) ?? [];
    const value = { id: { alerts: alert?.id, runs: about.run }[noun], name: noun === "models" ? about.model : undefined }[name] ?? about[name];
    return value === undefined || value === null ? whole : write(value);
  });
}

// The button or the link of an act, with a space before it; nothing where the alert leaves open what it would be done to.
export function actOf(text, { alert, signing, see }) {
  const [place, label] = pages[text] ?? [];
  if (place) {
    const href = fillIn(place, alert, encodeURIComponent);
    return [" ", h("a", { class: "tag", href: href.includes("{") ? href.split("/")[0] : href }, label)];
  }
  const act = acts[text];
  const path = act && fillIn(text.slice("POST /api/".length) + (act.query ?? ""), alert, encodeURIComponent);
  if (!act || path.includes("{") || (act.fits && !act.fits(alert))) return [];
  return [" ", action(act.title, () => see(act.title, signing.send(path, act.body?.(alert))), { ask: act.ask?.(alert), needs: "operate" })];
}
