//! Why there is no answer from an upstream, in words for whoever reads the log.

use http::StatusCode;
use std::cell::{Cell, RefCell};

use super::unreached::Unreached;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// No server has any weight, or none can be reached.
    Unreachable,
    /// A server was reached, but no connection with it can be trusted.
    Untrusted,
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
            Self::Answer(_) | Self::Untrusted => StatusCode::BAD_GATEWAY,
        }
    }
}

/// What was tried for a request. Kept apart from the trying, which may be given up at any point.
#[derive(Debug, Default)]
pub(crate) struct Tried {
    server: Cell<Option<usize>>,
    step: Cell<Step>,
    /// Why the last server could not be reached.
    unreached: RefCell<Option<Unreached>>,
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
    pub(super) fn unreached(&self, why: Unreached) {
        *self.unreached.borrow_mut() = Some(why);
    }

    /// A server is passed over, because no connection with it could be trusted a moment ago.
    pub(super) fn passed_over(&self, server: usize, why: Unreached) {
        if why.untrusted {
            self.connecting(server);
            self.unreached(why);
        }
    }

    /// What it means that no server is left to try.
    pub(super) fn failure(&self) -> Failure {
        match self.unreached.borrow().as_ref() {
            Some(why) if why.untrusted => Failure::Untrusted,
            _ => Failure::Unreachable,
        }
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
            (Failure::Unreachable | Failure::Untrusted, _) => {
                let told = self.unreached.borrow();
                let told = told.as_ref().map(|why| why.text.to_string());
                told.unwrap_or_else(|| "out of reach".to_owned())
            }
            (Failure::Timeout, Step::Sent) => "no answer in time".to_owned(),
            (Failure::Timeout, Step::Connecting) => "no connection in time".to_owned(),
            (Failure::Timeout, Step::Nothing) => "out of time".to_owned(),
            (Failure::Answer(reason), _) => reason.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::time::Duration;

    use super::{Failure, Tried, Unreached};

    #[test]
    fn what_went_wrong_is_told_in_words() {
        let tried = Tried::default();
        let why = |tried: &Tried, failure: Failure| tried.why(&failure);
        assert!(why(&tried, Failure::Unreachable).contains("a moment ago"));
        tried.connecting(3);
        assert_eq!(why(&tried, Failure::Timeout), "no connection in time");
        tried.unreached(Unreached::by(&io::ErrorKind::ConnectionRefused.into()));
        assert_eq!(
            why(&tried, Failure::Unreachable),
            "the connection was refused"
        );
        tried.unreached(Unreached::in_time(Some(Duration::from_millis(250))));
        assert_eq!(
            why(&tried, Failure::Unreachable),
            "no connection within 250 ms"
        );
        assert_eq!(tried.failure(), Failure::Unreachable);
        tried.passed_over(2, Unreached::untrusted("expired".into()));
        assert_eq!(tried.failure(), Failure::Untrusted);
        assert_eq!(why(&tried, Failure::Untrusted), "expired");
        assert_eq!(tried.server(), Some(2));
        tried.sending(4);
        assert_eq!(why(&tried, Failure::Timeout), "no answer in time");
        assert_eq!(why(&tried, Failure::Answer("odd".into())), "odd");
        assert_eq!(tried.server(), Some(4));
    }
}
