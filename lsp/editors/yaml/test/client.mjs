// As much of a client as the tests need: the real server, spoken to over its standard input.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";

const program = createRequire(import.meta.url).resolve("yaml-language-server/bin/yaml-language-server");

/** Starts the server with these `yaml` settings. */
export async function start(yaml) {
  const child = spawn(process.execPath, [program, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  const waiting = new Map();
  const published = new Map();
  let [buffer, id] = [Buffer.alloc(0), 0];

  const send = (message) => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
    child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    child.stdin.write(body);
  };
  const take = (message) => {
    if (message.method === "textDocument/publishDiagnostics") {
      published.get(message.params.uri)?.(message.params.diagnostics);
    } else if (message.method !== undefined && message.id !== undefined) {
      const asked = message.method === "workspace/configuration" ? message.params.items.map(({ section }) => (section === "yaml" ? yaml : null)) : null;
      send({ id: message.id, result: asked });
    } else if (message.id !== undefined) {
      const { done, failed } = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error) failed(new Error(message.error.message));
      else done(message.result);
    }
  };
  child.stdout.on("data", (bytes) => {
    buffer = Buffer.concat([buffer, bytes]);
    for (;;) {
      const end = buffer.indexOf("\r\n\r\n");
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.toString("latin1", 0, Math.max(end, 0)))?.[1]);
      if (end < 0 || buffer.length < end + 4 + length) return;
      const body = buffer.toString("utf8", end + 4, end + 4 + length);
      buffer = buffer.subarray(end + 4 + length);
      take(JSON.parse(body));
    }
  });

  const request = (method, params) =>
    new Promise((done, failed) => {
      id += 1;
      waiting.set(id, { done, failed });
      send({ id, method, params });
    });
  const notify = (method, params) => send({ method, params });

  await request("initialize", {
    processId: process.pid,
    rootUri: null,
    capabilities: {
      workspace: { configuration: true },
      textDocument: { completion: { completionItem: { documentationFormat: ["plaintext"] } }, publishDiagnostics: {} },
    },
  });
  notify("initialized", {});
  notify("workspace/didChangeConfiguration", { settings: { yaml } });

  return {
    /** Opens a text; gives the messages about it. */
    open(uri, text) {
      const found = new Promise((done) => published.set(uri, done));
      notify("textDocument/didOpen", { textDocument: { uri, languageId: "yaml", version: 1, text } });
      return found.then((all) => all.map((one) => ({ line: one.range.start.line, message: one.message })));
    },
    /** What can be written at a place of an open text. */
    async complete(uri, line, character) {
      const answer = await request("textDocument/completion", { textDocument: { uri }, position: { line, character } });
      return (answer.items ?? answer).map((item) => item.label);
    },
    async hover(uri, line, character) {
      const answer = await request("textDocument/hover", { textDocument: { uri }, position: { line, character } });
      return answer === null ? "" : JSON.stringify(answer.contents);
    },
    async stop() {
      await request("shutdown", null);
      notify("exit", null);
      await new Promise((done) => child.once("exit", done));
    },
  };
}
