//! Watches over the days that certificates are good for, and tells when one was replaced.

use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};

use super::Certificates;
use super::certificates::Entry;
use crate::events::Events;
use crate::snapshot::Snapshot;

/// Certificates that end sooner are told of.
const SOON: Duration = Duration::from_secs(14 * 24 * 3600);

/// How often they are told of again.
const AGAIN: Duration = Duration::from_secs(24 * 3600);

/// A certificate of a listener.
pub(crate) struct Shown<'s> {
    /// The listener's name.
    pub(crate) listener: &'s str,
    entry: &'s Entry,
}

impl<'s> Shown<'s> {
    /// All certificates that a snapshot serves.
    pub(crate) fn all(snapshot: &'s Snapshot) -> impl Iterator<Item = Self> {
        snapshot.listeners.iter().flat_map(|listener| {
            let tls = listener.tls.as_ref().map(|tls| &*tls.certificates);
            let entries = tls.map(Certificates::entries).unwrap_or_default();
            entries.iter().map(|entry| Shown {
                listener: &listener.name,
                entry,
            })
        })
    }

    /// What to call it.
    pub(crate) fn title(&self) -> String {
        self.entry.facts.title()
    }

    /// It is good until then.
    pub(crate) fn not_after(&self) -> SystemTime {
        self.entry.facts.not_after
    }

    /// Everything about it.
    pub(crate) fn told(&self) -> Value {
        let facts = &self.entry.facts;
        let hosts = facts.names.iter().map(ToString::to_string);
        let addresses = facts.addresses.iter().map(ToString::to_string);
        json!({
            "listener": self.listener,
            "file": self.entry.file,
            "names": hosts.chain(addresses).collect::<Vec<_>>(),
            "issuer": facts.issuer,
            "not_before": time(facts.not_before),
            "not_after": time(facts.not_after),
        })
    }
}

/// Tells of certificates that end soon, once a day.
#[derive(Debug, Default)]
pub(crate) struct Vigil(Option<Instant>);

impl Vigil {
    /// Tells of a new snapshot's.
    pub(crate) fn begin(&mut self, snapshot: &Snapshot) {
        self.0 = Some(Instant::now());
        warn(snapshot, SystemTime::now());
    }

    /// Tells of what serves, if it is time.
    pub(crate) fn go_on(&mut self, snapshot: Option<&Snapshot>) {
        if let (Some(told), Some(snapshot)) = (self.0, snapshot)
            && told.elapsed() >= AGAIN
        {
            self.begin(snapshot);
        }
    }
}

fn warn(snapshot: &Snapshot, now: SystemTime) {
    for shown in Shown::all(snapshot) {
        let until = shown.not_after();
        let left = until.duration_since(now);
        let problem = match left {
            Err(_) => "a certificate has expired".to_owned(),
            Ok(left) if left < SOON => match left.as_secs() / (24 * 3600) {
                0 => "a certificate expires today".to_owned(),
                1 => "a certificate expires tomorrow".to_owned(),
                days => format!("a certificate expires in {days} days"),
            },
            Ok(_) if shown.entry.facts.not_before > now => {
                "a certificate is not good yet".to_owned()
            }
            Ok(_) => continue,
        };
        tracing::warn!(
            listener = shown.listener,
            file = shown.entry.file,
            name = shown.title(),
            not_after = time(until),
            "{problem}"
        );
    }
}

/// Tells which files hold other certificates than before.
pub(crate) fn announce_replaced(events: &Events, old: &Snapshot, new: &Snapshot) {
    for shown in Shown::all(new) {
        let mut before = Shown::all(old)
            .filter(|was| was.listener == shown.listener && was.entry.file == shown.entry.file)
            .peekable();
        let is_new = before.peek().is_none();
        if !is_new && !before.any(|was| was.entry.is_same(shown.entry)) {
            events.announce("certificate.replaced", shown.told());
        }
    }
}

fn time(time: SystemTime) -> Option<String> {
    jiff::Timestamp::try_from(time)
        .ok()
        .map(|time| time.to_string())
}
