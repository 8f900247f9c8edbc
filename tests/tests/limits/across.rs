//! Limits hold across replicas, wherever the counts lie, and each request is one call whatever it comes under.

use std::sync::Mutex;

use gatec_tests::redis::{Cluster, Redis, Sentinels};
use gatec_tests::{Client, Nginx, free_port};

use super::load::Pair;

const ROUTES: &str = r#"
limit "exact" rate="50/h" by="{{ header.x-key }}" on-loss="closed"
limit "leased" rate="50/h" by="{{ header.x-key }}" mode="lease" on-loss="closed"
limit "few" rate="10/h" by="{{ header.x-key }}" on-loss="closed"
limit "many" rate="100/h" by="{{ header.x-tenant }}" on-loss="closed"
limit "all" rate="100000/h" by="everybody" on-loss="closed"

route "exact" public=#true { match "GET" "/exact"; limit "exact"; respond 200 "ok"; }
route "leased" public=#true { match "GET" "/leased"; limit "leased"; respond 200 "ok"; }
route "stacked" public=#true {
    match "GET" "/stacked"
    limit "few"
    limit "many"
    limit "all"
    respond 200 "ok"
}
"#;

/// A balancer that gives every request to the next replica.
fn balancer(folder: &std::path::Path, ports: [u16; 2]) -> (Nginx, u16) {
    let port = free_port();
    let configuration = format!(
        "daemon off; worker_processes 1; error_log stderr; pid nginx.pid;\n\
         events {{ worker_connections 512; }}\n\
         http {{ access_log off;\n\
           upstream replicas {{ server 127.0.0.1:{}; server 127.0.0.1:{}; keepalive 32; }}\n\
           server {{ listen 127.0.0.1:{port};\n\
             location / {{ proxy_pass http://replicas; proxy_http_version 1.1; proxy_set_header Connection \"\"; }} }} }}\n",
        ports[0], ports[1]
    );
    let ready = format!("http://127.0.0.1:{port}/none");
    std::fs::write(folder.join("nginx.conf"), configuration).unwrap();
    let configuration = folder.join("nginx.conf");
    (
        Nginx::start(folder, &configuration.to_string_lossy(), &ready),
        port,
    )
}

/// Asks from eight clients at once; how many of each key were let in.
fn let_in(port: u16, path: &str, keys: usize, each: usize) -> Vec<usize> {
    let counts = Mutex::new(vec![0; keys]);
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let counts = &counts;
            scope.spawn(move || {
                let mut client = Client::new(port);
                for number in 0..each {
                    let key = (number + thread) % keys;
                    let headers = [("x-key", &*key.to_string()), ("x-tenant", "one")];
                    let answer = client.ask("GET", path, &headers, "");
                    assert!(matches!(answer.status, 200 | 429), "{answer:?}");
                    if answer.status == 200 {
                        counts.lock().unwrap()[key] += 1;
                    }
                }
            });
        }
    });
    counts.into_inner().unwrap()
}

fn hold(url: &str) {
    let pair = Pair::start(&format!(
        "store \"redis\" url=\"{url}\" replicas=2 deadline=\"2s\"\n{ROUTES}"
    ));
    let folder = tempfile::tempdir().unwrap();
    let (_nginx, port) = balancer(folder.path(), pair.ports);
    assert_eq!(let_in(port, "/exact", 4, 100), [50; 4]);
    let leased = let_in(port, "/leased", 4, 200);
    // Never more; what a replica drew and did not use is lost.
    assert!(
        leased.iter().all(|count| (10..=50).contains(count)),
        "{leased:?}"
    );

    let calls = pair.metric("gated_store_calls_total");
    assert_eq!(let_in(port, "/stacked", 4, 5), [10; 4]);
    let asked = pair.metric("gated_store_calls_total") - calls;
    assert!(asked <= 40.0, "{asked} calls for 40 requests");
    // Of `many` 40 of 100 are gone: what `few` refuses takes nothing from it.
    let_in(port, "/stacked", 1, 10);
    let mut client = Client::new(port);
    let left = client.ask(
        "GET",
        "/stacked",
        &[("x-key", "new"), ("x-tenant", "one")],
        "",
    );
    let told = left.header("ratelimit").unwrap_or_default().to_owned();
    assert!(
        told.contains("\"few\";r=9;") && told.contains("\"many\";r=59;"),
        "{told}"
    );
}

#[test]
fn limits_hold_across_replicas() {
    let redis = Redis::start(&[]);
    hold(&redis.url());
}

#[test]
fn limits_hold_across_replicas_behind_sentinels() {
    let sentinels = Sentinels::start();
    hold(&sentinels.url());
}

#[test]
fn limits_hold_across_replicas_in_a_cluster() {
    let cluster = Cluster::start();
    hold(&cluster.url());
}
