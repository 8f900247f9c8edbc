// What the SchemaStore would hold its copy of the schema against.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

import Ajv from "ajv";

import { entry, name, schema } from "../schemastore.mjs";

const { parse } = createRequire(createRequire(import.meta.url).resolve("yaml-language-server"))("yaml");
const example = (file) => parse(readFileSync(new URL(`../examples/${file}`, import.meta.url), "utf8"));
// `type` may be a list there too, and a default beside a `$ref` is passed over.
const ajv = () => new Ajv.default({ strict: true, strictTypes: false, strictTuple: false, strictRequired: false, allErrors: true });

test("the schema is valid in strict mode, and tells good from bad", () => {
  const accepts = ajv().compile(schema());
  assert.ok(accepts(example("hello.yaml")), JSON.stringify(accepts.errors));
  assert.ok(!accepts(example("unknown-key.yaml")));
});

test("the schema has what a catalogue needs, and nothing that only we read", () => {
  assert.equal(schema().$schema, "http://json-schema.org/draft-07/schema#");
  assert.equal(schema().$id, entry.url);
  assert.deepEqual(JSON.stringify(schema()).match(/"x-(?:kdl|reference|what)"|\$defs/g), null);
});

test("the entry has the keys of the catalogue, and names that are not anybody's", () => {
  assert.deepEqual(Object.keys(entry), ["name", "description", "fileMatch", "url"]);
  assert.equal(name, "gatec.json");
  for (const glob of entry.fileMatch) assert.match(glob, /gate\.ya?ml$/);
});

test("the extension of VS Code chooses by the same names", () => {
  const manifest = JSON.parse(readFileSync(new URL("../../vscode/package.json", import.meta.url), "utf8"));
  assert.deepEqual(manifest.contributes.yamlValidation[0].fileMatch, entry.fileMatch);
});
