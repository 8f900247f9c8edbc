//! A small result for tests.

use std::time::Duration;

use super::run::Outcome;
use super::sample::Sample;

fn samples(figures: [f64; 3], aside: &[(&'static str, f64)]) -> Result<Vec<Sample>, String> {
    let sample = |figure: f64| Sample {
        figure,
        rate: Some(1e6 / figure),
        p50: Some(Duration::from_micros(900)),
        p99: Some(Duration::from_millis(2)),
        peak: 10 * 1024,
        aside: aside.to_vec(),
        ..Sample::default()
    };
    Ok(figures.map(sample).to_vec())
}

pub(super) fn outcomes() -> Vec<Outcome> {
    let proxy = Outcome {
        workload: "proxy",
        title: "proxy, 1 KiB",
        unit: "µs CPU/request",
        peers: vec![
            ("gated", samples([22.0, 24.0, 20.0], &[])),
            ("nginx", samples([20.0, 20.0, 20.0], &[])),
            ("haproxy", Err("not installed".to_owned())),
        ],
    };
    let aside = [
        ("failed requests", 3.0),
        ("p99 against p99 without changes", 0.97),
    ];
    let reload = Outcome {
        workload: "reload",
        title: "change of 10,000 routes <under load>",
        unit: "ms until live",
        peers: vec![
            ("gated", samples([9.0, 11.0, 12.0], &aside)),
            ("nginx", samples([600.0, 500.0, 550.0], &[])),
            ("haproxy", samples([2600.0, 2500.0, 2550.0], &[])),
        ],
    };
    vec![proxy, reload]
}
