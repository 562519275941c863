// distill.mjs PROVIDER PACKAGE.tgz TYPE ... > schema.json
// Reads the schemas of a Terraform provider's types out of the bindings that cdktn generated from them: names, what is required or read only,
// types and blocks. What the bindings leave out (optional-computed attributes, sensitivity, allowed values) is not in the result.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [provider, archive, ...types] = process.argv.slice(2);

// Those that infra/ reads although nothing sets them.
const optionalComputed = ["data:aws_region.region"];
const folder = mkdtempSync(join(tmpdir(), "schemas-"));

const folderOf = (type) => {
  const [kind, name] = type.split(":");
  const bare = name.slice(provider.length + 1).replaceAll("_", "-");
  return kind === "data" ? `data-${provider}-${bare}` : bare;
};

const read = (name) => {
  const path = join(folder, "package/lib", name);
  return existsSync(path) ? new Module(readFileSync(join(path, "index.js"), "utf8"), readFileSync(join(path, "index.d.ts"), "utf8")) : null;
};

const primitive = (name) => ({ boolean: "bool", any: "dynamic" })[name] ?? name;

class Module {
  constructor(code, types) {
    this.code = code;
    this.types = types;
  }

  /** Of the resource, data source or provider itself. */
  read() {
    const name = /export declare class (\w+) extends cdktn\.Terraform/.exec(this.types)[1];
    const start = this.code.indexOf(`class ${name} extends`);
    const body = this.code.slice(start, this.code.indexOf("\n}", start));
    return this.block(body.slice(body.indexOf("synthesizeHclAttributes() {")), `${name}Config`, body);
  }

  struct(name) {
    const start = this.code.indexOf(`function ${name}ToHclTerraform(struct) {`);
    const pascal = name[0].toUpperCase() + name.slice(1);
    const output = new RegExp(`class ${pascal}OutputReference extends[\\s\\S]*?\\n}`).exec(this.code);
    return this.block(this.code.slice(start, this.code.indexOf("\n}", start)), pascal, output?.[0] ?? "");
  }

  block(table, typeName, classBody) {
    const required = this.required(typeName);
    const attributes = this.computed(classBody);
    const blocks = {};
    const entry = /(\w+): \{\s+value: (.*),\s+isBlock: (true|false),\s+type: "(\w+)",\s+storageClassType: "(\w+)",\s+\}/g;
    for (const [, name, value, isBlock, kind, storage] of table.matchAll(entry)) {
      const inner = /(?<!cdktn\.)\b(\w+)ToHclTerraform\b/.exec(value)?.[1];
      const many = value.startsWith("cdktn.listMapperHcl");
      if (inner && isBlock === "true") {
        const nesting = kind === "struct" ? "single" : kind;
        blocks[name] = { nesting, min: required.has(name) ? 1 : 0, max: many || kind === "struct" ? 0 : 1, block: this.struct(inner) };
      } else {
        const type = inner ? this.wrap(kind, this.objectType(inner)) : this.typeOf(kind, storage);
        attributes[name] = { type, mode: name === "id" ? "optional computed" : required.has(name) ? "required" : "optional" };
      }
    }
    return { attributes, blocks };
  }

  typeOf(kind, storage) {
    const element = primitive(storage.replace(/(List|Map)$/, ""));
    return kind === "simple" ? element : this.wrap(kind, element.endsWith("List") ? ["list", primitive(element.slice(0, -4))] : element);
  }

  wrap(kind, element) {
    return kind === "struct" ? element : [kind, element];
  }

  objectType(name) {
    return ["object", Object.fromEntries(Object.entries(this.struct(name).attributes).map(([key, { type }]) => [key, type]))];
  }

  required(typeName) {
    const start = this.types.search(new RegExp(`export interface ${typeName}( extends [\\w.]+)? \\{`));
    const body = start < 0 ? "" : this.types.slice(start, this.types.indexOf("\n}", start));
    const property = /#(\w+) [^}]*\}\s*\*\/\s*readonly \w+(\??):/g;
    return new Set([...body.matchAll(property)].filter(([, , optional]) => optional === "").map(([, name]) => name));
  }

  /** What is read only stands in the class alone. */
  computed(body) {
    const found = {};
    const simple = /\/\/ (\w+) - computed: true, optional: false, required: false\s+get \w+\(\) \{\s+return (?:cdktn\.Fn\.tolist\()?this\.get(\w+)Attribute/g;
    const kinds = { String: "string", Number: "number", Boolean: "bool", List: ["list", "string"], NumberList: ["list", "number"], StringMap: ["map", "string"] };
    for (const [, name, kind] of body.matchAll(simple)) {
      found[name] = { type: kinds[kind] ?? "dynamic", mode: "computed" };
    }
    const complex = /\/\/ (\w+) - computed: true, optional: false, required: false\s+this\._\w+ = new (cdktn\.)?(\w+)\(/g;
    for (const [, name, isBuiltIn, kind] of body.matchAll(complex)) {
      const type = isBuiltIn ? ["map", primitive(kind.replace("Map", "").toLowerCase())] : ["list", this.outputType(kind.replace(/List$/, ""))];
      found[name] = { type, mode: "computed" };
    }
    return found;
  }

  outputType(name) {
    const body = new RegExp(`class ${name}OutputReference extends[\\s\\S]*?\\n}`).exec(this.code)[0];
    return ["object", Object.fromEntries(Object.entries(this.computed(body)).map(([key, { type }]) => [key, type]))];
  }
}

try {
  const wanted = types.map((type) => `package/lib/${folderOf(type)}/*`);
  try {
    execFileSync("tar", ["-xzf", archive, "-C", folder, "--wildcards", "package/lib/provider/*", ...wanted], { stdio: "ignore" });
  } catch {
    // A type that the provider does not have: Terraform itself will say so.
  }
  const result = { provider: read("provider").read(), resources: {}, dataSources: {} };
  for (const type of types) {
    const [kind, name] = type.split(":");
    const block = read(folderOf(type))?.read();
    for (const attribute of optionalComputed.filter((path) => path.startsWith(`${type}.`))) {
      block.attributes[attribute.slice(type.length + 1)].mode = "optional computed";
    }
    if (block) {
      result[kind === "data" ? "dataSources" : "resources"][name] = block;
    }
  }
  process.stdout.write(JSON.stringify(result));
} finally {
  rmSync(folder, { recursive: true });
}
