// How specs are coloured, as snapshots: `npm run snapshots` writes them anew.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { test } from "node:test";

import { here, project, text } from "./place";
import { colour, type Coloured } from "./tokens";

const examples = ["hello", "shop", "nox"].map((name) => ({
  name: `example-${name}`,
  scope: "source.gate",
  file: path.join(project, "examples", name, "gate.kdl"),
}));
const ours = [
  { name: "all", scope: "source.gate", file: path.join(here, "test/grammar/all.gate.kdl") },
  { name: "templates", scope: "source.yaml", file: path.join(here, "test/grammar/templates.gate.yaml") },
];

const policies = ["staff", "customers"].map((name) => ({
  name: `policies-${name}`,
  scope: "source.cedar",
  file: path.join(project, "examples/shop/policies", `${name}.cedar`),
}));

for (const { name, scope, file } of [...ours, ...examples, ...policies]) {
  test(`${name} is coloured as before`, async () => {
    const shown = show(await colour(scope, text(file)));
    const kept = path.join(here, "test/grammar/snapshots", `${name}.snap`);
    if (process.env["UPDATE"] !== undefined) {
      mkdirSync(path.dirname(kept), { recursive: true });
      writeFileSync(kept, shown);
    }
    assert.ok(existsSync(kept), `no snapshot ${kept}: npm run snapshots`);
    assert.equal(shown, readFileSync(kept, "utf8"));
  });
}

for (const { name, scope, file } of [...examples, ...policies]) {
  test(`${name} has nothing invalid, and all of it is closed`, async () => {
    const found = await colour(scope, text(file));
    const invalid = found.lines.flatMap((line) => line.tokens).filter((token) => token.scopes.some((one) => one.startsWith("invalid")));
    assert.deepEqual(invalid, []);
    assert.ok(found.closed);
  });
}

test("an open string takes no more than its line", async () => {
  const { lines } = await colour("source.gate", 'node "open\nnext 1');
  assert.deepEqual(lines[1]?.tokens[0], { text: "next", scopes: ["meta.node.gate", "entity.name.tag.gate"] });
});

/** Each line, and under it what each part of it is. */
function show(found: Coloured): string {
  const lines = found.lines.flatMap(({ text, tokens }) => [
    text,
    ...tokens
      .filter((token) => token.text.trim() !== "")
      .map((token) => `    ${JSON.stringify(token.text)} ${token.scopes.filter((one) => !one.startsWith("meta.")).join(" ")}`.trimEnd()),
  ]);
  return `${lines.join("\n")}\n`;
}
