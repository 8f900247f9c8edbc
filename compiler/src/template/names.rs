//! The names a template knows.

use gated_engine::program::Fake;

/// A word an expression can begin with.
pub(super) struct Name {
    pub(super) name: &'static str,
    /// Whether a `.NAME` can follow, or an argument in brackets.
    pub(super) members: bool,
}

const fn plain(name: &'static str) -> Name {
    Name {
        name,
        members: false,
    }
}

const fn with_members(name: &'static str) -> Name {
    Name {
        name,
        members: true,
    }
}

/// Every word an expression can begin with.
pub(super) const SOURCES: &[Name] = &[
    with_members("path"),
    with_members("query"),
    with_members("header"),
    with_members("cookie"),
    with_members("body"),
    with_members("form"),
    plain("json"),
    plain("method"),
    plain("url"),
    plain("host"),
    plain("request-id"),
    with_members("env"),
    plain("now"),
    plain("uuid"),
    plain("random"),
    plain("counter"),
    with_members("fake"),
    plain("secret"),
    with_members("error"),
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
