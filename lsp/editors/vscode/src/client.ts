// The language server's client: what is started, for which documents, and what is told of it.
import { existsSync, statSync } from "node:fs";
import { homedir } from "node:os";

import * as vscode from "vscode";
import {
  LanguageClient,
  State as ClientState,
  type LanguageClientOptions,
  type ServerOptions,
} from "vscode-languageclient/node";

import { find, type Found } from "./binary";
import { chosen } from "./documents";
import { asked, type Place } from "./places";
import type { State } from "./words";

/** The settings, read anew at each start. */
export interface Settings {
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly include: readonly string[];
}

export function settings(): Settings {
  const ours = vscode.workspace.getConfiguration("gatec");
  return {
    path: ours.get("path", "gatec"),
    environment: ours.get("environment", {}),
    include: ours.get("include", []),
  };
}

/** The program that the settings mean. */
export function program(wanted: string): Found {
  return find(wanted, {
    platform: process.platform,
    home: homedir(),
    workspace: folder(),
    environment: process.env,
    isFile: (file) => existsSync(file) && statSync(file).isFile(),
  });
}

/** A client that is not started yet. Its id is also the prefix of the setting `gatec.trace.server`,
 * which the library reads. */
export function client(file: string, given: Settings, output: vscode.OutputChannel, told: (state: State) => void): LanguageClient {
  const cwd = folder();
  const server: ServerOptions = {
    command: file,
    args: ["lsp"],
    options: {
      env: { ...process.env, ...given.environment },
      ...(cwd === undefined ? {} : { cwd }),
    },
  };
  const options: LanguageClientOptions = {
    documentSelector: chosen(given.include).map((one) => ({ ...one })) as NonNullable<LanguageClientOptions["documentSelector"]>,
    outputChannel: output,
    diagnosticCollectionName: "gatec",
    middleware: { executeCommand },
  };
  const made = new LanguageClient("gatec", "gatec", server, options);
  made.onDidChangeState(({ newState }) => told(STATES[newState]));
  return made;
}

/** Places go into the editor's own list; every other command is the server's. */
async function executeCommand(command: string, given: unknown[], next: (command: string, given: unknown[]) => unknown): Promise<unknown> {
  const list = command === "gatec.showPolicies" ? asked(given) : undefined;
  if (list === undefined) return next(command, given);
  const range = (one: Place["range"]): vscode.Range =>
    new vscode.Range(one.start.line, one.start.character, one.end.line, one.end.character);
  const places = list.places.map((one) => new vscode.Location(vscode.Uri.parse(one.uri), range(one.range)));
  const at = new vscode.Position(list.at.line, list.at.character);
  return vscode.commands.executeCommand("editor.action.showReferences", vscode.Uri.parse(list.uri), at, places);
}

const STATES: Readonly<Record<ClientState, State>> = {
  [ClientState.Starting]: "starting",
  [ClientState.Running]: "running",
  [ClientState.Stopped]: "stopped",
};

/** The server is one for all folders; relative paths of settings begin at the first. */
function folder(): string | undefined {
  return vscode.workspace.workspaceFolders?.find((one) => one.uri.scheme === "file")?.uri.fsPath;
}
