//! Why a change cannot have what it needs of the system.

use std::io;
use std::net::SocketAddr;

use crate::snapshot::ListenerSettings;

/// An address, or a thread, that cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct BindError(String);

impl BindError {
    /// The address of a listener.
    pub(super) fn listener(settings: &ListenerSettings, error: io::Error) -> Self {
        let who = format!("listener `{}`", settings.name);
        Self::address(&who, settings.address, &error)
    }

    /// The address of the management listener.
    pub(super) fn management(address: SocketAddr, error: io::Error) -> Self {
        Self::address("the management listener", address, &error)
    }

    fn address(who: &str, address: SocketAddr, error: &io::Error) -> Self {
        Self(format!(
            "{who} cannot have the address {address}: {}",
            why(error)
        ))
    }

    /// A thread.
    pub(super) fn thread(error: io::Error) -> Self {
        Self(format!("cannot start a thread: {error}"))
    }
}

/// What is wrong with an address, in plain words.
fn why(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => "it is in use by another program".to_owned(),
        io::ErrorKind::AddrNotAvailable => "this machine does not have it".to_owned(),
        io::ErrorKind::PermissionDenied => {
            "the system does not permit it (ports below 1024 need a right of their own)".to_owned()
        }
        _ => error.to_string(),
    }
}
