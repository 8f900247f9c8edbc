//! Values from outside: `(env)`, `(file)` and `(secret)`; and file paths, which are put relative to
//! the root folder whatever file they stand in.

use std::path::Path;

use gatec_syntax::{Document, Node, Number, Object, Reference, Span, Value};

use super::Loader;
use super::read::Kind;
use super::rules::{leaves_root, missing_variable, secret_not_allowed, unknown_annotation};
use crate::shape::grammar::{ScalarKind, ScalarType, Type, TypeId};
use crate::shape::rules::wrong_type;

/// Resolves every reference of a document. In a profile that is not chosen a missing variable is no
/// finding; what cannot be resolved stays a reference.
pub(super) fn resolve(loader: &mut Loader<'_>, profile: Option<&str>, document: &mut Document) {
    let root = loader.grammar.root();
    for entry in &mut document.root.entries {
        let Some((kind, _)) = loader.grammar.below(root, &entry.key) else {
            continue;
        };
        match (&mut entry.node.value, loader.grammar.kind(kind)) {
            (Value::Object(profiles), Type::Map(map)) if entry.key == "profiles" => {
                for entry in &mut profiles.entries {
                    let chosen = profile == Some(entry.key.as_str());
                    Resolver::new(loader, chosen).node(map.value, &mut entry.node);
                }
            }
            _ => Resolver::new(loader, true).node(kind, &mut entry.node),
        }
    }
}

impl Loader<'_> {
    /// Resolves one text outside of the walk: a path to include.
    pub(super) fn resolve_text(&mut self, node: &mut Node) {
        if let Value::Reference(reference) = &node.value {
            let reference = reference.clone();
            let text = ScalarType {
                kind: Some(ScalarKind::Text),
                ..ScalarType::default()
            };
            let mut resolver = Resolver::new(self, true);
            if let Some(value) = resolver.reference(&text, &reference, node.span) {
                node.value = value;
            }
        }
    }
}

/// The keys of `files` that say which folder it is, and whether the replica reads it.
const ROOT: &str = "root";
const LIVE: &str = "live";

struct Resolver<'l, 'o> {
    loader: &'l mut Loader<'o>,
    chosen: bool,
    /// Whether a path here may be absolute.
    absolute: bool,
}

impl<'l, 'o> Resolver<'l, 'o> {
    fn new(loader: &'l mut Loader<'o>, chosen: bool) -> Self {
        Self {
            loader,
            chosen,
            absolute: false,
        }
    }

    /// Goes down only where the grammar does.
    fn node(&mut self, id: TypeId, node: &mut Node) {
        let grammar = self.loader.grammar;
        match (&mut node.value, grammar.kind(id)) {
            (Value::Object(object), Type::Object(_) | Type::Map(_)) => self.object(id, object),
            (Value::Array(items), Type::List(list)) => {
                items.iter_mut().for_each(|item| self.node(list.item, item));
            }
            (Value::Reference(reference), kind) => {
                let other = ScalarType::default();
                let scalar = match kind {
                    Type::Scalar(scalar) => scalar,
                    _ => &other,
                };
                let reference = reference.clone();
                if let Some(value) = self.reference(scalar, &reference, node.span) {
                    node.value = value;
                    self.path(scalar, node);
                }
            }
            (Value::String(_), Type::Scalar(scalar)) if is(scalar, "secret-name") => {
                self.loader
                    .found
                    .push(secret_not_allowed::in_clear(node.span));
                node.value = unresolved("", node.span);
            }
            (Value::String(_), Type::Scalar(scalar)) => self.path(scalar, node),
            _ => {}
        }
    }

    fn object(&mut self, id: TypeId, object: &mut Object) {
        let grammar = self.loader.grammar;
        // A folder that may be `live` may be an absolute one: whether it is live is known only once
        // profiles are merged, and checked then.
        let is_object = matches!(grammar.kind(id), Type::Object(_));
        let served = is_object && grammar.below(id, LIVE).is_some();
        for entry in &mut object.entries {
            if let Some((kind, _)) = grammar.below(id, &entry.key) {
                self.absolute = served && entry.key == ROOT;
                self.node(kind, &mut entry.node);
            }
        }
    }

    fn reference(
        &mut self,
        scalar: &ScalarType,
        reference: &Reference,
        span: Span,
    ) -> Option<Value> {
        match reference.kind.as_str() {
            "env" => self.variable(scalar, reference, span),
            "file" => self.file(reference, span),
            "secret" => self.secret(scalar, reference, span),
            _ => {
                let mark = match self
                    .loader
                    .sources
                    .slice(reference.kind_span)
                    .starts_with('!')
                {
                    true => "!",
                    false => "",
                };
                let finding = unknown_annotation::word(reference.kind_span, &reference.kind, mark);
                self.loader.found.push(finding);
                None
            }
        }
    }

    /// `NAME` or `NAME:-default`; as in a shell, the default also stands in for an empty value.
    fn variable(
        &mut self,
        scalar: &ScalarType,
        reference: &Reference,
        span: Span,
    ) -> Option<Value> {
        let (name, default) = match reference.target.split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (reference.target.as_str(), None),
        };
        if name.is_empty() {
            self.loader.found.push(missing_variable::unnamed(span));
            return None;
        }
        let set = (self.loader.options.environment)(name);
        let text = match default {
            Some(default) => set
                .filter(|text| !text.is_empty())
                .unwrap_or_else(|| default.to_owned()),
            None => match set {
                Some(text) => text,
                None => {
                    if self.chosen {
                        self.loader
                            .found
                            .push(missing_variable::variable(span, name));
                    }
                    return None;
                }
            },
        };
        let value = coerced(scalar, text);
        if value.is_none() {
            let expected = match scalar.kind {
                Some(ScalarKind::Boolean) => "`true` or `false`",
                _ => "a whole number",
            };
            self.loader
                .found
                .push(wrong_type::variable(span, name, expected));
        }
        value
    }

    /// The text of a file in the root folder.
    fn file(&mut self, reference: &Reference, span: Span) -> Option<Value> {
        let relative = self.loader.within(span, &reference.target)?;
        let path = self.loader.root.join(relative);
        self.loader.watched.push(path.clone());
        if self.loader.is_inside(&path) == Some(false) {
            let finding = leaves_root::path(span, &reference.target, "a link leads out of it");
            self.loader.found.push(finding);
            return None;
        }
        match self.loader.read(&path, Kind::Named) {
            Ok(text) => Some(Value::String(text.to_string())),
            Err(failure) => {
                self.loader
                    .found
                    .push(failure.finding(span, &reference.target));
                None
            }
        }
    }

    /// The template that asks for the secret when a request is answered.
    fn secret(&mut self, scalar: &ScalarType, reference: &Reference, span: Span) -> Option<Value> {
        let name = &reference.target;
        let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
        if name.is_empty() || !name.chars().all(sound) {
            self.loader.found.push(secret_not_allowed::name(span, name));
            return None;
        }
        if is(scalar, "secret-name") {
            return Some(Value::String(name.clone()));
        }
        if !is(scalar, "template") && !is(scalar, "store-url") {
            self.loader.found.push(secret_not_allowed::here(span, name));
            return None;
        }
        Some(Value::String(format!("{{{{ secret(\"{name}\") }}}}")))
    }

    /// Puts a file path relative to the root folder.
    fn path(&mut self, scalar: &ScalarType, node: &mut Node) {
        let format = scalar.format.map_or("", |format| format.name);
        let Value::String(text) = &node.value else {
            return;
        };
        let is_path = match format {
            "file-path" | "disk-path" => true,
            "key-source" => !text.contains("://"),
            _ => false,
        };
        let absolute = self.absolute || format != "file-path";
        let stays = absolute && Path::new(text).has_root();
        if !is_path || stays || text.is_empty() || text.contains('\0') {
            return;
        }
        let text = text.clone();
        if let Some(path) = self.loader.within(node.span, &text) {
            node.value = Value::String(shown(&path));
        } else {
            // Reported; as an unresolved value it is taken out without a further finding.
            node.value = unresolved(&text, node.span);
        }
    }
}

fn is(scalar: &ScalarType, format: &str) -> bool {
    scalar.format.is_some_and(|known| known.name == format)
}

/// A variable's text as the type that is expected; `None` if it is not one.
fn coerced(scalar: &ScalarType, text: String) -> Option<Value> {
    match scalar.kind {
        Some(ScalarKind::Integer | ScalarKind::Number) => text
            .trim()
            .parse()
            .ok()
            .map(|whole| Value::Number(Number::Integer(whole))),
        Some(ScalarKind::Boolean) => match text.trim() {
            "true" | "1" => Some(Value::Bool(true)),
            "false" | "0" => Some(Value::Bool(false)),
            _ => None,
        },
        _ => Some(Value::String(text)),
    }
}

/// A relative path with `/` between its parts on every machine.
fn shown(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    match parts.is_empty() {
        true => ".".to_owned(),
        false => parts.join("/"),
    }
}

fn unresolved(text: &str, span: Span) -> Value {
    Value::Reference(Reference {
        kind: String::new(),
        kind_span: span,
        target: text.to_owned(),
        target_span: span,
    })
}
