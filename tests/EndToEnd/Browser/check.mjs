// node check.mjs CHROMIUM CONSOLE_ADDRESS KEY CHECK.mjs: opens the console in Chromium, lets the check look at it, and fails for whatever the page
// complains of beside that: errors in its console (a broken content security policy among them), uncaught exceptions, requests elsewhere.
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [executablePath, address, key, file] = process.argv.slice(2);
const { check, mayBeRefused = false } = await import(pathToFileURL(file));
const limit = 60_000; // a loaded machine is slow, not broken
const api = address.replace(/\/console$/, "");

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
const complaints = [];
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(limit);
  page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
  page.on("console", (message) => {
    const refusal = mayBeRefused && /status of 40[13]/.test(message.text());
    if ((message.type() === "error" || message.type() === "warning") && !refusal) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(address).origin) complaints.push(`request elsewhere: ${request.url()}`);
  });

  await check({
    page,
    key,
    // Opens a page of the console, "runs" for instance, with the key unless another is given.
    open: (place = "", code = key) => page.goto(`${address}${code ? `?code=${encodeURIComponent(code)}` : ""}${place && `#${place}`}`),
    // Asks the API, by somebody, and gives its answer.
    async api(path, data, headers = {}) {
      const response = await page.request.fetch(`${api}/${path}`, {
        method: data ? "POST" : "GET", data, headers: { "x-functions-key": key, "X-Requested-By": "<b>ci</b>", ...headers }, timeout: limit,
      });
      if (!response.ok()) throw new Error(`${path} answered ${response.status()}: ${await response.text()}`);
      return response.json();
    },
    // Callers of a model, each new, until the given work is done.
    async traffic(model, environment, work) {
      let calling = true;
      const caller = async (name) => {
        for (let i = 0; calling; i++) {
          await page.request.post(`${api}/predict/${model}`, {
            headers: { "x-functions-key": key, "X-Environment": environment },
            data: { text: `Storm number ${i} in the harbour.`, language: i % 2 ? "en" : "de", key: `${name}-${i}` }, timeout: limit,
          });
        }
      };
      const callers = ["a", "b"].map(caller);
      try {
        await work();
      } finally {
        calling = false;
        await Promise.allSettled(callers);
      }
    },
    // Waits until a row of a table holds the text, and gives it.
    async row(table, text) {
      const found = page.locator(`#${table} tbody tr`, { hasText: text }).first();
      await found.waitFor();
      return found;
    },
    expect(holds, message) {
      if (!holds) throw new Error(message);
    },
  });
} catch (error) {
  complaints.unshift(error.message);
} finally {
  await browser.close();
}
for (const complaint of complaints) console.log(complaint);
process.exit(complaints.length > 0 ? 1 : 0);
