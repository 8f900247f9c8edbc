//! Which node of a cluster has which slot: asked from time to time, and whenever a call was sent on or
//! failed. Each node has its own connection and breaker: a part of the cluster that is away takes only its
//! own slots along.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwap;
use redis::{Cmd, Value};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use super::link::{self, Link};
use super::name::{SLOTS, slot};
use super::node::{Node, locked};
use super::settings::Address;
use super::shared::{Shared, Topology};
use crate::clock::ticks_of;
use crate::limit::SECOND;

/// How often the slots are asked for when nothing happens.
const EVERY: Duration = Duration::from_secs(2);
/// How often at most.
const ATMOST: Duration = Duration::from_millis(50);
/// A node without slots is let go when it was not needed for so many ticks.
const UNUSED: i64 = 60 * SECOND;

/// The nodes of a cluster.
#[derive(Debug)]
pub(super) struct Cluster {
    seeds: Vec<Address>,
    failures: u32,
    nodes: Mutex<BTreeMap<Address, Arc<Node>>>,
    slots: ArcSwap<Slots>,
    again: Notify,
    unknown: Mutex<(SystemTime, String)>,
}

/// Who has which slot.
#[derive(Debug, Default)]
struct Slots {
    primaries: Vec<Arc<Node>>,
    /// For each slot the number of its primary.
    owners: Vec<Option<u16>>,
}

/// From which slot to which, and whose they are.
type Range = (u16, u16, Address);

impl Cluster {
    pub(super) fn new(seeds: Vec<Address>, failures: u32) -> Self {
        Self {
            seeds,
            failures,
            nodes: Mutex::default(),
            slots: ArcSwap::default(),
            again: Notify::new(),
            unknown: Mutex::new((SystemTime::now(), "not connected yet".to_owned())),
        }
    }

    pub(super) fn owner(&self, slot: u16) -> Option<Arc<Node>> {
        let slots = self.slots.load();
        let owner = slots.owners.get(usize::from(slot)).copied().flatten()?;
        slots.primaries.get(usize::from(owner)).cloned()
    }

    pub(super) fn primaries(&self) -> Vec<Arc<Node>> {
        self.slots.load().primaries.clone()
    }

    /// Since when it is not known who has which slot, and why.
    pub(super) fn unknown(&self) -> (SystemTime, String) {
        locked(&self.unknown).clone()
    }

    /// Whether a node has the slot of a tag.
    pub(super) fn has(&self, node: &Node, tag: &str) -> bool {
        let owner = self.owner(slot(tag.as_bytes()));
        owner.is_some_and(|owner| std::ptr::eq(&*owner, node))
    }

    pub(super) fn knows(&self, node: &Node) -> bool {
        let nodes = locked(&self.nodes);
        nodes.values().any(|known| std::ptr::eq(&**known, node))
    }

    pub(super) fn look_again(&self) {
        self.again.notify_one();
    }

    /// The node at an address, which is connected from now on.
    pub(super) fn node_at(&self, address: &Address, shared: &Arc<Shared>) -> Arc<Node> {
        let mut nodes = locked(&self.nodes);
        if let Some(node) = nodes.get(address) {
            return Arc::clone(node);
        }
        let node = Arc::new(Node::new(address.clone(), self.failures));
        nodes.insert(address.clone(), Arc::clone(&node));
        drop(nodes);
        shared.keep(&node);
        node
    }

    fn learn(&self, ranges: &[Range], shared: &Arc<Shared>) {
        let mut slots = Slots {
            primaries: Vec::new(),
            owners: vec![None; usize::from(SLOTS)],
        };
        for (first, last, address) in ranges {
            let node = self.node_at(address, shared);
            let known = slots
                .primaries
                .iter()
                .position(|known| Arc::ptr_eq(known, &node));
            let number = known.unwrap_or(slots.primaries.len());
            if known.is_none() {
                slots.primaries.push(node);
            }
            let number = u16::try_from(number).ok();
            for owner in slots
                .owners
                .iter_mut()
                .take(usize::from(*last) + 1)
                .skip((*first).into())
            {
                *owner = number;
            }
        }
        let primaries = slots.primaries.clone();
        self.slots.store(Arc::new(slots));
        self.let_go(&primaries);
    }

    fn let_go(&self, primaries: &[Arc<Node>]) {
        let now = ticks_of(SystemTime::now());
        let mut unused = Vec::new();
        locked(&self.nodes).retain(|_, node| {
            let needed = primaries.iter().any(|primary| Arc::ptr_eq(primary, node))
                || (!node.is_open() && node.answered_at() + UNUSED > now);
            if !needed {
                unused.push(Arc::clone(node));
            }
            needed
        });
        unused.iter().for_each(|node| node.wake.notify_one());
    }

    async fn ask(&self, shared: &Arc<Shared>) -> Result<(), String> {
        let limit = shared.settings.connect;
        let mut whys = Vec::new();
        for node in self.primaries().iter().filter(|node| !node.is_open()) {
            let Some(link) = node.link() else { continue };
            match ranges(&link, &node.address(), limit).await {
                Ok(ranges) => {
                    self.learn(&ranges, shared);
                    return Ok(());
                }
                Err(why) => whys.push(why),
            }
        }
        for seed in &self.seeds {
            let late = |_| format!("{seed}: it was not connected in time");
            let connecting = timeout(limit, shared.links.to_server(seed)).await;
            match connecting.map_err(late).and_then(|link| link) {
                Ok(link) => match ranges(&link, seed, limit).await {
                    Ok(ranges) => {
                        self.learn(&ranges, shared);
                        return Ok(());
                    }
                    Err(why) => whys.push(why),
                },
                Err(why) => whys.push(why),
            }
        }
        Err(format!(
            "no node tells the slots of the cluster: {}",
            whys.join("; ")
        ))
    }
}

/// Who has which slots, by what one node says.
async fn ranges(link: &Link, at: &Address, limit: Duration) -> Result<Vec<Range>, String> {
    let mut command = Cmd::new();
    command.arg("CLUSTER").arg("SLOTS");
    let answer = timeout(limit, link::plain(link, &command)).await;
    let answer = answer.map_err(|_| format!("{at}: no answer came in time"))?;
    let Value::Array(rows) = answer.map_err(|error| format!("{at}: {error}"))? else {
        return Err(format!("{at}: an odd answer"));
    };
    let ranges: Vec<Range> = rows.iter().filter_map(|row| range(row, at)).collect();
    if ranges.is_empty() {
        return Err(format!("{at}: it knows of no slots"));
    }
    Ok(ranges)
}

fn range(row: &Value, at: &Address) -> Option<Range> {
    let Value::Array(row) = row else { return None };
    let [
        Value::Int(first),
        Value::Int(last),
        Value::Array(primary),
        ..,
    ] = row.as_slice()
    else {
        return None;
    };
    let [host, Value::Int(port), ..] = primary.as_slice() else {
        return None;
    };
    let host = match host {
        Value::BulkString(host) => String::from_utf8(host.clone()).ok()?,
        _ => String::new(),
    };
    let known = !host.is_empty() && host != "?";
    let address = Address {
        host: if known { host } else { at.host.clone() },
        port: u16::try_from(*port).ok()?,
    };
    Some((
        u16::try_from(*first).ok()?,
        u16::try_from(*last).ok()?,
        address,
    ))
}

/// Keeps knowing who has which slot.
pub(super) async fn watch(shared: Arc<Shared>) {
    let Topology::Cluster(cluster) = &shared.servers else {
        return;
    };
    loop {
        if let Err(why) = cluster.ask(&shared).await {
            locked(&cluster.unknown).1 = why;
            sleep(super::keep::jitter(shared.settings.probe)).await;
            continue;
        }
        sleep(ATMOST).await;
        tokio::select! {
            () = sleep(super::keep::jitter(EVERY)) => {}
            () = cluster.again.notified() => {}
        }
    }
}
