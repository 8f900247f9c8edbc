//! Keeps one server connected: connects, tries it with a write of the store's own, and tries it again
//! whenever a call failed.

use std::sync::Arc;
use std::time::Duration;

use redis::{Cmd, Value};
use tokio::time::{sleep, timeout};

use super::epoch;
use super::link::{self, Link};
use super::node::Node;
use super::script::Call;
use super::settings::Address;
use super::shared::{Shared, Topology};
use crate::record::{Bounds, Case, Change, Life, Reads};
use crate::{Key, Space, Step};

/// The longest pause between two connects.
const LONGEST: Duration = Duration::from_millis(600);
/// The shortest.
const SHORTEST: Duration = Duration::from_millis(20);

/// Keeps a server connected until it is no server of the store's any more.
pub(super) async fn keep(shared: Arc<Shared>, node: Arc<Node>) {
    let mut pause = SHORTEST;
    while !is_retired(&shared, &node) {
        match connect(&shared, &node).await {
            Ok((address, link, run)) => {
                node.up(address, link.clone(), run);
                pause = SHORTEST;
                let why = stay(&shared, &node, &link).await;
                node.down(why);
            }
            Err(why) => {
                node.down(why);
                sleep(jitter(pause)).await;
                pause = (pause * 2).min(LONGEST);
            }
        }
    }
    node.down("it is no primary of the cluster any more".to_owned());
}

fn is_retired(shared: &Shared, node: &Node) -> bool {
    match &shared.servers {
        Topology::Cluster(cluster) => !cluster.knows(node),
        _ => false,
    }
}

async fn connect(
    shared: &Arc<Shared>,
    node: &Node,
) -> Result<(Address, Link, Option<String>), String> {
    let address = match &shared.servers {
        Topology::Sentinel(_, sentinels) => sentinels.primary(shared).await?,
        _ => node.address(),
    };
    let limit = shared.settings.connect;
    let late = || format!("{address}: it was not connected in time");
    let connecting = timeout(limit, shared.links.to_server(&address));
    let link = connecting.await.map_err(|_| late())??;
    let probed = probe(shared, node, &link).await;
    probed.map_err(|why| format!("{address}: {why}"))?;
    let run = run_of(&link, limit).await;
    Ok((address, link, run))
}

/// Watches a connection for as long as it is good; why it is not any more.
async fn stay(shared: &Arc<Shared>, node: &Node, link: &Link) -> String {
    loop {
        tokio::select! {
            () = sleep(jitter(shared.settings.probe)) => {}
            () = node.wake.notified() => {}
        }
        if node.wants_reconnect() {
            return match node.away() {
                Some((_, why)) => why,
                None => format!("{}: the connection is made anew", node.address()),
            };
        }
        if is_retired(shared, node) {
            return "it is no primary of the cluster any more".to_owned();
        }
        if node.is_suspect() {
            match probe(shared, node, link).await {
                Ok(()) => node.close(),
                Err(why) => return format!("{}: {why}", node.address()),
            }
        }
    }
}

/// A write that no user asked for.
async fn probe(shared: &Shared, node: &Node, link: &Link) -> Result<(), String> {
    let tag = match &shared.servers {
        Topology::Cluster(cluster) => epoch::tags().iter().find(|tag| cluster.has(node, tag)),
        _ => None,
    };
    let own = tag.map_or("", |tag| tag.as_str());
    if shared.is_cluster() && own.is_empty() {
        let ping = timeout(
            shared.settings.connect,
            link::plain(link, &redis::cmd("PING")),
        )
        .await;
        let answered = ping.map_err(|_| "no answer came in time".to_owned())?;
        return answered.map(drop).map_err(|error| error.to_string());
    }
    let call = Call::step(shared.names.own("probe", own), &probing(), &[], None);
    Node::probe(link, &call, shared.settings.connect).await
}

fn probing() -> Step {
    Step {
        key: Key::alone(&Space::new("probe", "", None), "".into()),
        cases: vec![Case {
            guards: Vec::new(),
            changes: vec![Change::Add("probes".into(), 1)],
            life: Some(Life {
                idle: Some(Duration::from_secs(60)),
                absolute: None,
            }),
        }],
        reads: Reads::Nothing,
        bounds: Bounds::default(),
    }
}

/// What the server calls its process. A user who may not ask leaves this unknown.
async fn run_of(link: &Link, limit: Duration) -> Option<String> {
    let mut info = Cmd::new();
    info.arg("INFO").arg("server");
    let answer = timeout(limit, link::plain(link, &info)).await.ok()?.ok()?;
    let Value::BulkString(text) = answer else {
        return None;
    };
    let text = String::from_utf8_lossy(&text);
    let run = text.lines().find_map(|line| line.strip_prefix("run_id:"))?;
    Some(run.trim().to_owned())
}

/// A quarter more or less, so that replicas do not come all at once.
pub(super) fn jitter(time: Duration) -> Duration {
    time.mul_f64(0.75 + fastrand::f64() / 2.0)
}
