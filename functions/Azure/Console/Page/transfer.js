// Brings one file into storage: a small one through the API, a larger one in parts to an address of its own, of which only those are sent that are not there.
import { load, send, sendFile } from "./api.js";

const smallBytes = 8 << 20;
const partBytes = 8 << 20;
const attempts = 5;

// report is told the share from 0 to 1 that has arrived. Gives { id, isVersion }: of the asset, and whether a version of it may be this one.
export async function transfer(file, name, { store, given, report, signal }) {
  const parameters = new URLSearchParams({ name });
  for (const [key, value] of Object.entries(given)) parameters.set(`meta.${key}`, value);
  if (file.size <= smallBytes && store === "azure") {
    const { asset, version } = await sendFile(`assets?${parameters}`, file, signal);
    return { id: asset, isVersion: (one) => one === version };
  }
  parameters.set("store", store);
  if (store === "azure") parameters.set("inParts", true);
  const open = () => send(`assets/uploads?${parameters}`, {});
  const upload = await open();
  const before = (await load("assets", { limit: 200 })).items.find(({ asset }) => asset === upload.asset)?.version;
  if (file.size > upload.maxBytes && store !== "azure") throw new Error(`${name} has ${file.size} bytes; the store takes ${upload.maxBytes} in one request.`);
  if (store === "azure") await putParts(file, name, upload, { open, report, signal });
  else await put(upload.address, file, upload.headers, signal);
  report(1);
  return { id: upload.asset, isVersion: (one) => one !== before };
}

// Put Block and Put Block List (learn.microsoft.com/rest/api/storageservices/put-block). Blocks that arrived stay in the store for a week, and
// the app tells with each address which they are: the same file, chosen once more, in whichever browser, brings what is missing. What the store
// lost between the telling and the end is brought once more.
async function putParts(file, name, upload, { open, report, signal }) {
  const parts = Math.ceil(file.size / partBytes);
  const prefix = await digest(`upload ${name} ${file.size} ${file.lastModified}`);
  const ids = Array.from({ length: parts }, (_, i) => btoa(`${prefix}-${String(i).padStart(6, "0")}`));
  let address = upload.address;
  let arrived;
  const lengthOf = (i) => Math.min(partBytes, file.size - i * partBytes);
  const renew = (opened) => {
    ({ address } = opened);
    const bytes = new Map(opened.parts.map((part) => [part.id, part.bytes]));
    arrived = new Set(ids.filter((id, i) => bytes.get(id) === lengthOf(i)));
  };
  const again = (work) => insist(work, async () => renew(await open()), signal);
  const list = `<?xml version="1.0" encoding="utf-8"?><BlockList>${ids.map((id) => `<Latest>${id}</Latest>`).join("")}</BlockList>`;
  const headers = Object.fromEntries(Object.entries(upload.headers).filter(([header]) => header.startsWith("x-ms-meta-")));
  renew(upload);
  for (let mayLack = true; ; mayLack = false) {
    for (let i = 0; i < parts; i++) {
      report(i / parts);
      if (arrived.has(ids[i])) continue;
      const part = file.slice(i * partBytes, i * partBytes + lengthOf(i));
      await again(() => put(`${address}&comp=block&blockid=${encodeURIComponent(ids[i])}`, part, {}, signal));
      arrived.add(ids[i]);
    }
    try {
      await again(() => put(`${address}&comp=blocklist`, list, headers, signal));
      return;
    } catch (problem) {
      if (!mayLack || ![400, 404].includes(problem.status)) throw problem;
      renew(await open());
    }
  }
}

async function put(address, body, headers, signal) {
  const response = await fetch(address, { method: "PUT", body, headers, signal });
  if (!response.ok) throw new Refused(`The storage answered ${response.status}.`, response.status);
}

class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

// Tries again after 1, 2, 4 and 8 seconds what the connection or a busy store failed, and at once, at a new address, what came too late.
async function insist(work, renew, signal) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (problem) {
      if (signal.aborted || attempt === attempts || (problem.status >= 400 && problem.status < 500 && problem.status !== 403)) throw problem;
      if (problem.status === 403) await renew();
      else await new Promise((resolve) => setTimeout(resolve, 1000 * 2 ** (attempt - 1)));
    }
  }
}

async function digest(text) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...hash.slice(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
