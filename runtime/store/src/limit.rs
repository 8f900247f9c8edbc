//! Limits by the generic cell rate algorithm (ITU-T I.371, GCRA): of each key only the time is kept at which
//! its bucket is full again, the *theoretical arrival time*. All times are in ticks of 100 ns since
//! 2024-01-01: whole numbers that a double holds exactly until 2052, so that Rust and Lua count alike.

use crate::Key;

/// Ticks in a second.
pub const SECOND: i64 = 10_000_000;
/// The longest that a bucket takes to fill, 2^51 ticks (about 7 years): far from where a double is not exact.
pub const LONGEST_FILL: i64 = 1 << 51;
/// The beginning of ticks, in seconds since 1970: 2024-01-01T00:00:00Z.
pub const ORIGIN: i64 = 1_704_067_200;

/// How fast a bucket fills and how much it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rate {
    /// Ticks from one token to the next, at least 1. A rate that is no whole number of ticks is rounded to
    /// the slower side: never more is let in than was asked for.
    pub interval: i64,
    /// Tokens in a full bucket, at least 1.
    pub burst: u32,
}

impl Rate {
    /// `count` tokens in `period` ticks. A bucket that would take longer to fill than [`LONGEST_FILL`] holds
    /// fewer tokens.
    #[must_use]
    pub fn new(count: u32, period: i64, burst: u32) -> Self {
        let count = i64::from(count.max(1));
        let period = period.clamp(1, LONGEST_FILL);
        let interval = ((period + count - 1) / count).max(1);
        let most = u32::try_from(LONGEST_FILL / interval).unwrap_or(u32::MAX);
        Self {
            interval,
            burst: burst.clamp(1, most.max(1)),
        }
    }

    /// Ticks from one token to the next, as they are counted whatever the fields say.
    #[must_use]
    pub fn step(&self) -> i64 {
        self.interval.clamp(1, LONGEST_FILL)
    }

    /// Tokens in a full bucket, as they are counted whatever the fields say.
    #[must_use]
    pub fn capacity(&self) -> u32 {
        let most = u32::try_from(LONGEST_FILL / self.step()).unwrap_or(u32::MAX);
        self.burst.clamp(1, most.max(1))
    }

    /// Ticks that an empty bucket takes to fill.
    #[must_use]
    pub fn fill(&self) -> i64 {
        self.step() * i64::from(self.capacity())
    }
}

/// Tokens that are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Whose bucket.
    pub key: Key,
    /// How it fills.
    pub rate: Rate,
    /// Tokens without which it is a refusal. 0 only looks.
    pub cost: u32,
    /// Further tokens that are taken as far as there are any: a replica's lease.
    pub extra: u32,
}

/// Tokens that were let through elsewhere while the store could not be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Debit {
    /// Whose bucket.
    pub key: Key,
    /// How it fills.
    pub rate: Rate,
    /// How many.
    pub tokens: u32,
    /// Ticks since the first of them: what the bucket would have got meanwhile counts.
    pub ago: i64,
}

/// What came of an [Ask].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether there was enough for `cost`. Tokens were taken only if this holds for all asked together.
    pub enough: bool,
    /// Tokens taken: `cost` and up to `extra`; 0 if any of those asked together had not enough.
    pub taken: u32,
    /// Tokens left.
    pub left: u32,
    /// Ticks until there is enough for `cost`; 0 if there is; `i64::MAX` if there never will be (a cost above
    /// the burst).
    pub wait: i64,
    /// Ticks until the bucket is full.
    pub full_in: i64,
}

/// One bucket, looked at at a time.
#[derive(Debug, Clone, Copy)]
pub struct Bucket {
    rate: Rate,
    now: i64,
    /// When it is full, never before now and never later than an empty one would be.
    full_at: i64,
    /// The same as it was kept; `i64::MIN` if nothing was.
    kept: i64,
}

impl Bucket {
    /// The bucket that was kept as `full_at` (`None`: nothing kept, it is full). One that would be full only
    /// long after an empty one is of a clock that was set back since, and counts as full: nobody is kept out
    /// until that clock has caught up. Two clocks that differ by less than a bucket takes to fill make none so.
    #[must_use]
    pub fn at(rate: Rate, full_at: Option<i64>, now: i64) -> Self {
        let latest = now.saturating_add(rate.fill());
        let kept = full_at.filter(|at| *at <= latest.saturating_add(rate.fill()));
        Self {
            rate,
            now,
            full_at: kept.unwrap_or(now).clamp(now, latest),
            kept: kept.unwrap_or(i64::MIN),
        }
    }

    /// Tokens in it.
    #[must_use]
    pub fn left(&self) -> u32 {
        let room = self.now.saturating_add(self.rate.fill()) - self.full_at;
        u32::try_from(room / self.rate.step()).unwrap_or(u32::MAX)
    }

    /// Ticks until `cost` tokens are in it.
    #[must_use]
    pub fn wait(&self, cost: u32) -> i64 {
        if cost > self.rate.capacity() {
            return i64::MAX;
        }
        let needs = self.rate.step() * i64::from(cost);
        (self.full_in() + needs - self.rate.fill()).max(0)
    }

    /// Ticks until it is full.
    #[must_use]
    pub fn full_in(&self) -> i64 {
        self.full_at - self.now
    }

    /// When it is full: what is kept.
    #[must_use]
    pub fn full_at(&self) -> i64 {
        self.full_at
    }

    /// The bucket without `tokens`, of which there are enough.
    #[must_use]
    pub fn without(mut self, tokens: u32) -> Self {
        let taken = self.rate.step().saturating_mul(i64::from(tokens));
        self.full_at = self.full_at.saturating_add(taken);
        self
    }
}

/// Asks buckets for tokens, all or none: the verdicts, and the buckets as they are to be kept (`None`:
/// nothing was taken). Of a key that is asked for twice at once only the last is kept: ask once.
#[must_use]
pub fn take(asks: &[Ask], buckets: &[Bucket]) -> (Vec<Verdict>, Option<Vec<Bucket>>) {
    let together = || asks.iter().zip(buckets);
    if together().any(|(ask, bucket)| bucket.left() < ask.cost) {
        let verdicts = together().map(|(ask, bucket)| verdict(ask, *bucket, 0));
        return (verdicts.collect(), None);
    }
    let mut kept = Vec::with_capacity(asks.len());
    let mut verdicts = Vec::with_capacity(asks.len());
    for (ask, bucket) in together() {
        let tokens = ask.cost.saturating_add(ask.extra).min(bucket.left());
        let after = bucket.without(tokens);
        verdicts.push(Verdict {
            enough: true,
            wait: 0,
            ..verdict(ask, after, tokens)
        });
        kept.push(after);
    }
    (verdicts, Some(kept))
}

fn verdict(ask: &Ask, bucket: Bucket, taken: u32) -> Verdict {
    Verdict {
        enough: bucket.left() >= ask.cost,
        taken,
        left: bucket.left(),
        wait: bucket.wait(ask.cost),
        full_in: bucket.full_in(),
    }
}

/// Takes tokens that were let through elsewhere, the first of them `ago` ticks before now, whether there were
/// enough or not: the bucket as it is to be kept, and how many were more than it held and got since.
#[must_use]
pub fn debit(bucket: Bucket, tokens: u32, ago: i64) -> (Bucket, u32) {
    let Bucket { rate, now, .. } = bucket;
    let latest = now.saturating_add(rate.fill());
    let begun = bucket.kept.clamp(now.saturating_sub(ago.max(0)), latest);
    let room = u32::try_from(latest.saturating_sub(begun) / rate.step()).unwrap_or(u32::MAX);
    let held = tokens.min(room);
    let full_at = begun.saturating_add(rate.step().saturating_mul(i64::from(held)));
    let after = Bucket {
        full_at: full_at.clamp(now, latest),
        ..bucket
    };
    (after, tokens - held)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Space;

    fn ask(cost: u32, extra: u32, rate: Rate) -> Ask {
        Ask {
            key: Key::alone(&Space::new("limit", "a", None), "k".into()),
            rate,
            cost,
            extra,
        }
    }

    #[test]
    fn a_bucket_empties_and_fills_at_its_rate() {
        let rate = Rate::new(10, SECOND, 5);
        let mut kept = None;
        let mut now = 1_000 * SECOND;
        for left in (0..5).rev() {
            let (verdicts, after) = take(&[ask(1, 0, rate)], &[Bucket::at(rate, kept, now)]);
            assert_eq!((verdicts[0].enough, verdicts[0].left), (true, left));
            kept = after.map(|after| after[0].full_at());
        }
        let (verdicts, after) = take(&[ask(1, 0, rate)], &[Bucket::at(rate, kept, now)]);
        assert_eq!(after.is_none(), !verdicts[0].enough);
        assert_eq!(verdicts[0].wait, SECOND / 10);
        now += verdicts[0].wait;
        assert!(take(&[ask(1, 0, rate)], &[Bucket::at(rate, kept, now)]).0[0].enough);
    }

    #[test]
    fn all_or_none_and_a_lease_takes_what_there_is() {
        let (small, large) = (Rate::new(1, SECOND, 1), Rate::new(1, SECOND, 9));
        let asks = [ask(1, 3, large), ask(2, 0, small)];
        let buckets = [Bucket::at(large, None, 7), Bucket::at(small, None, 7)];
        let (verdicts, kept) = take(&asks, &buckets);
        assert!(kept.is_none() && verdicts[0].enough && verdicts[0].taken == 0);
        assert_eq!((verdicts[1].enough, verdicts[1].wait), (false, i64::MAX));
        let (verdicts, _) = take(&asks[..1], &buckets[..1]);
        assert_eq!((verdicts[0].taken, verdicts[0].left), (4, 5));
    }

    #[test]
    fn no_rate_overflows() {
        for interval in [i64::MIN, -1, 0, 1, i64::MAX] {
            for burst in [0, 1, u32::MAX] {
                let rate = Rate { interval, burst };
                for now in [0, i64::MAX] {
                    for kept in [None, Some(i64::MIN), Some(i64::MAX)] {
                        let bucket = Bucket::at(rate, kept, now);
                        for cost in [0, 1, u32::MAX] {
                            let (after, beyond) = debit(bucket, cost, 0);
                            assert!(beyond <= cost && after.left() <= bucket.left());
                            assert!(bucket.wait(cost) >= 0);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_debit_counts_what_the_bucket_would_have_got() {
        let rate = Rate::new(50, SECOND, 20);
        // Empty when the store went away two seconds ago; a hundred tokens since are what it gets in two.
        let kept = Some(2 * SECOND / 5);
        let now = 2 * SECOND;
        let (after, over) = debit(Bucket::at(rate, kept, now), 100, 2 * SECOND);
        assert_eq!((over, after.left()), (0, 0));
        let (_, over) = debit(Bucket::at(rate, Some(after.full_at()), now), 20, 2 * SECOND);
        assert_eq!(over, 20);
        let (after, over) = debit(Bucket::at(rate, None, now), 60, SECOND);
        assert_eq!((over, after.left()), (0, 10));
    }

    #[test]
    fn a_clock_that_was_set_back_keeps_nobody_out() {
        let rate = Rate::new(50, SECOND, 20);
        let hour = 3_600 * SECOND;
        let ahead = Bucket::at(rate, Some(hour), 0);
        assert_eq!(ahead.left(), 20);
        // A clock a little behind is no such thing.
        let behind = Bucket::at(rate, Some(rate.fill() + SECOND / 10), 0);
        assert_eq!(behind.left(), 0);
    }
}
