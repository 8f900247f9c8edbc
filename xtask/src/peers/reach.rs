//! What the project wants to reach, and whether it has.

use super::run::Outcome;
use super::sample::{Spread, paired};
use super::table::{BASE, figure, lay_out};

/// Who is meant by "us".
const US: &str = "gated";

/// A figure with what it should at least be and what it aims at; less is better.
struct Goal {
    what: &'static str,
    least: f64,
    aim: f64,
    unit: &'static str,
    figure: Option<f64>,
}

/// The table of goals, each with the figure of this run and whether it is met.
pub fn reach(outcomes: &[Outcome]) -> String {
    let head = ["goal", "at least", "aim", "now", ""].map(str::to_owned);
    let mut rows = vec![head.to_vec()];
    rows.extend(against_nginx(outcomes).iter().map(row));
    rows.extend(of_itself(outcomes).iter().map(row));
    lay_out(&rows)
}

/// Processor time in ratio to nginx, of the same rounds.
fn against_nginx(outcomes: &[Outcome]) -> Vec<Goal> {
    let goals = [
        ("proxy", "proxy, all default features on", 1.30, 1.0),
        ("answer", "ready answer", 1.20, 1.0),
        (
            "template",
            "templated answer, against nginx's fixed one",
            1.6,
            1.2,
        ),
        ("tls", "TLS, kept connections", 1.0, 0.85),
        ("handshakes-rsa", "TLS, full handshakes", 0.7, 0.55),
        ("http2-answer", "HTTP/2, ready answer", 1.0, 0.6),
        ("http2-proxy", "HTTP/2, proxy", 1.0, 0.6),
        (
            "body-down",
            "1 MiB bodies to the client, CPU per GB",
            0.65,
            0.58,
        ),
        (
            "body-up",
            "1 MiB bodies from the client, CPU per GB",
            0.65,
            0.58,
        ),
    ];
    goals
        .into_iter()
        .map(|(workload, what, least, aim)| Goal {
            what,
            least,
            aim,
            unit: "× nginx",
            figure: ratio(outcomes, (workload, US), (workload, BASE)),
        })
        .collect()
}

fn of_itself(outcomes: &[Outcome]) -> Vec<Goal> {
    let aside = |label| aside(outcomes, "reload", label);
    let goal = |what, least, aim, unit, figure| Goal {
        what,
        least,
        aim,
        unit,
        figure,
    };
    vec![
        goal(
            "100,000 routes, thousands asked for, against one route",
            1.05,
            1.0,
            "×",
            ratio(outcomes, ("routes-100k", US), ("routes-1", US)),
        ),
        goal(
            "100,000 routes, one asked for, against one route",
            1.05,
            1.0,
            "×",
            ratio(outcomes, ("routes-100k-one", US), ("routes-1", US)),
        ),
        goal(
            "idle kept connection",
            16.0,
            8.0,
            "KiB",
            median(outcomes, "idle"),
        ),
        goal(
            "memory at 10,000 routes",
            48.0,
            24.0,
            "MiB",
            peak(outcomes, "routes-10k"),
        ),
        goal(
            "swap of 10,000 routes: failed requests",
            0.0,
            0.0,
            "",
            aside("failed requests"),
        ),
        goal(
            "swap of 10,000 routes: p99, against p99 without",
            1.10,
            1.0,
            "×",
            aside("p99 against p99 without changes"),
        ),
        goal(
            "swap of 10,000 routes: until live",
            20.0,
            20.0,
            "ms",
            median(outcomes, "reload"),
        ),
    ]
}

fn row(goal: &Goal) -> Vec<String> {
    let with_unit = |number: String| format!("{number} {}", goal.unit).trim_end().to_owned();
    let verdict = match goal.figure {
        None => "not measured",
        Some(figure) if figure <= goal.aim => "aim met",
        Some(figure) if figure <= goal.least => "met",
        Some(_) => "not met",
    };
    vec![
        goal.what.to_owned(),
        with_unit(goal.least.to_string()),
        with_unit(goal.aim.to_string()),
        goal.figure
            .map_or("none".to_owned(), |now| with_unit(figure(now))),
        verdict.to_owned(),
    ]
}

fn find<'a>(outcomes: &'a [Outcome], workload: &str) -> Option<&'a Outcome> {
    outcomes.iter().find(|outcome| outcome.workload == workload)
}

/// The middle ratio of one workload's and peer's figures to another's.
fn ratio(outcomes: &[Outcome], of: (&str, &str), to: (&str, &str)) -> Option<f64> {
    let of = find(outcomes, of.0)?.figures(of.1);
    let to = find(outcomes, to.0)?.figures(to.1);
    Spread::of(&paired(&of, &to)).map(|spread| spread.median)
}

fn median(outcomes: &[Outcome], workload: &str) -> Option<f64> {
    Spread::of(&find(outcomes, workload)?.figures(US)).map(|spread| spread.median)
}

/// The greatest of the peaks, in MiB.
fn peak(outcomes: &[Outcome], workload: &str) -> Option<f64> {
    let samples = find(outcomes, workload)?.samples(US).iter();
    let peaks: Vec<f64> = samples.map(|sample| sample.peak as f64 / 1024.0).collect();
    Spread::of(&peaks).map(|spread| spread.greatest)
}

/// Of failures the greatest number counts, of everything else the middle one.
fn aside(outcomes: &[Outcome], workload: &str, label: &str) -> Option<f64> {
    let samples = find(outcomes, workload)?.samples(US).iter();
    let asides = samples.flat_map(|sample| &sample.aside);
    let figures: Vec<f64> = asides
        .filter(|(name, _)| *name == label)
        .map(|(_, figure)| *figure)
        .collect();
    let spread = Spread::of(&figures)?;
    match label.starts_with("failed") {
        true => Some(spread.greatest),
        false => Some(spread.median),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peers::example;

    #[test]
    fn a_goal_is_met_or_not_or_not_measured() {
        insta::assert_snapshot!(reach(&example::outcomes()));
    }
}
