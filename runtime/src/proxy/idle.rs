//! Notices that nothing came for too long. Runs only while somebody waits for something: the time in
//! which nobody asks does not count.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::time::Sleep;

/// An alarm that each sign of life puts off.
pub(super) struct Idle {
    bound: Option<Duration>,
    alarm: Option<Pin<Box<Sleep>>>,
    waiting: bool,
}

impl Idle {
    /// An alarm that rings after waiting that long in one go; `None`: never.
    pub(super) fn new(bound: Option<Duration>) -> Self {
        Self {
            bound,
            alarm: None,
            waiting: false,
        }
    }

    /// Something came.
    pub(super) fn progress(&mut self) {
        self.waiting = false;
    }

    /// Nothing is there; ready when that was so for too long.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Some(bound) = self.bound else {
            return Poll::Pending;
        };
        let until = Instant::now() + bound;
        let alarm = match &mut self.alarm {
            Some(alarm) => {
                if !self.waiting {
                    alarm.as_mut().reset(until.into());
                }
                alarm
            }
            none => none.insert(Box::pin(tokio::time::sleep_until(until.into()))),
        };
        self.waiting = true;
        alarm.as_mut().poll(context)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::time::{Duration, Instant};

    use super::Idle;

    #[tokio::test]
    async fn only_waiting_in_one_go_counts() {
        let bound = Duration::from_millis(80);
        let mut idle = Idle::new(Some(bound));
        for _ in 0..4 {
            let waited = tokio::time::timeout(bound / 2, poll_fn(|context| idle.poll(context)));
            assert!(waited.await.is_err(), "rang too early");
            idle.progress();
        }
        // Nobody asks for a while.
        tokio::time::sleep(bound * 2).await;
        let begun = Instant::now();
        poll_fn(|context| idle.poll(context)).await;
        assert!(begun.elapsed() >= bound);
    }

    #[tokio::test]
    async fn without_a_bound_it_never_rings() {
        let mut idle = Idle::new(None);
        let waited = tokio::time::timeout(
            Duration::from_millis(50),
            poll_fn(|context| idle.poll(context)),
        );
        assert!(waited.await.is_err());
    }
}
