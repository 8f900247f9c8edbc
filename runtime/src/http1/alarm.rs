//! A timer that costs nothing while it is put off: it stays set for an earlier time and looks again
//! when it rings. A connection needs one, however many requests it brings.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use tokio::time::Sleep;

/// Rings at the time asked for last.
#[derive(Default)]
pub(crate) struct Alarm {
    sleep: Option<(Pin<Box<Sleep>>, Instant)>,
}

impl Alarm {
    /// Ready when `until` has come.
    pub(crate) fn poll(&mut self, until: Instant, context: &mut Context<'_>) -> Poll<()> {
        let (sleep, set_for) = match &mut self.sleep {
            Some(set) => set,
            none => none.insert((Box::pin(tokio::time::sleep_until(until.into())), until)),
        };
        if *set_for > until {
            sleep.as_mut().reset(until.into());
            *set_for = until;
        }
        loop {
            ready!(sleep.as_mut().poll(context));
            if Instant::now() >= until {
                return Poll::Ready(());
            }
            sleep.as_mut().reset(until.into());
            *set_for = until;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::task::Poll;
    use std::time::{Duration, Instant};

    use super::Alarm;

    async fn ring(alarm: &mut Alarm, until: Instant) {
        poll_fn(|context| alarm.poll(until, context)).await;
    }

    #[tokio::test]
    async fn it_rings_when_asked_last() {
        let mut alarm = Alarm::default();
        let begun = Instant::now();
        let late = begun + Duration::from_secs(3600);
        poll_fn(|context| {
            assert!(alarm.poll(late, context).is_pending());
            Poll::Ready(())
        })
        .await;
        ring(&mut alarm, begun + Duration::from_millis(20)).await;
        assert!(begun.elapsed() >= Duration::from_millis(20));
        // Set for something early and put off: it does not ring for the early time.
        let early = Instant::now() + Duration::from_millis(10);
        poll_fn(|context| {
            assert!(alarm.poll(early, context).is_pending());
            Poll::Ready(())
        })
        .await;
        let later = early + Duration::from_millis(40);
        ring(&mut alarm, later).await;
        assert!(Instant::now() >= later);
    }
}
