// h("a", { href: "#runs", onclick }, "Runs"): an element. Text is always text, never markup.
export function h(tag, properties = {}, ...children) {
  const element = tag === "svg" || properties.svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "svg" || value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function replace(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
}

// Runs an action of the operator, after asking back where told what to ask, and says next to its button why it could not be done. Who lacks
// the role that it needs does not see it. One that submits is what Enter does in the fields of its form, which prevents the sending of itself.
export function action(title, run, { className = "", ask, needs, submits = false } = {}) {
  const problem = h("span", { class: "problem", role: "alert" });
  const button = h("button", { type: submits ? "submit" : "button", class: className, onclick: async () => {
    if (ask && !confirm(ask)) return;
    button.disabled = true;
    problem.textContent = "";
    try {
      await run();
    } catch (failure) {
      problem.textContent = failure.message;
    }
    button.disabled = false;
    button.dispatchEvent(new Event("acted", { bubbles: true }));
  } }, title);
  return h("span", { class: "action", "data-needs": needs }, button, problem);
}

export const number = (value, digits) => ({ text: value === undefined || value === null ? "" : value.toLocaleString(undefined, digits === undefined ? {} : { maximumFractionDigits: digits }), className: "number" });
// What something costs, be it much or next to nothing.
export const price = (value) => ({ text: value === undefined || value === null ? "" : value.toLocaleString(undefined, { maximumSignificantDigits: 3 }), className: "number" });
export const percent = (share) => ({ text: share === undefined || share === null ? "" : `${(share * 100).toLocaleString(undefined, { maximumFractionDigits: 2 })} %`, className: "number" });
export const tally = (some, all) => ({ text: `${some.toLocaleString()} of ${all.toLocaleString()}`, className: "number" });
export const time = (value) => value ? { text: new Date(value).toLocaleTimeString(), title: new Date(value).toLocaleString(), className: "time" } : "";
export const moment = (value) => value ? { text: new Date(value).toLocaleString(), title: value } : "";

export function size(bytes) {
  if (bytes === undefined || bytes === null) return { text: "", className: "number" };
  const units = ["B", "KB", "MB", "GB"];
  const unit = Math.min(units.length - 1, bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0);
  return { text: `${(bytes / 1000 ** unit).toFixed(unit ? 1 : 0)} ${units[unit]}`, className: "number", title: `${bytes} bytes` };
}

export function duration(milliseconds) {
  return { text: milliseconds < 10000 ? `${Math.round(milliseconds)} ms` : `${Math.round(milliseconds / 1000)} s`, className: "number" };
}

// "1:02:03", or "2:03": a place in a film.
export function clock(seconds) {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return (parts[0] > 0 ? parts : parts.slice(1)).map((part, i) => i > 0 ? String(part).padStart(2, "0") : part).join(":");
}

// "00:10:00" or "1.06:00:00.5", as the API writes times that last, in milliseconds.
export function span(text) {
  const [, days = 0, hours, minutes, seconds] = /^(?:(\d+)\.)?(\d+):(\d+):([\d.]+)$/.exec(text);
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

// "9 min 58 s"
export function lasting(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const parts = [[Math.floor(seconds / 86400), "d"], [Math.floor(seconds / 3600) % 24, "h"], [Math.floor(seconds / 60) % 60, "min"], [seconds % 60, "s"]];
  const first = parts.findIndex(([count]) => count > 0);
  return parts.slice(first < 0 ? 3 : first).slice(0, 2).map(([count, unit]) => `${count} ${unit}`).join(" ");
}
