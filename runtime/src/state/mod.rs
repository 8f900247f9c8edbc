//! What outlives a request: where it is kept, and the limits that are counted there.
//!
//! A store is opened when the first snapshot that wants it is prepared, and stays open over swaps as long
//! as its settings stay the same. What a replica itself remembers of limits (leases, who is refused until
//! when, what was let in while the store was away) is kept by name and stays over swaps too.

mod barred;
mod counters;
mod lease;
mod limiter;
mod open;
mod owed;
mod settings;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use gated_engine::program;
use gated_store::Store;

use crate::session::SessionCounters;
use crate::shared::lock;
use crate::snapshot::Unfit;
use crate::tls::Disk;

pub(crate) use counters::LimitCounters;
pub(crate) use limiter::{Limiter, Ruling};
pub(crate) use settings::{LimitSettings, quoted, seconds_up};

/// Stores that are kept open for a snapshot to come: the one that runs, and one that is being prepared.
const KEPT: usize = 2;

/// What a replica keeps over its snapshots.
#[derive(Default)]
pub(crate) struct State {
    /// Open stores by what they were opened with, the last used at the end.
    stores: Mutex<Vec<(open::Settings, Store)>>,
    limiters: Mutex<Vec<(open::Settings, Arc<Limiter>)>>,
    counters: Mutex<HashMap<String, Arc<LimitCounters>>>,
    session_counters: Mutex<HashMap<String, Arc<SessionCounters>>>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").finish_non_exhaustive()
    }
}

impl State {
    /// The store that a program wants, and what counts its limits there.
    ///
    /// # Errors
    /// If it can never be opened. A Redis that is away is no error.
    pub(crate) fn open(
        &self,
        store: &program::Store,
        gateway: &str,
        secrets: &HashMap<String, String>,
        disk: &mut Disk,
    ) -> Result<(Store, Arc<Limiter>), Unfit> {
        let settings = open::Settings::resolve(store, gateway, secrets, disk)?;
        let store = keep(&self.stores, &settings, || settings.open())?;
        let limiter = keep(&self.limiters, &settings, || {
            Ok(Arc::new(Limiter::new(store.clone(), settings.most_keys())))
        })?;
        Ok((store, limiter))
    }

    /// The counters of a limit.
    pub(crate) fn counters(&self, limit: &str) -> Arc<LimitCounters> {
        let mut counters = lock(&self.counters);
        Arc::clone(counters.entry(limit.to_owned()).or_default())
    }

    /// The counters of a session.
    pub(crate) fn session_counters(&self, session: &str) -> Arc<SessionCounters> {
        let mut counters = lock(&self.session_counters);
        Arc::clone(counters.entry(session.to_owned()).or_default())
    }
}

/// What was kept for these settings, or what `make` makes for them.
fn keep<T: Clone>(
    kept: &Mutex<Vec<(open::Settings, T)>>,
    settings: &open::Settings,
    make: impl FnOnce() -> Result<T, Unfit>,
) -> Result<T, Unfit> {
    let mut kept = lock(kept);
    let known = kept.iter().position(|(known, _)| known == settings);
    let (settings, thing) = match known {
        Some(at) => kept.remove(at),
        None => (settings.clone(), make()?),
    };
    if kept.len() >= KEPT {
        kept.remove(0);
    }
    kept.push((settings, thing.clone()));
    Ok(thing)
}
