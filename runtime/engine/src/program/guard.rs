//! Who may use a route: what is left of the policies once all that is known of a route is put in.
//!
//! A [`Guard`] has an [`Arm`] for each identity of a route. An arm holds the policies that can still
//! apply to requests of that identity, each with the condition that is left; conditions are numbers of
//! [`Term`]s, which refer to each other by number too and always to smaller ones.

use rkyv::{Archive, Deserialize, Serialize};

use super::ClaimKind;

/// Who may use a route.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Archive, Serialize, Deserialize)]
pub struct Guard {
    /// An arm for each identity, in the order they are tried.
    pub arms: Vec<Arm>,
}

/// What those of one identity may do.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Archive, Serialize, Deserialize)]
pub struct Arm {
    /// Index of the identity.
    pub identity: u32,
    /// One whose condition holds is enough to forbid.
    pub forbids: Vec<Policy>,
    /// One whose condition holds is needed to permit.
    pub permits: Vec<Policy>,
}

/// What is left of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Archive, Serialize, Deserialize)]
pub struct Policy {
    /// Index into the program's names of policies.
    pub name: u32,
    /// Index of its condition among the program's terms.
    pub condition: u32,
}

/// A part of a condition, as Cedar has it. Numbers are indexes of other terms.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Archive, Serialize, Deserialize)]
pub enum Term {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Long(i64),
    /// Text, or the id of an entity.
    Text(String),
    /// Ten-thousandths.
    Decimal(i64),
    /// Milliseconds since 1970.
    Datetime(i64),
    /// Milliseconds.
    Duration(i64),
    /// An address or network, as it is written.
    Ip(String),
    /// Several texts, sorted, each once.
    Texts(Vec<String>),
    /// Several values of one type.
    Set(Vec<u32>),
    /// Something known of the request or of who asks.
    Fact(Fact),
    /// Whether it is known.
    Has(Fact),
    /// Whether who asks has one of these roles, or one of these ids (both sorted).
    Member(Vec<String>, Vec<String>),
    /// `!a`
    Not(u32),
    /// `a && b`
    And(u32, u32),
    /// `a || b`
    Or(u32, u32),
    /// `if a then b else c`
    If(u32, u32, u32),
    /// `a == b`
    Equal(u32, u32),
    /// `a < b`, of numbers, decimals, moments and durations.
    Less(u32, u32),
    /// `a <= b`
    LessOrEqual(u32, u32),
    /// `a + b`
    Add(u32, u32),
    /// `a - b`
    Subtract(u32, u32),
    /// `a * b`
    Multiply(u32, u32),
    /// `-a`
    Negate(u32),
    /// `a.contains(b)`
    Contains(u32, u32),
    /// `a.containsAll(b)`
    ContainsAll(u32, u32),
    /// `a.containsAny(b)`
    ContainsAny(u32, u32),
    /// `a.isEmpty()`
    IsEmpty(u32),
    /// `a like …`: the texts between the asterisks, the first at the beginning and the last at the end.
    Like(u32, Vec<String>),
    /// `a.isInRange(b)`
    IsInRange(u32, u32),
    /// A question about one address.
    IpIs(u32, IpQuestion),
    /// `a.offset(b)`
    Offset(u32, u32),
    /// `a.durationSince(b)`
    DurationSince(u32, u32),
    /// `a.toDate()`
    ToDate(u32),
    /// `a.toTime()`
    ToTime(u32),
    /// `a.toDays()` and its like: whole units of so many milliseconds.
    ToUnits(u32, i64),
}

/// What can be asked of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Archive, Serialize, Deserialize)]
pub enum IpQuestion {
    /// `isIpv4()`
    V4,
    /// `isIpv6()`
    V6,
    /// `isLoopback()`
    Loopback,
    /// `isMulticast()`
    Multicast,
}

/// Something known of a request, or of who asks.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Archive, Serialize, Deserialize)]
pub enum Fact {
    /// The id of who asks.
    Principal,
    /// A claim of the arm's identity, by its index.
    Claim(u32),
    /// A path parameter: its name, and whether it is text, a whole number or a moment.
    Parameter(String, ClaimKind),
    /// The method.
    Method,
    /// The host in normal form.
    Host,
    /// The path in normal form.
    Path,
    /// The client's address.
    Client,
    /// The present time, in milliseconds.
    Time,
    /// Whether the request came over TLS.
    Secure,
    /// A header, by its name in lower case.
    Header(String),
    /// A query parameter.
    Query(String),
    /// A value of the session: the name of its field, and its type.
    Session(String, ClaimKind),
}
