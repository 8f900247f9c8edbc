//! What a limit should have let in: an exact model of a bucket, held against what was seen from outside. When
//! within a request's time it was decided cannot be seen, so each is taken at the time that is best for the
//! limit.

/// A request as its client saw it; times in seconds since the run began.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Decision {
    pub(crate) key: usize,
    pub(crate) sent: f64,
    pub(crate) answered: f64,
    pub(crate) status: u16,
}

impl Decision {
    pub(crate) fn let_in(&self) -> bool {
        self.status == 200
    }
}

/// A limit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bucket {
    pub(crate) per_second: f64,
    pub(crate) burst: f64,
}

impl Bucket {
    /// The most that was let in of one key beyond what the bucket holds and gets, over every stretch of time.
    pub(crate) fn over(&self, decisions: &[Decision]) -> f64 {
        let mut worst: f64 = 0.0;
        for key in keys(decisions) {
            let mut open = f64::NEG_INFINITY;
            for (number, one) in let_in(decisions, key).enumerate() {
                let number = number as f64;
                open = open.max(1.0 - number + self.per_second * one.sent);
                let excess = number - self.per_second * one.answered + open - self.burst;
                worst = worst.max(excess);
            }
        }
        worst
    }

    /// Requests that were refused with 429 although there was a token, by half a one at least, whenever within
    /// its time it was decided.
    pub(crate) fn wrongly_refused(&self, decisions: &[Decision]) -> usize {
        let wrong = |one: &&Decision| {
            let mut level: f64 = 0.0;
            let mut at: f64 = 0.0;
            for before in let_in(decisions, one.key).filter(|other| other.sent <= one.answered) {
                let time = before.answered.min(one.sent).max(at);
                level = (level - (time - at) * self.per_second).max(0.0) + 1.0;
                at = time;
            }
            level = (level - (one.sent - at).max(0.0) * self.per_second).max(0.0);
            level + 1.0 <= self.burst - 0.5
        };
        let refused = decisions.iter().filter(|one| one.status == 429);
        refused.filter(wrong).count()
    }
}

fn keys(decisions: &[Decision]) -> impl Iterator<Item = usize> {
    let most = decisions.iter().map(|one| one.key).max().unwrap_or(0);
    0..=most
}

fn let_in(decisions: &[Decision], key: usize) -> impl Iterator<Item = &Decision> {
    let mine = move |one: &&Decision| one.key == key && one.let_in();
    decisions.iter().filter(mine)
}

/// The share of sorted times, in milliseconds.
pub(crate) fn percentile(decisions: &[Decision], share: f64) -> f64 {
    let mut times: Vec<f64> = decisions
        .iter()
        .map(|one| one.answered - one.sent)
        .collect();
    times.sort_by(f64::total_cmp);
    let at = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
    times.get(at).map_or(0.0, |time| time * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUCKET: Bucket = Bucket {
        per_second: 10.0,
        burst: 5.0,
    };

    fn at(time: f64, status: u16) -> Decision {
        Decision {
            key: 0,
            sent: time,
            answered: time,
            status,
        }
    }

    #[test]
    fn the_model_counts() {
        let five: Vec<_> = (0..5).map(|_| at(1.0, 200)).collect();
        assert_eq!(BUCKET.over(&five), 0.0);
        let seven: Vec<_> = (0..7).map(|_| at(1.0, 200)).collect();
        assert_eq!(BUCKET.over(&seven), 2.0);
        let mut refilled = five.clone();
        refilled.push(at(1.1, 200));
        assert!(BUCKET.over(&refilled) < 0.01);
        refilled.push(at(1.1, 429));
        assert_eq!(BUCKET.wrongly_refused(&refilled), 0);
        refilled.push(at(1.3, 429));
        assert_eq!(BUCKET.wrongly_refused(&refilled), 1);
    }
}
