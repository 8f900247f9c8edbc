//! Where state is kept.

use rkyv::{Archive, Deserialize, Serialize};

/// Where limits, sessions and what mocks remember are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Archive, Serialize, Deserialize)]
pub struct Store {
    /// What keeps it.
    pub kind: StoreKind,
    /// A word before the gateway's name in the names of keys.
    pub tenant: Option<String>,
    /// Counts kept in memory at most.
    pub most_keys: u32,
    /// Bytes of other state kept in memory at most.
    pub most_memory: u64,
}

/// What keeps state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Archive, Serialize, Deserialize)]
pub enum StoreKind {
    /// The replica's memory.
    #[default]
    Memory,
    /// A file on the replica.
    File(String),
    /// An SQLite database on the replica.
    Sqlite(String),
    /// Redis.
    Redis(Box<Redis>),
}

/// How Redis is reached.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Archive, Serialize, Deserialize)]
pub struct Redis {
    /// Its URL, or the secret that holds it.
    pub url: RedisUrl,
    /// The user.
    pub user: Option<String>,
    /// The secret that holds the password.
    pub password: Option<String>,
    /// A file on the replica with the certificates that vouch for Redis's.
    pub authorities: Option<String>,
    /// How long an answer is waited for, in milliseconds.
    pub deadline_ms: u64,
    /// How long a connection may take to be made, in milliseconds.
    pub connect_timeout_ms: u64,
}

/// Where Redis is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Archive, Serialize, Deserialize)]
pub enum RedisUrl {
    /// Here.
    Given(String),
    /// Where this secret says.
    Secret(String),
}
