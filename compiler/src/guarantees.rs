//! What limits guarantee, in words: how many more than it says each can let in, at worst.

use std::fmt::Write;

use gatec_schema::{Spec, StoreKind};
use gated_engine::program::WorstCase;

use crate::lower::limits::worst_case;

/// A sentence for each limit that is counted in Redis. Other stores belong to one replica, and what is
/// guaranteed there needs no sentence.
#[must_use]
pub fn guarantees(spec: &Spec) -> Vec<String> {
    if spec.store.kind != StoreKind::Redis {
        return Vec::new();
    }
    let mut limits: Vec<_> = spec.limits.iter().collect();
    limits.sort_by(|one, other| one.0.cmp(other.0));
    limits
        .into_iter()
        .map(|(name, limit)| {
            let burst = limit.burst.unwrap_or(limit.rate.count());
            let mut text = format!("limit `{name}` ({}, burst {burst}): ", limit.rate);
            text.push_str(&in_words(&worst_case(spec, limit)));
            if limit.shadow {
                text.push_str("; it refuses nobody (`shadow`)");
            }
            text
        })
        .collect()
}

/// The worst case of a limit, for one key.
#[must_use]
pub fn in_words(worst: &WorstCase) -> String {
    let mut text = "never more while the store is there; for one key at worst ".to_owned();
    let cases = [
        (worst.failover, "when it fails over or is emptied"),
        (worst.outage, "while it is away"),
        (worst.cold_start, "when replicas start without it"),
    ];
    for (at, (more, when)) in cases.into_iter().enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        let _ = match more {
            None => write!(text, "{comma}without bound {when}"),
            Some(0) => write!(text, "{comma}none {when}"),
            Some(more) => write!(text, "{comma}{more} more {when}"),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guarantees_read_well() {
        let text = r#"
store "redis" replicas=4
limit "a" rate="100/min" burst=20 by="address" on-loss="local"
limit "b" rate="100/min" by="address" on-loss="open"
limit "c" rate="3/s" by="address" on-loss="closed" shadow=#true
"#;
        let input = crate::load::Input::Text {
            name: "gate.kdl".to_owned(),
            text: text.to_owned(),
            format: crate::load::Format::Kdl,
            base: ".".into(),
        };
        let spec = crate::check(input, &crate::load::Options::default()).spec;
        insta::assert_snapshot!(guarantees(&spec).join("\n"));
    }
}
