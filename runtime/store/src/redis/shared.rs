//! What callers and the thread that keeps connections share.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use redis::Value;
use tokio::runtime::Handle;
use tokio::time::Instant;

use super::cluster::Cluster;
use super::epoch::Epochs;
use super::link::Links;
use super::name::{Names, slot};
use super::node::{Node, Outcome};
use super::script::Call;
use super::sentinel::Sentinels;
use super::settings::{BadSettings, RedisSettings, Servers, bad};
use super::{epoch, keep};
use crate::Lost;
use crate::health::State;

/// How often a call is sent on to where it is said to belong.
const REDIRECTS: usize = 8;
/// How long to wait before keys that are on their way are asked for again.
const AGAIN: Duration = Duration::from_millis(2);

/// All of a store in Redis.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) settings: RedisSettings,
    pub(super) links: Links,
    pub(super) names: Names,
    pub(super) servers: Topology,
    pub(super) epochs: Epochs,
    in_flight: AtomicUsize,
    /// Where connections are kept.
    home: Handle,
}

/// Which servers there are.
#[derive(Debug)]
pub(super) enum Topology {
    /// One that stays where it is.
    Single(Arc<Node>),
    /// One that others say where it is.
    Sentinel(Arc<Node>, Sentinels),
    /// Several, each with some slots.
    Cluster(Cluster),
}

impl Shared {
    pub(super) fn new(
        settings: RedisSettings,
        links: Links,
        home: Handle,
    ) -> Result<Arc<Self>, BadSettings> {
        let node = |address| Arc::new(Node::new(address, settings.failures));
        let none = || bad("no server of redis is named");
        let servers = match &settings.servers {
            Servers::Single(address) => Topology::Single(node(address.clone())),
            Servers::Sentinel { sentinels, primary } => {
                let first = sentinels.first().ok_or_else(none)?;
                let sentinels = Sentinels::new(sentinels.clone(), primary.clone());
                Topology::Sentinel(node(first.clone()), sentinels)
            }
            Servers::Cluster(seeds) => {
                seeds.first().ok_or_else(none)?;
                Topology::Cluster(Cluster::new(seeds.clone(), settings.failures))
            }
        };
        let cells = match &servers {
            Topology::Cluster(_) => epoch::CELLS,
            _ => 1,
        };
        Ok(Arc::new(Self {
            links,
            names: Names::of(&settings.gateway),
            servers,
            epochs: Epochs::new(cells),
            in_flight: AtomicUsize::new(0),
            home,
            settings,
        }))
    }

    /// Starts what runs in the background.
    pub(super) fn start(self: &Arc<Self>) {
        match &self.servers {
            Topology::Single(node) => self.keep(node),
            Topology::Sentinel(node, _) => {
                self.keep(node);
                self.home.spawn(super::sentinel::watch(Arc::clone(self)));
            }
            Topology::Cluster(_) => {
                self.home.spawn(super::cluster::watch(Arc::clone(self)));
            }
        }
        self.home.spawn(epoch::watch(Arc::clone(self)));
    }

    /// Keeps a server connected from now on.
    pub(super) fn keep(self: &Arc<Self>, node: &Arc<Node>) {
        self.home
            .spawn(keep::keep(Arc::clone(self), Arc::clone(node)));
    }

    pub(super) fn is_cluster(&self) -> bool {
        matches!(self.servers, Topology::Cluster(_))
    }

    /// The servers that hold something.
    pub(super) fn nodes(&self) -> Vec<Arc<Node>> {
        match &self.servers {
            Topology::Single(node) | Topology::Sentinel(node, _) => vec![Arc::clone(node)],
            Topology::Cluster(cluster) => cluster.primaries(),
        }
    }

    /// Calls a script where its keys are, within the deadline.
    pub(super) async fn call(self: &Arc<Self>, call: &Call) -> Result<Value, Lost> {
        let _counted = self.admit()?;
        self.call_within(call, self.settings.deadline).await
    }

    pub(super) async fn call_within(
        self: &Arc<Self>,
        call: &Call,
        limit: Duration,
    ) -> Result<Value, Lost> {
        let until = Instant::now() + limit;
        let first = call.keys.first().map_or(0, |key| slot(key));
        let (mut node, mut asking) = (self.node(first)?, false);
        for _ in 0..REDIRECTS {
            match node.call(call, asking, until).await {
                Outcome::Answer(value) => return Ok(value),
                Outcome::Lost(lost) => {
                    self.look_again();
                    return Err(lost);
                }
                Outcome::Moved(address) => {
                    self.look_again();
                    (node, asking) = (self.node_at(&address)?, false);
                }
                Outcome::Ask(address) => (node, asking) = (self.node_at(&address)?, true),
                Outcome::Again if Instant::now() + AGAIN < until => {
                    tokio::time::sleep(AGAIN).await;
                }
                Outcome::Again => return Err(Lost::Late),
            }
        }
        Err(Lost::Failed(
            "the cluster sent the call on too often".to_owned(),
        ))
    }

    fn node(&self, slot: u16) -> Result<Arc<Node>, Lost> {
        match &self.servers {
            Topology::Single(node) | Topology::Sentinel(node, _) => Ok(Arc::clone(node)),
            Topology::Cluster(cluster) => cluster.owner(slot).ok_or(Lost::Away),
        }
    }

    fn node_at(self: &Arc<Self>, address: &super::Address) -> Result<Arc<Node>, Lost> {
        match &self.servers {
            Topology::Cluster(cluster) => Ok(cluster.node_at(address, self)),
            _ => Err(Lost::Failed(
                "the server is one of a cluster, and the settings say that it is not".to_owned(),
            )),
        }
    }

    fn look_again(&self) {
        if let Topology::Cluster(cluster) = &self.servers {
            cluster.look_again();
        }
    }

    fn admit(&self) -> Result<Counted<'_>, Lost> {
        let counted = Counted(&self.in_flight);
        if self.in_flight.fetch_add(1, Ordering::Relaxed) < self.settings.in_flight {
            Ok(counted)
        } else {
            Err(Lost::Busy)
        }
    }

    pub(super) fn state(&self) -> State {
        let nodes = self.nodes();
        if nodes.is_empty() {
            let Topology::Cluster(cluster) = &self.servers else {
                return State::Up;
            };
            let (since, why) = cluster.unknown();
            return State::Away { since, why };
        }
        let away: Vec<_> = nodes.iter().filter_map(|node| node.away()).collect();
        if let Some(since) = away.iter().map(|(since, _)| *since).min() {
            let why: Vec<&str> = away.iter().map(|(_, why)| why.as_str()).collect();
            return State::Away {
                since,
                why: why.join("; "),
            };
        }
        match nodes.iter().find(|node| node.link().is_none()) {
            Some(node) => State::Away {
                since: SystemTime::now(),
                why: format!("{}: not connected yet", node.address()),
            },
            None => State::Up,
        }
    }
}

/// A call that waits.
struct Counted<'a>(&'a AtomicUsize);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
