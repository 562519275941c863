// node browse.mjs CHROMIUM CONSOLE_ADDRESS KEY [PICTURES]: opens the console in Chromium once, and for each line of its input, the path of a check, a
// new window that the check looks at. Answers each with one line, the JSON list of what was wrong: what the check found, and whatever else the page
// complains of: errors in its console (a broken content security policy among them), uncaught exceptions, requests elsewhere than to the app and its
// storage.
// Each page that a check looks at is read by axe too, whose findings are faults. Pictures of the page at a check's end, light and wide, dark and
// narrow, are left in the folder.
import { basename, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { chromium } from "playwright-core";

const [executablePath, address, key, pictures] = process.argv.slice(2);
const limit = 60_000; // a loaded machine is slow, not broken
const api = address.replace(/\/console$/, "");

let browser;
for await (const file of createInterface({ input: process.stdin })) {
  if (!browser?.isConnected()) browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  const context = await browser.newContext();
  console.log(JSON.stringify(await complaintsOf(file, context)));
  await context.close().catch(() => {}); // gone with the browser
}
await browser?.close();

async function complaintsOf(file, context) {
  const complaints = [];
  try {
    const { check, expectedErrors = /^$/ } = await import(pathToFileURL(resolve(file)));
    const page = await context.newPage();
    page.setDefaultTimeout(limit);
    page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type()) && !expectedErrors.test(message.text())) complaints.push(`${message.type()}: ${message.text()}`);
    });
    const policy = (await page.request.get(address)).headers()["content-security-policy"];
    const own = [new URL(address).origin, "null", ...policy.match(/(?<=media-src blob: )[^;]*/)[0].split(" ")]; // blobs of the page have none
    page.on("request", (request) => {
      if (!own.includes(new URL(request.url()).origin)) complaints.push(`request elsewhere: ${request.url()}`);
    });

    // Findings of the rules of WCAG 2.1 A and AA on the page as it stands.
    const readByAxe = async () => {
      if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() => axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] }));
      for (const { id, help, nodes } of violations) {
        complaints.push(`axe on ${new URL(page.url()).hash || "the console"}: ${id}, ${help}: ${nodes.slice(0, 3).map((node) => node.html).join(" ")}`);
      }
    };

    await check({ ...tools(page), readByAxe });
    await readByAxe();
    for (const [name, colorScheme, width] of pictures ? [["light", "light", 1280], ["dark", "dark", 390]] : []) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({ path: join(pictures, `${basename(file, ".mjs")}-${name}.png`) });
    }
  } catch (error) {
    complaints.unshift(error.message);
  }
  return complaints;
}

// What a check works with.
function tools(page) {
  return {
    page,
    key,
    // Opens a page of the console, "runs" for instance, with the key unless another is given.
    open: (place = "", code = key) => page.goto(`${address}${code ? `?code=${encodeURIComponent(code)}` : ""}${place && `#${place}`}`),
    // Asks the API, by somebody, and gives its answer.
    async api(path, data, headers = {}, method = data ? "POST" : "GET") {
      const response = await page.request.fetch(`${api}/${path}`, {
        method, data, headers: { "x-functions-key": key, "X-Requested-By": "<b>ci</b>", ...headers }, timeout: limit,
      });
      if (!response.ok()) throw new Error(`${path} answered ${response.status()}: ${await response.text()}`);
      return response.json();
    },
    // Asks again, each second, until an answer is there: for what is looked at once in a minute.
    async until(ask, what, seconds = 180) {
      for (const end = Date.now() + seconds * 1000; Date.now() < end; await page.waitForTimeout(1000)) {
        const answer = await ask();
        if (answer) return answer;
      }
      throw new Error(`after ${seconds} s there is still no ${what}`);
    },
    // Uploads a text, and gives its name.
    async upload(prefix, text) {
      const name = `${prefix}-${Date.now()}.txt`;
      const response = await page.request.post(`${api}/assets?name=${encodeURIComponent(name)}`, { headers: { "x-functions-key": key }, data: text, timeout: limit });
      if (!response.ok()) throw new Error(`the upload of ${name} answered ${response.status()}: ${await response.text()}`);
      return name;
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
  };
}
