//! A configuration of nox as a spec.
//!
//! Every key is either carried over or named in a warning and in a comment: nothing is dropped in
//! silence.

mod build;
mod route;

use gatec_schema::value::Address;
use gatec_syntax::{Diagnostic, Document, Node, Number, Object, Severity, Span, Value};

use build::{Built, commented, string, whole};

/// The spec, and what of the configuration is not in it.
pub(super) struct Imported {
    pub(super) document: Document,
    pub(super) findings: Vec<Diagnostic>,
}

/// Reads a configuration.
pub(super) fn import(document: &Document) -> Imported {
    let mut reader = Reader::default();
    let root = &document.root;
    reader.known(root, "", &["server", "logging", "plugins", "mock"]);
    let gateway = reader.gateway(root);
    let listener = reader.listener(root);
    let log = reader.log(root);
    reader.plugins(root);
    let lost = reader.notes();
    let routes = reader.routes(root);
    let mut spec = Built::default();
    spec.put_entry(commented("gateway", gateway, heading(lost)));
    spec.put("listeners", Built::with("web", listener));
    spec.put_unless_empty("log", log);
    spec.put_unless_empty("routes", routes);
    let mut findings = reader.findings;
    findings.sort_by_key(|found| found.span.start);
    Imported {
        document: spec.into_document(),
        findings,
    }
}

fn heading(lost: Vec<String>) -> Vec<String> {
    let mut lines = vec!["Imported from a configuration of nox.".to_owned()];
    lines.extend(lost);
    lines
}

/// Reads a configuration and remembers what it could not carry over.
#[derive(Default)]
pub(super) struct Reader {
    findings: Vec<Diagnostic>,
    notes: Vec<String>,
}

impl Reader {
    /// Something that the spec does not have: a warning at its place, and a line for a comment.
    pub(super) fn lost(&mut self, span: Span, what: &str, why: &str) {
        let reason = match why {
            "" => String::new(),
            _ => format!(" ({why})"),
        };
        self.notes.push(format!("Not carried over: {what}{reason}"));
        let message = format!("{what} is not carried over{reason}");
        self.findings.push(Diagnostic::warning("", span, message));
    }

    fn wrong(&mut self, span: Span, message: String) {
        self.findings.push(Diagnostic {
            severity: Severity::Error,
            ..Diagnostic::error("", span, message)
        });
    }

    /// The lines for a comment since the last call.
    pub(super) fn notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// Names every key that is not known.
    pub(super) fn known(&mut self, object: &Object, path: &str, keys: &[&str]) {
        for entry in &object.entries {
            if !keys.contains(&entry.key.as_str()) {
                self.lost(entry.key_span, &format!("`{path}{}`", entry.key), "");
            }
        }
    }

    /// The object under a key; what stands there instead is an error.
    pub(super) fn object<'o>(&mut self, parent: &'o Object, key: &str) -> Option<&'o Object> {
        let node = parent.get(key)?;
        match &node.value {
            Value::Object(object) => Some(object),
            Value::Null => None,
            other => {
                self.wrong(
                    node.span,
                    format!("`{key}` is {}, expected an object", other.kind()),
                );
                None
            }
        }
    }

    /// The list under a key.
    pub(super) fn list<'o>(&mut self, parent: &'o Object, key: &str) -> &'o [Node] {
        let Some(node) = parent.get(key) else {
            return &[];
        };
        match &node.value {
            Value::Array(items) => items,
            Value::Null => &[],
            other => {
                self.wrong(
                    node.span,
                    format!("`{key}` is {}, expected a list", other.kind()),
                );
                &[]
            }
        }
    }

    /// The scalar under a key, as text.
    pub(super) fn text(&mut self, parent: &Object, key: &str) -> Option<(String, Span)> {
        let node = parent.get(key)?;
        let text = match &node.value {
            Value::String(text) => text.clone(),
            Value::Bool(value) => value.to_string(),
            Value::Number(Number::Integer(value)) => value.to_string(),
            Value::Number(Number::Float(value)) => value.to_string(),
            Value::Null => return None,
            other => {
                self.wrong(
                    node.span,
                    format!("`{key}` is {}, expected a string", other.kind()),
                );
                return None;
            }
        };
        Some((text, node.span))
    }

    fn number(&mut self, parent: &Object, key: &str, most: i64) -> Option<i64> {
        let node = parent.get(key)?;
        match node.value {
            Value::Number(Number::Integer(value)) if (0..=most).contains(&value) => Some(value),
            _ => {
                self.wrong(
                    node.span,
                    format!("`{key}`: expected a whole number from 0 to {most}"),
                );
                None
            }
        }
    }

    fn gateway(&mut self, root: &Object) -> Node {
        let mut gateway = Built::default();
        gateway.put("name", string("nox"));
        if let Some(server) = self.object(root, "server") {
            self.known(server, "server.", &["host", "port", "workers"]);
            if let Some(workers) = self.number(server, "workers", 1024) {
                gateway.put("workers", whole(workers));
            }
        }
        gateway.into_node()
    }

    fn listener(&mut self, root: &Object) -> Node {
        let server = root.get("server").and_then(Node::as_object);
        let port = server
            .and_then(|server| self.number(server, "port", 65_535))
            .unwrap_or(8080);
        let host = server.and_then(|server| self.text(server, "host"));
        let bind = match host {
            None => format!("127.0.0.1:{port}"),
            Some((host, span)) => self.bind(&host, port, span),
        };
        Built::with("bind", string(&bind))
    }

    fn bind(&mut self, host: &str, port: i64, span: Span) -> String {
        let host = if host == "localhost" {
            "127.0.0.1"
        } else {
            host
        };
        let bind = match host.contains(':') && !host.starts_with('[') {
            true => format!("[{host}]:{port}"),
            false => format!("{host}:{port}"),
        };
        if Address::try_from(bind.clone()).is_ok() {
            return bind;
        }
        self.lost(
            span,
            &format!("the host `{host}`"),
            "a listener binds an IP address; 127.0.0.1 is written",
        );
        format!("127.0.0.1:{port}")
    }

    fn log(&mut self, root: &Object) -> Node {
        let mut log = Built::default();
        let Some(logging) = self.object(root, "logging") else {
            return log.into_node();
        };
        self.known(logging, "logging.", &["level", "format"]);
        if let Some((level, span)) = self.text(logging, "level") {
            match level.to_lowercase().as_str() {
                level @ ("error" | "warn" | "info" | "debug" | "trace") => {
                    log.put("level", string(level))
                }
                "warning" => log.put("level", string("warn")),
                _ => self.lost(span, &format!("the level `{level}`"), "it is not a level"),
            }
        }
        if let Some((format, span)) = self.text(logging, "format") {
            match format.to_lowercase().as_str() {
                format @ ("json" | "pretty") => log.put("format", string(format)),
                "text" | "plain" | "console" => log.put("format", string("pretty")),
                _ => self.lost(
                    span,
                    &format!("the log format `{format}`"),
                    "it is not a format",
                ),
            }
        }
        log.into_node()
    }

    /// The plugin `mock` is what the routes are; of the others nothing can be said in a spec yet.
    fn plugins(&mut self, root: &Object) {
        let Some(plugins) = self.object(root, "plugins") else {
            return;
        };
        self.known(plugins, "plugins.", &["enabled", "config"]);
        let config = self.object(plugins, "config");
        let mut named = vec!["mock"];
        for item in self.list(plugins, "enabled") {
            let Some(name) = item.as_str() else {
                self.wrong(item.span, "a plugin is named by a string".to_owned());
                continue;
            };
            if name != "mock" {
                let has_config = config.is_some_and(|config| config.get(name).is_some());
                let what = format!(
                    "the plugin `{name}`{}",
                    if has_config {
                        " with its configuration"
                    } else {
                        ""
                    }
                );
                self.lost(item.span, &what, consequence(name));
                named.push(name);
            }
        }
        for entry in config.into_iter().flat_map(|config| &config.entries) {
            if !named.contains(&entry.key.as_str()) || entry.key == "mock" {
                self.lost(
                    entry.key_span,
                    &format!("`plugins.config.{}`", entry.key),
                    "",
                );
            }
        }
    }
}

fn consequence(plugin: &str) -> &'static str {
    match plugin {
        "auth" => "every route is public: anybody can use it",
        "session" => "no session is kept",
        _ => "",
    }
}
