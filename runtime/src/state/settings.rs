//! A limit as it is asked and told.

use std::sync::Arc;

use bytes::Bytes;
use gated_engine::limits::Asked;
use gated_engine::program::{self, LimitLoss};
use gated_store::limit::SECOND;
use gated_store::{Key, Rate, Space};

use super::State;
use super::counters::LimitCounters;

/// A limit of a snapshot.
#[derive(Debug)]
pub(crate) struct LimitSettings {
    /// Its name.
    pub(crate) name: String,
    /// How its buckets fill.
    pub(crate) rate: Rate,
    /// How those of this replica alone fill while the store is away.
    pub(crate) share: Rate,
    /// What happens then.
    pub(crate) on_loss: LimitLoss,
    /// Whether tokens are drawn ahead, and how many of one key at most.
    pub(crate) lease: Option<u32>,
    /// Whether it refuses nobody.
    pub(crate) shadow: bool,
    /// Whether answers tell of it.
    pub(crate) headers: bool,
    /// What it is, for `RateLimit-Policy`.
    pub(crate) policy: String,
    pub(crate) counters: Arc<LimitCounters>,
    space: Space,
    place: Option<Bytes>,
}

impl LimitSettings {
    pub(crate) fn read(limit: program::Limit, state: &State) -> Self {
        let period = i64::try_from(limit.period_ms).unwrap_or(i64::MAX);
        let rate = Rate::new(
            limit.count,
            period.saturating_mul(SECOND / 1000),
            limit.burst,
        );
        let replicas = match limit.on_loss {
            LimitLoss::Local(replicas) => replicas.max(1),
            LimitLoss::Open | LimitLoss::Closed => 1,
        };
        let share = Rate {
            interval: rate.interval.saturating_mul(i64::from(replicas)),
            burst: (rate.burst / replicas).max(1),
        };
        Self {
            rate,
            share,
            on_loss: limit.on_loss,
            lease: limit.lease.then_some(rate.burst / replicas.max(2)),
            shadow: limit.shadow,
            headers: limit.headers && !limit.shadow,
            policy: policy(&limit.name, rate),
            counters: state.counters(&limit.name),
            space: Space::new("limit", &limit.name, None),
            place: limit.place.map(Bytes::from),
            name: limit.name,
        }
    }

    /// The name in a policy, as a structured field has it.
    pub(crate) fn policy_name(policy: &str) -> &str {
        policy.rsplitn(3, ';').last().unwrap_or(policy)
    }

    /// The key of a request.
    pub(crate) fn key(&self, asked: &Asked) -> Key {
        let name = Bytes::copy_from_slice(&asked.key);
        match &self.place {
            None => Key::alone(&self.space, name),
            Some(place) => Key {
                space: self.space.clone(),
                place: place.clone(),
                name,
            },
        }
    }
}

/// `"name";q=100;w=60`: so many in so many seconds (RateLimit header fields for HTTP, draft 10).
fn policy(name: &str, rate: Rate) -> String {
    let seconds = seconds_up(rate.fill());
    format!("{};q={};w={}", quoted(name), rate.burst, seconds.max(1))
}

/// A name as a string of a structured field (RFC 9651): printable ASCII, quotes and backslashes escaped.
pub(crate) fn quoted(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 2);
    text.push('"');
    for letter in name.chars() {
        match letter {
            '"' | '\\' => text.extend(['\\', letter]),
            ' '..='~' => text.push(letter),
            _ => text.push('?'),
        }
    }
    text.push('"');
    text
}

/// Whole seconds, rounded up.
pub(crate) fn seconds_up(ticks: i64) -> i64 {
    ticks.max(0).saturating_add(SECOND - 1) / SECOND
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_structured_fields() {
        let rate = |count, period: i64, burst| Rate::new(count, period * SECOND, burst);
        assert_eq!(
            policy("per-user", rate(100, 60, 100)),
            "\"per-user\";q=100;w=60"
        );
        assert_eq!(policy("a\"b", rate(100, 60, 20)), "\"a\\\"b\";q=20;w=12");
        assert_eq!(policy("ü", rate(1000, 1, 5)), "\"?\";q=5;w=1");
    }

    #[test]
    fn shares_never_come_to_more_than_the_whole() {
        for (burst, replicas) in [(20, 4), (21, 4), (3, 4), (1, 1)] {
            let state = State::default();
            let limit = program::Limit {
                name: "a".to_owned(),
                count: 100,
                period_ms: 60_000,
                burst,
                by: Vec::new(),
                before_identity: true,
                lease: false,
                on_loss: LimitLoss::Local(replicas),
                shadow: false,
                headers: true,
                place: None,
                worst: program::WorstCase::default(),
            };
            let read = LimitSettings::read(limit, &state);
            assert_eq!(
                read.share.interval,
                read.rate.interval * i64::from(replicas)
            );
            assert!(read.share.burst * replicas <= burst.max(replicas));
        }
    }
}
