// The extension from start to end: one server, started again when its settings change.
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

import * as make from "./client";
import { chosen } from "./documents";
import { missing, status, type State } from "./words";

let running: Session | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const session = new Session();
  running = session;
  context.subscriptions.push(
    session,
    vscode.commands.registerCommand("gatec.restart", () => session.restart()),
    vscode.commands.registerCommand("gatec.showOutput", () => session.output.show(true)),
    vscode.workspace.onDidChangeConfiguration((change) => {
      // `gatec.trace` is followed by the client itself.
      const ours = ["gatec.path", "gatec.environment", "gatec.include"];
      if (ours.some((setting) => change.affectsConfiguration(setting))) void session.restart();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => session.restart()),
  );
  await session.restart();
}

export async function deactivate(): Promise<void> {
  await running?.stop();
}

/** The server and what is shown of it. */
class Session implements vscode.Disposable {
  readonly output = vscode.window.createOutputChannel("gatec");
  private readonly item = vscode.languages.createLanguageStatusItem("gatec", []);
  private client: LanguageClient | undefined;
  /** Starts and stops wait for each other, in the order they were asked for. */
  private turn: Promise<void> = Promise.resolve();

  restart(): Promise<void> {
    this.turn = this.turn.then(async () => {
      await this.end();
      await this.begin();
    });
    return this.turn;
  }

  stop(): Promise<void> {
    this.turn = this.turn.then(() => this.end());
    return this.turn;
  }

  dispose(): void {
    this.item.dispose();
    this.output.dispose();
  }

  private async begin(): Promise<void> {
    const given = make.settings();
    this.item.selector = chosen(given.include).map((one) => ({ ...one }));
    const found = make.program(given.path);
    if (found.kind === "missing") {
      this.tell("missing");
      this.output.appendLine(`not found:\n  ${found.looked.join("\n  ")}`);
      void this.offer(missing(given.path, found.looked));
      return;
    }
    const client = make.client(found.file, given, this.output, (state) => this.tell(state));
    this.client = client;
    try {
      await client.start();
    } catch (error) {
      this.tell("stopped");
      const why = error instanceof Error ? error.message : String(error);
      void this.offer(`${found.file} did not start as a language server: ${why}`);
    }
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    // A client that never came up cannot be stopped; there is nothing left to end.
    await client?.dispose().catch(() => undefined);
  }

  private tell(state: State): void {
    const info = this.client?.initializeResult?.serverInfo;
    const told = status(state, info && `${info.name} ${info.version ?? ""}`.trim());
    this.item.name = "gatec";
    this.item.text = told.text;
    this.item.detail = told.detail;
    this.item.busy = told.busy;
    this.item.severity = told.bad ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
    this.item.command = told.bad
      ? { command: "gatec.restart", title: "Restart" }
      : { command: "gatec.showOutput", title: "Show the output" };
  }

  private async offer(message: string): Promise<void> {
    const [settings, output] = ["Open settings", "Show the output"];
    const answer = await vscode.window.showErrorMessage(message, settings, output);
    if (answer === settings) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "gatec.path");
    } else if (answer === output) {
      this.output.show(true);
    }
  }
}
