// The common YAML server (the one in the YAML extension of VS Code, and in most other editors) with
// the schema that is published.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { entry } from "../schemastore.mjs";
import { start } from "./client.mjs";

const project = new URL("../../../../", import.meta.url);
const schema = new URL("generated/gate.schema.json", project).href;
const shop = readFileSync(new URL("examples/shop/gate.yaml", project), "utf8");
/** The settings that docs/editors/yaml.md gives. */
const told = { validate: true, hover: true, completion: true, schemaStore: { enable: false }, customTags: ["!env scalar", "!file scalar", "!secret scalar"] };
/** Nothing is read from there; a relative schema begins at its folder. */
const beside = (name) => new URL(`examples/shop/${name}`, project).href;
const line = "# yaml-language-server: $schema=../../generated/gate.schema.json\n";

let server;
before(async () => {
  server = await start({ ...told, schemas: { [schema]: entry.fileMatch } });
});
after(() => server.stop());

test("a good spec has no findings", async () => {
  assert.deepEqual(await server.open(beside("gate.yaml"), shop), []);
});

test("the line at the top chooses the schema for a file of any name", async () => {
  const found = await server.open(beside("routes.yaml"), `${line}listeners:\n  web:\n    bnd: ":8080"\n`);
  assert.ok(found.some((one) => one.line === 3 && one.message.includes("bnd")), JSON.stringify(found));
  assert.ok(found.some((one) => one.message.includes("bind")), JSON.stringify(found));
});

test("a file of another name without the line is nobody's spec", async () => {
  assert.deepEqual(await server.open(beside("other.yaml"), "listeners:\n  web:\n    bnd: 1\n"), []);
});

for (const glob of entry.fileMatch) {
  test(`the catalogue's \`${glob}\` chooses the schema`, async () => {
    const uri = beside(`sub/${glob.replace("*", "shop")}`);
    const found = await server.open(uri, "routes:\n  a:\n    publik: true\n");
    assert.ok(found.some((one) => one.line === 2 && one.message.includes("publik")), JSON.stringify(found));
  });
}

test("keys and values are completed, with what the schema says of them", async () => {
  const uri = beside("complete.gate.yaml");
  await server.open(uri, "routes:\n  a:\n    pub\nlog:\n  level: \n");
  assert.ok((await server.complete(uri, 2, 7)).includes("public"));
  const levels = await server.complete(uri, 4, 9);
  for (const level of ["error", "warn", "info", "debug", "trace"]) assert.ok(levels.includes(level), levels.join());
  const hovered = beside("hover.gate.yaml");
  await server.open(hovered, "log:\n  access: errors\nroutes:\n  a:\n    public: true\n");
  assert.match(await server.hover(hovered, 4, 6), /Anybody may use this route/);
});

test("the page shows what the server really says", async () => {
  const page = readFileSync(new URL("docs/editors/yaml.md", project), "utf8");
  const [, spec, said] = /```yaml\n(gateway:[\s\S]*?)```[\s\S]*?```text\n([\s\S]*?)```/.exec(page);
  const found = await server.open(beside("page.gate.yaml"), spec);
  const lines = found.sort((a, b) => a.line - b.line).map((one) => `${one.line + 1}: ${one.message}\n`);
  assert.equal(lines.join(""), said);
});

test("values from outside are known by their tags, though only as text", async () => {
  const found = await server.open(beside("tags.gate.yaml"), "gateway:\n  name: !env NAME\n  workers: !env WORKERS\n");
  assert.deepEqual(found, [{ line: 2, message: 'Incorrect type. Expected "integer".' }]);
});
