//! How often something may be asked for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::value::{Rate, Template};

/// How often something may be asked for: a bucket of `burst` tokens for each key, which fills at `rate`. A
/// request takes its cost out, or is answered 429.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Limit {
    /// How fast a bucket fills: requests in a time, such as `100/min` or `5/10s`.
    pub rate: Rate,
    /// How many requests can come at once. Left out, as many as `rate` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub burst: Option<u32>,
    /// Whose requests are counted together; several words are one key. `everybody`, `principal` (who asks),
    /// `address` (of the client; of IPv6 the network of 64 bits), `route`, or a template such as
    /// `{{ header.x-tenant }}`. What a request lacks counts as empty.
    #[schemars(length(min = 1))]
    pub by: Vec<Template>,
    /// Where it is counted.
    #[serde(default)]
    pub mode: LimitMode,
    /// What happens while Redis is away. Needed if the store is `redis`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_loss: Option<LimitLoss>,
    /// Counts and tells, but refuses nobody.
    #[serde(default)]
    pub shadow: bool,
    /// Whether answers tell the limit and what is left of it (`RateLimit-Policy`, `RateLimit`).
    #[serde(default = "yes")]
    pub headers: bool,
    /// Whether it holds on every route, without being named there.
    #[serde(default)]
    pub everywhere: bool,
}

fn yes() -> bool {
    true
}

/// Where a limit is counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LimitMode {
    /// In the store, at each request: exact, for one call.
    #[default]
    Exact,
    /// Each replica draws tokens ahead as far as it needs them and gives them out by itself; what it does not
    /// use within a second is lost. Never lets in more, needs few calls, may let in a little less.
    Lease,
}

/// What a limit does while the store is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LimitLoss {
    /// Each replica counts by itself, and lets in its share: the limit through the store's `replicas`.
    Local,
    /// Everybody is let in.
    Open,
    /// Nobody is let in: 503.
    Closed,
}

/// A limit that holds on a route.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(extend("x-kdl" = {"arguments": [["name"]]}))]
pub struct LimitUse {
    /// The limit, by its name.
    #[schemars(extend("x-reference" = "limits"))]
    pub name: String,
    /// How many tokens a request takes.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub cost: u32,
}

fn one() -> u32 {
    1
}
