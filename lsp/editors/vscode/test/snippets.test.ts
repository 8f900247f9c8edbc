// Every snippet, with each of its choices, is a part of a spec that gatec accepts.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { after, before, test } from "node:test";

import { around } from "./contexts";
import { here, json } from "./place";
import { expand, variants, type Snippet } from "./snippet";
import { colour } from "./tokens";

const snippets = Object.entries(json<Record<string, Snippet>>(here, "snippets/gate.json"));
/** The program to ask; without it only the form is looked at. */
const gatec = process.env["GATEC"];
const folder = mkdtempSync(path.join(tmpdir(), "gatec-snippets-"));
after(() => rmSync(folder, { recursive: true }));

test("placeholders become their defaults", () => {
  assert.equal(expand("a ${1:b} $1 ${2|c,d|} \\$x ${3:{\\}} $0"), "a b b c $x {} ");
  assert.deepEqual(variants("${1|a,b|}${2|c,d|}"), ["ac", "bc", "ad"]);
});

test("prefixes are told apart", () => {
  const prefixes = snippets.flatMap(([, snippet]) => snippet.prefix);
  assert.deepEqual(prefixes.length, new Set(prefixes).size);
});

for (const [name, snippet] of snippets) {
  const specs = variants(snippet.body.join("\n")).map((text) => ({ text, spec: around(name, text) }));

  test(`${name}: well-formed`, async () => {
    for (const { text, spec } of specs) {
      const found = await colour("source.gate", spec);
      const invalid = found.lines.flatMap((line) => line.tokens).filter((token) => token.scopes.some((one) => one.startsWith("invalid")));
      assert.deepEqual(invalid, [], text);
      assert.ok(found.closed, `something is not closed: ${text}`);
    }
  });

  test(`${name}: accepted by gatec`, { skip: gatec === undefined && "GATEC names no program" }, () => {
    // A test expects what its defaults lead to; with another method it may rightly fail.
    for (const [index, { spec }] of specs.entries()) accepted(gatec ?? "", spec, index === 0 && /\btest "/.test(spec));
  });
}

/** What the snippets name must be there. */
before(() => {
  for (const sub of ["site", "routes"]) mkdirSync(path.join(folder, sub));
  writeFileSync(path.join(folder, "site/index.html"), "<title>Shop</title>");
  writeFileSync(path.join(folder, "routes/more.kdl"), "");
  if (gatec !== undefined) spawnSync(gatec, ["cert", "dev", "--dir", path.join(folder, "certs")]);
});

/** `gatec check` finds nothing, not even a warning, and the tests of the spec pass. */
function accepted(program: string, spec: string, tests: boolean): void {
  const file = path.join(folder, "gate.kdl");
  writeFileSync(file, spec);
  const commands = [["check", "--deny-warnings", file], ...(tests ? [["test", file]] : [])];
  for (const command of commands) {
    const { status, stdout, stderr } = spawnSync(program, command, { encoding: "utf8" });
    assert.equal(status, 0, `gatec ${command[0] ?? ""}:\n${stdout}${stderr}\nof:\n${spec}`);
  }
}
