//! The findings of `gatec why` in words and as JSON.

use std::fmt::Write;

use serde_json::{Value, json};

use super::finding::{Asked, Finding, Named, Taker};
use crate::Terminal;

/// For people.
pub(super) fn human(finding: &Finding, asked: Option<&str>, terminal: &Terminal<'_>) -> String {
    if let Some(refused) = &finding.refused {
        return format!(
            "{} before any route: {refused} (400)\n",
            terminal.paint("1;31", "refused")
        );
    }
    let mut text = String::new();
    let (method, host, path) = &finding.request;
    let _ = writeln!(text, "{} {path} on {host}\n", method);
    taker(finding, terminal, &mut text);
    also(finding, asked, terminal, &mut text);
    about_asked(finding, terminal, &mut text);
    if finding.taker.is_none() || asked.is_none() {
        nearest(finding, terminal, &mut text);
    }
    text
}

fn taker(finding: &Finding, terminal: &Terminal<'_>, text: &mut String) {
    let Some(taker) = &finding.taker else {
        let _ = writeln!(text, "{} takes it", terminal.paint("1;31", "no route"));
        return;
    };
    let _ = writeln!(
        text,
        "{} {}",
        terminal.paint("1;32", "taken by"),
        title(&taker.route, terminal)
    );
    if !taker.route.matched.is_empty() {
        let _ = writeln!(text, "  it takes {}", taker.route.matched);
    }
    for (name, value) in &taker.captures {
        let _ = writeln!(text, "  path.{name} = {value}");
    }
    if let Some(guard) = &taker.guard {
        let _ = writeln!(
            text,
            "  it is for {guard}; `gatec policy why` tells who gets in"
        );
    }
    let _ = writeln!(text, "  it {}", taker.action);
}

fn title(named: &Named, terminal: &Terminal<'_>) -> String {
    let name = terminal.paint("1", &format!("`{}`", named.name));
    match named.place.as_str() {
        "" => name,
        place => format!("{name} ({place})"),
    }
}

fn also(finding: &Finding, asked: Option<&str>, terminal: &Terminal<'_>, text: &mut String) {
    let shown = finding
        .also
        .iter()
        .enumerate()
        .filter(|(index, (other, _))| *index == 0 || asked == Some(&other.name));
    for (_, (other, decided)) in shown {
        let _ = writeln!(
            text,
            "\n{} {}",
            terminal.paint("1", "before"),
            title(other, terminal)
        );
        if !other.matched.is_empty() {
            let _ = writeln!(text, "  it would take {}", other.matched);
        }
        if let Some(decided) = decided {
            let _ = writeln!(
                text,
                "  decided by {}: {}",
                terminal.paint("1", decided.by),
                decided.because
            );
        }
    }
    let rest: Vec<String> = finding
        .also
        .iter()
        .skip(1)
        .map(|(other, _)| format!("`{}`", other.name))
        .collect();
    if !rest.is_empty() {
        let _ = writeln!(text, "  after it: {}", rest.join(", "));
    }
}

fn about_asked(finding: &Finding, terminal: &Terminal<'_>, text: &mut String) {
    let Some(Asked { route, matches }) = &finding.asked else {
        return;
    };
    if finding
        .taker
        .as_ref()
        .is_some_and(|taker| taker.route.name == route.name)
    {
        return;
    }
    let fits = matches
        .iter()
        .any(|(_, differences)| differences.is_empty());
    if fits {
        let _ = writeln!(
            text,
            "\n{} fits too, but comes later",
            title(route, terminal)
        );
        return;
    }
    let _ = writeln!(text, "\n{} does not take it", title(route, terminal));
    for (ordinal, differences) in matches {
        if matches.len() > 1 {
            let _ = writeln!(text, "  match {}:", ordinal + 1);
        }
        list(differences, text);
    }
}

fn nearest(finding: &Finding, terminal: &Terminal<'_>, text: &mut String) {
    for (index, (route, differences)) in finding.nearest.iter().enumerate() {
        if index == 0 {
            let _ = writeln!(text, "\n{}", terminal.paint("1", "nearest others"));
        }
        let _ = writeln!(text, "{}", title(route, terminal));
        list(differences, text);
    }
}

fn list(differences: &[String], text: &mut String) {
    for difference in differences {
        let _ = writeln!(text, "  - {difference}");
    }
}

/// For programs.
pub(super) fn json(finding: &Finding) -> String {
    let (method, host, path) = &finding.request;
    let also = finding.also.iter().map(|(other, decided)| {
        let by = decided.as_ref().map(|decided| decided.by);
        let because = decided.as_ref().map(|decided| decided.because.as_str());
        named(
            other,
            [("decided_by", by.into()), ("because", because.into())],
        )
    });
    let nearest = finding
        .nearest
        .iter()
        .map(|(route, differences)| named(route, [("differences", differences.clone().into())]));
    let asked = finding.asked.as_ref().map(|Asked { route, matches }| {
        let matches = matches
            .iter()
            .map(|(ordinal, differences)| json!({ "match": ordinal, "differences": differences }));
        named(route, [("matches", matches.collect())])
    });
    let value = json!({
        "request": { "method": method, "host": host, "path": path },
        "refused": finding.refused,
        "taken_by": finding.taker.as_ref().map(taker_json),
        "also_fit": also.collect::<Vec<_>>(),
        "nearest": nearest.collect::<Vec<_>>(),
        "asked": asked,
    });
    format!("{value:#}\n")
}

fn taker_json(taker: &Taker) -> Value {
    let captures = taker
        .captures
        .iter()
        .map(|(name, value)| (name.clone(), Value::from(value.as_str())));
    let captures: serde_json::Map<String, Value> = captures.collect();
    named(
        &taker.route,
        [
            ("captures", captures.into()),
            ("for", taker.guard.as_deref().into()),
            ("action", taker.action.as_str().into()),
        ],
    )
}

/// A route with further keys.
fn named<const N: usize>(named: &Named, more: [(&str, Value); N]) -> Value {
    let own = [
        ("route", &named.name),
        ("place", &named.place),
        ("match", &named.matched),
    ];
    let own = own
        .into_iter()
        .map(|(key, value)| (key.to_owned(), Value::from(value.as_str())));
    Value::Object(
        own.chain(more.into_iter().map(|(key, value)| (key.to_owned(), value)))
            .collect(),
    )
}
