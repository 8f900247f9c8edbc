//! How often something may be asked for.

use rkyv::{Archive, Deserialize, Serialize};

use super::Template;

/// A limit: for each key a bucket that fills at a rate.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub struct Limit {
    /// Its name.
    pub name: String,
    /// So many tokens
    pub count: u32,
    /// come in so many milliseconds.
    pub period_ms: u64,
    /// Tokens in a full bucket.
    pub burst: u32,
    /// Whose requests are counted together: the parts of a key.
    pub by: Vec<LimitKey>,
    /// Whether the key can be made before it is known who asks.
    pub before_identity: bool,
    /// Whether tokens are drawn ahead.
    pub lease: bool,
    /// What happens while the store is away.
    pub on_loss: LimitLoss,
    /// Whether nobody is refused.
    pub shadow: bool,
    /// Whether answers tell of it.
    pub headers: bool,
    /// What all limits that stand together on a route lie beside; absent: each key lies for itself.
    pub place: Option<String>,
    /// How many more than it says it can let in for one key, at worst.
    pub worst: WorstCase,
}

/// A part of a limit's key.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub enum LimitKey {
    /// The id of who asks, and which identity vouched for it.
    Principal,
    /// The client's address; of IPv6 the first 64 bits.
    Address,
    /// The route.
    Route,
    /// What a template makes.
    Template(Template),
}

/// What a limit does while the store is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub enum LimitLoss {
    /// Each replica lets in one part in so many.
    Local(u32),
    /// Everybody is let in.
    Open,
    /// Nobody is.
    Closed,
}

/// How many more requests than a limit says are let in for one key, at worst, each time that something
/// happens to the store. Absent: no bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub struct WorstCase {
    /// Redis fails over to a replica that has not seen the last writes, or is emptied.
    pub failover: Option<u64>,
    /// Redis cannot be reached, however long.
    pub outage: Option<u64>,
    /// Replicas start while Redis cannot be reached, or start anew with a store of their own.
    pub cold_start: Option<u64>,
}

/// Limits that stand on a route together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Archive, Serialize, Deserialize)]
pub struct LimitSet {
    /// Index of a limit, and how many tokens a request takes.
    pub limits: Vec<(u32, u32)>,
}
