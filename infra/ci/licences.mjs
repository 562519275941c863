// licences.mjs SBOM.json ...: fails where a package is under a licence that was not looked at. Those that name none by an identifier are
// listed here with what their text is.
import { readFileSync } from "node:fs";

const allowed = new Set(["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "MS-PL", "LGPL-3.0-or-later", "0BSD", "Zlib", "Unlicense"]);
const known = JSON.parse(readFileSync(new URL("licences.json", import.meta.url), "utf8"));

let bad = 0;
let packages = 0;
for (const path of process.argv.slice(2)) {
  for (const { name, version, licenses = [] } of JSON.parse(readFileSync(path, "utf8")).components ?? []) {
    packages++;
    const names = licenses.map(({ license, expression }) => expression ?? license?.id ?? license?.name ?? license?.url);
    const found = known[name] ? [known[name]] : names;
    const parts = found.flatMap((text) => String(text).split(/ (?:AND|OR) /));
    if (parts.length === 0 || !parts.every((part) => allowed.has(part.replace(/[()]/g, "")))) {
      console.error(`licences: ${name} ${version} is under ${names.join(", ") || "no licence"}, which was not looked at (${path}).`);
      bad++;
    }
  }
}
if (packages === 0) {
  console.error("licences: there is no sbom.json with packages; run make publish first.");
  bad++;
}
process.exit(bad ? 1 : 0);
