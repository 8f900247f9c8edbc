//! The table for readers.

use std::fmt::Write;

use super::cases::Group;
use super::{Outcome, Told, rows};

const HEAD: &str = "# HTTP/1.1, byte by byte

Request smuggling lives on two readers that see a message in different ways. So each of these was sent to `gated`
with a real nginx and a real Apache behind it, and their access logs were compared with the gateway's. Either the
gateway refused the request and nothing of it reached the server; or exactly one request reached the server, with the
method, path and length of body that the gateway's own access log tells.

Most requests are followed by a second one, `GET /smuggled`, on the same connection: it is answered on its own or not
at all. `400` alone is the gateway's own answer, after which it closes the connection. *Broken off* means that the
head had been passed on when the body turned out to be malformed: the server saw the connection close before the
request's end, and did nothing.

<!-- Written by the tests: UPDATE_DOCS=1 cargo test -p gatec-tests --test framing -->
";

/// Compares the table with what lies in `docs/`, or writes it there.
pub(crate) fn keep(groups: &[Group], nginx: &[Outcome], apache: &[Outcome]) {
    let mut text = HEAD.to_owned();
    for (title, rows) in rows(groups, nginx, apache) {
        write!(
            text,
            "\n## {title}\n\n| sent | | with nginx | with Apache |\n|---|---|---|---|\n"
        )
        .unwrap();
        for (case, nginx, apache) in rows {
            let (nginx, apache) = (outcome(nginx), outcome(apache));
            writeln!(
                text,
                "| {} | {} | {nginx} | {apache} |",
                case.about,
                sent(&case.sent)
            )
            .unwrap();
        }
    }
    let path = gatec_tests::root().join("docs/framing.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, text).unwrap();
        return;
    }
    let present = std::fs::read_to_string(path).unwrap_or_default();
    for (line, kept) in text.lines().zip(present.lines()) {
        assert_eq!(
            line, kept,
            "docs/framing.md is stale; UPDATE_DOCS=1 writes it"
        );
    }
    assert_eq!(text.len(), present.len(), "docs/framing.md is stale");
}

/// The bytes in one line, cut where they are many.
fn sent(bytes: &[u8]) -> String {
    let end = bytes.len().min(150);
    let shown = bytes
        .get(..end)
        .unwrap_or_default()
        .escape_ascii()
        .to_string();
    let shown = shown.replace('|', "&#124;").replace('<', "&lt;");
    let more = if end < bytes.len() { "…" } else { "" };
    format!("<code>{shown}{more}</code>")
}

fn outcome(outcome: &Outcome) -> String {
    let each: Vec<String> = outcome.answers.iter().map(answer).collect();
    match each.is_empty() {
        true => "closed".to_owned(),
        false => each.join("; "),
    }
}

fn answer(told: &Told) -> String {
    let status = told.status;
    match &told.reached {
        None => status.to_string(),
        Some(_) if told.broke_off() && told.own => format!("{status}, broken off"),
        Some((seen, _)) => {
            let target = seen.target.replace('|', "&#124;");
            format!("{status} to `{} {target}`, {} B", seen.method, seen.length)
        }
    }
}
