// check.mjs FOLDER: each FOLDER/*.json is a list of Kubernetes objects. Prints, as "name: fault", what the types of Kubernetes and KEDA and
// their schemas refuse. The compiler sees names and types, the schema what must be there and which values are allowed.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const folder = process.argv[2];

const moduleOf = ({ apiVersion, kind }) =>
  `${apiVersion.includes("keda.sh") ? "@kubernetes-models/keda" : "kubernetes-models"}/${apiVersion}/${kind}`;

const types = new Map();

async function load(object) {
  const name = moduleOf(object);
  if (!types.has(name)) {
    types.set(name, await import(name).then((module) => module[object.kind]).catch(() => null));
  }
  return types.get(name);
}

async function checkSchema(name, object) {
  const type = await load(object);
  if (!type) {
    return console.log(`${name}: ${object.apiVersion} ${object.kind} is no kind of Kubernetes or KEDA.`);
  }
  try {
    new type(object).validate();
  } catch (fault) {
    console.log(`${name}: ${object.kind} ${object.metadata?.name}: ${fault.message}`);
  }
}

const sourceOf = (objects) =>
  objects
    .filter((object) => types.get(moduleOf(object)))
    .flatMap((object, index) => [
      `import type { I${object.kind} as T${index} } from "${moduleOf(object)}";`,
      `export const o${index}: T${index} = ${JSON.stringify(object)};`,
    ])
    .join("\n");

for (const file of readdirSync(folder).filter((file) => file.endsWith(".json"))) {
  const name = basename(file, ".json");
  const objects = JSON.parse(readFileSync(join(folder, file), "utf8"));
  for (const object of objects) {
    await checkSchema(name, object);
  }
  writeFileSync(join(folder, `${name}.ts`), sourceOf(objects));
}

symlinkSync(join(here, "node_modules"), join(folder, "node_modules"));
const sources = readdirSync(folder).filter((file) => file.endsWith(".ts"));
const options = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext", "--pretty", "false"];
try {
  execFileSync("node", [join(here, "node_modules/typescript/bin/tsc"), ...options, ...sources], { cwd: folder, encoding: "utf8" });
} catch (fault) {
  for (const line of fault.stdout.split("\n").filter((line) => line.includes("error TS"))) {
    console.log(line.replace(/^(.*)\.ts\(\d+,\d+\): error /, "$1: "));
  }
}
