//! The outline of a text: everything that has a name, and the parts of it.

use gatec_compiler::shape::Grammar;
use gatec_compiler::shape::grammar::Type;
use gatec_syntax::{Entry, Value};

use crate::view::View;
use crate::{Bytes, route};

/// What a symbol is, for its icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A section of the root.
    Section,
    /// A route.
    Route,
    /// A listener or an upstream.
    Server,
    /// A test.
    Test,
    /// A policy.
    Policy,
    /// Any other name.
    Name,
}

/// A part of a text that has a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// Its name.
    pub name: String,
    /// A few words beside it.
    pub detail: String,
    /// What it is.
    pub kind: Kind,
    /// All of it.
    pub whole: Bytes,
    /// The name.
    pub at: Bytes,
    /// The section it stands in; of a section, its own key.
    pub section: String,
    /// What it holds.
    pub inside: Vec<Symbol>,
}

/// The outline, in the order written.
pub fn symbols(view: &View) -> Vec<Symbol> {
    let mut found = Vec::new();
    for entry in &view.document.root.entries {
        match named(&entry.key) {
            true => found.extend(members(&entry.key, entry)),
            false => found.extend(section(entry)),
        }
    }
    found.sort_by_key(|symbol| symbol.whole.start);
    found
}

fn named(key: &str) -> bool {
    let grammar = Grammar::get();
    let found = grammar.below(grammar.root(), key);
    found.is_some_and(|(kind, _)| matches!(grammar.kind(kind), Type::Map(_)))
}

fn section(entry: &Entry) -> Option<Symbol> {
    let whole = entry.key_span.to(entry.node.span).range();
    (!whole.is_empty()).then(|| Symbol {
        name: entry.key.clone(),
        detail: String::new(),
        kind: Kind::Section,
        whole,
        at: entry.key_span.range(),
        section: entry.key.clone(),
        inside: Vec::new(),
    })
}

fn members(section: &str, entry: &Entry) -> Vec<Symbol> {
    let object = entry.node.as_object();
    let entries = object.iter().flat_map(|object| &object.entries);
    entries.map(|entry| member(section, entry)).collect()
}

fn member(section: &str, entry: &Entry) -> Symbol {
    let kind = match section {
        "routes" => Kind::Route,
        "listeners" | "upstreams" => Kind::Server,
        "tests" => Kind::Test,
        _ => Kind::Name,
    };
    let overlaid = entry.node.as_object().filter(|_| section == "profiles");
    let overlaid = overlaid.iter().flat_map(|object| &object.entries);
    let inside = overlaid.flat_map(|part| match named(&part.key) {
        true => members(&part.key, part),
        false => section_of(part),
    });
    Symbol {
        name: entry.key.clone(),
        detail: detail(section, entry),
        kind,
        whole: entry.key_span.to(entry.node.span).range(),
        at: entry.key_span.range(),
        section: section.to_owned(),
        inside: inside.collect(),
    }
}

fn section_of(part: &Entry) -> Vec<Symbol> {
    section(part).into_iter().collect()
}

fn detail(section: &str, entry: &Entry) -> String {
    let Value::Object(object) = &entry.node.value else {
        return String::new();
    };
    let text = |key: &str| object.get(key).and_then(|node| node.as_str()).unwrap_or("");
    match section {
        "routes" => route::takes(object).replace('`', ""),
        "listeners" => text("bind").to_owned(),
        "upstreams" => {
            let servers = object.get("servers").and_then(|node| node.as_array());
            let urls = servers
                .unwrap_or(&[])
                .iter()
                .filter_map(|server| server.as_object());
            let urls: Vec<&str> = urls
                .filter_map(|server| server.get("url")?.as_str())
                .collect();
            urls.join(", ")
        }
        _ => String::new(),
    }
}
