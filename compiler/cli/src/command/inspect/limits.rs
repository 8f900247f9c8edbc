//! The limits of a bundle, with how many more each can let in at worst.

use gated_engine::program::{ArchivedLimit, ArchivedLimitLoss, ArchivedProgram, WorstCase};
use serde_json::{Value, json};

/// A row for each limit.
pub(super) fn rows(program: &ArchivedProgram) -> Vec<Vec<String>> {
    let row = |limit: &ArchivedLimit| {
        vec![
            limit.name.to_string(),
            format!("{}, burst {}", rate(limit), limit.burst),
            format!("without the store: {}", on_loss(limit)),
            gatec_compiler::guarantees::in_words(&worst(limit)),
        ]
    };
    program.limits.iter().map(row).collect()
}

/// The same for machines.
pub(super) fn json(program: &ArchivedProgram) -> Vec<Value> {
    let one = |limit: &ArchivedLimit| {
        let worst = worst(limit);
        json!({
            "name": limit.name.as_str(),
            "count": limit.count.to_native(),
            "period_ms": limit.period_ms.to_native(),
            "burst": limit.burst.to_native(),
            "mode": if limit.lease { "lease" } else { "exact" },
            "on_loss": on_loss(limit),
            "shadow": limit.shadow,
            // `null`: without bound.
            "worst_over_admission": {
                "failover": worst.failover,
                "outage": worst.outage,
                "cold_start": worst.cold_start,
            },
        })
    };
    program.limits.iter().map(one).collect()
}

fn rate(limit: &ArchivedLimit) -> String {
    let period = std::time::Duration::from_millis(limit.period_ms.to_native());
    format!("{} in {period:?}", limit.count)
}

fn on_loss(limit: &ArchivedLimit) -> String {
    match &limit.on_loss {
        ArchivedLimitLoss::Local(replicas) if replicas.to_native() > 1 => {
            format!("one part in {replicas} by each replica")
        }
        ArchivedLimitLoss::Local(_) => "each replica by itself".to_owned(),
        ArchivedLimitLoss::Open => "open".to_owned(),
        ArchivedLimitLoss::Closed => "closed".to_owned(),
    }
}

fn worst(limit: &ArchivedLimit) -> WorstCase {
    let worst = &limit.worst;
    WorstCase {
        failover: worst.failover.as_ref().map(|more| more.to_native()),
        outage: worst.outage.as_ref().map(|more| more.to_native()),
        cold_start: worst.cold_start.as_ref().map(|more| more.to_native()),
    }
}
