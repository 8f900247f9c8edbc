//! A session as a replica works with it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use gated_engine::program::{self, SessionField};
use gated_store::{Bounds, Life, Space};
use http::HeaderValue;

use super::counters::SessionCounters;
use super::id::Id;
use super::seal::{OVERHEAD, Seals};
use crate::snapshot::Unfit;
use crate::state::State;

/// Room for what a session holds beside its fields, and for fields of an older spec.
const ROOM: usize = 16 * 1024;

/// A session of a snapshot.
#[derive(Debug)]
pub(crate) struct SessionSettings {
    /// Its name.
    pub(crate) name: String,
    /// The cookie that holds the id.
    pub(crate) cookie: String,
    /// Origins whose pages may send requests with it.
    pub(crate) origins: Vec<String>,
    /// Whether requests go on without it while the store is away.
    pub(crate) anonymous_on_loss: bool,
    pub(crate) counters: Arc<SessionCounters>,
    /// The names of its fields.
    pub(super) names: Arc<[String]>,
    pub(super) fields: Vec<SessionField>,
    pub(super) subject: Option<u32>,
    pub(super) life: Life,
    pub(super) bounds: Bounds,
    pub(super) space: Space,
    pub(super) seals: Seals,
    attributes: String,
    absolute: Duration,
}

impl SessionSettings {
    /// # Errors
    /// If a secret is too short to be a key.
    pub(crate) fn read(
        session: program::Session,
        secrets: &HashMap<String, String>,
        state: &State,
    ) -> Result<Self, Unfit> {
        let of_name = |name: &String| secrets.get(name).map_or("", String::as_str);
        let seals = Seals::new(session.keys.iter().map(of_name)).map_err(|index| {
            let name = session.keys.get(index).map_or("", String::as_str);
            Unfit::Value(format!(
                "the secret `{name}` is too short for a key of the session `{}`: a key has at least 32 characters, such as `openssl rand -base64 32` makes",
                session.name
            ))
        })?;
        let sizes = session.fields.iter().map(|field| {
            let value = field.size.max(32) as usize;
            field.name.len() + value + OVERHEAD
        });
        let absolute = Duration::from_millis(session.absolute_ms);
        Ok(Self {
            bounds: Bounds {
                fields: 2 * session.fields.len() + 8,
                bytes: sizes.sum::<usize>() + ROOM,
            },
            life: Life {
                idle: Some(Duration::from_millis(session.idle_ms)),
                absolute: Some(absolute),
            },
            absolute,
            counters: state.session_counters(&session.name),
            space: Space::new("session", &session.name, None),
            names: session
                .fields
                .iter()
                .map(|field| field.name.clone())
                .collect(),
            fields: session.fields,
            subject: session.subject,
            cookie: session.cookie,
            origins: session.origins,
            anonymous_on_loss: session.anonymous_on_loss,
            attributes: session.attributes,
            seals,
            name: session.name,
        })
    }

    /// How long a session lives at most.
    pub(super) fn longest(&self) -> Duration {
        self.absolute
    }

    /// The field that says whose a session is.
    pub(crate) fn subject(&self) -> Option<u32> {
        self.subject
    }

    /// `Set-Cookie` with an id; without one it takes the cookie away. The cookie ends with the browser: how
    /// long a session lives is the store's to say.
    pub(crate) fn cookie(&self, id: Option<&Id>) -> Option<HeaderValue> {
        let Self {
            cookie, attributes, ..
        } = self;
        let text = match id {
            Some(id) => format!("{cookie}={}{attributes}", id.text()),
            None => format!("{cookie}={attributes}; Max-Age=0"),
        };
        let mut value = HeaderValue::try_from(text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}
