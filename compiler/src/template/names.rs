//! The names a template knows.

use gated_engine::program::Fake;

/// A word an expression can begin with.
pub(super) struct Name {
    pub(super) name: &'static str,
    /// Whether a `.NAME` can follow, or an argument in brackets.
    pub(super) members: bool,
    /// What it stands for.
    pub(super) what: &'static str,
}

const fn plain(name: &'static str, what: &'static str) -> Name {
    Name {
        name,
        members: false,
        what,
    }
}

const fn with_members(name: &'static str, what: &'static str) -> Name {
    Name {
        name,
        members: true,
        what,
    }
}

/// Every word an expression can begin with.
pub(super) const SOURCES: &[Name] = &[
    with_members(
        "path",
        "what the route's path captured, by name: `path.id`; alone, the whole path",
    ),
    with_members("query", "a query parameter: `query.page`"),
    with_members("header", "a request header: `header.accept`"),
    with_members("cookie", "a cookie of the request: `cookie.session`"),
    with_members(
        "body",
        "a part of the request's JSON body: `body.order.id`; alone, the whole body as text",
    ),
    with_members(
        "form",
        "a field of a form in the request's body: `form.email`",
    ),
    plain(
        "json",
        "what a JSON path (RFC 9535) selects in the request's body: `json(\"$.items[0]\")`",
    ),
    with_members(
        "claim",
        "something known of who asks, as its identity declares: `claim.sub`",
    ),
    plain("principal", "the id of who asks"),
    with_members(
        "session",
        "what the route's session remembers, as it declares it: `session.cart`",
    ),
    plain("method", "the request's method"),
    plain("url", "the request's path with its query"),
    plain("host", "the request's host, without its port"),
    plain("request-id", "the id of the request"),
    with_members(
        "env",
        "a variable of the environment, at compile time: `env.REGION`",
    ),
    plain("now", "the time, in UTC; `date` gives it another form"),
    plain("uuid", "a new random UUID (version 4)"),
    plain("random", "a random number: `random(1, 6)`"),
    plain(
        "counter",
        "one more than the last time: `counter(\"orders\")`",
    ),
    with_members("fake", "made-up data: `fake.name`"),
    plain(
        "secret",
        "a secret that the replica looks up: `secret(\"NAME\")`",
    ),
    with_members(
        "error",
        "in an error page, `error.status` and `error.reason`",
    ),
];

/// The kinds of made-up data.
pub(super) const FAKES: &[(&str, Fake)] = &[
    ("name", Fake::Name),
    ("first-name", Fake::FirstName),
    ("last-name", Fake::LastName),
    ("email", Fake::Email),
    ("company", Fake::Company),
    ("city", Fake::City),
    ("country", Fake::Country),
    ("word", Fake::Word),
    ("sentence", Fake::Sentence),
    ("boolean", Fake::Boolean),
];
