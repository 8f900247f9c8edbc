// What the manifest names is there, and what is there is named.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { test } from "node:test";

import { here, json, project, text } from "./place";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly main: string;
  readonly icon: string;
  readonly engines: { readonly vscode: string };
  readonly activationEvents: readonly string[];
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
  readonly contributes: {
    readonly languages: readonly { readonly id: string; readonly configuration: string; readonly icon: Readonly<Record<string, string>> }[];
    readonly grammars: readonly { readonly language?: string; readonly scopeName: string; readonly path: string }[];
    readonly snippets: readonly { readonly language: string; readonly path: string }[];
    readonly yamlValidation: readonly { readonly fileMatch: readonly string[]; readonly url: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly default: unknown; readonly scope: string }>> };
    readonly commands: readonly { readonly command: string }[];
    readonly configurationDefaults: Readonly<Record<string, unknown>>;
  };
}

const manifest = json<Manifest>(here, "package.json");
const { contributes } = manifest;
const source = readdirSync(path.join(here, "src")).map((file) => text(here, "src", file)).join("\n");

test("every file that is named exists", () => {
  const files = [
    manifest.main,
    manifest.icon,
    ...contributes.languages.flatMap((one) => [one.configuration, ...Object.values(one.icon)]),
    ...contributes.grammars.map((one) => one.path),
    ...contributes.snippets.map((one) => one.path),
    ...contributes.yamlValidation.map((one) => one.url),
    "README.md",
    "CHANGELOG.md",
    "LICENSE.txt",
  ];
  assert.deepEqual(files.filter((file) => !existsSync(path.join(here, file))), []);
});

test("every grammar, set of snippets and picture is named", () => {
  const named = [...contributes.grammars, ...contributes.snippets].map((one) => path.normalize(one.path));
  const there = ["syntaxes", "snippets"].flatMap((folder) => readdirSync(path.join(here, folder)).map((file) => path.join(folder, file)));
  assert.deepEqual(there.sort(), named.sort());
  assert.deepEqual(readdirSync(path.join(here, "images")), [path.basename(manifest.icon)]);
});

test("a grammar has the scope that the manifest says, and its rules exist", () => {
  for (const { path: file, scopeName } of contributes.grammars) {
    const grammar = json<{ scopeName: string; repository: Record<string, unknown> }>(here, file);
    assert.equal(grammar.scopeName, scopeName);
    const wanted = [...text(here, file).matchAll(/"include": "#([^"]+)"/g)].map((found) => found[1] ?? "");
    assert.deepEqual(wanted.filter((rule) => !(rule in grammar.repository)), []);
  }
});

test("languages of grammars and snippets are declared", () => {
  const ids = contributes.languages.map((one) => one.id);
  const used = [...contributes.grammars.flatMap((one) => one.language ?? []), ...contributes.snippets.map((one) => one.language)];
  assert.deepEqual(used.filter((id) => !ids.includes(id)), []);
  for (const section of Object.keys(contributes.configurationDefaults)) {
    assert.ok(ids.includes(section.replace(/^\[|\]$/g, "")), section);
  }
});

test("every command is registered, and every registered one declared", () => {
  const registered = [...source.matchAll(/registerCommand\(\s*"([^"]+)"/g)].map((found) => found[1]);
  assert.deepEqual(registered.sort(), contributes.commands.map((one) => one.command).sort());
});

test("what the server itself offers as a command is not registered twice", () => {
  assert.ok(!source.includes('registerCommand("gatec.runTest"'));
});

test("every setting is read, with the default that the manifest shows", () => {
  for (const [key, { default: shown }] of Object.entries(contributes.configuration.properties)) {
    // The language client reads `<id>.trace.server` for the id it is made with.
    if (key === "gatec.trace.server") {
      assert.match(source, /new LanguageClient\("gatec",/);
      continue;
    }
    const name = key.replace(/^gatec\./, "");
    const read = new RegExp(`ours\\.get\\("${name}", (.+)\\)`).exec(source);
    assert.deepEqual(JSON.parse(read?.[1] ?? "null"), shown, `${key} is read nowhere, or with another default`);
  }
});

test("every setting that is read is declared", () => {
  const read = [...source.matchAll(/ours\.get\("([^"]+)"/g)].map((found) => `gatec.${found[1] ?? ""}`);
  assert.deepEqual(read.filter((key) => !(key in contributes.configuration.properties)), []);
});

test("what a workspace could use to run a program of its own needs its trust", () => {
  const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
  assert.deepEqual([...restrictedConfigurations].sort(), ["gatec.environment", "gatec.path"]);
  for (const key of restrictedConfigurations) assert.ok(key in contributes.configuration.properties, key);
});

test("the extension starts for specs in every form", () => {
  assert.deepEqual(manifest.activationEvents, ["workspaceContains:**/gate.{kdl,yaml,yml}", "workspaceContains:**/*.gate.{kdl,yaml,yml}"]);
  // A declared language starts it too (VS Code 1.74 and later).
  assert.ok(contributes.languages.some((one) => one.id === "gate"));
});

test("the version and the licence are the project's", () => {
  const workspace = text(project, "Cargo.toml");
  assert.match(workspace, new RegExp(`^version = "${manifest.version}"$`, "m"));
  assert.match(workspace, new RegExp(`^license = "${manifest.license}"$`, "m"));
  assert.match(text(here, "CHANGELOG.md"), /^## Unreleased$/m);
});

test("the editor's types are those of the oldest editor that is supported", () => {
  assert.equal(`^${manifest.devDependencies["@types/vscode"] ?? ""}`, manifest.engines.vscode);
});

test("versions are pinned, and the lock file names no host", () => {
  for (const [name, version] of Object.entries(manifest.devDependencies)) assert.match(version, /^\d+\.\d+\.\d+$/, name);
  assert.ok(!text(here, "package-lock.json").includes('"resolved"'));
});

test("the icon is a square picture of at least 128 pixels", () => {
  const png = readFileSync(path.join(here, manifest.icon));
  assert.equal(png.toString("latin1", 1, 4), "PNG");
  assert.equal(png.readUInt32BE(16), png.readUInt32BE(20));
  assert.ok(png.readUInt32BE(16) >= 128);
});

test("the readme tells of every setting and command", () => {
  const readme = text(here, "README.md");
  for (const key of Object.keys(contributes.configuration.properties)) assert.ok(readme.includes(`\`${key}\``), key);
  for (const { command } of contributes.commands) assert.ok(readme.includes(`\`${command}\``), command);
});
