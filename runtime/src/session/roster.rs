//! Whose sessions there are: beside each session whose subject is known lies an entry under that subject, so
//! that all sessions of a user can be ended without looking at those of others.
//!
//! An entry is made before its session and lives longer, so no session is without one; an entry without a
//! session does no harm. The store sees subjects only as HMACs.

use std::time::Duration;

use bytes::Bytes;
use gated_engine::session::Change;
use gated_store::{Case, Cursor, Key, Life, Reads, Space, Step, Store};

use super::counters::Event;
use super::id::{hex, is_digest};
use super::keep::Kept;
use super::settings::SessionSettings;

/// How much longer than its session an entry lives.
const LONGER: Duration = Duration::from_secs(60);

/// Entries looked at in one go.
const PAGE: usize = 500;

/// How often all is looked through: a session that goes on under a new id meanwhile is found the next time.
const MOST_PASSES: usize = 4;

/// Pages told of at most by one call; so many sessions no user has.
const MOST_PAGES: usize = 10_000;

impl SessionSettings {
    /// Enters a session whose subject is about to be set.
    pub(super) async fn roster(
        &self,
        store: &Store,
        digest: &Bytes,
        changes: &[Change],
    ) -> Kept<()> {
        let subject = changes.iter().find_map(|change| match change {
            Change::Set(field, value) if Some(*field) == self.subject => Some(value.text()),
            _ => None,
        });
        let Some(subject) = subject else {
            return Ok(());
        };
        let Some(space) = self.rosters(&subject).next() else {
            return Ok(());
        };
        let case = Case {
            guards: Vec::new(),
            changes: vec![gated_store::Change::Set(
                Bytes::from_static(b"s"),
                Bytes::from_static(b"1"),
            )],
            life: Some(Life {
                idle: Some(self.longest() + LONGER),
                absolute: None,
            }),
        };
        let step = Step {
            key: Key::alone(&space, digest.clone()),
            cases: vec![case],
            reads: Reads::Nothing,
            bounds: self.bounds,
        };
        store.step(&step).await.map(|_| ())
    }

    /// Where the entries of a subject lie: one space for each key.
    fn rosters(&self, subject: &str) -> impl Iterator<Item = Space> {
        let marks = self.seals.subjects(&self.name, subject);
        marks.map(|mark| {
            let mark = hex(&mark);
            let mark = std::str::from_utf8(&mark).unwrap_or_default().to_owned();
            Space::new("session-of", &self.name, Some(&mark))
        })
    }

    /// Ends all sessions of a subject; how many there were.
    pub(crate) async fn revoke_all(&self, store: &Store, subject: &str) -> Kept<u64> {
        let mut all = 0;
        for _ in 0..MOST_PASSES {
            let mut ended = 0;
            for space in self.rosters(subject) {
                ended += self.revoke_listed(store, &space).await?;
            }
            all += ended;
            if ended == 0 {
                break;
            }
        }
        Ok(all)
    }

    /// Ends the sessions of a roster. Its entries stay until they are over: one may be that of a session which
    /// is just being made.
    async fn revoke_listed(&self, store: &Store, space: &Space) -> Kept<u64> {
        let mut ended = 0;
        let mut after: Option<Cursor> = None;
        for _ in 0..MOST_PAGES {
            let page = store.list(space, after.as_ref(), PAGE).await?;
            for key in &page.keys {
                if self.end(store, &key.name).await? {
                    self.counters.count(Event::Revoked);
                    ended += 1;
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        Ok(ended)
    }

    /// Ends a session by the digest of its id; whether there was one.
    pub(crate) async fn revoke(&self, store: &Store, digest: &str) -> Kept<bool> {
        if !is_digest(digest) {
            return Ok(false);
        }
        let ended = self
            .end(store, &Bytes::copy_from_slice(digest.as_bytes()))
            .await?;
        if ended {
            self.counters.count(Event::Revoked);
        }
        Ok(ended)
    }

    /// Digests of sessions, and where the next page begins.
    pub(crate) async fn list(
        &self,
        store: &Store,
        after: Option<&Cursor>,
        most: usize,
    ) -> Kept<(Vec<String>, Option<Cursor>)> {
        let page = store.list(&self.space, after, most).await?;
        let digests = page.keys.iter();
        let digests = digests.map(|key| String::from_utf8_lossy(&key.name).into_owned());
        Ok((digests.collect(), page.next))
    }
}
