// The app's own API, called with the key that this tab keeps.
const keyName = "functions-key";
const root = location.pathname.replace(/\/console\/?$/, "/");

// The key of a link is taken out of the address at once, so that it ends up in no history and no screenshot.
const address = new URL(location.href);
if (address.searchParams.has("code")) {
  sessionStorage.setItem(keyName, address.searchParams.get("code"));
  address.searchParams.delete("code");
  history.replaceState(null, "", address);
}

export class KeyRefused extends Error {}
export class NotThere extends Error {}
export class NotAllowed extends Error {}

export const hasKey = () => sessionStorage.getItem(keyName) !== null;
export const currentKey = () => sessionStorage.getItem(keyName);
export const keepKey = (key) => sessionStorage.setItem(keyName, key);

// Parameters are an object, or pairs where a name stands more than once.
export async function load(path, parameters = {}) {
  const given = (Array.isArray(parameters) ? parameters : Object.entries(parameters)).filter(([, value]) => value !== "" && value !== undefined);
  return (await call(given.length > 0 ? `${path}?${new URLSearchParams(given)}` : path, {})).json();
}

export const loadText = async (path) => (await call(path, {})).text();

export const loadBlob = async (path) => (await call(path, {})).blob();

// An answer that goes on, as texts.
export const loadStream = async (path, parameters, signal) =>
  (await call(`${path}?${new URLSearchParams(parameters)}`, { signal })).body.pipeThrough(new TextDecoderStream());

// What may be absent without that being a fault: null then.
export async function find(path, parameters = {}) {
  try {
    return await load(path, parameters);
  } catch (problem) {
    if (problem instanceof NotThere) return null;
    throw problem;
  }
}

export async function send(path, body, headers = {}, method = "POST") {
  const response = await call(path, { method, body: JSON.stringify(body), headers: { "content-type": "application/json", ...encoded(headers) } });
  return response.status === 204 ? null : response.json().catch(() => null);
}

// A file as it is, and what is answered to it.
export const sendFile = async (path, file, signal) => (await call(path, { method: "POST", body: file, signal })).json();

export const remove = (path, headers = {}) => call(path, { method: "DELETE", headers: encoded(headers) });

// Saves what only the key opens, a report for instance, as a file.
export async function save(path, fileName) {
  const url = URL.createObjectURL(await (await call(path, {})).blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

// The Functions host takes no header with a character beyond ASCII: names go percent-encoded in UTF-8, which is how the server reads them.
const encoded = (headers) => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, encodeURIComponent(value)]));

async function call(path, { headers = {}, ...options }) {
  const response = await fetch(root + path, { ...options, headers: { "x-functions-key": sessionStorage.getItem(keyName) ?? "", ...headers } });
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  const message = problem.detail ?? `${path.split("?")[0]} answered ${response.status}`;
  const Kind = { 401: KeyRefused, 403: NotAllowed, 404: NotThere }[response.status] ?? Error;
  throw new Kind(message);
}
