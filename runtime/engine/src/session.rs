//! What is known of a request's session, and what a route changes in it.
//!
//! Nothing here reads or writes a store: the replica does, and tells what is there. What a template makes of
//! a request is held against the type of the field before anything is changed.

use std::sync::Arc;

use crate::bundle::Bundle;
use crate::environment::Environment;
use crate::matcher::Found;
use crate::program::{
    ArchivedClaimKind, ArchivedSession, ArchivedSessionChange, ArchivedSessionField,
    ArchivedSessionUse,
};
use crate::request::Request;
use crate::template::{self, Context};

/// A value that a session remembers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionValue {
    /// Text.
    Text(String),
    /// A whole number.
    Long(i64),
    /// True or false.
    Bool(bool),
}

impl SessionValue {
    /// A value of a type from its text; `None`: the text is none of that type.
    #[must_use]
    pub fn parse(kind: ArchivedClaimKind, text: &str) -> Option<Self> {
        match kind {
            ArchivedClaimKind::Long => text.trim().parse().ok().map(Self::Long),
            ArchivedClaimKind::Bool => text.trim().parse().ok().map(Self::Bool),
            _ => Some(Self::Text(text.to_owned())),
        }
    }

    /// Its text, from which [`parse`](Self::parse) makes it again.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Long(number) => number.to_string(),
            Self::Bool(yes) => yes.to_string(),
        }
    }
}

/// The session of a request, as it was read. A field that is not set is not in it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Session {
    /// The names of all its fields.
    pub names: Arc<[String]>,
    /// The field that says whose session it is.
    pub owner: Option<u32>,
    /// The values by the numbers of their fields.
    pub values: Vec<(u32, SessionValue)>,
}

/// What a session holds is nobody's business but its client's.
impl std::fmt::Debug for Session {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Session")
            .field("fields", &self.values.len())
            .finish()
    }
}

impl Session {
    /// The value of a field.
    #[must_use]
    pub fn value(&self, field: u32) -> Option<&SessionValue> {
        let mut values = self.values.iter();
        values
            .find(|(known, _)| *known == field)
            .map(|(_, value)| value)
    }

    /// The value of a field by its name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&SessionValue> {
        let field = self.names.iter().position(|known| known == name)?;
        self.value(u32::try_from(field).ok()?)
    }

    /// Whose session it is.
    #[must_use]
    pub fn subject(&self) -> Option<&SessionValue> {
        self.value(self.owner?)
    }

    /// All values with the names of their fields.
    pub fn named_values(&self) -> impl Iterator<Item = (&str, &SessionValue)> {
        self.values.iter().filter_map(|(field, value)| {
            let name = self.names.get(*field as usize)?;
            Some((name.as_str(), value))
        })
    }

    /// Puts a value in the place of what a field has, or takes it out.
    pub fn put(&mut self, field: u32, value: Option<SessionValue>) {
        self.values.retain(|(known, _)| *known != field);
        self.values.extend(value.map(|value| (field, value)));
    }

    /// The session after changes, as a store would make them.
    #[must_use]
    pub fn changed(mut self, changes: &[Change]) -> Self {
        for change in changes {
            match change {
                Change::Set(field, value) => self.put(*field, Some(value.clone())),
                Change::Remove(field) => self.put(*field, None),
                Change::Add(field, by) => {
                    let before = match self.value(*field) {
                        Some(SessionValue::Long(number)) => *number,
                        _ => 0,
                    };
                    let after = before.saturating_add(*by).clamp(-MOST, MOST);
                    self.put(*field, Some(SessionValue::Long(after)));
                }
            }
        }
        self
    }
}

/// A change that a request makes.
#[derive(Clone, PartialEq, Eq)]
pub enum Change {
    /// Sets a field.
    Set(u32, SessionValue),
    /// Adds to a counter.
    Add(u32, i64),
    /// Takes a field out.
    Remove(u32),
}

/// What a request would put into a field is not of its type, or too long.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("what the session's field `{0}` would be set to {1}")]
pub struct Wrong(pub String, pub &'static str);

/// The changes of a route. An empty text takes its field out, so that what a request lacks is not there.
///
/// # Errors
/// [`Wrong`], which is the client's fault.
pub fn changes(
    bundle: &Bundle,
    uses: &ArchivedSessionUse,
    found: &Found<'_>,
    request: &Request<'_>,
    body: Option<&[u8]>,
    environment: &dyn Environment,
) -> Result<Vec<Change>, Wrong> {
    let Some(session) = bundle.session(uses.session.to_native()) else {
        return Ok(Vec::new());
    };
    let context = Context::of_route(bundle, found, request, body, environment);
    let changes = uses.changes.iter().map(|change| match change {
        ArchivedSessionChange::Remove(field) => Ok(Change::Remove(field.to_native())),
        ArchivedSessionChange::Add(field, by) => Ok(Change::Add(field.to_native(), by.to_native())),
        ArchivedSessionChange::Set(field, template) => {
            let mut text = String::new();
            template::render(template, &context, &mut text);
            set(session, field.to_native(), &text)
        }
    });
    changes.collect()
}

/// What every store counts exactly.
const MOST: i64 = (1 << 53) - 1;

fn set(session: &ArchivedSession, number: u32, text: &str) -> Result<Change, Wrong> {
    if text.is_empty() {
        return Ok(Change::Remove(number));
    }
    let Some(field) = session.fields.get(number as usize) else {
        return Ok(Change::Remove(number));
    };
    if text.len() > field.size.to_native() as usize {
        return Err(wrong(field, "is too long"));
    }
    match SessionValue::parse(field.kind, text) {
        Some(SessionValue::Long(number)) if field.counter && number.abs() > MOST => {
            Err(wrong(field, "is too large to be counted"))
        }
        Some(value) => Ok(Change::Set(number, value)),
        None => Err(wrong(field, "is not of its type")),
    }
}

fn wrong(field: &ArchivedSessionField, why: &'static str) -> Wrong {
    Wrong(field.name.as_str().to_owned(), why)
}

impl Bundle {
    /// What a route (by index) does with a session; `None`: nothing.
    pub fn session_use(&self, route: u32) -> Option<&ArchivedSessionUse> {
        let route = self.program().routes.get(route as usize)?;
        route.session.as_deref()
    }

    /// A session by its index.
    pub fn session(&self, session: u32) -> Option<&ArchivedSession> {
        self.program().sessions.get(session as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_back_from_their_text() {
        for (kind, text) in [
            (ArchivedClaimKind::Text, " a "),
            (ArchivedClaimKind::Long, "-7"),
            (ArchivedClaimKind::Bool, "true"),
        ] {
            let value = SessionValue::parse(kind, text).unwrap();
            assert_eq!(value.text(), text);
        }
        assert_eq!(SessionValue::parse(ArchivedClaimKind::Long, "7.5"), None);
        assert_eq!(SessionValue::parse(ArchivedClaimKind::Bool, "yes"), None);
    }

    #[test]
    fn a_session_never_tells_its_values() {
        let mut session = Session::default();
        session.put(0, Some(SessionValue::Text("s3cret".to_owned())));
        assert!(!format!("{session:?}").contains("s3cret"));
        session.put(0, None);
        assert_eq!(session.value(0), None);
    }
}
