//! A change swaps in without losing a request, and a bad one changes nothing.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use gatec_tests::{Replica, curl, free_port, wait_for};

/// How often the spec is edited under load; `SWAPS=200` for the full run.
fn swaps() -> usize {
    std::env::var("SWAPS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(40)
}

fn spec(port: u16, generation: usize) -> String {
    format!(
        "gateway \"swap\"\nlistener \"web\" bind=\"127.0.0.1:{port}\"\nroute \"now\" public=#true {{\n    \
         match \"GET\" \"/now\"\n    respond 200 \"generation {generation}\"\n}}\n"
    )
}

fn broken(port: u16) -> String {
    spec(port, 0).replace("respond 200", "respnd 200")
}

/// Writes beside and renames, as editors and deploy tools do.
fn replace(path: &Path, text: &str) {
    let beside = path.with_extension("new");
    std::fs::write(&beside, text).unwrap();
    std::fs::rename(&beside, path).unwrap();
}

#[test]
fn edits_under_load_lose_no_request() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gate.kdl");
    let port = free_port();
    std::fs::write(&path, spec(port, 0)).unwrap();
    let replica = Replica::start(&path, &[]);
    let url = format!("http://127.0.0.1:{port}/now");

    let stop = folder.path().join("stop");
    let keep_alive = Command::new("wrk")
        .args(["-t1", "-c16", "-d120s", "--timeout", "10s", &url])
        .stdout(Stdio::piped())
        .spawn()
        .expect("wrk is installed; `cargo xtask test` sees to that");
    let new_connections = std::thread::spawn({
        let (url, stop) = (url.clone(), stop.clone());
        move || {
            let (mut asked, mut failed) = (0, Vec::new());
            while !stop.exists() {
                asked += 1;
                let answer = curl(&[&url]);
                if answer.status != 200 {
                    failed.push(format!("{answer:?}"));
                }
            }
            (asked, failed)
        }
    });

    let mut warm = 0;
    for generation in 1..=swaps() {
        if generation % 5 == 0 {
            let before = replica.digest();
            replace(&path, &broken(port));
            let expected = generation / 5;
            wait_for("the refusal", 20, || replica.refusals() == expected);
            assert_eq!(replica.digest(), before, "a bad change ran");
        } else {
            let before = replica.digest();
            replace(&path, &spec(port, generation));
            wait_for("the swap", 20, || replica.digest() != before);
            assert_eq!(curl(&[&url]).body, format!("generation {generation}"));
        }
        if generation == swaps() / 4 {
            warm = replica.memory();
        }
    }
    let grown = replica.memory().saturating_sub(warm);

    std::fs::write(&stop, "").unwrap();
    Command::new("kill")
        .arg("-INT")
        .arg(keep_alive.id().to_string())
        .status()
        .unwrap();
    let output = keep_alive.wait_with_output().unwrap();
    let report = String::from_utf8_lossy(&output.stdout);
    let (asked, failed) = new_connections.join().unwrap();
    assert!(
        asked > 0 && failed.is_empty(),
        "{} of {asked} failed: {:?}",
        failed.len(),
        failed.first()
    );
    assert!(report.contains("requests in"), "{report}");
    assert!(
        !report.contains("Non-2xx") && !report.contains("Socket errors"),
        "{report}"
    );
    // Flat: what a leak of a snapshot a swap would leave is far more than this.
    assert!(grown < 16 * 1024, "memory grew by {grown} KiB");
    println!(
        "{asked} requests on new connections; keep-alive:\n{report}memory after a quarter {warm} KiB, at the end +{grown} KiB"
    );
}

#[test]
fn what_was_refused_and_why_stands_in_the_status() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gate.kdl");
    let port = free_port();
    std::fs::write(&path, spec(port, 1)).unwrap();
    let replica = Replica::start(&path, &[]);
    replace(&path, &broken(port));
    wait_for("the refusal", 20, || replica.refusals() == 1);
    let status = replica.status();
    let refused = &status["refused"][0];
    let text = refused.to_string();
    assert!(
        text.contains("S101") && text.contains("respnd") && text.contains("gate.kdl"),
        "{text}"
    );
    replace(&path, &spec(port, 2));
    let url = format!("http://127.0.0.1:{port}/now");
    wait_for("the mended spec", 20, || {
        curl(&[&url]).body == "generation 2"
    });
}

#[test]
fn a_folder_of_bundles_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let bundles = folder.path().join("bundles");
    std::fs::create_dir(&bundles).unwrap();
    let port = free_port();
    let build = |generation: usize| {
        let source = folder.path().join("gate.kdl");
        std::fs::write(&source, spec(port, generation)).unwrap();
        let beside = folder.path().join("out.gateb");
        let ran = gatec_tests::gatec(folder.path(), ["build", "gate.kdl", "-o", "out.gateb"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        std::fs::rename(beside, bundles.join(format!("{generation:04}.gateb"))).unwrap();
    };
    build(1);
    let replica = Replica::start(&bundles, &[]);
    let url = format!("http://127.0.0.1:{port}/now");
    assert_eq!(curl(&[&url]).body, "generation 1");
    build(2);
    wait_for("the second bundle", 20, || {
        curl(&[&url]).body == "generation 2"
    });
    std::fs::write(bundles.join("0003.gateb"), b"no bundle").unwrap();
    wait_for("the refusal", 40, || replica.refusals() == 1);
    assert_eq!(curl(&[&url]).body, "generation 2");
}

#[test]
fn a_signal_drains_and_ends_well() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gate.kdl");
    let port = free_port();
    std::fs::write(&path, spec(port, 1)).unwrap();
    let mut replica = Replica::start(&path, &[]);
    let wrk = Command::new("wrk")
        .args([
            "-t1",
            "-c4",
            "-d2s",
            &format!("http://127.0.0.1:{port}/now"),
        ])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    replica.signal("TERM");
    assert_eq!(replica.wait(), 0);
    drop(wrk.wait_with_output());
}
