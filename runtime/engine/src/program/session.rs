//! What is remembered of clients.

use rkyv::{Archive, Deserialize, Serialize};

use super::{ClaimKind, Template};

/// What is remembered of a client, and how the client says which it is.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub struct Session {
    /// Its name.
    pub name: String,
    /// The cookie that holds the id.
    pub cookie: String,
    /// What follows the cookie's value in `Set-Cookie`, beginning with a semicolon.
    pub attributes: String,
    /// Milliseconds without a request until it ends.
    pub idle_ms: u64,
    /// Milliseconds until it ends whatever happens.
    pub absolute_ms: u64,
    /// The secrets that values are encrypted with: the first encrypts, all decrypt.
    pub keys: Vec<String>,
    /// What is remembered, in the order of declaration.
    pub fields: Vec<SessionField>,
    /// The field that says whose it is.
    pub subject: Option<u32>,
    /// Origins whose pages may send requests with it, in lower case.
    pub origins: Vec<String>,
    /// Whether requests go on without it while the store is away.
    pub anonymous_on_loss: bool,
}

/// Something that a session remembers.
#[derive(Debug, Clone, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub struct SessionField {
    /// Its name.
    pub name: String,
    /// Its type: text, a whole number or a truth value.
    pub kind: ClaimKind,
    /// Whether the store itself adds to it.
    pub counter: bool,
    /// The longest text, in bytes.
    pub size: u32,
}

/// What a route does with a session.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub struct SessionUse {
    /// Index of the session.
    pub session: u32,
    /// Whether a request needs one.
    pub required: bool,
    /// Whether it goes on under a new id.
    pub renew: bool,
    /// Whether it ends.
    pub end: bool,
    /// What is changed, in this order.
    pub changes: Vec<SessionChange>,
    /// Whether pages of other sites are refused.
    pub csrf: bool,
    /// Whether its values are needed before it is decided whether the request gets in, or what is changed.
    pub early: bool,
}

/// A change to a session; numbers are those of fields.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub enum SessionChange {
    /// Takes a field out.
    Remove(u32),
    /// Sets a field.
    Set(u32, Template),
    /// Adds to a counter.
    Add(u32, i64),
}
