//! An editor, as far as a measurement needs one.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) struct Client {
    server: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    next: u64,
    version: u64,
    uri: String,
}

impl Client {
    /// Starts a server for a folder.
    pub(super) fn start(gatec: &Path, folder: &Path) -> Result<Self, String> {
        let mut server = Command::new(gatec)
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("`{}` does not start: {error}", gatec.display()))?;
        let (Some(input), Some(output)) = (server.stdin.take(), server.stdout.take()) else {
            return Err("the server has no pipes".to_owned());
        };
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let mut client = Self {
            server,
            input,
            messages,
            next: 0,
            version: 1,
            uri: String::new(),
        };
        let root = address(folder);
        client.call(
            "initialize",
            json!({
                "capabilities": { "textDocument": { "completion": { "completionItem": { "snippetSupport": true } } } },
                "workspaceFolders": [{ "uri": root, "name": "large" }],
            }),
        )?;
        client.tell("initialized", json!({}))?;
        Ok(client)
    }

    fn send(&mut self, message: &Value) -> Result<(), String> {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len())
            .and_then(|()| self.input.flush())
            .map_err(|error| format!("the server is gone: {error}"))
    }

    fn tell(&mut self, method: &str, params: Value) -> Result<(), String> {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }))
    }

    fn next(&self) -> Result<Value, String> {
        self.messages
            .recv_timeout(PATIENCE)
            .map_err(|_| "the server does not answer".to_owned())
    }

    fn call(&mut self, method: &str, params: Value) -> Result<Value, String> {
        self.next += 1;
        let id = self.next;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))?;
        loop {
            let message = self.next()?;
            if message.get("id") == Some(&json!(id)) && message.get("method").is_none() {
                return match message.get("error") {
                    Some(error) => Err(format!("{method}: {error}")),
                    None => Ok(message.get("result").cloned().unwrap_or(Value::Null)),
                };
            }
        }
    }

    pub(super) fn open(&mut self, file: &Path, text: &str) -> Result<(), String> {
        self.uri = address(file);
        let language = if file.extension().is_some_and(|ending| ending == "kdl") {
            "kdl"
        } else {
            "yaml"
        };
        self.tell(
            "textDocument/didOpen",
            json!({ "textDocument": { "uri": self.uri, "languageId": language, "version": 1, "text": text } }),
        )
    }

    pub(super) fn change(&mut self, changes: Value) -> Result<(), String> {
        self.version += 1;
        self.tell(
            "textDocument/didChange",
            json!({
                "textDocument": { "uri": self.uri, "version": self.version },
                "contentChanges": changes,
            }),
        )
    }

    /// A request about a place in the open text.
    pub(super) fn request(&mut self, method: &str, position: Value) -> Result<Value, String> {
        let uri = self.uri.clone();
        self.call(
            method,
            json!({ "textDocument": { "uri": uri }, "position": position }),
        )
    }

    /// Waits until the open text has findings, or none.
    pub(super) fn until_findings(&mut self, some: bool) -> Result<(), String> {
        loop {
            let message = self.next()?;
            let of_this = message.pointer("/params/uri").and_then(Value::as_str) == Some(&self.uri);
            let found = message
                .pointer("/params/diagnostics")
                .and_then(Value::as_array);
            if let (true, Some(found)) = (of_this, found)
                && found.is_empty() != some
            {
                return Ok(());
            }
        }
    }

    /// Waits until the open text has findings; every text made to be slow has some.
    pub(super) fn until_told(&mut self) -> Result<(), String> {
        self.until_findings(true)
    }

    /// The most memory that the server has had, in MiB.
    pub(super) fn peak(&self) -> Result<f64, String> {
        let status = format!("/proc/{}/status", self.server.id());
        let status = std::fs::read_to_string(status).map_err(|error| error.to_string())?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
        Ok(kib.unwrap_or(0.0) / 1024.0)
    }

    pub(super) fn end(mut self) -> Result<(), String> {
        self.call("shutdown", Value::Null)?;
        self.tell("exit", Value::Null)?;
        let status = self.server.wait().map_err(|error| error.to_string())?;
        match status.success() {
            true => Ok(()),
            false => Err(format!("the server ended with {status}")),
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // A measurement that failed leaves no server behind.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("Content-Length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut bytes = vec![0; length];
    output.read_exact(&mut bytes).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// A path as an address. The paths here are those of temporary folders, plain letters all.
fn address(path: &Path) -> String {
    format!("file://{}", path.display())
}
