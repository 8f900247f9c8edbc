// Writes what a change to the SchemaStore consists of, laid out as its repository is:
//   out/schemastore/src/schemas/json/gatec.json        the schema as it takes it
//   out/schemastore/src/test/gatec/*.yaml              what must be accepted
//   out/schemastore/src/negative_test/gatec/*.yaml     what must not
// The entry for its catalogue is catalog-entry.json beside this file.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = new URL("./", import.meta.url);
const project = new URL("../../../", here);

export const entry = JSON.parse(readFileSync(new URL("catalog-entry.json", here), "utf8"));
export const name = entry.url.split("/").pop();

/** The schema in the draft that most editors read, without what only we understand: our hints, and
 * formats of our own, which its validator refuses to pass over. */
export function schema() {
  const ours = JSON.parse(readFileSync(new URL("generated/gate.schema.json", project), "utf8"));
  const { $schema: _, title: __, ...rest } = plain(ours);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: entry.url,
    title: "spec of an API gateway or mock server",
    ...rest,
  };
}

function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  const known = Object.entries(value).filter(([key, inner]) => !ours(key, inner));
  return Object.fromEntries(known.map(([key, inner]) => [draft(key), kept(key, inner)]));
}

/** What a key holds; values that a user could write are left as they are. */
function kept(key, inner) {
  if (key === "$ref") return inner.replace("#/$defs/", "#/definitions/");
  return ["default", "examples", "const", "enum"].includes(key) ? inner : plain(inner);
}

/** A key `format` under `properties` has a schema for its value, and is not a format. */
function ours(key, inner) {
  return key.startsWith("x-") || (key === "format" && typeof inner === "string");
}

const draft = (key) => (key === "$defs" ? "definitions" : key);

export function write() {
  const at = (path) => new URL(`out/schemastore/src/${path}`, here);
  const stem = name.replace(/\.json$/, "");
  for (const folder of ["schemas/json/", `test/${stem}/`, `negative_test/${stem}/`]) mkdirSync(at(folder), { recursive: true });
  writeFileSync(at(`schemas/json/${name}`), `${JSON.stringify(schema(), null, 2)}\n`);
  copyFileSync(new URL("examples/hello.yaml", here), at(`test/${stem}/hello.yaml`));
  copyFileSync(new URL("examples/unknown-key.yaml", here), at(`negative_test/${stem}/unknown-key.yaml`));
  return fileURLToPath(new URL("out/schemastore", here));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(`wrote ${write()}`);
