//! Values: what the schema numbers, what the workspace names, what lies in folders.

use std::path::Path;

use gatec_compiler::load::Format;
use gatec_compiler::shape::grammar::{Field, ScalarKind, ScalarType, TypeId};
use gatec_schema::value::METHODS;
use serde_json::Value;

use super::snippet::{escaped, is_plain};
use super::{Asked, Item, Kind};
use crate::cursor::Quote;
use crate::names::{POLICY_IDS, ROUTES, TAGS};

/// Header fields in common use (IANA's registry of HTTP field names has all).
pub(super) const HEADERS: &[&str] = &[
    "accept",
    "accept-encoding",
    "accept-language",
    "access-control-allow-origin",
    "age",
    "allow",
    "authorization",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-location",
    "content-security-policy",
    "content-type",
    "cookie",
    "date",
    "etag",
    "expires",
    "forwarded",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "last-modified",
    "link",
    "location",
    "origin",
    "pragma",
    "range",
    "referer",
    "referrer-policy",
    "retry-after",
    "server",
    "set-cookie",
    "strict-transport-security",
    "traceparent",
    "user-agent",
    "vary",
    "via",
    "www-authenticate",
    "x-content-type-options",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-frame-options",
    "x-request-id",
];

/// Media types in common use.
const MEDIA: &[&str] = &[
    "application/json",
    "application/problem+json",
    "application/x-www-form-urlencoded",
    "text/css",
    "text/html",
    "text/javascript",
    "text/plain",
    "text/*",
    "image/svg+xml",
];

impl Asked<'_> {
    /// The values that a key can have, with its text up to the cursor.
    pub(super) fn values(
        &self,
        kind: TypeId,
        field: Option<&'static Field>,
        path: &[String],
        before: &str,
        quote: Quote,
    ) -> Vec<Item> {
        let kind = match self.grammar.kind(kind) {
            gatec_compiler::shape::grammar::Type::List(list) => list.item,
            _ => kind,
        };
        let Some(scalar) = self.grammar.scalar(kind) else {
            return Vec::new();
        };
        let format = scalar.format.map_or("", |format| format.name);
        if format == "template"
            && let Some(items) = self.expression(before, path)
        {
            return items;
        }
        if let Some(section) = field.and_then(|field| field.reference.as_deref()) {
            return self.names(section, quote);
        }
        let keys: Vec<&str> = path.iter().map(String::as_str).collect();
        match keys.as_slice() {
            ["never", _, "route", ..] => {
                let mut items = self.names(ROUTES, quote);
                items.extend(self.names(TAGS, quote));
                return items;
            }
            ["policies", "links", _, "template"] => return self.names(POLICY_IDS, quote),
            _ => {}
        }
        if path.first().is_some_and(|key| key == "include")
            || matches!(format, "file-path" | "disk-path")
        {
            return self.files(before, quote);
        }
        let mut items = self.choices(scalar, quote);
        let known: &[&str] = match format {
            "method" => METHODS,
            "header-name" => HEADERS,
            "media-range" => MEDIA,
            "template" if path.last().is_some_and(|key| key == "content-type") => MEDIA,
            _ => &[],
        };
        items.extend(
            known
                .iter()
                .map(|word| self.text(word, Kind::Choice, quote)),
        );
        if items.is_empty() {
            let examples = scalar.format.map_or(&[][..], |format| format.examples);
            let examples = examples.iter().filter(|_| format != "template");
            items.extend(examples.map(|example| Item {
                detail: "an example".to_owned(),
                ..self.text(example, Kind::Value, quote)
            }));
        }
        items
    }

    fn choices(&self, scalar: &ScalarType, quote: Quote) -> Vec<Item> {
        if scalar.kind == Some(ScalarKind::Boolean) && quote == Quote::Bare {
            let mark = if self.format == Format::Kdl { "#" } else { "" };
            let words = ["true", "false"].map(|word| format!("{mark}{word}"));
            return words
                .map(|word| Item {
                    rank: 0,
                    ..self.item(word, Kind::Choice)
                })
                .into();
        }
        let choice = |value: &Value| match value {
            Value::String(word) => self.text(word, Kind::Choice, quote),
            other => self.item(other.to_string(), Kind::Choice),
        };
        let choices = scalar.choices.iter().filter(|value| !value.is_null());
        choices
            .map(|value| Item {
                rank: 0,
                ..choice(value)
            })
            .collect()
    }

    fn names(&self, section: &str, quote: Quote) -> Vec<Item> {
        let names = self.around.names(section);
        let what = section.strip_suffix('s').unwrap_or(section);
        names
            .iter()
            .map(|name| Item {
                detail: what.to_owned(),
                rank: 0,
                ..self.text(name, Kind::Name, quote)
            })
            .collect()
    }

    /// A text value, with quotes where there are none yet and it needs them.
    pub(super) fn text(&self, word: &str, kind: Kind, quote: Quote) -> Item {
        let escaped_double = || word.replace('\\', "\\\\").replace('"', "\\\"");
        let (mark, inside) = match (quote, self.format) {
            (Quote::Double, _) => ("", escaped_double()),
            (Quote::Single, _) => ("", word.replace('\'', "''")),
            (Quote::Raw, _) => ("", word.to_owned()),
            (Quote::Bare, Format::Yaml) if is_plain(word) => ("", word.to_owned()),
            (Quote::Bare, _) => ("\"", escaped_double()),
        };
        Item {
            snippet: format!("{mark}{}{mark}", escaped(&inside)),
            ..self.item(word, kind)
        }
    }

    /// The files of the folder that is typed so far.
    fn files(&self, before: &str, quote: Quote) -> Vec<Item> {
        let folder = before
            .rfind('/')
            .map_or("", |at| before.get(..=at).unwrap_or(""));
        if folder.starts_with('/') {
            return Vec::new();
        }
        let entries = self.around.files(Path::new(folder));
        entries
            .iter()
            .map(|entry| {
                let is_folder = entry.ends_with('/');
                let path = format!("{folder}{entry}");
                Item {
                    more: is_folder,
                    rank: u8::from(is_folder),
                    ..self.text(
                        &path,
                        if is_folder { Kind::Folder } else { Kind::File },
                        quote,
                    )
                }
            })
            .collect()
    }
}
