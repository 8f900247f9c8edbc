//! Why there is no connection to a server.

use std::io;
use std::rc::Rc;
use std::time::Duration;

/// Why there is no connection to a server.
#[derive(Debug, Clone)]
pub(crate) struct Unreached {
    /// In words.
    pub(super) text: Rc<str>,
    /// It was reached, but what it showed cannot be trusted.
    pub(super) untrusted: bool,
}

impl Unreached {
    /// The system says why.
    pub(super) fn by(error: &io::Error) -> Self {
        Self::told(match error.kind() {
            io::ErrorKind::ConnectionRefused => "the connection was refused".to_owned(),
            io::ErrorKind::TimedOut => "no connection in time".to_owned(),
            io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
                "there is no way to it".to_owned()
            }
            io::ErrorKind::ConnectionReset => "the connection was reset".to_owned(),
            _ => format!("cannot connect: {error}"),
        })
    }

    /// It took longer than this.
    pub(super) fn in_time(bound: Option<Duration>) -> Self {
        Self::told(match bound {
            Some(bound) => format!("no connection within {} ms", bound.as_millis()),
            None => "no connection in time".to_owned(),
        })
    }

    /// A connection was made within this time, but HTTP/2 did not begin on it.
    pub(super) fn mute(bound: Duration) -> Self {
        let bound = bound.as_millis();
        Self::told(format!(
            "the server did not begin to speak HTTP/2 (its SETTINGS) within {bound} ms"
        ))
    }

    /// For this reason.
    pub(super) fn told(text: String) -> Self {
        Self {
            text: text.into(),
            untrusted: false,
        }
    }

    /// It was reached, but TLS with it failed.
    pub(super) fn untrusted(text: String) -> Self {
        Self {
            text: text.into(),
            untrusted: true,
        }
    }
}
