//! A primary, a replica and three Sentinels: the store follows the primary.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod servers;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use gated_store::health::{Kind, State};
use gated_store::redis::{Address, Servers};
use gated_store::{RedisSettings, Store};
use servers::{
    Server, add, add_in_the_end, address, cli, count, eventually, free_port, in_the_end, key,
    patient, ready, step,
};

struct Sentinels {
    children: Vec<Child>,
    ports: Vec<u16>,
    _folder: tempfile::TempDir,
}

impl Sentinels {
    /// Three that agree by two, on a primary that is down after half a second.
    fn start(primary: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ports: Vec<u16> = (0..3).map(|_| free_port()).collect();
        let start = |port: &u16| start(folder.path(), *port, primary);
        let children = ports.iter().map(start).collect();
        let sentinels = Self {
            children,
            ports,
            _folder: folder,
        };
        eventually("the sentinels know each other and the replica", || {
            sentinels.ports.iter().all(|port| {
                let told = cli(*port, &["SENTINEL", "MASTER", "main"]);
                let lines: Vec<&str> = told.lines().collect();
                let has =
                    |name: &str, value: &str| lines.windows(2).any(|two| two == [name, value]);
                has("num-other-sentinels", "2") && has("num-slaves", "1")
            })
        });
        sentinels
    }

    fn addresses(&self) -> Vec<Address> {
        self.ports.iter().map(|port| address(*port)).collect()
    }
}

fn start(folder: &Path, port: u16, primary: u16) -> Child {
    let file = folder.join(format!("sentinel-{port}.conf"));
    let text = format!(
        "port {port}\nbind 127.0.0.1\nsentinel monitor main 127.0.0.1 {primary} 2\n\
         sentinel down-after-milliseconds main 500\nsentinel failover-timeout main 3000\n"
    );
    std::fs::write(&file, text).unwrap();
    Command::new("redis-server")
        .arg(file)
        .arg("--sentinel")
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

impl Drop for Sentinels {
    fn drop(&mut self) {
        for child in &mut self.children {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

struct Setting {
    primary: Server,
    replica: Server,
    sentinels: Sentinels,
}

impl Setting {
    fn start() -> Self {
        let primary = Server::start(&[]);
        let port = primary.port.to_string();
        let replica = Server::start(&["--replicaof", "127.0.0.1", &port]);
        eventually("the replica follows", || {
            replica
                .run(&["INFO", "replication"])
                .contains("master_link_status:up")
        });
        let sentinels = Sentinels::start(primary.port);
        Self {
            primary,
            replica,
            sentinels,
        }
    }

    fn store(&self) -> Store {
        let servers = Servers::Sentinel {
            sentinels: self.sentinels.addresses(),
            primary: "main".to_owned(),
        };
        Store::redis(patient(RedisSettings::new("test", servers))).unwrap()
    }
}

#[tokio::test]
async fn a_failover_is_followed_and_told_as_a_possible_loss() {
    let mut setting = Setting::start();
    let store = setting.store();
    ready(&store).await;
    assert_eq!(store.health().kind, Kind::Sentinel);
    for _ in 0..10 {
        add_in_the_end(&store, "followed").await;
    }
    in_the_end("the epoch is known", || async { store.health().epoch }).await;
    setting.primary.run(&["WAIT", "1", "5000"]);
    setting.primary.kill();
    add_in_the_end(&store, "followed").await;
    let told = setting
        .replica
        .run(&["HGET", "gate:test:test/records:{followed}followed", "fn"]);
    assert!(told.trim().parse::<i64>().unwrap() >= 11, "{told}");
    in_the_end("the failover is seen", || async { store.loss_seen() }).await;
}

#[tokio::test]
async fn a_primary_that_was_replaced_while_it_hung_is_left_when_it_comes_back() {
    let setting = Setting::start();
    let store = setting.store();
    ready(&store).await;
    add_in_the_end(&store, "hung").await;
    setting.primary.run(&["WAIT", "1", "5000"]);
    setting.primary.signal("-STOP");
    add_in_the_end(&store, "hung").await;
    setting.primary.signal("-CONT");
    eventually("the old primary is a replica", || {
        setting.primary.run(&["ROLE"]).contains("slave")
    });
    for _ in 0..10 {
        add_in_the_end(&store, "hung").await;
    }
    let told = store
        .step(&step(key("hung"), vec![], vec![]))
        .await
        .unwrap();
    let there = setting
        .replica
        .run(&["HGET", "gate:test:test/records:{hung}hung", "fn"]);
    assert_eq!(count(&told.fields), there.trim().parse::<i64>().unwrap());
}

#[tokio::test]
async fn an_unknown_primary_and_sentinels_that_are_away_are_said() {
    let setting = Setting::start();
    let mut sentinels = setting.sentinels.addresses();
    sentinels.insert(0, address(free_port()));
    let settings = |primary: &str| {
        let servers = Servers::Sentinel {
            sentinels: sentinels.clone(),
            primary: primary.to_owned(),
        };
        let mut settings = patient(RedisSettings::new("test", servers));
        settings.connect = Duration::from_secs(1);
        settings
    };
    let store = Store::redis(settings("other")).unwrap();
    let why = in_the_end("it says why", || async {
        match store.health().state {
            State::Away { why, .. } if why.contains("knows no primary") => Some(why),
            _ => None,
        }
    })
    .await;
    assert!(why.contains("refused") && why.contains("`other`"), "{why}");
    let store = Store::redis(settings("main")).unwrap();
    add_in_the_end(&store, "one-away").await;
    assert!(store.step(&add("one-away")).await.is_ok());
}
