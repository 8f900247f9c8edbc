//! Conditions on the body: the last to be looked at, as they are the dearest.

use std::borrow::Cow;
use std::cell::OnceCell;

use serde_json::Value;

use super::conditions::Subject;
use super::json::Comparison;
use crate::program::{ArchivedBodyCondition, ArchivedBodySubject, ArchivedTextTest};
use crate::request::query_pairs;

/// A request's body, read as JSON once at most.
pub(super) struct Body<'a> {
    bytes: &'a [u8],
    json: OnceCell<Option<Value>>,
}

impl<'a> Body<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            json: OnceCell::new(),
        }
    }

    /// The body as text, if it is UTF-8.
    pub(super) fn text(&self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes).ok()
    }

    /// The body as JSON, if it is that. Depth is bounded (128) by the reader.
    pub(super) fn json(&self) -> Option<&Value> {
        let read = || serde_json::from_slice(self.bytes).ok();
        self.json.get_or_init(read).as_ref()
    }
}

impl Subject<'_> {
    /// Whether a condition on the body holds. Of a body that is not of the kind the condition looks
    /// at (no JSON, no text), nothing holds.
    pub(super) fn holds(&self, body: &Body<'_>, condition: &ArchivedBodyCondition) -> bool {
        let tests = &condition.tests;
        match &condition.subject {
            ArchivedBodySubject::Text => self.text_holds(body, tests),
            ArchivedBodySubject::JsonPath(path) => match self.selected(body, path) {
                Some(values) => self.values_fit(tests, values.into_iter()),
                None => false,
            },
            ArchivedBodySubject::Form(name) => match self.fields(body, name) {
                Some(values) => self.values_fit(tests, values),
                None => false,
            },
            ArchivedBodySubject::Json { .. } => {
                let equal = self.compare(body, &condition.subject);
                equal.is_some_and(|comparison| comparison.difference().is_none())
                    && (tests.is_empty() || self.text_holds(body, tests))
            }
            ArchivedBodySubject::Schema(schema) => {
                let validator = self.compiled.schema(schema.to_native());
                let json = body.json();
                validator
                    .zip(json)
                    .is_some_and(|(validator, json)| validator.is_valid(json))
                    && (tests.is_empty() || self.text_holds(body, tests))
            }
        }
    }

    /// Tests on the text. An empty body counts as absent.
    fn text_holds(&self, body: &Body<'_>, tests: &[ArchivedTextTest]) -> bool {
        let asks_presence = |test: &ArchivedTextTest| {
            matches!(test, ArchivedTextTest::Present | ArchivedTextTest::Absent)
        };
        let Some(text) = body.text() else {
            return false;
        };
        let missing = text.is_empty() && (tests.is_empty() || tests.iter().any(asks_presence));
        let there = (!missing).then_some(Cow::Borrowed(text));
        self.values_fit(tests, there.into_iter())
    }

    /// What a JSON path selects, as text; `None` where the body is no JSON.
    pub(super) fn selected<'v>(&self, body: &'v Body<'_>, path: &str) -> Option<Vec<Cow<'v, str>>> {
        let path = self.compiled.json_path(path)?;
        let json = body.json()?;
        Some(path.query(json).all().into_iter().map(text_of).collect())
    }

    /// The values of a form's field; `None` where the body is no text.
    pub(super) fn fields<'v>(
        &self,
        body: &Body<'v>,
        name: &str,
    ) -> Option<impl Iterator<Item = Cow<'v, str>>> {
        let pairs = query_pairs(body.text()?);
        Some(pairs.filter_map(move |(key, value)| (key == name).then_some(value)))
    }

    /// The comparison of the body with the JSON that a condition names; `None` where the body is no
    /// JSON (or the condition is another).
    pub(super) fn compare<'v>(
        &'v self,
        body: &'v Body<'_>,
        subject: &ArchivedBodySubject,
    ) -> Option<Comparison<'v>> {
        let ArchivedBodySubject::Json {
            value,
            ignore,
            ignore_extra,
        } = subject
        else {
            return None;
        };
        let expected = self.compiled.value(value)?;
        let paths = ignore
            .iter()
            .filter_map(|path| self.compiled.json_path(path));
        Some(Comparison::new(
            expected,
            body.json()?,
            paths,
            *ignore_extra,
        ))
    }
}

/// A string by its text, any other value by its JSON.
fn text_of(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}
