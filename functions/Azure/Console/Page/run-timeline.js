// A run's history as things that last: activities with their tries, timers, sub-runs, and moments when something was raised.
const asked = { TaskScheduled: "activity", TimerCreated: "timer", SubOrchestrationInstanceCreated: "sub-run" };
const answered = { TaskCompleted: "completed", TaskFailed: "failed", TimerFired: "completed", SubOrchestrationInstanceCompleted: "completed", SubOrchestrationInstanceFailed: "failed" };
const moments = { EventRaised: "event", EventSent: "sent", ExecutionSuspended: "suspended", ExecutionResumed: "resumed" };

// [{ key, kind, name, from, to, state, tries, instance, reason }] in the order of their beginnings; what a run that ended left behind is cancelled.
export function stepsOf(history, ended) {
  const steps = new Map();
  const failures = new Map();
  let replays = 0;
  for (const happened of history) {
    const at = new Date(happened.time).getTime();
    if (happened.type === "ExecutionStarted") replays++;
    const keyOf = (id) => `${replays}:${id}`;
    const kind = asked[happened.type];
    if (kind) {
      const name = kind === "timer" ? `until ${new Date(happened.fireAt).toLocaleTimeString()}` : happened.name;
      const tries = kind === "activity" ? failures.get(name) ?? 0 : 0;
      steps.set(keyOf(happened.id), { key: happened.position, kind, name, from: at, state: "running", tries, instance: happened.instance });
    } else if (answered[happened.type]) {
      const step = steps.get(keyOf(happened.scheduled));
      if (!step) continue;
      Object.assign(step, { to: at, state: answered[happened.type], reason: happened.reason, end: happened.position });
      if (step.kind === "activity") failures.set(step.name, step.state === "failed" ? step.tries + 1 : 0);
    } else if (moments[happened.type]) {
      steps.set(`m${happened.position}`, { key: happened.position, kind: moments[happened.type], name: happened.name ?? happened.reason ?? "", from: at, to: at, state: "moment", tries: 0, end: happened.position });
    }
  }
  return [...steps.values()].map((step) => step.to === undefined && ended ? { ...step, to: new Date(ended).getTime(), state: "cancelled" } : step);
}

export const titleOf = ({ kind, name, tries }) => `${kind === "activity" ? "" : `${kind} `}${name}${tries > 0 ? `, try ${tries + 1}` : ""}`;

export const ganttRows = (steps) => steps.map((step) => ({
  label: titleOf(step), href: step.instance ? `#runs/${encodeURIComponent(step.instance)}` : undefined, from: step.from, to: step.to,
  className: `${step.state} ${step.kind}`, title: [step.state, step.reason].filter(Boolean).join(": "),
}));
