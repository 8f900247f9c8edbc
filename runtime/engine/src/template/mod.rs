//! Renders compiled templates.
//!
//! Nothing is parsed here: names, filters and JSON paths were checked and compiled when the spec was.
//! Rendering writes the segments one after another into the caller's buffer; a value goes through its
//! filters and is then made safe for where it goes in. What is missing is written as nothing.

mod date;
mod escape;
mod fake;
mod filter;
mod json_path;
mod source;
mod value;

use std::cell::OnceCell;

use http::StatusCode;

use crate::bundle::Bundle;
use crate::environment::Environment;
use crate::matcher::Found;
use crate::program::{
    ArchivedExpression, ArchivedSegment, ArchivedTemplate, ArchivedValueSource, Escape,
};
use crate::request::Request;
use value::Value;

pub(crate) use date::is_date_format;
pub use escape::{json as escape_json, text as escape_text};
pub(crate) use json_path::JsonPaths;
pub use json_path::parse as parse_json_path;

/// The longest text that one template makes, in bytes; what comes after is left out. Far above any
/// sensible answer: it bounds what a template that repeats a large body can cost.
pub const RENDER_LIMIT: usize = 64 * 1024 * 1024;

/// Where a template's values come from.
pub struct Context<'c> {
    bundle: &'c Bundle,
    environment: &'c dyn Environment,
    request: Option<&'c Request<'c>>,
    found: Option<&'c Found<'c>>,
    body: Option<&'c [u8]>,
    error: Option<StatusCode>,
    json: OnceCell<Option<serde_json::Value>>,
}

impl<'c> Context<'c> {
    /// For the templates of a route.
    pub fn of_route(
        bundle: &'c Bundle,
        found: &'c Found<'c>,
        request: &'c Request<'c>,
        body: Option<&'c [u8]>,
        environment: &'c dyn Environment,
    ) -> Self {
        Self {
            bundle,
            environment,
            request: Some(request),
            found: Some(found),
            body,
            error: None,
            json: OnceCell::new(),
        }
    }

    /// For the templates of an error page. The request is missing where there was none that could be
    /// understood.
    pub fn of_error(
        bundle: &'c Bundle,
        status: StatusCode,
        request: Option<&'c Request<'c>>,
        environment: &'c dyn Environment,
    ) -> Self {
        Self {
            bundle,
            environment,
            request,
            found: None,
            body: None,
            error: Some(status),
            json: OnceCell::new(),
        }
    }

    /// The body as JSON; parsed once for all templates, when the first one asks.
    fn json(&self) -> Option<&serde_json::Value> {
        self.json
            .get_or_init(|| serde_json::from_slice(self.body?).ok())
            .as_ref()
    }
}

/// Writes a template's text behind what is in `out`.
pub fn render(template: &ArchivedTemplate, context: &Context<'_>, out: &mut String) {
    let start = out.len();
    let limit = start.saturating_add(RENDER_LIMIT);
    for segment in template.segments.iter() {
        match segment {
            ArchivedSegment::Text(text) => out.push_str(text),
            ArchivedSegment::Value(expression) => {
                write_value(expression, context, out);
            }
        }
        if out.len() > limit {
            out.truncate(out.floor_char_boundary(limit));
            break;
        }
    }
    keep_host(template, start, out);
}

/// An empty value between two slashes at the beginning of a URL would make `//`, and what follows
/// would be taken for another server: the second slash is encoded.
fn keep_host(template: &ArchivedTemplate, start: usize, out: &mut String) {
    let written = out.get(start..).unwrap_or("");
    let meant = match template.segments.first() {
        Some(ArchivedSegment::Text(text)) => text.starts_with("//"),
        Some(ArchivedSegment::Value(first)) => Escape::from(&first.escape) != Escape::Url,
        None => true,
    };
    let in_url = |segment: &ArchivedSegment| match segment {
        ArchivedSegment::Text(_) => false,
        ArchivedSegment::Value(value) => Escape::from(&value.escape) == Escape::Url,
    };
    if written.starts_with("//") && !meant && template.segments.iter().any(in_url) {
        out.replace_range(start + 1..start + 2, "%2F");
    }
}

/// The template's text where it holds no values, so that nothing must be rendered.
pub(crate) fn constant(template: &ArchivedTemplate) -> Option<&str> {
    match template.segments.as_slice() {
        [] => Some(""),
        [ArchivedSegment::Text(text)] => Some(text),
        _ => None,
    }
}

/// Whether a value comes from the request's body.
pub(crate) fn looks_at_body(source: &ArchivedValueSource) -> bool {
    matches!(
        source,
        ArchivedValueSource::Body
            | ArchivedValueSource::BodyJson(_)
            | ArchivedValueSource::BodyForm(_)
    )
}

fn write_value(expression: &ArchivedExpression, context: &Context<'_>, out: &mut String) {
    let escape = Escape::from(&expression.escape);
    if let Some(encoded) = source::encoded_path(expression, escape, context) {
        escape::write_encoded(encoded, out);
        return;
    }
    let value = source::value(&expression.source, context);
    let (value, raw) = filter::apply(&expression.filters, value);
    match (&value, escape) {
        _ if raw => value.write(out),
        (_, Escape::JsonValue | Escape::ScriptValue) => escape::json(escape, &value.json(), out),
        (Value::Encoded(text), Escape::Url | Escape::UrlPart | Escape::Cookie) => {
            out.push_str(text);
        }
        _ => escape::text(escape, &value.text(), out),
    }
}
