//! Bounds how often the same kind of message is told: the first ten of a second are, and the rest is
//! told as a number. A gateway whose only upstream is down would otherwise write one line for each
//! request, and what is worth reading would drown.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::shared::lock;

/// Messages told within a [`WINDOW`].
const MOST_TOLD: u32 = 10;

/// The time in which messages are counted together.
const WINDOW: Duration = Duration::from_secs(1);

/// Subjects that are counted apart; any more are not told one by one.
const MOST_SUBJECTS: usize = 1_000;

/// What was told lately, by what it is about.
#[derive(Debug)]
pub(crate) struct Flood {
    windows: Mutex<HashMap<String, Window>>,
    /// Tells how many were withheld.
    tell: fn(&str, u64),
}

impl Default for Flood {
    fn default() -> Self {
        Self {
            windows: Mutex::default(),
            tell,
        }
    }
}

#[derive(Debug)]
struct Window {
    since: Instant,
    told: u32,
    withheld: u64,
}

impl Flood {
    /// Of messages whose subjects are identities.
    pub(crate) fn of_identities() -> Self {
        Self {
            tell: tell_identity,
            ..Self::default()
        }
    }

    /// Of messages whose subjects are routes.
    pub(crate) fn of_routes() -> Self {
        Self {
            tell: tell_route,
            ..Self::default()
        }
    }

    /// Whether one more message about that subject is told.
    pub(crate) fn admits(&self, subject: &str) -> bool {
        self.admits_at(subject, Instant::now())
    }

    fn admits_at(&self, subject: &str, now: Instant) -> bool {
        let mut windows = lock(&self.windows);
        if let Some(window) = windows.get_mut(subject) {
            if window.told < MOST_TOLD {
                window.told += 1;
                return true;
            }
            window.withheld += 1;
            return false;
        }
        if windows.len() >= MOST_SUBJECTS {
            return false;
        }
        let window = Window {
            since: now,
            told: 1,
            withheld: 0,
        };
        windows.insert(subject.to_owned(), window);
        true
    }

    /// Tells how many were withheld in windows that are over. To be called about once a second.
    pub(crate) fn settle(&self) {
        self.settle_at(Instant::now(), self.tell);
    }

    /// The same for all windows, over or not: the replica stops.
    pub(crate) fn finish(&self) {
        for (subject, window) in lock(&self.windows).drain() {
            (self.tell)(&subject, window.withheld);
        }
    }

    fn settle_at(&self, now: Instant, mut tell: impl FnMut(&str, u64)) {
        lock(&self.windows).retain(|subject, window| {
            let over = now.saturating_duration_since(window.since) >= WINDOW;
            if over {
                tell(subject, window.withheld);
            }
            !over
        });
    }
}

fn tell_identity(subject: &str, withheld: u64) {
    if withheld > 0 {
        tracing::info!(identity = subject, "… and {withheld} more like it");
    }
}

fn tell_route(subject: &str, withheld: u64) {
    if withheld > 0 {
        tracing::info!(route = subject, "… and {withheld} more like it");
    }
}

fn tell(subject: &str, withheld: u64) {
    if withheld > 0 {
        tracing::warn!(upstream = subject, "… and {withheld} more like it");
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::{Flood, MOST_SUBJECTS, WINDOW};

    #[test]
    fn the_first_ten_of_a_second_are_told_and_the_rest_is_counted() {
        let flood = Flood::default();
        let begun = Instant::now();
        let told = |times: usize, subject: &str, at: Instant| {
            (0..times).filter(|_| flood.admits_at(subject, at)).count()
        };
        let settled = |at: Instant| {
            let mut all = Vec::new();
            flood.settle_at(at, |subject, withheld| {
                all.push((subject.to_owned(), withheld))
            });
            all.sort();
            all
        };
        assert_eq!(told(822, "a", begun), 10);
        assert_eq!(told(3, "b", begun), 3);
        assert_eq!(settled(begun), []);
        let later = begun + WINDOW;
        assert_eq!(settled(later), [("a".to_owned(), 812), ("b".to_owned(), 0)]);
        assert_eq!(told(11, "a", later), 10);
    }

    #[test]
    fn subjects_do_not_gather_without_bound() {
        let flood = Flood::default();
        let told = (0..MOST_SUBJECTS * 2)
            .filter(|index| flood.admits(&index.to_string()))
            .count();
        assert_eq!(told, MOST_SUBJECTS);
    }
}
