//! Why there is no answer from an upstream, in words for whoever reads the log.

use std::cell::{Cell, RefCell};
use std::io;
use std::time::Duration;

use http::StatusCode;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// No server has any weight, or none can be reached.
    Unreachable,
    /// The answer did not come in time.
    Timeout,
    /// The answer was none; the text says why.
    Answer(String),
}

impl Failure {
    /// The status that the client gets.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Unreachable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Timeout => StatusCode::GATEWAY_TIMEOUT,
            Self::Answer(_) => StatusCode::BAD_GATEWAY,
        }
    }
}

/// What was tried for a request. Kept apart from the trying, which may be given up at any point.
#[derive(Debug, Default)]
pub(crate) struct Tried {
    server: Cell<Option<usize>>,
    step: Cell<Step>,
    /// Why the last server could not be reached.
    unreached: RefCell<Option<String>>,
}

/// How far it got with the server tried last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Step {
    #[default]
    Nothing,
    Connecting,
    Sent,
}

impl Tried {
    /// A connection to a server is being made.
    pub(super) fn connecting(&self, server: usize) {
        self.server.set(Some(server));
        self.step.set(Step::Connecting);
    }

    /// A connection could not be made.
    pub(super) fn unreached(&self, error: &io::Error, bound: Option<Duration>) {
        *self.unreached.borrow_mut() = Some(connect_error(error, bound));
    }

    /// The request is on its way to a server.
    pub(super) fn sending(&self, server: usize) {
        self.server.set(Some(server));
        self.step.set(Step::Sent);
    }

    /// The index of the server tried last.
    pub(crate) fn server(&self) -> Option<usize> {
        self.server.get()
    }

    /// Why there is no answer, in words.
    pub(crate) fn why(&self, failure: &Failure) -> String {
        match (failure, self.step.get()) {
            (Failure::Unreachable, Step::Nothing) => {
                "no server may be asked: each was out of reach a moment ago, or has no weight"
                    .to_owned()
            }
            (Failure::Unreachable, _) => {
                let told = self.unreached.borrow();
                told.clone().unwrap_or_else(|| "out of reach".to_owned())
            }
            (Failure::Timeout, Step::Sent) => "no answer in time".to_owned(),
            (Failure::Timeout, Step::Connecting) => "no connection in time".to_owned(),
            (Failure::Timeout, Step::Nothing) => "out of time".to_owned(),
            (Failure::Answer(reason), _) => reason.clone(),
        }
    }
}

/// Why a connection could not be made.
fn connect_error(error: &io::Error, bound: Option<Duration>) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "the connection was refused".to_owned(),
        io::ErrorKind::TimedOut => match bound {
            Some(bound) => format!("no connection within {} ms", bound.as_millis()),
            None => "no connection in time".to_owned(),
        },
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            "there is no way to it".to_owned()
        }
        io::ErrorKind::ConnectionReset => "the connection was reset".to_owned(),
        _ => format!("cannot connect: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::time::Duration;

    use super::{Failure, Tried};

    #[test]
    fn what_went_wrong_is_told_in_words() {
        let tried = Tried::default();
        let why = |tried: &Tried, failure: Failure| tried.why(&failure);
        assert!(why(&tried, Failure::Unreachable).contains("a moment ago"));
        tried.connecting(3);
        assert_eq!(why(&tried, Failure::Timeout), "no connection in time");
        tried.unreached(&io::ErrorKind::ConnectionRefused.into(), None);
        assert_eq!(
            why(&tried, Failure::Unreachable),
            "the connection was refused"
        );
        let bound = Some(Duration::from_millis(250));
        tried.unreached(&io::ErrorKind::TimedOut.into(), bound);
        assert_eq!(
            why(&tried, Failure::Unreachable),
            "no connection within 250 ms"
        );
        tried.sending(4);
        assert_eq!(why(&tried, Failure::Timeout), "no answer in time");
        assert_eq!(why(&tried, Failure::Answer("odd".into())), "odd");
        assert_eq!(tried.server(), Some(4));
    }
}
