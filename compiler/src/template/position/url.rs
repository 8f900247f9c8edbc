//! The position in a URL: before it is known what it is, in its host, behind it.

use gated_engine::program::Escape;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Begin,
    /// Behind `//`, up to the next `/`, `?` or `#`: a value with a slash could end the host early and
    /// lead elsewhere.
    Host,
    Behind,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Url(State);

const ENDS_HOST: [char; 4] = ['/', '?', '#', '\\'];

impl Url {
    pub(super) fn text(&mut self, text: &str) {
        let mut rest = text;
        if self.0 == State::Begin {
            let before = rest.split(ENDS_HOST).next().unwrap_or("");
            let behind = rest.get(before.len()..).unwrap_or("");
            rest = match behind.strip_prefix("//") {
                Some(host) if before.is_empty() || before.ends_with(':') => {
                    self.0 = State::Host;
                    host
                }
                _ => {
                    if !behind.is_empty() {
                        self.0 = State::Behind;
                    }
                    return;
                }
            };
        }
        if self.0 == State::Host && rest.contains(ENDS_HOST) {
            self.0 = State::Behind;
        }
    }

    pub(super) fn path(&mut self) {
        self.0 = State::Behind;
    }

    pub(super) fn escape(&self) -> Escape {
        match self.0 {
            State::Host => Escape::UrlPart,
            State::Begin | State::Behind => Escape::Url,
        }
    }
}
