//! Decides about the limits of a request, all together: from what the replica holds, or by one call of the
//! store, or by what the spec says for its loss.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gated_engine::limits::Asked;
use gated_engine::program::LimitLoss;
use gated_store::limit::SECOND;
use gated_store::{Ask, Key, Lost, MemoryBounds, Store, Verdict, clock};

use super::barred::Barred;
use super::counters::Outcome;
use super::lease::{Given, Leases};
use super::owed::Owed;
use super::settings::LimitSettings;

/// Debts told to the store in one call.
const PAID_AT_ONCE: usize = 256;

/// A limit that a request comes under, with its key.
pub(super) struct Claim<'l> {
    pub(super) limit: &'l LimitSettings,
    pub(super) key: Key,
    pub(super) cost: u32,
}

/// What is known of one limit after a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Whether it refuses.
    pub(crate) refuses: bool,
    /// Tokens left.
    pub(crate) left: u32,
    /// Ticks until there is enough for the request.
    pub(crate) wait: i64,
    /// Ticks until the bucket is full.
    pub(crate) full_in: i64,
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ruling {
    /// It goes on, or one of its limits refuses it: what is known of each, in their order. `None`: nothing.
    Known(Vec<Option<Standing>>),
    /// The store is away, and a limit lets nobody in then.
    Closed,
}

impl Ruling {
    /// Whether a limit refuses.
    pub(crate) fn refuses(&self) -> bool {
        match self {
            Self::Known(standings) => standings.iter().flatten().any(|one| one.refuses),
            Self::Closed => true,
        }
    }
}

/// What counts the limits of a replica in a store.
pub(crate) struct Limiter {
    store: Store,
    /// What this replica counts by itself while the store is away.
    alone: Store,
    leases: Leases,
    barred: Barred,
    owed: Owed,
}

impl Limiter {
    pub(super) fn new(store: Store, most_keys: usize) -> Self {
        let bounds = MemoryBounds {
            limits: most_keys,
            ..MemoryBounds::default()
        };
        Self {
            store,
            alone: Store::memory(bounds),
            leases: Leases::default(),
            barred: Barred::default(),
            owed: Owed::default(),
        }
    }

    /// Whether a request will be refused whatever else is found out about it: the limits that can be asked
    /// before it is known who asks are the ones that count.
    pub(crate) fn is_barred(&self, limits: &[LimitSettings], asked: &[Asked]) -> Option<Ruling> {
        let claims = claims(limits, asked);
        let ruling = self.barred(&claims, Instant::now())?;
        count_refused(&claims, &ruling);
        Some(ruling)
    }

    /// Takes from all limits, or from none.
    pub(crate) async fn take(
        self: &Arc<Self>,
        limits: &[LimitSettings],
        asked: &[Asked],
    ) -> Ruling {
        let claims = claims(limits, asked);
        if let Some(verdicts) = self.store.take_now(&asks(&claims)) {
            return self.rule(&claims, &verdicts);
        }
        let now = Instant::now();
        if let Some(ruling) = self.barred(&claims, now) {
            count_refused(&claims, &ruling);
            return ruling;
        }
        let given = self.leased(&claims, now);
        if given
            .iter()
            .all(|given| matches!(given, Some(Given::Yes { .. })))
        {
            return self.all_given(&claims, &given);
        }
        match self.store.take(&asks_beside(&claims, &given)).await {
            Ok(verdicts) => self.taken(&claims, &given, &verdicts, now),
            Err(lost) => self.lost(&claims, &given, &lost),
        }
    }

    fn barred(&self, claims: &[Claim<'_>], now: Instant) -> Option<Ruling> {
        let waits: Vec<Option<Duration>> = claims
            .iter()
            .map(|claim| match claim.limit.shadow {
                true => None,
                false => self.barred.wait(&claim.key, claim.cost, now),
            })
            .collect();
        if waits.iter().all(Option::is_none) {
            return None;
        }
        let standing = |wait: &Option<Duration>| {
            wait.map(|wait| Standing {
                refuses: true,
                left: 0,
                wait: clock::ticks_in(wait),
                full_in: clock::ticks_in(wait),
            })
        };
        Some(Ruling::Known(waits.iter().map(standing).collect()))
    }

    /// What can be given from what was drawn; `None` for limits that are asked exactly.
    fn leased(&self, claims: &[Claim<'_>], now: Instant) -> Vec<Option<Given>> {
        let given = |claim: &Claim<'_>| {
            let most = claim
                .limit
                .lease
                .filter(|most| *most > 0 && !claim.limit.shadow)?;
            Some(self.leases.ask(&claim.key, claim.cost, most, now))
        };
        claims.iter().map(given).collect()
    }

    /// Every limit could be given from what was drawn: the store is not asked, but for more where it is time.
    fn all_given(self: &Arc<Self>, claims: &[Claim<'_>], given: &[Option<Given>]) -> Ruling {
        self.shadow_share(claims);
        let mut standings = Vec::with_capacity(claims.len());
        for (claim, given) in claims.iter().zip(given) {
            let Some(Given::Yes { left, more }) = *given else {
                continue;
            };
            claim.limit.counters.count(Outcome::Allowed);
            if let Some(more) = more {
                self.draw_ahead(claim, more);
            }
            let missing = i64::from(claim.limit.rate.burst.saturating_sub(left));
            standings.push(Some(Standing {
                refuses: false,
                left,
                wait: 0,
                full_in: missing.saturating_mul(claim.limit.rate.interval),
            }));
        }
        Ruling::Known(standings)
    }

    /// Draws more tokens beside the requests.
    fn draw_ahead(self: &Arc<Self>, claim: &Claim<'_>, more: u32) {
        let limiter = Arc::clone(self);
        let ask = Ask {
            key: claim.key.clone(),
            rate: claim.limit.rate,
            cost: 0,
            extra: more,
        };
        tokio::spawn(async move {
            let asked = Instant::now();
            match limiter
                .store
                .take(std::slice::from_ref(&ask))
                .await
                .as_deref()
            {
                Ok([verdict]) => {
                    limiter
                        .leases
                        .drawn(&ask.key, verdict.taken, verdict.left, asked);
                }
                _ => limiter.leases.not_drawn(&ask.key),
            }
        });
    }

    /// The store has answered.
    fn taken(
        self: &Arc<Self>,
        claims: &[Claim<'_>],
        given: &[Option<Given>],
        verdicts: &[Verdict],
        asked: Instant,
    ) -> Ruling {
        if self.owed.any() {
            self.pay();
        }
        // What the store was asked for is told first; limits that were given from leases come between.
        let mut told = verdicts.iter();
        let verdicts: Vec<Option<Verdict>> = given
            .iter()
            .map(|given| match given {
                Some(Given::Yes { .. }) => None,
                _ => told.next().copied(),
            })
            .collect();
        let refused = claims
            .iter()
            .zip(&verdicts)
            .any(|(claim, verdict)| verdict.is_some_and(|verdict| refuses(claim, &verdict)));
        if !refused {
            self.shadow_share(claims);
        }
        let now = Instant::now();
        let mut standings = Vec::with_capacity(claims.len());
        for ((claim, given), verdict) in claims.iter().zip(given).zip(&verdicts) {
            if refused {
                self.undo(claim, given, verdict.as_ref(), asked, now);
            } else {
                self.settle(claim, given, verdict.as_ref(), asked);
            }
            standings.push(standing(claim, given, verdict.as_ref()));
            let outcome = outcome(claim, verdict.as_ref());
            // What did not refuse took nothing where another did.
            if !refused || outcome != Outcome::Allowed {
                claim.limit.counters.count(outcome);
            }
        }
        Ruling::Known(standings)
    }

    /// Counts what the store let in against this replica's own share too: were the store lost now, a client
    /// that has used up its limit would find no full bucket here.
    fn shadow_share(&self, claims: &[Claim<'_>]) {
        let local = |claim: &&Claim<'_>| matches!(claim.limit.on_loss, LimitLoss::Local(_));
        let asks: Vec<Ask> = claims
            .iter()
            .filter(local)
            .map(|claim| Ask {
                key: claim.key.clone(),
                rate: claim.limit.share,
                cost: 0,
                extra: claim.cost,
            })
            .collect();
        if !asks.is_empty() {
            let _ = self.alone.take_now(&asks);
        }
    }

    /// Keeps what was drawn beyond the cost.
    fn settle(
        &self,
        claim: &Claim<'_>,
        given: &Option<Given>,
        verdict: Option<&Verdict>,
        asked: Instant,
    ) {
        if let (Some(Given::No { extra }), Some(verdict)) = (given, verdict) {
            self.leases.used(&claim.key, claim.cost);
            if *extra > 0 {
                let beyond = verdict.taken.saturating_sub(claim.cost);
                self.leases.drawn(&claim.key, beyond, verdict.left, asked);
            }
        }
    }

    /// Gives back what a refused request was given, and remembers who is refused.
    fn undo(
        &self,
        claim: &Claim<'_>,
        given: &Option<Given>,
        verdict: Option<&Verdict>,
        asked: Instant,
        now: Instant,
    ) {
        match given {
            Some(Given::Yes { more, .. }) => {
                self.leases.take_back(&claim.key, claim.cost, now);
                if more.is_some() {
                    self.leases.not_drawn(&claim.key);
                }
            }
            Some(Given::No { extra }) if *extra > 0 => self.leases.not_drawn(&claim.key),
            _ => {}
        }
        if let Some(verdict) = verdict.filter(|verdict| refuses(claim, verdict)) {
            self.barred
                .bar(claim.key.clone(), claim.cost, time(verdict.wait), asked);
        }
    }

    /// The store did not answer: what the spec says for that.
    fn lost(&self, claims: &[Claim<'_>], given: &[Option<Given>], lost: &Lost) -> Ruling {
        let now = Instant::now();
        for (claim, given) in claims.iter().zip(given) {
            if let Some(Given::No { extra }) = given
                && *extra > 0
            {
                self.leases.not_drawn(&claim.key);
            }
        }
        tracing::trace!(%lost, "limits are decided without the store");
        let closed = |(claim, given): (&Claim<'_>, &Option<Given>)| {
            claim.limit.on_loss == LimitLoss::Closed
                && !claim.limit.shadow
                && !matches!(given, Some(Given::Yes { .. }))
        };
        if claims.iter().zip(given).any(closed) {
            self.give_back(claims, given, now);
            let counted = claims.iter().zip(given).filter(|pair| closed(*pair));
            counted.for_each(|(claim, _)| claim.limit.counters.count(Outcome::Closed));
            return Ruling::Closed;
        }
        self.locally(claims, given, now)
    }

    fn give_back(&self, claims: &[Claim<'_>], given: &[Option<Given>], now: Instant) {
        for (claim, given) in claims.iter().zip(given) {
            if matches!(given, Some(Given::Yes { .. })) {
                self.leases.take_back(&claim.key, claim.cost, now);
            }
        }
    }

    /// Each limit by the replica's own share, or not at all; all or none, as ever.
    fn locally(&self, claims: &[Claim<'_>], given: &[Option<Given>], now: Instant) -> Ruling {
        let is_local = |claim: &Claim<'_>, given: &Option<Given>| {
            matches!(claim.limit.on_loss, LimitLoss::Local(_))
                && !matches!(given, Some(Given::Yes { .. }))
        };
        let local: Vec<&Claim<'_>> = claims
            .iter()
            .zip(given)
            .filter(|(claim, given)| is_local(claim, given))
            .map(|(claim, _)| claim)
            .collect();
        let asks: Vec<Ask> = local.iter().map(|claim| ask_alone(claim)).collect();
        let verdicts = self.alone.take_now(&asks).unwrap_or_default();
        let mut told = verdicts.iter();
        let refused = local
            .iter()
            .zip(&verdicts)
            .any(|(claim, verdict)| refuses(claim, verdict));
        if refused {
            self.give_back(claims, given, now);
        }
        let mut standings = Vec::with_capacity(claims.len());
        for (claim, given) in claims.iter().zip(given) {
            let verdict = is_local(claim, given).then(|| told.next()).flatten();
            standings.push(standing(claim, given, verdict));
            let outcome = match verdict {
                Some(verdict) if refuses(claim, verdict) => Outcome::LocalRefused,
                _ if refused => continue,
                Some(_) => Outcome::Local,
                None if matches!(given, Some(Given::Yes { .. })) => Outcome::Allowed,
                None => Outcome::Open,
            };
            claim.limit.counters.count(outcome);
            if matches!(outcome, Outcome::Local | Outcome::Open) {
                self.owed.add(claim.key.clone(), claim.limit, claim.cost);
            }
        }
        Ruling::Known(standings)
    }

    /// Tells the store what was let in without it.
    fn pay(self: &Arc<Self>) {
        let limiter = Arc::clone(self);
        let mut owed = self.owed.drain().into_iter().peekable();
        tokio::spawn(async move {
            while owed.peek().is_some() {
                let part: Vec<_> = owed.by_ref().take(PAID_AT_ONCE).collect();
                let debits: Vec<_> = part.iter().map(|(key, debt)| debt.debit(key)).collect();
                let over: Vec<u32> = part.iter().map(|(_, debt)| debt.over()).collect();
                if limiter.store.debit(&debits).await.is_err() {
                    limiter.owed.put_back(part.into_iter().chain(owed));
                    return;
                }
                let told = part.iter().zip(over).filter(|(_, over)| *over > 0);
                told.for_each(|((_, debt), over)| debt.counters.over_admitted(over));
            }
        });
    }

    /// The rulings of a store that answers at once.
    fn rule(&self, claims: &[Claim<'_>], verdicts: &[Verdict]) -> Ruling {
        let refused = claims
            .iter()
            .zip(verdicts)
            .any(|(claim, verdict)| refuses(claim, verdict));
        let mut standings = Vec::with_capacity(claims.len());
        for (claim, verdict) in claims.iter().zip(verdicts) {
            let outcome = outcome(claim, Some(verdict));
            if !refused || outcome != Outcome::Allowed {
                claim.limit.counters.count(outcome);
            }
            standings.push(standing(claim, &None, Some(verdict)));
        }
        Ruling::Known(standings)
    }
}

fn claims<'l>(limits: &'l [LimitSettings], asked: &[Asked]) -> Vec<Claim<'l>> {
    asked
        .iter()
        .filter_map(|asked| {
            let limit = limits.get(asked.limit as usize)?;
            Some(Claim {
                limit,
                key: limit.key(asked),
                cost: asked.cost,
            })
        })
        .collect()
}

/// What the store is asked for one claim. A limit that refuses nobody asks for nothing that must be there.
fn ask(claim: &Claim<'_>, extra: u32) -> Ask {
    let (cost, extra) = match claim.limit.shadow {
        true => (0, claim.cost),
        false => (claim.cost, extra),
    };
    Ask {
        key: claim.key.clone(),
        rate: claim.limit.rate,
        cost,
        extra,
    }
}

fn ask_alone(claim: &Claim<'_>) -> Ask {
    Ask {
        rate: claim.limit.share,
        ..ask(claim, 0)
    }
}

fn asks(claims: &[Claim<'_>]) -> Vec<Ask> {
    claims.iter().map(|claim| ask(claim, 0)).collect()
}

/// What the store is asked for beside what leases gave.
fn asks_beside(claims: &[Claim<'_>], given: &[Option<Given>]) -> Vec<Ask> {
    let beside = |(claim, given): (&Claim<'_>, &Option<Given>)| match given {
        Some(Given::Yes { .. }) => None,
        Some(Given::No { extra }) => Some(ask(claim, *extra)),
        None => Some(ask(claim, 0)),
    };
    claims.iter().zip(given).filter_map(beside).collect()
}

/// Whether a verdict refuses the request. A cost beyond a replica's share takes all of it.
fn refuses(claim: &Claim<'_>, verdict: &Verdict) -> bool {
    !claim.limit.shadow && !verdict.enough
}

fn outcome(claim: &Claim<'_>, verdict: Option<&Verdict>) -> Outcome {
    match verdict {
        Some(verdict) if claim.limit.shadow && verdict.taken < claim.cost => Outcome::Shadowed,
        Some(verdict) if refuses(claim, verdict) => Outcome::Refused,
        _ => Outcome::Allowed,
    }
}

fn standing(
    claim: &Claim<'_>,
    given: &Option<Given>,
    verdict: Option<&Verdict>,
) -> Option<Standing> {
    match (verdict, given) {
        (Some(verdict), _) => Some(Standing {
            refuses: refuses(claim, verdict),
            left: verdict.left,
            wait: verdict.wait,
            full_in: verdict.full_in,
        }),
        (None, Some(Given::Yes { left, .. })) => Some(Standing {
            refuses: false,
            left: *left,
            wait: 0,
            full_in: i64::from(claim.limit.rate.burst.saturating_sub(*left))
                .saturating_mul(claim.limit.rate.interval),
        }),
        (None, _) => None,
    }
}

fn count_refused(claims: &[Claim<'_>], ruling: &Ruling) {
    let Ruling::Known(standings) = ruling else {
        return;
    };
    for (claim, standing) in claims.iter().zip(standings) {
        if standing.is_some_and(|standing| standing.refuses) {
            claim.limit.counters.count(Outcome::Refused);
        }
    }
}

fn time(ticks: i64) -> Duration {
    let ticks = u64::try_from(ticks)
        .unwrap_or(0)
        .min(3_600 * SECOND.unsigned_abs());
    Duration::from_nanos(ticks * 100)
}
