//! What is done with a session in the store, each a step that two replicas can never both win.

use bytes::Bytes;
use gated_engine::program::SessionField;
use gated_engine::session::{Change, Session, SessionValue};
use gated_store::{Case, Done, Fields, Guard, Key, Life, Lost, Reads, Step, Store};

use super::counters::Event;
use super::id::Id;
use super::seal::Place;
use super::settings::SessionSettings;

/// Says that there is a session; a record without fields would be none.
const THERE: Bytes = Bytes::from_static(b"s");
/// Says that the session goes on under another id.
const RETIRED: Bytes = Bytes::from_static(b"r");
const YES: Bytes = Bytes::from_static(b"1");

/// How long it is remembered that a session goes on under another id.
const RETIRED_FOR: std::time::Duration = std::time::Duration::from_secs(60);

/// What the store says of an id.
pub(crate) enum Found {
    /// This is remembered.
    Live(Session),
    /// There is no such session.
    Nothing,
    /// It goes on under another id.
    Retired,
}

/// A session that was made.
pub(crate) struct Made {
    pub(crate) id: Id,
    pub(crate) session: Session,
}

/// The store, or chance, cannot be had.
pub(crate) type Kept<T> = Result<T, Lost>;

impl SessionSettings {
    /// Does changes on a session that is there, and tells what it then holds. Without changes it is only read;
    /// either way it was not idle.
    pub(crate) async fn visit(&self, store: &Store, id: &Id, changes: &[Change]) -> Kept<Found> {
        let digest = id.digest();
        self.roster(store, &digest, changes).await?;
        let changes = self.sealed(&digest, changes)?;
        let live = Case {
            guards: vec![Guard::Exists, Guard::Lacks(RETIRED)],
            changes,
            life: Some(self.life),
        };
        let done = store.step(&self.step(&digest, vec![live, there()])).await?;
        self.found(store, &digest, done).await
    }

    /// Makes a session.
    pub(crate) async fn make(&self, store: &Store, session: Session) -> Kept<Made> {
        let id = Id::make().ok_or_else(|| Lost::Failed("there are no random bits".to_owned()))?;
        let digest = id.digest();
        let changes: Vec<Change> = session
            .values
            .iter()
            .map(|(field, value)| Change::Set(*field, value.clone()))
            .collect();
        self.roster(store, &digest, &changes).await?;
        let mut sealed = self.sealed(&digest, &changes)?;
        sealed.push(gated_store::Change::Set(THERE, YES));
        let case = Case {
            guards: vec![Guard::Absent],
            changes: sealed,
            life: Some(self.life),
        };
        let done = store.step(&self.step(&digest, vec![case])).await?;
        match done.case {
            Some(_) => Ok(Made { id, session }),
            None => Err(Lost::Failed("the session is too large".to_owned())),
        }
    }

    /// Takes a session from its id, so that it can go on under another: from now on nobody changes it.
    pub(crate) async fn retire(&self, store: &Store, id: &Id) -> Kept<Found> {
        let digest = id.digest();
        let taken = Case {
            guards: vec![Guard::Exists, Guard::Lacks(RETIRED)],
            changes: vec![gated_store::Change::Set(RETIRED, YES)],
            life: Some(Life {
                idle: Some(RETIRED_FOR),
                absolute: None,
            }),
        };
        let done = store
            .step(&self.step(&digest, vec![taken, there()]))
            .await?;
        self.found(store, &digest, done).await
    }

    /// Ends a session; whether there was one.
    pub(crate) async fn end(&self, store: &Store, digest: &Bytes) -> Kept<bool> {
        let case = Case {
            guards: vec![Guard::Exists],
            changes: vec![gated_store::Change::Clear],
            life: None,
        };
        let done = store.step(&self.step(digest, vec![case])).await?;
        Ok(done.case.is_some())
    }

    /// A session without values.
    pub(crate) fn blank(&self) -> Session {
        Session {
            names: std::sync::Arc::clone(&self.names),
            owner: self.subject,
            values: Vec::new(),
        }
    }

    fn step(&self, digest: &Bytes, cases: Vec<Case>) -> Step {
        Step {
            key: Key::alone(&self.space, digest.clone()),
            cases,
            reads: Reads::All,
            bounds: self.bounds,
        }
    }

    async fn found(&self, store: &Store, digest: &Bytes, done: Done) -> Kept<Found> {
        match done.case {
            None => Ok(Found::Nothing),
            Some(0) => match self.opened(digest, &done.fields) {
                Some(session) => Ok(Found::Live(session)),
                None => {
                    self.counters.count(Event::Unreadable);
                    tracing::warn!(
                        session = self.name,
                        "a session was ended because a value in the store could not be decrypted: its key was taken out, or somebody changed it"
                    );
                    self.end(store, digest).await?;
                    Ok(Found::Nothing)
                }
            },
            Some(_) => Ok(Found::Retired),
        }
    }

    /// `None`: a value cannot be decrypted.
    fn opened(&self, digest: &Bytes, fields: &Fields) -> Option<Session> {
        let mut session = self.blank();
        for (field, number) in self.fields.iter().zip(0..) {
            if let Some(kept) = fields.get(&called(field)) {
                let value = self.open(digest, field, kept)?;
                session.values.extend(value.map(|value| (number, value)));
            }
        }
        Some(session)
    }

    /// What a field holds; nothing where it was of another type once.
    fn open(
        &self,
        digest: &Bytes,
        field: &SessionField,
        kept: &[u8],
    ) -> Option<Option<SessionValue>> {
        let text = match field.counter {
            true => kept.to_vec(),
            false => self.seals.open(self.place(digest), &field.name, kept)?,
        };
        let text = String::from_utf8(text).ok()?;
        let kind = rkyv_kind(field);
        Some(SessionValue::parse(kind, &text))
    }

    fn place<'p>(&'p self, digest: &'p Bytes) -> Place<'p> {
        Place {
            session: &self.name,
            digest,
        }
    }

    fn sealed(&self, digest: &Bytes, changes: &[Change]) -> Kept<Vec<gated_store::Change>> {
        use gated_store::Change as Kept;
        let field = |number: u32| self.fields.get(number as usize);
        let sealed = changes.iter().filter_map(|change| match change {
            Change::Remove(number) => Some(Ok(Kept::Remove(called(field(*number)?)))),
            Change::Add(number, by) => Some(Ok(Kept::Add(called(field(*number)?), *by))),
            Change::Set(number, value) => {
                let field = field(*number)?;
                let text = value.text();
                let kept = match field.counter {
                    true => Some(text.into_bytes()),
                    false => self
                        .seals
                        .seal(self.place(digest), &field.name, text.as_bytes()),
                };
                let failed = || Lost::Failed("a value cannot be encrypted".to_owned());
                let kept = kept.ok_or_else(failed);
                Some(kept.map(|kept| Kept::Set(called(field), kept.into())))
            }
        });
        sealed.collect()
    }
}

/// There is a session, though nothing can be done with it.
fn there() -> Case {
    Case {
        guards: vec![Guard::Exists],
        ..Case::default()
    }
}

/// The name of a field in the store. What is encrypted and what is not never have the same, so that a field
/// whose type was changed is not mistaken for one that was tampered with.
fn called(field: &SessionField) -> Bytes {
    let kind = if field.counter { 'c' } else { 'v' };
    format!("{kind}:{}", field.name).into()
}

fn rkyv_kind(field: &SessionField) -> gated_engine::program::ArchivedClaimKind {
    use gated_engine::program::{ArchivedClaimKind as Archived, ClaimKind as Kind};
    match field.kind {
        Kind::Long => Archived::Long,
        Kind::Bool => Archived::Bool,
        _ => Archived::Text,
    }
}
