//! State in Redis. This is the only module of the program that speaks Redis.
//!
//! Every take and every step is one call of a script, so one round trip, and the server does it as one. All
//! callers of the replica share one connection per server: calls of many are sent together and answered
//! together. A pool of connections (`deadpool-redis`) would add a checkout and a connection's worth of
//! sockets per worker for the same commands, and `redis`'s own cluster and Sentinel connections reconnect
//! inside a caller's request; so the connections are kept here, by one thread of the store's own, which
//! connects, probes and follows primaries while requests only ever send or are told that the store is away.
//!
//! Needs Redis 7 or later (or Valkey): scripts that say `#!lua` are not run on a server that may not write.

mod cluster;
mod epoch;
mod keep;
mod link;
pub mod name;
mod node;
pub mod script;
mod sentinel;
mod settings;
mod shared;
mod space;
mod tls;

use std::sync::Arc;
use std::time::SystemTime;

use tokio::sync::watch;

use crate::health::{Breaker, Epoch, Kind, State};
use crate::{Ask, Cursor, Debit, Done, Key, Lost, Page, Space, Step, Verdict};
use link::Links;
use name::Names;
use script::Call;
pub use settings::{Address, BadSettings, Login, RedisSettings, Servers};
use shared::Shared;
pub use tls::Tls;

/// A Redis, and the thread that keeps it connected. When this is dropped the thread ends.
#[derive(Debug)]
pub(crate) struct Redis {
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
}

impl Redis {
    /// Starts to connect; whether the server is there shows later.
    pub(crate) fn open(settings: RedisSettings) -> Result<Self, BadSettings> {
        // Before the runtime: one may not be dropped where another runs.
        let links = Links::new(&settings)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| BadSettings(format!("no runtime for redis: {error}")))?;
        let shared = match Shared::new(settings, links, runtime.handle().clone()) {
            Ok(shared) => shared,
            Err(error) => {
                runtime.shutdown_background();
                return Err(error);
            }
        };
        let (stop, mut stopped) = watch::channel(false);
        let shares = Arc::clone(&shared);
        let drive = move || {
            runtime.block_on(async {
                shares.start();
                // An error means that the store is gone.
                drop(stopped.changed().await);
            });
            drop(shares);
            runtime.shutdown_background();
        };
        let thread = std::thread::Builder::new().name("gated-redis".to_owned());
        let failed = |error| BadSettings(format!("no thread for redis: {error}"));
        thread.spawn(drive).map_err(failed)?;
        Ok(Self { shared, stop })
    }

    pub(crate) async fn take(&self, asks: &[Ask]) -> Result<Vec<Verdict>, Lost> {
        if asks.is_empty() {
            return Ok(Vec::new());
        }
        if !self.shared.is_cluster() || one_place(asks.iter().map(|ask| &ask.key)) {
            return self.take_together(asks.iter()).await;
        }
        let mut told: Vec<Option<Verdict>> = vec![None; asks.len()];
        for at in places(asks.iter().map(|ask| &ask.key)) {
            let some = at.iter().filter_map(|at| asks.get(*at));
            let verdicts = self.take_together(some).await?;
            for (at, verdict) in at.iter().zip(verdicts) {
                if let Some(slot) = told.get_mut(*at) {
                    *slot = Some(verdict);
                }
            }
        }
        Ok(told.into_iter().flatten().collect())
    }

    async fn take_together(&self, asks: impl Iterator<Item = &Ask>) -> Result<Vec<Verdict>, Lost> {
        let asks: Vec<Ask> = asks.cloned().collect();
        let keys = asks
            .iter()
            .map(|ask| self.names().name(&ask.key).key)
            .collect();
        let answer = self.shared.call(&Call::take(keys, &asks, None)).await?;
        script::verdicts(answer)
    }

    pub(crate) async fn debit(&self, debits: &[Debit]) -> Result<Vec<u32>, Lost> {
        let mut told = vec![0; debits.len()];
        for at in places(debits.iter().map(|debit| &debit.key)) {
            let some = || at.iter().filter_map(|at| debits.get(*at));
            let keys = some()
                .map(|debit| self.names().name(&debit.key).key)
                .collect();
            let debits: Vec<Debit> = some().cloned().collect();
            let answer = self.shared.call(&Call::debit(keys, &debits, None)).await?;
            for (at, beyond) in at.iter().zip(script::beyond(answer)?) {
                if let Some(slot) = told.get_mut(*at) {
                    *slot = beyond;
                }
            }
        }
        Ok(told)
    }

    pub(crate) async fn step(&self, step: &Step) -> Result<Done, Lost> {
        let named = self.names().name(&step.key);
        let call = Call::step(named.key, step, &named.whole, None);
        script::done(self.shared.call(&call).await?)
    }

    pub(crate) async fn list(
        &self,
        space: &Space,
        after: Option<&Cursor>,
        most: usize,
    ) -> Result<Page, Lost> {
        space::list(&self.shared, space, after, most).await
    }

    pub(crate) async fn drop_space(&self, space: &Space) -> Result<u64, Lost> {
        space::drop_all(&self.shared, space).await
    }

    fn names(&self) -> &Names {
        &self.shared.names
    }

    pub(crate) fn kind(&self) -> Kind {
        match &self.shared.settings.servers {
            Servers::Single(_) => Kind::Redis,
            Servers::Sentinel { .. } => Kind::Sentinel,
            Servers::Cluster(_) => Kind::Cluster,
        }
    }

    pub(crate) fn state(&self) -> State {
        self.shared.state()
    }

    pub(crate) fn breaker(&self) -> Breaker {
        if self.shared.nodes().iter().any(|node| node.is_open()) {
            Breaker::Open
        } else {
            Breaker::Closed
        }
    }

    pub(crate) fn answered(&self) -> Option<SystemTime> {
        let at = self
            .shared
            .nodes()
            .iter()
            .map(|node| node.answered_at())
            .max()?;
        (at > 0).then(|| crate::clock::time_of(at))
    }

    pub(crate) fn epoch(&self) -> Option<Epoch> {
        self.shared.epochs.first()
    }

    pub(crate) fn losses(&self) -> u64 {
        self.shared.epochs.losses()
    }

    pub(crate) fn loss_seen(&self) -> Option<SystemTime> {
        self.shared.epochs.loss_seen()
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

fn one_place<'a>(mut keys: impl Iterator<Item = &'a Key>) -> bool {
    let first = keys.next().map(|key| &key.place);
    keys.all(|key| Some(&key.place) == first)
}

/// Which keys lie together: their numbers, place by place, in the order in which places come.
fn places<'a>(keys: impl Iterator<Item = &'a Key>) -> Vec<Vec<usize>> {
    let mut places: Vec<(&Key, Vec<usize>)> = Vec::new();
    for (at, key) in keys.enumerate() {
        match places
            .iter_mut()
            .find(|(first, _)| first.place == key.place)
        {
            Some((_, numbers)) => numbers.push(at),
            None => places.push((key, vec![at])),
        }
    }
    places.into_iter().map(|(_, numbers)| numbers).collect()
}
