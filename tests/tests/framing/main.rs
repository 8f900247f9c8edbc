//! Raw requests against a gateway with real servers behind it. Whatever is sent, one of two things
//! happens: it is refused and reaches nobody; or exactly one request reaches the server, and it is the
//! one that the gateway's access log tells of: the same method, path and length of body.
//!
//! The table of all cases is `docs/framing.md`; `UPDATE_DOCS=1` writes it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "all of this is test code, also the functions that are no tests themselves"
)]

mod cases;
mod exchange;
mod heads;
mod servers;
mod table;

use std::collections::HashMap;
use std::time::Duration;

use cases::{Case, Group};
use exchange::{Answer, exchange};
use gatec_tests::{Replica, free_port, wait_for};
use servers::{Seen, Servers};

/// A request in the gateway's access log.
#[derive(Debug, Clone)]
struct Logged {
    method: String,
    path: String,
    status: u16,
    bytes_in: u64,
    passed_on: bool,
}

/// What came of a case with one server behind.
pub(crate) struct Outcome {
    answers: Vec<Told>,
}

/// An answer, and who gave it to what.
pub(crate) struct Told {
    status: u16,
    /// The gateway itself gave it.
    own: bool,
    /// What reached the server: whole, or broken off.
    reached: Option<(Seen, bool)>,
}

/// Small bounds of time, so that what waits does not wait for long.
fn spec(port: u16, upstream: u16) -> String {
    format!(
        r#"gateway "framing" workers=1
listener "web" bind="127.0.0.1:{port}" {{
    limits {{
        header-size "8KiB"
        uri-size "8KiB"
        header-timeout "700ms"
        idle-timeout "700ms"
    }}
}}
upstream "back" {{
    server "http://127.0.0.1:{upstream}"
}}
route "all" public=#true {{
    match prefix="/"
    proxy "back"
}}
"#
    )
}

fn start(folder: &std::path::Path, name: &str, upstream: u16) -> (Replica, u16) {
    let port = free_port();
    let path = folder.join(format!("{name}.kdl"));
    std::fs::write(&path, spec(port, upstream)).unwrap();
    (Replica::start(&path, &[]), port)
}

/// The requests in a gateway's log, by id.
fn logged(replica: &Replica) -> HashMap<String, Logged> {
    let log = replica.log();
    let lines = log
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|line| line["message"] == "request");
    lines
        .map(|line| {
            let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
            let logged = Logged {
                method: text("method"),
                path: text("path"),
                status: line["status"]
                    .as_u64()
                    .and_then(|status| status.try_into().ok())
                    .unwrap(),
                bytes_in: line["bytes_in"].as_u64().unwrap(),
                passed_on: !line["upstream"].is_null(),
            };
            (text("id"), logged)
        })
        .collect()
}

/// Sends all cases, many at once.
fn send_all(cases: &[&Case], port: u16) -> Vec<Vec<Answer>> {
    std::thread::scope(|scope| {
        let sending: Vec<_> = cases
            .iter()
            .map(|case| scope.spawn(|| exchange(port, &case.sent)))
            .collect();
        sending.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

/// What became of an answered request; panics where logs disagree.
fn told(answer: &Answer, about: &str, world: &World) -> Told {
    let id = &answer.id;
    let line = world
        .gateway
        .get(id)
        .unwrap_or_else(|| panic!("{about}: {id} is not in the access log"));
    assert_eq!(line.status, answer.status, "{about}");
    let none = Vec::new();
    let seen = world.server.get(id).unwrap_or(&none);
    let whole = world.inner.get(id).unwrap_or(&none);
    assert!(
        seen.len() <= 1 && whole.len() <= 1,
        "{about}: reached more than once: {seen:?}"
    );
    let Some(reached) = seen.first() else {
        assert!(whole.is_empty(), "{about}: {whole:?}");
        return Told {
            status: answer.status,
            own: answer.own,
            reached: None,
        };
    };
    assert!(
        line.passed_on,
        "{about}: {reached:?} although the log tells of no server"
    );
    let path = reached.target.split('?').next().unwrap_or_default();
    assert_eq!(
        (&reached.method, path),
        (&line.method, line.path.as_str()),
        "{about}"
    );
    let mut reached = reached.clone();
    if let Some(whole) = whole.first() {
        assert_eq!(
            (&whole.method, &whole.target),
            (&reached.method, &reached.target),
            "{about}"
        );
        assert_eq!(
            whole.length, line.bytes_in,
            "{about}: the length of the body"
        );
        reached.length = whole.length;
    } else {
        assert!(reached.status >= 400, "{about}: {reached:?}");
    }
    Told {
        status: answer.status,
        own: answer.own,
        reached: Some((reached, !whole.is_empty())),
    }
}

/// All logs with one server behind.
struct World {
    gateway: HashMap<String, Logged>,
    server: HashMap<String, Vec<Seen>>,
    inner: HashMap<String, Vec<Seen>>,
}

/// The answers in short, as the case expects them.
fn in_short(outcome: &Outcome) -> String {
    let each = outcome.answers.iter().map(|told| match told.own {
        true => told.status.to_string(),
        false => "up".to_owned(),
    });
    let all: Vec<String> = each.collect();
    if all.is_empty() {
        "-".to_owned()
    } else {
        all.join(" ")
    }
}

impl Told {
    /// Whether the request broke off after its head was passed on.
    fn broke_off(&self) -> bool {
        self.reached.as_ref().is_some_and(|(_, whole)| !whole)
    }
}

#[test]
fn whatever_is_sent_is_refused_or_is_one_request_that_all_see_alike() {
    let servers = Servers::start();
    let folder = tempfile::tempdir().unwrap();
    let groups = cases::all();
    let cases: Vec<&Case> = groups.iter().flat_map(|group| &group.cases).collect();
    let outcomes = [
        ("nginx", servers.nginx_port),
        ("apache", servers.apache_port),
    ]
    .map(|(name, port)| outcomes(&servers, folder.path(), name, port, &cases));
    let [nginx, apache] = &outcomes;
    let mut wrong = Vec::new();
    for ((case, nginx), apache) in cases.iter().zip(nginx).zip(apache) {
        for (server, outcome) in [("nginx", nginx), ("apache", apache)] {
            let got = in_short(outcome);
            if got != case.answers {
                wrong.push(format!(
                    "{} (with {server}): {got}, not {}",
                    case.about, case.answers
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    table::keep(&groups, nginx, apache);
}

fn outcomes(
    servers: &Servers,
    folder: &std::path::Path,
    server: &str,
    port: u16,
    cases: &[&Case],
) -> Vec<Outcome> {
    let (replica, listening) = start(folder, server, port);
    let answers = send_all(cases, listening);
    wait_for("the access logs", 10, || {
        let (logged, seen) = (logged(&replica), servers.seen(server));
        let is_told = |answer: &Answer| {
            // A server that refuses a request may not have read its id.
            let known = answer.own || answer.status == 400 || seen.contains_key(&answer.id);
            known && logged.contains_key(&answer.id)
        };
        answers.iter().flatten().all(is_told)
    });
    // What broke off is logged a little later, if at all.
    std::thread::sleep(Duration::from_millis(500));
    let world = World {
        gateway: logged(&replica),
        server: servers.seen(server),
        inner: servers.seen("inner"),
    };
    for (id, seen) in &world.server {
        let known = world.gateway.get(id).is_some_and(|line| line.passed_on);
        let unread = id == "-" && seen.iter().all(|seen| seen.status == 400);
        assert!(
            known || unread,
            "{server} saw what the gateway did not send: {id} {seen:?}"
        );
    }
    let pairs = cases.iter().zip(&answers);
    pairs
        .map(|(case, answers)| Outcome {
            answers: answers
                .iter()
                .map(|answer| told(answer, case.about, &world))
                .collect(),
        })
        .collect()
}

/// The groups with their outcomes in order.
pub(crate) fn rows<'a>(
    groups: &'a [Group],
    nginx: &'a [Outcome],
    apache: &'a [Outcome],
) -> impl Iterator<Item = (&'a str, Vec<(&'a Case, &'a Outcome, &'a Outcome)>)> {
    let mut all = nginx.iter().zip(apache);
    groups.iter().map(move |group| {
        let rows = group.cases.iter().zip(all.by_ref());
        let rows = rows.map(|(case, (nginx, apache))| (case, nginx, apache));
        (group.title, rows.collect())
    })
}
