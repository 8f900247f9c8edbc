//! One Redis that hangs, dies, forgets and cuts connections.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod servers;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use gated_store::health::{Breaker, Kind, State};
use gated_store::limit::SECOND;
use gated_store::{
    Ask, Change, Cursor, Debit, Guard, Key, Lost, Rate, RedisSettings, Space, Store,
};
use servers::{
    Server, add, add_in_the_end, count, eventually, in_the_end, is_lost, key, ready, step,
};

fn ask(name: &str, rate: Rate) -> Ask {
    Ask {
        key: Key {
            space: Space::new("limit", name, None),
            place: "one".into(),
            name: name.to_owned().into(),
        },
        rate,
        cost: 1,
        extra: 0,
    }
}

#[tokio::test]
async fn a_store_opens_without_a_server_and_says_so() {
    let port = servers::free_port();
    let servers = gated_store::redis::Servers::Single(servers::address(port));
    let store = Store::redis(servers::patient(RedisSettings::new("test", servers))).unwrap();
    let why = in_the_end("it says why it is away", || async {
        match store.health().state {
            State::Away { why, .. } if why.contains("refused") => Some(why),
            _ => None,
        }
    })
    .await;
    assert!(why.contains(&format!("127.0.0.1:{port}")), "{why}");
    assert_eq!(store.step(&add("a")).await, Err(Lost::Away));
    assert_eq!(store.health().failures.away, 1);
    let _server = Server::start_at(port, &[]);
    let done = add_in_the_end(&store, "a").await;
    assert_eq!(count(&done.fields), 1);
    assert_eq!(
        (store.health().kind, store.loss_seen()),
        (Kind::Redis, None)
    );
}

#[tokio::test]
async fn limits_asked_together_are_one_call_and_records_keep_all_updates() {
    let server = Server::start(&[]);
    let (one, other) = (server.store(), server.store());
    ready(&one).await;
    ready(&other).await;
    let rate = Rate::new(1, 3600 * SECOND, 100);
    let asks = [ask("first", rate), ask("second", rate)];
    let admitted = Arc::new(AtomicI64::new(0));
    let mut callers = Vec::new();
    for caller in 0..40 {
        let store = if caller % 2 == 0 {
            one.clone()
        } else {
            other.clone()
        };
        let (asks, admitted) = (asks.clone(), Arc::clone(&admitted));
        callers.push(tokio::spawn(async move {
            for _ in 0..5 {
                let verdicts = store.take(&asks).await.unwrap();
                let all = verdicts.iter().all(|verdict| verdict.enough);
                admitted.fetch_add(i64::from(all), Ordering::Relaxed);
                store.step(&add("shared")).await.unwrap();
            }
        }));
    }
    for caller in callers {
        caller.await.unwrap();
    }
    assert_eq!(admitted.load(Ordering::Relaxed), 100);
    let told = one
        .step(&step(key("shared"), vec![], vec![]))
        .await
        .unwrap();
    assert_eq!(count(&told.fields), 200);
    assert_eq!(
        one.debit(&[Debit {
            key: asks[0].key.clone(),
            rate,
            tokens: 5,
            ago: 0
        }])
        .await,
        Ok(vec![5])
    );
    // Two asks were one call each: beside those only steps, and what the store does for itself.
    let stats = server.run(&["INFO", "commandstats"]);
    let evals = stats
        .lines()
        .filter(|line| line.starts_with("cmdstat_eval"));
    let calls = evals.filter_map(|line| {
        line.split("calls=")
            .nth(1)?
            .split(',')
            .next()?
            .parse::<i64>()
            .ok()
    });
    let calls: i64 = calls.sum();
    assert!((401..600).contains(&calls), "{calls}");
}

#[tokio::test]
async fn scripts_that_the_server_forgot_are_sent_again() {
    let server = Server::start(&[]);
    let store = server.store();
    ready(&store).await;
    for round in 1..=20 {
        assert!(server.run(&["SCRIPT", "FLUSH"]).contains("OK"));
        let done = store.step(&add("scripted")).await.unwrap();
        assert_eq!(count(&done.fields), round);
        server.run(&["SCRIPT", "FLUSH"]);
        let rate = Rate::new(1, 3600 * SECOND, 1);
        assert_eq!(
            store.take(&[ask("scripted", rate)]).await.unwrap()[0].enough,
            round == 1
        );
    }
    assert_eq!(
        store.health().failures,
        gated_store::health::Failures::default()
    );
}

#[tokio::test]
async fn a_frozen_server_is_left_alone_and_found_again() {
    let server = Server::start(&[]);
    let mut settings = server.settings();
    settings.deadline = Duration::from_millis(20);
    settings.connect = Duration::from_millis(250);
    let store = Store::redis(settings).unwrap();
    ready(&store).await;
    add_in_the_end(&store, "frozen").await;
    server.signal("-STOP");
    let mut late = 0;
    loop {
        match store.step(&add("frozen")).await {
            Err(Lost::Late) => late += 1,
            Err(Lost::Away) => break,
            other => assert!(is_lost(&other), "{other:?}"),
        }
    }
    assert!(late <= 10, "{late}");
    assert_eq!(store.health().breaker, Breaker::Open);
    assert!(matches!(store.health().state, State::Away { .. }));
    for _ in 0..1_000 {
        assert_eq!(store.step(&add("frozen")).await, Err(Lost::Away));
    }
    server.signal("-CONT");
    add_in_the_end(&store, "frozen").await;
    ready(&store).await;
}

#[tokio::test]
async fn a_server_that_comes_back_empty_is_noticed_by_all_also_by_those_that_start_later() {
    let mut server = Server::start(&[]);
    let (store, other) = (server.store(), server.store());
    ready(&store).await;
    let known = || async { store.health().epoch.and(other.health().epoch) };
    let before = in_the_end("the epoch is known", known).await;
    assert_eq!(store.loss_seen(), None);
    server.kill();
    let result = store.step(&add("killed")).await;
    assert!(is_lost(&result), "{result:?}");
    server.restart();
    let seen = || async { store.loss_seen().and(other.loss_seen()) };
    in_the_end("both replicas see the loss", seen).await;
    assert!(store.health().losses >= 1);
    assert_ne!(store.health().epoch.unwrap().id, before.id);
    let later = server.store();
    in_the_end("a later replica is told", || async { later.loss_seen() }).await;
    assert_eq!(later.health().losses, 0);
}

#[tokio::test]
async fn a_flush_and_a_rewind_are_noticed() {
    let server = Server::start(&[]);
    let store = server.store();
    let tick = || async { store.health().epoch.filter(|epoch| epoch.tick >= 3) };
    in_the_end("the epoch counts", tick).await;
    assert_eq!((store.health().losses, store.loss_seen()), (0, None));
    server.run(&["HSET", "gate:test:epoch", "ftick", "1"]);
    eventually("the rewind is seen", || store.health().losses >= 1);
    let before = store.health().losses;
    let since = SystemTime::now();
    server.run(&["FLUSHALL"]);
    eventually("the flush is seen", || store.health().losses > before);
    assert!(store.loss_seen().unwrap() >= since - Duration::from_secs(1));
}

#[tokio::test]
async fn connections_that_are_cut_are_made_anew() {
    let server = Server::start(&[]);
    let store = server.store();
    ready(&store).await;
    let mut done = 0;
    for _ in 0..10 {
        server.run(&["CLIENT", "KILL", "TYPE", "normal"]);
        for _ in 0..20 {
            done += i64::from(store.step(&add("cut")).await.is_ok());
        }
        add_in_the_end(&store, "cut").await;
        done += 1;
    }
    let told = in_the_end("it is told", || async {
        store.step(&step(key("cut"), vec![], vec![])).await.ok()
    });
    // What was done and not told counts too; nothing that was told is missing.
    assert!(count(&told.await.fields) >= done);
}

#[tokio::test]
async fn a_server_that_may_not_write_is_away_until_it_may() {
    let primary = Server::start(&[]);
    let server = Server::start(&[]);
    let store = server.store();
    ready(&store).await;
    let port = primary.port.to_string();
    server.run(&["REPLICAOF", "127.0.0.1", &port]);
    in_the_end("it is seen to be away", || async {
        drop(store.step(&add("demoted")).await);
        matches!(store.health().state, State::Away { .. }).then_some(())
    })
    .await;
    server.run(&["REPLICAOF", "NO", "ONE"]);
    add_in_the_end(&store, "demoted").await;
}

#[tokio::test]
async fn too_many_calls_at_once_are_refused() {
    let server = Server::start(&[]);
    let mut settings = server.settings();
    settings.in_flight = 2;
    let store = Store::redis(settings).unwrap();
    ready(&store).await;
    server.signal("-STOP");
    let callers: Vec<_> = (0..5)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.step(&add("busy")).await })
        })
        .collect();
    let mut busy = 0;
    in_the_end("the rest are refused", || async {
        (store.health().failures.busy == 3).then_some(())
    })
    .await;
    server.signal("-CONT");
    for caller in callers {
        busy += usize::from(caller.await.unwrap() == Err(Lost::Busy));
    }
    assert_eq!(busy, 3);
}

#[tokio::test]
async fn a_server_without_memory_left_is_full_and_not_away() {
    let server = Server::start(&[]);
    let store = server.store();
    ready(&store).await;
    server.run(&["CONFIG", "SET", "maxmemory", "1"]);
    for _ in 0..10 {
        assert_eq!(store.step(&add("full")).await, Err(Lost::Full));
    }
    assert_eq!(store.health().breaker, Breaker::Closed);
    server.run(&["CONFIG", "SET", "maxmemory", "0"]);
    assert!(store.step(&add("full")).await.is_ok());
}

#[tokio::test]
async fn a_space_is_listed_and_dropped_and_no_other() {
    let server = Server::start(&[]);
    let store = server.store();
    ready(&store).await;
    let (space, other) = (
        Space::new("kv", "a*[b]?", None),
        Space::new("kv", "axb", None),
    );
    let long = "long ".repeat(100);
    let mut keys: Vec<Key> = (0..1_500)
        .map(|number| Key::alone(&space, number.to_string().into()))
        .collect();
    keys.push(Key::alone(&space, long.into()));
    let set = || vec![Change::Set("v".into(), "1".into())];
    for key in keys.iter().cloned().chain([Key::alone(&other, "x".into())]) {
        store
            .step(&step(key, vec![Guard::Absent], set()))
            .await
            .unwrap();
    }
    let (mut found, mut after) = (Vec::new(), None::<Cursor>);
    loop {
        let page = store.list(&space, after.as_ref(), 100).await.unwrap();
        found.extend(page.keys);
        let Some(next) = page.next else { break };
        after = Some(Cursor::new(next.as_str()));
    }
    found.sort();
    found.dedup();
    keys.sort();
    assert_eq!(found, keys);
    assert_eq!(store.drop_space(&space).await, Ok(1_501));
    assert!(store.list(&space, None, 10).await.unwrap().keys.is_empty());
    assert_eq!(store.list(&other, None, 10).await.unwrap().keys.len(), 1);
}

#[tokio::test]
async fn a_user_with_a_password_may_and_nobody_else_is_told_it() {
    let server = Server::start(&[
        "--user", "gate", "on", ">hunter2", "~gate:*", "+@all", "--user", "default", "off",
    ]);
    let url = format!("redis://gate:hunter2@127.0.0.1:{}", server.port);
    let store = Store::redis(servers::patient(
        RedisSettings::of_url("test", &url).unwrap(),
    ))
    .unwrap();
    add_in_the_end(&store, "user").await;
    let url = format!("redis://gate:hunter3@127.0.0.1:{}", server.port);
    let wrong = Store::redis(servers::patient(
        RedisSettings::of_url("test", &url).unwrap(),
    ))
    .unwrap();
    let why = in_the_end("it says why", || async {
        match wrong.health().state {
            State::Away { why, .. }
                if why.contains("WRONGPASS") || why.contains("uthentication") =>
            {
                Some(why)
            }
            _ => None,
        }
    })
    .await;
    assert!(!why.contains("hunter"), "{why}");
    assert!(!format!("{wrong:?}").contains("hunter"));
}

#[tokio::test]
async fn tls_is_spoken_with_authorities_of_ones_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    std::fs::write(path("cert.pem"), made.cert.pem()).unwrap();
    std::fs::write(path("key.pem"), made.signing_key.serialize_pem()).unwrap();
    let port = servers::free_port();
    let _server = Server::start(&[
        "--tls-port",
        &port.to_string(),
        "--tls-cert-file",
        &path("cert.pem"),
        "--tls-key-file",
        &path("key.pem"),
        "--tls-ca-cert-file",
        &path("cert.pem"),
        "--tls-auth-clients",
        "no",
    ]);
    let url = format!("rediss://127.0.0.1:{port}");
    let mut settings = servers::patient(RedisSettings::of_url("test", &url).unwrap());
    let strange = Store::redis(settings.clone()).unwrap();
    settings.tls.as_mut().unwrap().authorities = Some(made.cert.pem().into_bytes());
    let store = Store::redis(settings.clone()).unwrap();
    add_in_the_end(&store, "tls").await;
    in_the_end("an unknown authority is refused", || async {
        match strange.health().state {
            State::Away { why, .. } if why.contains("certificate") => Some(()),
            other => {
                println!("{other:?}");
                None
            }
        }
    })
    .await;
    settings.tls.as_mut().unwrap().authorities = Some(b"no certificate".to_vec());
    assert!(Store::redis(settings).is_err());
}

#[test]
fn a_store_serves_several_runtimes_and_outlives_each() {
    let server = Server::start(&[]);
    let store = server.store();
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    runtime().block_on(ready(&store));
    for _ in 0..3 {
        let threads: Vec<_> = (0..3)
            .map(|_| {
                let store = store.clone();
                std::thread::spawn(move || {
                    let once = async {
                        for _ in 0..50 {
                            store.step(&add("runtimes")).await.unwrap();
                        }
                    };
                    tokio::runtime::Builder::new_current_thread()
                        .enable_all()
                        .build()
                        .unwrap()
                        .block_on(once);
                })
            })
            .collect();
        threads
            .into_iter()
            .for_each(|thread| thread.join().unwrap());
    }
    let told = runtime()
        .block_on(store.step(&step(key("runtimes"), vec![], vec![])))
        .unwrap();
    assert_eq!(count(&told.fields), 450);
}
