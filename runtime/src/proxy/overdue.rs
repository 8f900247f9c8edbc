//! When an answer is overdue. Asked only while nothing happens, so that a request that is answered at
//! once sets no timer.

use std::time::{Duration, Instant};

use crate::stages::Meter;

/// What a server has time for.
pub(crate) struct Overdue<'a> {
    /// Knows how the request's body fares: a long upload is no fault of the server's.
    pub(crate) meter: &'a Meter,
    /// From the last byte passed on to the end of the answer's headers.
    pub(crate) patience: Option<Duration>,
    /// When the answer's headers must be there, whatever happens.
    pub(crate) deadline: Option<Instant>,
}

impl Overdue<'_> {
    /// From when on the answer is overdue, if nothing more happens.
    pub(super) fn from(&self) -> Option<Instant> {
        let quiet = self
            .patience
            .and_then(|patience| self.meter.progress().checked_add(patience));
        match (quiet, self.deadline) {
            (Some(quiet), Some(deadline)) => Some(quiet.min(deadline)),
            (one, other) => one.or(other),
        }
    }

    /// Does something until the answer is overdue; `None`: it was not done by then.
    pub(super) async fn bound<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        match self.from() {
            Some(until) => tokio::time::timeout_at(until.into(), work).await.ok(),
            None => Some(work.await),
        }
    }
}
