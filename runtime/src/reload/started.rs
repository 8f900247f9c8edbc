//! What a replica settles once, when it starts. A change of it is taken with the rest of a bundle, but
//! has an effect only after a restart; that is told rather than passed over in silence.

use std::net::SocketAddr;

use crate::shared::{Shared, lock};
use crate::snapshot::Settings;

/// What the replica was started with; `None` where the command line settled it, so that no bundle
/// could change it anyway.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Started {
    /// Threads that serve.
    pub(crate) workers: Option<usize>,
    /// Where the management listener was asked to be, if anywhere.
    pub(crate) management: Option<Option<SocketAddr>>,
    /// Whether log lines are for people.
    pub(crate) pretty: Option<bool>,
}

impl Started {
    /// Notes which settings wait for a restart, and tells it when that changes.
    pub(super) fn compare(self, shared: &Shared, settings: &Settings) {
        let waiting = self.waiting(settings);
        let mut known = lock(&shared.restart_needed);
        if !waiting.is_empty() && *known != waiting {
            tracing::warn!(
                settings = waiting.join(", "),
                "changed settings that take effect when the replica is started again"
            );
        }
        *known = waiting;
    }

    fn waiting(self, settings: &Settings) -> Vec<&'static str> {
        let workers = crate::replica::worker_count(None, Some(settings));
        let pretty = crate::log::is_pretty(Some(&settings.log_format));
        [
            ("workers", differs(self.workers, workers)),
            ("management", differs(self.management, settings.management)),
            ("log_format", differs(self.pretty, pretty)),
        ]
        .into_iter()
        .filter(|(_, differs)| *differs)
        .map(|(name, _)| name)
        .collect()
    }
}

fn differs<T: PartialEq>(started: Option<T>, wanted: T) -> bool {
    started.is_some_and(|started| started != wanted)
}
