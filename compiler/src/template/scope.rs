//! What a template can see, and where its result goes.

use gated_engine::program::ValueSource;

use super::Place;

/// Where the result of a template goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Site {
    /// To the client: a body, a header, a cookie, a redirect.
    Response,
    /// To an upstream, as a header.
    UpstreamHeader,
    /// To an upstream, as its path or `Host`.
    UpstreamTarget,
    /// To the client, in the place of an error.
    ErrorPage,
    /// Into the key of a limit.
    LimitKey,
    /// Into a session.
    Session,
}

/// What a template can see.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// Where its result goes.
    pub site: Site,
    /// What it is a part of there, which decides how values are made safe.
    pub place: Place,
    /// The names that each `match` of the route captures from the path. None at all: there is no
    /// path to capture from (error pages), or it takes every request.
    pub parameters: &'a [Vec<String>],
    /// The names of those that are whole numbers in each `match`.
    pub numbers: &'a [String],
    /// The claims that each identity of the route declares. None at all: nobody is asked who they are.
    pub claims: &'a [Vec<String>],
    /// The fields of the route's session. `None`: the route has no session.
    pub session: Option<&'a [String]>,
    /// Variables of the environment at compile time.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
}

impl<'a> Scope<'a> {
    /// The same scope for another place.
    #[must_use]
    pub fn at(self, site: Site, place: Place) -> Self {
        Self {
            site,
            place,
            ..self
        }
    }

    /// Whether a value is a path parameter that only takes whole numbers.
    pub(super) fn is_number(&self, source: &ValueSource) -> bool {
        matches!(source, ValueSource::Path(name) if self.numbers.contains(name))
    }
}

impl std::fmt::Debug for Scope<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Scope")
            .field("site", &self.site)
            .field("place", &self.place)
            .field("parameters", &self.parameters)
            .finish_non_exhaustive()
    }
}
