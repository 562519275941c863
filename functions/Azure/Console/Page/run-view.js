// Which runs the list shows: what the address says after "#runs?", so that a view can be kept as a link and is found again by Back.
export const statuses = ["pending", "running", "suspended", "completed", "failed", "terminated"];
// What kinds of work the list has, as people call them.
export const kinds = { orchestration: "orchestration", lambda: "Lambda", job: "gpu job", trial: "trial of a model" };
export const presets = { "15m": "15 minutes", "1h": "hour", "24h": "24 hours", "7d": "7 days", "30d": "30 days" };

// Views that operators ask for again and again.
export const views = [
  ["All", {}],
  ["Failed today", { status: "failed", within: "24h" }],
  ["Quarantined this week", { outcome: "quarantined", within: "7d" }],
  ["Rejected or rolled back", { outcome: "rejected,rolled back" }],
  ["At work, longest first", { status: "pending,running,suspended", sort: "duration" }],
  ["Bucket uploads by Lambda", { kind: "lambda" }],
  ["Trials of models", { kind: "trial" }],
];

const single = ["kind", "status", "outcome", "name", "prefix", "parent", "from", "to", "within", "text", "sort", "order", "after", "view"];

export function createView(query) {
  let values = Object.fromEntries(single.map((name) => [name, query.get(name) ?? ""]));
  let tags = query.getAll("tag");

  const parameters = () => [...Object.entries(values).filter(([name, value]) => value && name !== "view"), ...tags.map((tag) => ["tag", tag])];
  const filter = () => parameters().filter(([name]) => !["sort", "order", "after"].includes(name));

  const queryOf = (shown) => new URLSearchParams([...Object.entries(shown).filter(([, value]) => value), ...tags.map((tag) => ["tag", tag])]).toString();

  return {
    // Of its first page, as the address has it.
    get query() { return queryOf({ ...values, after: "" }); },
    get: (name) => values[name],
    get tags() { return tags; },
    has: (name, value) => values[name].split(",").includes(value),
    // Of the list; the filter alone is asked for counts.
    get parameters() { return parameters(); },
    get filter() { return filter(); },
    get isFiltered() { return filter().length > 0; },
    // Changes some values, goes to the first page, and says so in the address.
    change(changes) {
      if (changes.tags) tags = changes.tags;
      values = { ...values, after: "", ...changes };
      delete values.tags;
      const query = queryOf(values);
      history.pushState(null, "", `#runs${query ? `?${query}` : ""}`);
    },
    // One of several values of a name, put in or taken out.
    toggle(name, value) {
      const chosen = values[name].split(",").filter(Boolean);
      this.change({ [name]: (chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value]).join(",") });
    },
  };
}

export const linkOf = (parameters) => `#runs?${new URLSearchParams(parameters)}`;
