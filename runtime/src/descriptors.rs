//! How many files and sockets the process may have open. The usual bound is meant for programs that
//! wait in ways a gateway does not, so it is raised as far as the system lets anybody raise it.

use std::sync::Arc;

use crate::http1::Pipe;
use crate::snapshot::ListenerSettings;

/// Kept for everything but connections: listening sockets, logs, files that are served.
const RESERVE: u64 = 64;

/// Raises the bound to the highest that needs no right of its own.
#[cfg(unix)]
pub(crate) fn raise() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    if limit.current != limit.maximum
        && let Err(error) = setrlimit(Resource::Nofile, raised)
    {
        tracing::warn!(%error, "cannot raise the number of files that may be open");
    }
}

/// There is no such bound here.
#[cfg(not(unix))]
pub(crate) fn raise() {}

/// Warns if the listeners may hold more connections than the process may have files, beside what so many
/// workers need for large bodies.
pub(crate) fn check(listeners: &[Arc<ListenerSettings>], workers: usize) {
    let wanted: u64 = listeners
        .iter()
        .map(|listener| u64::from(listener.connections))
        .sum();
    let Some(most) = most() else {
        return;
    };
    let pipes = (workers as u64).saturating_mul(Pipe::MOST_FILES);
    if wanted.saturating_add(RESERVE).saturating_add(pipes) > most {
        tracing::warn!(
            connections = wanted,
            files = most,
            "the listeners may hold more connections than this process may have files open (`ulimit -n`)"
        );
    }
}

#[cfg(unix)]
fn most() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::Nofile).current
}

#[cfg(not(unix))]
fn most() -> Option<u64> {
    None
}
