//! An editor, as far as a test needs one: it opens texts, asks, and keeps what it is told.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use gatec_lsp::{Ended, Host, TestReport};
use lsp_server::{Connection, Message, Notification, Request, RequestId, Response};
use lsp_types::Url;
use serde_json::{Value, json};

/// How long an answer may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// An editor with a folder of files.
pub(crate) struct Session {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) capabilities: Value,
    connection: Connection,
    server: Option<JoinHandle<Result<Ended, String>>>,
    next: i32,
    /// The findings that were pushed, by file.
    pub(crate) pushed: HashMap<PathBuf, Vec<Value>>,
    /// Everything else that came unasked, by method.
    pub(crate) told: Vec<(String, Value)>,
    versions: HashMap<String, i32>,
}

/// What most editors of today can do.
pub(crate) fn able() -> Value {
    json!({
        "general": { "positionEncodings": ["utf-16"] },
        "textDocument": {
            "completion": { "completionItem": { "snippetSupport": true } },
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
            "publishDiagnostics": { "relatedInformation": true },
        },
    })
}

impl Session {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        Self::with(files, able())
    }

    pub(crate) fn with(files: &[(&str, &str)], client: Value) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let (connection, other) = Connection::memory();
        let host = || Host {
            version: "test".to_owned(),
            run_test: Arc::new(|root: &Path, name: &str, _: &_| {
                // `slow` goes on until there is a file of this name.
                let begun = Instant::now();
                while name == "slow"
                    && !root.with_file_name("go").exists()
                    && begun.elapsed() < PATIENCE
                {
                    std::thread::sleep(Duration::from_millis(2));
                }
                TestReport {
                    passed: name != "bad",
                    text: format!("{name} of {}", root.file_name().unwrap().to_string_lossy()),
                }
            }),
            pages: None,
        };
        let server = std::thread::spawn(move || gatec_lsp::serve(&other, host()));
        let mut session = Self {
            folder,
            capabilities: Value::Null,
            connection,
            server: Some(server),
            next: 0,
            pushed: HashMap::new(),
            told: Vec::new(),
            versions: HashMap::new(),
        };
        let folder = Url::from_file_path(session.folder.path()).unwrap();
        let answer = session.ask(
            "initialize",
            json!({
                "capabilities": client,
                "workspaceFolders": [{ "uri": folder, "name": "test" }],
            }),
        );
        session.capabilities = answer["capabilities"].clone();
        session.tell("initialized", json!({}));
        session
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn uri(&self, name: &str) -> String {
        Url::from_file_path(self.path(name)).unwrap().to_string()
    }

    pub(crate) fn tell(&self, method: &str, params: Value) {
        let one = Notification::new(method.to_owned(), params);
        self.connection.sender.send(one.into()).unwrap();
    }

    pub(crate) fn open(&mut self, name: &str) -> String {
        let text = std::fs::read_to_string(self.path(name)).unwrap();
        self.open_with(name, &text);
        text
    }

    pub(crate) fn open_with(&mut self, name: &str, text: &str) {
        let language = match name.rsplit_once('.') {
            Some((_, "kdl")) => "kdl",
            Some((_, "cedar")) => "cedar",
            _ => "yaml",
        };
        self.tell(
            "textDocument/didOpen",
            json!({ "textDocument": {
                "uri": self.uri(name), "languageId": language, "version": 1, "text": text,
            } }),
        );
    }

    /// Puts a whole text in the place of an open one.
    pub(crate) fn replace(&mut self, name: &str, text: &str) {
        self.change(name, json!([{ "text": text }]));
    }

    pub(crate) fn change(&mut self, name: &str, changes: Value) {
        let version = self.versions.entry(name.to_owned()).or_insert(1);
        *version += 1;
        let version = *version;
        self.tell(
            "textDocument/didChange",
            json!({
                "textDocument": { "uri": self.uri(name), "version": version },
                "contentChanges": changes,
            }),
        );
    }

    /// Sends a request, and takes what comes until its answer does.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Response {
        let id = self.send(method, params);
        self.response(&id)
    }

    pub(crate) fn send(&mut self, method: &str, params: Value) -> RequestId {
        self.next += 1;
        let id = RequestId::from(self.next);
        let request = Request::new(id.clone(), method.to_owned(), params);
        self.connection.sender.send(request.into()).unwrap();
        id
    }

    pub(crate) fn response(&mut self, id: &RequestId) -> Response {
        let begun = Instant::now();
        loop {
            let left = PATIENCE.saturating_sub(begun.elapsed());
            let message = self.connection.receiver.recv_timeout(left);
            match message.expect("an answer") {
                Message::Response(response) if response.id == *id => return response,
                other => self.take(other),
            }
        }
    }

    /// The answer to a request that is not refused.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Value {
        let response = self.request(method, params);
        match response.response_result {
            Ok(value) => value,
            Err(error) => panic!("{method}: {}", error.message),
        }
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Notification(one) if one.method == "textDocument/publishDiagnostics" => {
                let uri: Url = serde_json::from_value(one.params["uri"].clone()).unwrap();
                let found = one.params["diagnostics"].as_array().unwrap().clone();
                self.pushed.insert(uri.to_file_path().unwrap(), found);
            }
            Message::Notification(one) => self.told.push((one.method, one.params)),
            Message::Request(request) => {
                let answer = Response::new_ok(request.id.clone(), Value::Null);
                self.connection.sender.send(answer.into()).unwrap();
                self.told.push((request.method, request.params));
            }
            Message::Response(_) => {}
        }
    }

    /// Takes what comes until something holds.
    pub(crate) fn wait(&mut self, what: &str, holds: impl Fn(&Session) -> bool) {
        let begun = Instant::now();
        while !holds(self) {
            assert!(
                begun.elapsed() < PATIENCE,
                "{what}: {:#?} {:?}",
                self.pushed,
                self.told
            );
            if let Ok(message) = self
                .connection
                .receiver
                .recv_timeout(Duration::from_millis(50))
            {
                self.take(message);
            }
        }
    }

    /// The codes pushed for a file, in order.
    pub(crate) fn codes(&self, name: &str) -> Vec<String> {
        let found = self
            .pushed
            .get(&self.path(name))
            .cloned()
            .unwrap_or_default();
        found
            .iter()
            .map(|one| one["code"].as_str().unwrap().to_owned())
            .collect()
    }

    pub(crate) fn wait_for_codes(&mut self, name: &str, codes: &[&str]) {
        self.wait(&format!("{name}: {codes:?}"), |session| {
            session.codes(name) == codes
        });
    }

    /// The parameters of a request about the place behind `before` in a text.
    pub(crate) fn at(&self, name: &str, text: &str, before: &str) -> Value {
        let offset = text
            .find(before)
            .unwrap_or_else(|| panic!("`{before}` in {text}"))
            + before.len();
        let lines: Vec<&str> = text[..offset].split('\n').collect();
        let column = lines.last().unwrap().encode_utf16().count();
        json!({
            "textDocument": { "uri": self.uri(name) },
            "position": { "line": lines.len() - 1, "character": column },
        })
    }

    /// What is offered behind `before`, by label.
    pub(crate) fn labels(&mut self, name: &str, text: &str, before: &str) -> Vec<String> {
        let params = self.at(name, text, before);
        let answer = self.ask("textDocument/completion", params);
        let items = answer["items"].as_array().cloned().unwrap_or_default();
        items
            .iter()
            .map(|item| item["label"].as_str().unwrap().to_owned())
            .collect()
    }

    pub(crate) fn is_serving(&self) -> bool {
        self.server
            .as_ref()
            .is_some_and(|server| !server.is_finished())
    }

    /// Says goodbye, as an editor does.
    pub(crate) fn end(mut self) {
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        let ended = self.server.take().unwrap().join();
        assert_eq!(
            ended.expect("the server does not panic"),
            Ok(Ended::Orderly)
        );
    }
}

/// A text after the edits of an answer.
pub(crate) fn applied(text: &str, edits: &Value) -> String {
    let lines = gatec_ide::Lines::new(text.into());
    let offset = |at: &Value| {
        let number = |key: &str| u32::try_from(at[key].as_u64().unwrap()).unwrap();
        let at = gatec_ide::Position {
            line: number("line"),
            column: number("character"),
        };
        lines.offset(at, gatec_ide::Encoding::Utf16)
    };
    let mut edits: Vec<(usize, usize, String)> = edits
        .as_array()
        .unwrap()
        .iter()
        .map(|edit| {
            let range = &edit["range"];
            let text = edit["newText"].as_str().unwrap().to_owned();
            (offset(&range["start"]), offset(&range["end"]), text)
        })
        .collect();
    edits.sort();
    let mut out = text.to_owned();
    for (start, end, new) in edits.into_iter().rev() {
        out.replace_range(start..end, &new);
    }
    out
}
