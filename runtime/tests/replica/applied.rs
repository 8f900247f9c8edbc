//! What belongs to the process rather than to its routes, changed while it runs.

use std::time::Duration;

use super::load::Load;
use super::support::{Backend, Gated, dead, proxy_to, wait_for, with_listener, word};

fn spec(version: &str) -> String {
    with_listener(&word("v", "/v", version))
}

#[test]
fn workers_come_and_go_under_load_and_no_request_is_lost() {
    let gated = Gated::start(&spec("0"));
    let load = Load::on(&gated);
    for (change, workers) in [4, 2, 3, 1, 5, 1, 2].into_iter().enumerate() {
        let change = (change + 1).to_string();
        gated.write(&spec(&change).replace("workers=1", &format!("workers={workers}")));
        assert_eq!(gated.reload(), 200);
        let status = gated.status();
        assert_eq!(status["workers"], workers);
        assert_eq!(status["restart_needed"], serde_json::json!([]));
        let before = load.served();
        wait_for(|| (load.served() > before + 200).then_some(())).expect("nothing is served");
        assert_eq!(gated.get("/v").text(), change);
    }
    load.end();
    // Those that were too many have ended.
    let threads = || {
        let tasks = format!("/proc/{}/task", gated.id());
        let names = std::fs::read_dir(tasks)
            .unwrap()
            .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok());
        names.filter(|name| name.starts_with("worker-")).count()
    };
    if cfg!(target_os = "linux") {
        wait_for(|| (threads() == 2).then_some(())).unwrap_or_else(|| panic!("{}", threads()));
    }
    assert_eq!(gated.get("/v").status, 200);
}

#[test]
fn a_request_outlives_the_worker_it_is_on() {
    let backend = Backend::each(|client| {
        client.head();
        client.send("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\none");
        std::thread::sleep(Duration::from_secs(3));
        client.send("two");
    });
    let with = |workers: u32| {
        proxy_to(&[(backend, 1)], "").replace("workers=1", &format!("workers={workers}"))
    };
    let gated = Gated::start(&with(4));
    let mut clients: Vec<_> = (0..12).map(|_| gated.connect()).collect();
    for client in &mut clients {
        client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
        client.head();
    }
    gated.write(&with(1));
    assert_eq!(gated.reload(), 200);
    assert_eq!(gated.status()["workers"], 1);
    for client in &mut clients {
        assert_eq!(client.bytes(6), b"onetwo");
    }
}

#[test]
fn the_management_listener_moves_and_one_that_cannot_stays() {
    let (first, second) = (dead(), dead());
    let at = |address: std::net::SocketAddr, text: &str| {
        format!("{}\nmanagement \"{address}\"\n", spec(text))
    };
    let mut gated = Gated::start_as_written(&at(first, "one"));
    assert_eq!(gated.management, first);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    gated.write(&at(taken.local_addr().unwrap(), "two"));
    assert_eq!(gated.reload(), 422);
    let reason = gated.status()["refused"][0]["reason"].to_string();
    assert!(
        reason.contains("management listener") && reason.contains("in use"),
        "{reason}"
    );
    assert_eq!(gated.get("/v").text(), "one");
    // The request that moves it is answered by the old one.
    gated.write(&at(second, "three"));
    assert_eq!(gated.reload(), 200);
    gated.management = second;
    let status = gated.status();
    assert_eq!(status["management"], second.to_string());
    assert_eq!(status["restart_needed"], serde_json::json!([]));
    wait_for(|| std::net::TcpStream::connect(first).err()).expect("the old one stays open");
    gated.write(&format!("{}\nmanagement enabled=#false\n", spec("four")));
    wait_for(|| std::net::TcpStream::connect(second).err()).expect("it stays open");
    assert_eq!(gated.get("/v").text(), "four");
    gated.write(&at(second, "five"));
    wait_for(|| std::net::TcpStream::connect(second).ok()).expect("it does not come back");
    assert_eq!(gated.get("/v").text(), "five");
}

#[test]
fn the_form_of_the_log_changes_while_running() {
    let at = |form: &str, text: &str| {
        let management = "management \"127.0.0.1:0\"";
        format!("{}\n{management}\nlog format=\"{form}\"\n", spec(text))
    };
    let gated = Gated::start_as_written(&at("json", "one"));
    gated.write(&at("pretty", "two"));
    assert_eq!(gated.reload(), 200);
    gated.get("/v");
    gated.logged(&["INFO 200 GET /v "]);
    assert_eq!(gated.status()["restart_needed"], serde_json::json!([]));
    gated.write(&at("json", "three"));
    assert_eq!(gated.reload(), 200);
    gated.get("/v");
    gated.logged(&["\"message\":\"request\"", "\"path\":\"/v\""]);
}
