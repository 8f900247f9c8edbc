//! Ticks: the store's time. A clock starts at the wall's time, or where a store on disk left off if that is
//! later, and then runs steadily: whoever sets the machine's clock neither frees nor locks out anybody.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::limit::ORIGIN;

/// The tick of a moment.
#[must_use]
pub fn ticks_of(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let ticks = i64::try_from(since.as_nanos() / 100).unwrap_or(i64::MAX);
    ticks.saturating_sub(ORIGIN * crate::limit::SECOND)
}

/// The ticks in a time.
#[must_use]
pub fn ticks_in(time: Duration) -> i64 {
    i64::try_from(time.as_nanos() / 100).unwrap_or(i64::MAX)
}

/// The moment of a tick.
#[must_use]
pub fn time_of(ticks: i64) -> SystemTime {
    let since = ticks.saturating_add(ORIGIN * crate::limit::SECOND);
    let since = u64::try_from(since).unwrap_or(0);
    UNIX_EPOCH.checked_add(whole(since)).unwrap_or(UNIX_EPOCH)
}

fn whole(ticks: u64) -> Duration {
    Duration::new(
        ticks / 10_000_000,
        u32::try_from(ticks % 10_000_000).unwrap_or(0) * 100,
    )
}

/// A clock that never goes back and never jumps.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    origin: i64,
    started: Instant,
}

impl Clock {
    /// A clock that starts now, and not before a tick that was already seen.
    pub(crate) fn start(seen: i64) -> Self {
        Self {
            origin: ticks_of(SystemTime::now()).max(seen),
            started: Instant::now(),
        }
    }

    pub(crate) fn now(&self) -> i64 {
        let ran = self.started.elapsed().as_nanos() / 100;
        self.origin
            .saturating_add(i64::try_from(ran).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_is_the_moment_that_it_was_made_of() {
        let time = UNIX_EPOCH + Duration::new(1_800_000_000, 123_456_700);
        assert_eq!(time_of(ticks_of(time)), time);
        assert_eq!(ticks_of(UNIX_EPOCH + Duration::from_secs(1_704_067_200)), 0);
    }

    #[test]
    fn a_clock_goes_on_from_what_was_seen() {
        let seen = ticks_of(SystemTime::now()) + 10_000_000_000;
        assert!(Clock::start(seen).now() >= seen);
        assert!(Clock::start(0).now() < seen);
    }
}
