//! Metrics of the store and of the limits that are counted in it.

use gated_store::Health;
use gated_store::health::{Breaker, State};

use super::names;
use super::text::{family, line};
use crate::session::SessionSettings;
use crate::state::LimitSettings;

/// The store, if it is more than memory or holds something, and every limit.
pub(crate) fn expose(
    page: &mut String,
    health: &Health,
    limits: &[LimitSettings],
    sessions: &[SessionSettings],
) {
    store(page, health);
    if !limits.is_empty() {
        decisions(page, limits);
        over_admitted(page, limits);
    }
    if !sessions.is_empty() {
        events(page, sessions);
    }
}

fn events(page: &mut String, sessions: &[SessionSettings]) {
    let help = "What happened to sessions.";
    family(page, names::SESSION_EVENTS, "counter", help);
    for session in sessions {
        for (event, count) in session.counters.events() {
            let labels = [("session", session.name.as_str()), ("event", event)];
            line(page, names::SESSION_EVENTS, &labels, number(count));
        }
    }
}

fn store(page: &mut String, health: &Health) {
    let kind = [("kind", health.kind.name())];
    family(page, names::STORE_UP, "gauge", "Whether the store answers.");
    let up = matches!(health.state, State::Up) && health.breaker == Breaker::Closed;
    line(page, names::STORE_UP, &kind, f64::from(u8::from(up)));
    family(page, names::STORE_CALLS, "counter", "Calls of the store.");
    line(page, names::STORE_CALLS, &kind, number(health.calls));
    family(
        page,
        names::STORE_FAILURES,
        "counter",
        "Calls of the store that came to nothing, by why.",
    );
    let failures = &health.failures;
    let named = [
        ("away", failures.away),
        ("late", failures.late),
        ("busy", failures.busy),
        ("full", failures.full),
        ("failed", failures.failed),
    ];
    for (why, count) in named {
        let labels = [("kind", health.kind.name()), ("why", why)];
        line(page, names::STORE_FAILURES, &labels, number(count));
    }
    family(
        page,
        names::STORE_LOSSES,
        "counter",
        "How often the store was seen emptied or rewound.",
    );
    line(page, names::STORE_LOSSES, &kind, number(health.losses));
    family(
        page,
        names::STORE_EVICTED,
        "counter",
        "Counts of limits that were forgotten early for lack of room.",
    );
    line(page, names::STORE_EVICTED, &kind, number(health.evicted));
}

fn decisions(page: &mut String, limits: &[LimitSettings]) {
    let help = "Requests under a limit, by what became of them.";
    family(page, names::LIMIT_DECISIONS, "counter", help);
    for limit in limits {
        for (outcome, count) in limit.counters.outcomes() {
            let labels = [("limit", limit.name.as_str()), ("outcome", outcome)];
            line(page, names::LIMIT_DECISIONS, &labels, number(count));
        }
    }
}

fn over_admitted(page: &mut String, limits: &[LimitSettings]) {
    let help = "Tokens given out beyond the limit while the store was away, as the store found when it was back.";
    family(page, names::LIMIT_OVER, "counter", help);
    for limit in limits {
        let (all, _) = limit.counters.over();
        line(
            page,
            names::LIMIT_OVER,
            &[("limit", &limit.name)],
            number(all),
        );
    }
    let help = "The most of it for one key at one loss; the bundle says what it can be at worst.";
    family(page, names::LIMIT_OVER_WORST, "gauge", help);
    for limit in limits {
        let (_, worst) = limit.counters.over();
        line(
            page,
            names::LIMIT_OVER_WORST,
            &[("limit", &limit.name)],
            number(worst),
        );
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a count beyond 2^53 may be off by one"
)]
fn number(count: u64) -> f64 {
    count as f64
}
