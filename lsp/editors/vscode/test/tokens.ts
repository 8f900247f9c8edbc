// The grammars, run by the same engine as in the editor.
import { readFileSync } from "node:fs";
import * as path from "node:path";

import { createOnigScanner, createOnigString, loadWASM } from "vscode-oniguruma";
import { INITIAL, parseRawGrammar, Registry, type IGrammar, type StateStack } from "vscode-textmate";

import { here } from "./place";

interface Grammar {
  readonly scopeName: string;
  readonly path: string;
  readonly injectTo?: readonly string[];
}

/** A line and the scopes of its parts, without the outermost. */
export interface Line {
  readonly text: string;
  readonly tokens: readonly { readonly text: string; readonly scopes: readonly string[] }[];
}

/** What a text became, and whether everything that was opened in it is closed at its end. */
export interface Coloured {
  readonly lines: readonly Line[];
  readonly closed: boolean;
}

const contributed = (JSON.parse(readFileSync(path.join(here, "package.json"), "utf8")) as {
  contributes: { grammars: readonly Grammar[] };
}).contributes.grammars;

/** The editor has a grammar for YAML; here a small one stands for it. */
const all: readonly Grammar[] = [
  ...contributed,
  { scopeName: "source.yaml", path: "test/grammar/yaml.tmLanguage.json" },
];

const engine = loadWASM({ data: readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")).buffer as ArrayBuffer }).then(
  () => ({ createOnigScanner, createOnigString }),
);

const registry = new Registry({
  onigLib: engine,
  loadGrammar: async (scope) => {
    const found = all.find((one) => one.scopeName === scope);
    if (!found) return null;
    const file = path.join(here, found.path);
    return parseRawGrammar(readFileSync(file, "utf8"), file);
  },
  getInjections: (scope) => all.filter((one) => one.injectTo?.includes(scope)).map((one) => one.scopeName),
});

export async function colour(scope: string, source: string): Promise<Coloured> {
  const grammar = await registry.loadGrammar(scope);
  if (!grammar) throw new Error(`no grammar for ${scope}`);
  const lines: Line[] = [];
  let state: StateStack = INITIAL;
  for (const line of source.split("\n")) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    lines.push({
      text: line,
      tokens: tokens.map((token) => ({
        text: line.slice(token.startIndex, token.endIndex),
        scopes: token.scopes.slice(1),
      })),
    });
    state = ruleStack;
  }
  return { lines, closed: state.depth === fresh(grammar).depth };
}

function fresh(grammar: IGrammar): StateStack {
  return grammar.tokenizeLine("", INITIAL).ruleStack;
}
