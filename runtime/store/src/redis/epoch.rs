//! Whether Redis still knows what it knew. A small record holds a random name and counts up each second: a
//! name that is gone or another means that it was emptied, a lower count that it was rewound (a failover to
//! a replica that lagged). A server process that was not there before may have lost its last writes without
//! either showing, so it counts too. The loss is written into the record, for replicas that start later.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use tokio::time::sleep;

use super::name::{SLOTS, slot};
use super::node::locked;
use super::script::{self, Call};
use super::shared::{Shared, Topology};
use crate::clock::{ticks_of, time_of};
use crate::health::Epoch;
use crate::record::{Bounds, Case, Change, Fields, Guard, Reads};
use crate::{Key, Lost, Space, Step};

/// How often it counts.
const EVERY: Duration = Duration::from_secs(1);
/// In a cluster: how many records there are, spread over the slots so that each node has some.
pub(super) const CELLS: usize = 16;

/// What is known of the records.
#[derive(Debug)]
pub(super) struct Epochs {
    cells: Vec<Mutex<Option<Known>>>,
    losses: AtomicU64,
    seen: AtomicI64,
}

#[derive(Debug, Clone, Default)]
struct Known {
    id: Bytes,
    tick: i64,
    since: i64,
    /// When somebody last saw a loss; 0: never.
    lost: i64,
    /// When this replica last read it.
    read: i64,
    /// The process that served it.
    run: Option<String>,
}

/// For each cell a tag whose slot is in it.
pub(super) fn tags() -> &'static [String] {
    static TAGS: LazyLock<Vec<String>> = LazyLock::new(|| {
        let width = usize::from(SLOTS) / CELLS;
        let within =
            |cell: usize| move |tag: &String| usize::from(slot(tag.as_bytes())) / width == cell;
        let tags = || (0_u32..).map(|number| number.to_string());
        (0..CELLS)
            .filter_map(|cell| tags().find(within(cell)))
            .collect()
    });
    &TAGS
}

impl Epochs {
    pub(super) fn new(cells: usize) -> Self {
        Self {
            cells: (0..cells).map(|_| Mutex::default()).collect(),
            losses: AtomicU64::new(0),
            seen: AtomicI64::new(0),
        }
    }

    pub(super) fn first(&self) -> Option<Epoch> {
        let known = locked(self.cells.first()?).clone()?;
        Some(Epoch {
            id: String::from_utf8_lossy(&known.id).into_owned(),
            tick: known.tick,
            since: time_of(known.since),
        })
    }

    pub(super) fn losses(&self) -> u64 {
        self.losses.load(Ordering::Relaxed)
    }

    pub(super) fn loss_seen(&self) -> Option<SystemTime> {
        let seen = self.seen.load(Ordering::Relaxed);
        (seen > 0).then(|| time_of(seen))
    }

    fn saw_loss(&self, at: i64) {
        self.losses.fetch_add(1, Ordering::Relaxed);
        self.seen.fetch_max(at, Ordering::Relaxed);
    }
}

/// Counts, and looks, each second.
pub(super) async fn watch(shared: Arc<Shared>) {
    let is_cluster = shared.is_cluster();
    loop {
        let mut calls = Vec::new();
        for cell in 0..shared.epochs.cells.len() {
            let tag = tags()
                .get(cell)
                .filter(|_| is_cluster)
                .cloned()
                .unwrap_or_default();
            calls.push(tokio::spawn(look(Arc::clone(&shared), cell, tag)));
        }
        for call in calls {
            drop(call.await);
        }
        // Before the first answer and after a loss of contact it is looked at sooner.
        let known = shared
            .epochs
            .cells
            .iter()
            .all(|cell| locked(cell).is_some());
        sleep(super::keep::jitter(if known { EVERY } else { EVERY / 10 })).await;
    }
}

async fn look(shared: Arc<Shared>, cell: usize, tag: String) -> Result<(), Lost> {
    let Some(kept) = shared.epochs.cells.get(cell) else {
        return Ok(());
    };
    let before = locked(kept).clone();
    let now = ticks_of(SystemTime::now());
    let fields = step(&shared, &tag, count(before.is_some(), now)).await?;
    let mut known = read(&fields, now, run_of(&shared, &tag));
    if let Some(at) = before.as_ref().and_then(|before| loss(before, &known, now)) {
        shared.epochs.saw_loss(at);
        if at > known.lost {
            known.lost = at;
            // If this is lost, another replica or the next look writes it.
            drop(step(&shared, &tag, note(&known)).await);
        }
    } else if before.is_none() && known.lost > 0 {
        shared.epochs.seen.fetch_max(known.lost, Ordering::Relaxed);
    }
    *locked(kept) = Some(known);
    Ok(())
}

/// When something was lost since the record was last read; `None`: nothing was.
fn loss(before: &Known, now: &Known, at: i64) -> Option<i64> {
    let emptied = now.id != before.id;
    let rewound = now.tick <= before.tick;
    let replaced = matches!((&before.run, &now.run), (Some(one), Some(other)) if one != other);
    let told = now.lost > before.lost;
    if !(emptied || rewound || replaced || told) {
        return None;
    }
    // Another replica that saw it first has said when.
    Some(if now.lost > before.read { now.lost } else { at })
}

async fn step(shared: &Arc<Shared>, tag: &str, cases: Vec<Case>) -> Result<Fields, Lost> {
    let step = Step {
        key: Key::alone(&Space::new("epoch", "", None), Bytes::new()),
        cases,
        reads: Reads::All,
        bounds: Bounds::default(),
    };
    let call = Call::step(shared.names.own("epoch", tag), &step, &[], None);
    let answer = shared.call_within(&call, shared.settings.connect).await?;
    Ok(script::done(answer)?.fields)
}

/// Counts up, or makes the record; one made where there was one before says that something was lost.
fn count(known: bool, now: i64) -> Vec<Case> {
    let set = |name: &'static str, value: String| Change::Set(name.into(), value.into());
    let id = format!("{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
    let mut made = vec![
        set("id", id),
        set("tick", "1".to_owned()),
        set("since", now.to_string()),
    ];
    if known {
        made.push(set("lost", now.to_string()));
    }
    let case = |guards, changes| Case {
        guards,
        changes,
        life: None,
    };
    vec![
        case(
            vec![Guard::Has("id".into())],
            vec![Change::Add("tick".into(), 1)],
        ),
        case(Vec::new(), made),
    ]
}

fn note(known: &Known) -> Vec<Case> {
    vec![Case {
        guards: vec![Guard::Is("id".into(), known.id.clone())],
        changes: vec![Change::Set("lost".into(), known.lost.to_string().into())],
        life: None,
    }]
}

fn read(fields: &Fields, now: i64, run: Option<String>) -> Known {
    let number = |name: &[u8]| {
        let text = fields
            .get(name)
            .and_then(|value| std::str::from_utf8(value).ok());
        text.and_then(|text| text.parse().ok()).unwrap_or(0)
    };
    Known {
        id: fields.get(b"id".as_slice()).cloned().unwrap_or_default(),
        tick: number(b"tick"),
        since: number(b"since"),
        lost: number(b"lost"),
        read: now,
        run,
    }
}

fn run_of(shared: &Shared, tag: &str) -> Option<String> {
    match &shared.servers {
        Topology::Cluster(cluster) => cluster.owner(slot(tag.as_bytes()))?.run(),
        Topology::Single(node) | Topology::Sentinel(node, _) => node.run(),
    }
}
