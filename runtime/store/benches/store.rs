//! What a take and a step cost: in memory, and in a Redis on this machine (where `redis-server` is there).
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark fails by panicking"
)]

use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

use divan::Bencher;
use gated_store::health::State;
use gated_store::limit::SECOND;
use gated_store::redis::{Address, Servers};
use gated_store::{
    Ask, Bounds, Case, Change, Key, MemoryBounds, Rate, Reads, RedisSettings, Space, Step, Store,
};
use tokio::runtime::Runtime;

fn main() {
    divan::main();
    if let Some(redis) = &*REDIS {
        let pid = redis.child.id().to_string();
        drop(Command::new("kill").arg(pid).status());
    }
}

struct Redis {
    child: Child,
    store: Store,
}

static REDIS: LazyLock<Option<Redis>> = LazyLock::new(|| {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let child = Command::new("redis-server")
        .args([
            "--port",
            &port.to_string(),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
        ])
        .stdout(Stdio::null())
        .spawn()
        .ok()?;
    let address = Address {
        host: "127.0.0.1".to_owned(),
        port,
    };
    let mut settings = RedisSettings::new("bench", Servers::Single(address));
    settings.deadline = Duration::from_secs(1);
    let store = Store::redis(settings).unwrap();
    while store.health().state != State::Up {
        std::thread::sleep(Duration::from_millis(10));
    }
    Some(Redis { child, store })
});

fn asks(keys: usize, client: usize) -> Vec<Ask> {
    let ask = |limit: usize| Ask {
        key: Key {
            space: Space::new("limit", &format!("limit-{limit}"), None),
            place: format!("client-{client}").into(),
            name: format!("client-{client}").into(),
        },
        rate: Rate::new(1_000_000, SECOND, 1_000_000),
        cost: 1,
        extra: 0,
    };
    (0..keys).map(ask).collect()
}

fn step() -> Step {
    Step {
        key: Key::alone(&Space::new("counter", "bench", None), "one".into()),
        cases: vec![Case {
            guards: Vec::new(),
            changes: vec![Change::Add("n".into(), 1)],
            life: None,
        }],
        reads: Reads::All,
        bounds: Bounds::default(),
    }
}

fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().unwrap()
}

#[divan::bench(args = [1, 3], threads = [1, 2])]
fn memory_take(bencher: Bencher<'_, '_>, keys: usize) {
    let store = Store::memory(MemoryBounds::default());
    let asks: Vec<_> = (0..1_000).map(|client| asks(keys, client)).collect();
    bencher
        .with_inputs(|| &asks[fastrand::usize(..1_000)])
        .bench_values(|asks| store.take_now(asks));
}

#[divan::bench]
fn memory_step(bencher: Bencher<'_, '_>) {
    let (store, runtime, step) = (Store::memory(MemoryBounds::default()), runtime(), step());
    bencher.bench_local(|| runtime.block_on(store.step(&step)));
}

#[divan::bench(args = [1, 3])]
fn redis_take(bencher: Bencher<'_, '_>, keys: usize) {
    let (runtime, asks) = (runtime(), asks(keys, 1));
    let Some(redis) = &*REDIS else { return };
    bencher.bench_local(|| runtime.block_on(redis.store.take(&asks)).unwrap());
}

#[divan::bench]
fn redis_step(bencher: Bencher<'_, '_>) {
    let (runtime, step) = (runtime(), step());
    let Some(redis) = &*REDIS else { return };
    bencher.bench_local(|| runtime.block_on(redis.store.step(&step)).unwrap());
}

/// A hundred calls that wait at the same time.
#[divan::bench]
fn redis_take_together(bencher: Bencher<'_, '_>) {
    let (runtime, asks) = (runtime(), asks(1, 1));
    let Some(redis) = &*REDIS else { return };
    let together = async || {
        let call = |_| {
            let (store, asks) = (redis.store.clone(), asks.clone());
            tokio::spawn(async move { store.take(&asks).await.unwrap() })
        };
        let calls: Vec<_> = (0..100).map(call).collect();
        for call in calls {
            call.await.unwrap();
        }
    };
    bencher
        .counter(divan::counter::ItemsCount::new(100_u32))
        .bench_local(|| runtime.block_on(together()));
}
