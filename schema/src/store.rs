//! Where state is kept that outlives a request.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::value::{DiskPath, Duration, SecretName, Size, StoreUrl};

/// Where limits, sessions and what mocks remember are kept. Left out, in the replica's memory: then each
/// replica has its own, and it is gone when the replica stops.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(extend("x-kdl" = {"arguments": [["kind"]]}))]
pub struct Store {
    /// What keeps it: `memory`, `file` or `sqlite` serve one replica, `redis` any number of them.
    pub kind: StoreKind,
    /// The file of a `file` or `sqlite` store, on the replica.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<DiskPath>,
    /// Where Redis is: `redis://HOST:PORT/DATABASE`, over TLS `rediss://`; several hosts with commas
    /// between. `redis+sentinel://HOSTS/NAME` asks Sentinels for the primary of that name,
    /// `redis+cluster://HOSTS` is a cluster. Or a secret that holds the URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<StoreUrl>,
    /// The user of Redis (ACL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The password of Redis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<SecretName>,
    /// A PEM file on the replica with the certificates that vouch for Redis's. Left out, the system's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorities: Option<DiskPath>,
    /// A word before the gateway's name in the names of all keys: gateways of several tenants share one
    /// Redis by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// How long an answer of Redis is waited for. After that the request goes on as `on-loss` says.
    pub deadline: Duration,
    /// How long a connection to Redis may take to be made.
    pub connect_timeout: Duration,
    /// The most replicas that run at once. With `on-loss="local"` each serves its share of a limit while
    /// Redis is away.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10000))]
    pub replicas: Option<u32>,
    /// The most keys that a limit's counts may have in memory; at the bound the one goes whose limit is full
    /// again first.
    #[schemars(range(min = 1000, max = 100_000_000))]
    pub most_keys: u32,
    /// The most memory that sessions and what mocks remember may take in a `memory` or `file` store; at the bound
    /// nothing new is taken in.
    pub most_memory: Size,
}

impl Default for Store {
    fn default() -> Self {
        Self {
            kind: StoreKind::Memory,
            path: None,
            url: None,
            user: None,
            password: None,
            authorities: None,
            tenant: None,
            deadline: Duration::from_millis(20),
            connect_timeout: Duration::from_millis(250),
            replicas: None,
            most_keys: 1_000_000,
            most_memory: Size::from_mib(64),
        }
    }
}

/// What keeps state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StoreKind {
    /// The replica's memory: gone when it stops.
    #[default]
    Memory,
    /// A file that one replica appends to: there again when it starts anew.
    File,
    /// An SQLite database of one replica.
    Sqlite,
    /// Redis 7 or Valkey, shared by any number of replicas.
    Redis,
}
