//! The table of all figures: Markdown, laid out so that it reads well in a terminal too.

use std::time::Duration;

use super::run::Outcome;
use super::sample::{Sample, Spread, paired};

/// The peer that all others are compared with.
pub const BASE: &str = "nginx";

const HEAD: [&str; 9] = [
    "workload",
    "",
    "figure",
    "",
    "against nginx",
    "requests/s",
    "p50",
    "p99",
    "peak memory",
];

/// Every peer's figures under every workload.
pub fn table(outcomes: &[Outcome]) -> String {
    let mut rows = vec![HEAD.map(str::to_owned).to_vec()];
    for outcome in outcomes {
        let mut title = outcome.title;
        for (peer, samples) in &outcome.peers {
            rows.push(match samples {
                Ok(samples) => row(outcome, title, peer, samples),
                Err(why) => missing(title, peer, why),
            });
            title = "";
        }
    }
    lay_out(&rows)
}

fn missing(title: &str, peer: &str, why: &str) -> Vec<String> {
    let why = why.lines().next().unwrap_or_default();
    let mut row = [title, peer, "none", why].map(str::to_owned).to_vec();
    row.resize(HEAD.len(), String::new());
    row
}

fn row(outcome: &Outcome, title: &str, peer: &str, samples: &[Sample]) -> Vec<String> {
    let middle = |of: &dyn Fn(&Sample) -> Option<f64>| {
        let figures: Vec<f64> = samples.iter().filter_map(of).collect();
        Spread::of(&figures).map(|spread| spread.median)
    };
    let seconds = |time: Option<Duration>| time.map(|time| time.as_secs_f64());
    let or_none = |text: Option<String>| text.unwrap_or_default();
    vec![
        title.to_owned(),
        peer.to_owned(),
        or_none(middle(&|sample| Some(sample.figure)).map(figure)),
        outcome.unit.to_owned(),
        or_none(ratio(outcome, peer).map(|spread| told(&spread))),
        or_none(middle(&|sample| sample.rate).map(|rate| format!("{rate:.0}"))),
        or_none(middle(&|sample| seconds(sample.p50)).map(time)),
        or_none(middle(&|sample| seconds(sample.p99)).map(time)),
        or_none(middle(&|sample| Some(sample.peak as f64)).map(memory)),
    ]
}

/// What else the workloads found out, a line for each peer.
pub fn asides(outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    for outcome in outcomes {
        for (peer, samples) in &outcome.peers {
            let found = aside(samples.as_deref().unwrap_or_default());
            if !found.is_empty() {
                text += &format!("- {}, {peer}: {}\n", outcome.title, found.join("; "));
            }
        }
    }
    text
}

fn aside(samples: &[Sample]) -> Vec<String> {
    let labels = samples.first().map(|sample| sample.aside.as_slice());
    let one = |(at, (label, _)): (usize, &(&str, f64))| {
        let found = samples.iter().filter_map(|sample| sample.aside.get(at));
        let figures: Vec<f64> = found.map(|(_, figure)| *figure).collect();
        let Spread {
            median,
            least,
            greatest,
        } = Spread::of(&figures)?;
        Some(match least == greatest {
            true => format!("{label} {}", figure(median)),
            false => format!(
                "{label} {} ({} to {})",
                figure(median),
                figure(least),
                figure(greatest)
            ),
        })
    };
    let labels = labels.unwrap_or_default().iter().enumerate();
    labels.filter_map(one).collect()
}

/// The ratio of a peer's figure to nginx's, of the same rounds.
pub fn ratio(outcome: &Outcome, peer: &str) -> Option<Spread> {
    Spread::of(&paired(&outcome.figures(peer), &outcome.figures(BASE)))
}

/// A ratio with its ends: `1.20 (1.15 to 1.31)`.
pub fn told(spread: &Spread) -> String {
    let Spread {
        median,
        least,
        greatest,
    } = spread;
    format!("{median:.2} ({least:.2} to {greatest:.2})")
}

/// A figure with three digits that matter; a count as it is.
pub fn figure(figure: f64) -> String {
    match figure {
        f if f >= 100.0 || f.fract() == 0.0 => format!("{f:.0}"),
        f if f >= 10.0 => format!("{f:.1}"),
        f => format!("{f:.2}"),
    }
}

fn time(seconds: f64) -> String {
    match seconds {
        s if s >= 1.0 => format!("{s:.2} s"),
        s if s >= 1e-3 => format!("{:.2} ms", s * 1e3),
        s => format!("{:.0} µs", s * 1e6),
    }
}

/// KiB in MiB.
fn memory(kib: f64) -> String {
    format!("{:.1} MiB", kib / 1024.0)
}

/// Columns of equal width, the second row dashes.
pub fn lay_out(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        })
        .collect();
    let line = |row: &[String]| {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, &width)| format!("{cell:<width$}"))
            .collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let dashes: Vec<String> = widths
        .iter()
        .map(|&width| "-".repeat(width.max(1)))
        .collect();
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        text += &line(row);
        if index == 0 {
            text += &line(&dashes);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peers::example;

    #[test]
    fn a_table_has_every_peer_and_why_one_is_missing() {
        insta::assert_snapshot!(table(&example::outcomes()));
    }

    #[test]
    fn what_else_was_found_is_told() {
        insta::assert_snapshot!(asides(&example::outcomes()));
    }
}
