//! Six nodes, three of them primaries: steps go where their slots are, also while these move.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod servers;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use gated_store::health::{Kind, State};
use gated_store::limit::SECOND;
use gated_store::redis::Servers;
use gated_store::redis::name::slot;
use gated_store::{Ask, Change, Cursor, Debit, Guard, Key, Rate, RedisSettings, Space, Store};
use servers::{
    Server, add, add_in_the_end, count, eventually, in_the_end, is_lost, key, patient, ready, step,
};

struct Cluster {
    nodes: Vec<Server>,
}

impl Cluster {
    fn start(replicas: usize) -> Self {
        let arguments = [
            "--cluster-enabled",
            "yes",
            "--cluster-node-timeout",
            "1000",
            "--cluster-require-full-coverage",
            "no",
        ];
        let nodes: Vec<Server> = (0..3 * (1 + replicas))
            .map(|_| Server::start(&arguments))
            .collect();
        let addresses: Vec<String> = nodes
            .iter()
            .map(|node| node.address().to_string())
            .collect();
        let replicas = replicas.to_string();
        let mut command = vec!["--cluster", "create"];
        command.extend(addresses.iter().map(String::as_str));
        command.extend(["--cluster-replicas", &replicas, "--cluster-yes"]);
        let told = nodes[0].run(&command);
        assert!(told.contains("[OK] All 16384 slots covered"), "{told}");
        eventually("all nodes agree", || {
            nodes
                .iter()
                .all(|node| node.run(&["CLUSTER", "INFO"]).contains("cluster_state:ok"))
        });
        Self { nodes }
    }

    fn settings(&self) -> RedisSettings {
        let seeds = self.nodes.iter().take(2).map(Server::address).collect();
        patient(RedisSettings::new("test", Servers::Cluster(seeds)))
    }

    fn store(&self) -> Store {
        Store::redis(self.settings()).unwrap()
    }

    fn id(&self, node: &Server) -> String {
        node.run(&["CLUSTER", "MYID"]).trim().to_owned()
    }

    /// The primary that has a slot, and another one.
    fn owner(&self, slot: u16) -> (&Server, &Server) {
        let told = self.nodes[0].run(&["CLUSTER", "NODES"]);
        let has = |node: &&Server| {
            let id = self.id(node);
            let line = told.lines().find(|line| line.starts_with(&id)).unwrap();
            let ranges = line
                .split(' ')
                .skip(8)
                .filter(|range| !range.starts_with('['));
            ranges
                .filter_map(bounds)
                .any(|(first, last)| (first..=last).contains(&slot))
        };
        let primaries = self
            .nodes
            .iter()
            .filter(|node| node.run(&["ROLE"]).starts_with("master"));
        let (owners, others): (Vec<&Server>, Vec<&Server>) = primaries.partition(has);
        (owners[0], others[0])
    }

    /// Moves a slot to another primary, key by key.
    fn move_slot(&self, slot: u16) {
        let (from, to) = self.owner(slot);
        let number = slot.to_string();
        let (from_id, to_id) = (self.id(from), self.id(to));
        to.run(&["CLUSTER", "SETSLOT", &number, "IMPORTING", &from_id]);
        from.run(&["CLUSTER", "SETSLOT", &number, "MIGRATING", &to_id]);
        loop {
            let keys = from.run(&["CLUSTER", "GETKEYSINSLOT", &number, "1"]);
            let Some(key) = keys.lines().find(|line| !line.is_empty()) else {
                break;
            };
            let port = to.port.to_string();
            from.run(&["MIGRATE", "127.0.0.1", &port, key, "0", "5000"]);
        }
        to.run(&["CLUSTER", "SETSLOT", &number, "NODE", &to_id]);
        from.run(&["CLUSTER", "SETSLOT", &number, "NODE", &to_id]);
        for node in &self.nodes {
            node.run(&["CLUSTER", "SETSLOT", &number, "NODE", &to_id]);
        }
    }
}

fn bounds(range: &str) -> Option<(u16, u16)> {
    let (first, last) = range
        .trim()
        .split_once('-')
        .unwrap_or((range.trim(), range.trim()));
    Some((first.parse().ok()?, last.parse().ok()?))
}

#[tokio::test]
async fn steps_go_where_their_slots_are_and_spaces_span_all_nodes() {
    let cluster = Cluster::start(0);
    let store = cluster.store();
    ready(&store).await;
    assert_eq!(store.health().kind, Kind::Cluster);
    let space = Space::new("kv", "spread", None);
    let set = || vec![Change::Set("v".into(), "1".into())];
    for number in 0..300 {
        let key = Key::alone(&space, number.to_string().into());
        store
            .step(&step(key, vec![Guard::Absent], set()))
            .await
            .unwrap();
    }
    for node in &cluster.nodes {
        assert_ne!(node.run(&["DBSIZE"]).trim(), "0");
    }
    let (mut found, mut after) = (Vec::new(), None::<Cursor>);
    loop {
        let page = store.list(&space, after.as_ref(), 50).await.unwrap();
        found.extend(page.keys);
        let Some(next) = page.next else { break };
        after = Some(next);
    }
    assert_eq!(found.len(), 300);
    assert_eq!(store.drop_space(&space).await, Ok(300));
    let rate = Rate::new(1, 3600 * SECOND, 1);
    let ask = |place: &'static str, name: &'static str| Ask {
        key: Key {
            space: space.clone(),
            place: place.into(),
            name: name.into(),
        },
        rate,
        cost: 1,
        extra: 0,
    };
    // One place is one call, all or none; several places are asked one after the other.
    let asks = [ask("a", "1"), ask("a", "2"), ask("b", "3"), ask("a", "4")];
    let verdicts = store.take(&asks).await.unwrap();
    assert!(verdicts.len() == 4 && verdicts.iter().all(|verdict| verdict.taken == 1));
    let verdicts = store.take(&[ask("a", "1"), ask("a", "5")]).await.unwrap();
    assert_eq!((verdicts[0].enough, verdicts[1].taken), (false, 0));
    let debit = |key, tokens| Debit {
        key,
        rate,
        tokens,
        ago: 0,
    };
    let debits = [debit(ask("a", "1").key, 2), debit(ask("b", "9").key, 3)];
    assert_eq!(store.debit(&debits).await, Ok(vec![2, 2]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_step_is_lost_or_done_twice_while_slots_move() {
    let cluster = Arc::new(Cluster::start(0));
    let (one, other) = (cluster.store(), cluster.store());
    ready(&one).await;
    ready(&other).await;
    let stop = Arc::new(AtomicBool::new(false));
    let (told, lost) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicI64::new(0)));
    let callers: Vec<_> = [one.clone(), other]
        .into_iter()
        .map(|store| {
            let (stop, told, lost) = (Arc::clone(&stop), Arc::clone(&told), Arc::clone(&lost));
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    match store.step(&add("moving")).await {
                        Ok(_) => told.fetch_add(1, Ordering::Relaxed),
                        Err(_) => lost.fetch_add(1, Ordering::Relaxed),
                    };
                }
            })
        })
        .collect();
    let mover = {
        let cluster = Arc::clone(&cluster);
        tokio::task::spawn_blocking(move || (0..6).for_each(|_| cluster.move_slot(slot(b"moving"))))
    };
    mover.await.unwrap();
    stop.store(true, Ordering::Relaxed);
    for caller in callers {
        caller.await.unwrap();
    }
    let fields = one
        .step(&step(key("moving"), vec![], vec![]))
        .await
        .unwrap()
        .fields;
    let (told, lost) = (told.load(Ordering::Relaxed), lost.load(Ordering::Relaxed));
    assert!(told > 100, "{told}");
    // What was not told may have been done; what was told was, once.
    assert!(
        (told..=told + lost).contains(&count(&fields)),
        "{} {told} {lost}",
        count(&fields)
    );
    assert_eq!(lost, 0);
}

#[tokio::test]
async fn a_node_that_hangs_takes_only_its_own_slots_along() {
    let cluster = Cluster::start(0);
    let store = cluster.store();
    ready(&store).await;
    add_in_the_end(&store, "here").await;
    let (frozen, _) = cluster.owner(slot(b"gone"));
    let here = (0..).map(|number| format!("here-{number}"));
    let here = here
        .into_iter()
        .find(|name| cluster.owner(slot(name.as_bytes())).0.port != frozen.port)
        .unwrap();
    add_in_the_end(&store, "gone").await;
    add_in_the_end(&store, &here).await;
    frozen.signal("-STOP");
    in_the_end("its slots are away", || async {
        let result = store.step(&add("gone")).await;
        assert!(is_lost(&result), "{result:?}");
        matches!(store.health().state, State::Away { .. }).then_some(())
    })
    .await;
    for _ in 0..20 {
        assert!(store.step(&add(&here)).await.is_ok());
    }
    frozen.signal("-CONT");
    add_in_the_end(&store, "gone").await;
}

#[tokio::test]
async fn a_replica_takes_over_and_the_loss_is_told() {
    let mut cluster = Cluster::start(1);
    let store = cluster.store();
    ready(&store).await;
    add_in_the_end(&store, "followed").await;
    in_the_end("the epoch is known", || async { store.health().epoch }).await;
    let port = cluster.owner(slot(b"followed")).0.port;
    let primary = cluster
        .nodes
        .iter_mut()
        .find(|node| node.port == port)
        .unwrap();
    primary.run(&["WAIT", "1", "5000"]);
    primary.kill();
    let done = add_in_the_end(&store, "followed").await;
    assert!(count(&done.fields) >= 2);
    in_the_end("the failover is seen", || async { store.loss_seen() }).await;
    ready(&store).await;
}

#[tokio::test]
async fn one_server_that_is_a_part_of_a_cluster_is_said() {
    let cluster = Cluster::start(0);
    let (_, other) = cluster.owner(slot(b"elsewhere"));
    let store = other.store();
    let why = in_the_end("it says why", || async {
        match store.step(&add("elsewhere")).await {
            Err(gated_store::Lost::Failed(why)) => Some(why),
            _ => None,
        }
    })
    .await;
    assert!(why.contains("cluster"), "{why}");
}
