//! The compiled form of a spec, as it lies in a bundle.
//!
//! The compiler builds these types; a bundle holds their archived form (`rkyv`), which is read in
//! place: loading checks it once and copies nothing. So every type here is plain data, without maps
//! of unstable order and without recursion, and what most routes lack is boxed, to stay small.

mod action;
mod compression;
mod condition;
mod guard;
mod identity;
mod index;
mod limit;
mod session;
mod settings;
mod store;
mod subject;
mod template;

pub use action::*;
pub use compression::*;
pub use condition::*;
pub use guard::*;
pub use identity::*;
pub use index::*;
pub use limit::*;
pub use session::*;
pub use settings::*;
pub use store::*;
pub use subject::*;
pub use template::*;

use rkyv::{Archive, Deserialize, Serialize};

/// Everything a replica needs to serve, except bodies (a section of their own) and secrets.
#[derive(Debug, Clone, Default, PartialEq, Archive, Serialize, Deserialize)]
pub struct Program {
    /// What holds for the gateway as a whole.
    pub settings: Settings,
    /// Where requests come in, sorted by name.
    pub listeners: Vec<Listener>,
    /// Where state is kept.
    pub store: Store,
    /// How often something may be asked for, sorted by name.
    pub limits: Vec<Limit>,
    /// Limits that stand together, each set once; routes point here.
    pub limit_sets: Vec<LimitSet>,
    /// What is remembered of clients, sorted by name.
    pub sessions: Vec<Session>,
    /// Where requests can be passed on to, sorted by name.
    pub upstreams: Vec<Upstream>,
    /// What is served, in the order of declaration.
    pub routes: Vec<Route>,
    /// How requests are passed on; routes point here. What many routes have alike is there once, so
    /// that it stays in the processor's cache whichever of them is asked for.
    pub proxies: Vec<Proxy>,
    /// Finds the route of a request.
    pub matcher: Matcher,
    /// Regular expressions, each once; conditions point here.
    pub patterns: Vec<String>,
    /// JSON Schemas (as JSON text), each once; conditions point here.
    pub schemas: Vec<String>,
    /// What is sent instead of plain errors.
    pub error_pages: Vec<ErrorPage>,
    /// How answers are compressed, each way once.
    pub compressions: Vec<Compression>,
    /// Folders whose files lie in the bundle.
    pub folders: Vec<Folder>,
    /// How requests prove who is asking, sorted by name.
    pub identities: Vec<Identity>,
    /// Who may use routes, each way once; routes point here.
    pub guards: Vec<Guard>,
    /// The names of policies, by which decisions are told.
    pub policies: Vec<String>,
    /// Parts of conditions, each once; guards and later parts point here.
    pub terms: Vec<Term>,
    /// Which decisions are logged.
    pub decision_log: DecisionLog,
    /// Names of the secrets that templates and identities use, sorted.
    pub secrets: Vec<String>,
}

/// Which decisions are logged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub struct DecisionLog {
    /// How many of those let in, in percent.
    pub allowed: u8,
    /// Whether the id of who asks is told as a hash.
    pub hash_principals: bool,
}

/// A route: what happens to the requests it takes.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub struct Route {
    /// Its name.
    pub name: String,
    /// Who may use it (index into the program's guards); absent: anybody.
    pub guard: Option<u32>,
    /// How often it may be asked for (index into the program's sets of limits); absent: ever.
    pub limits: Option<u32>,
    /// What it does with a session; absent: nothing.
    pub session: Option<Box<SessionUse>>,
    /// What happens.
    pub action: Action,
    /// Changes to the request; absent where there are none.
    pub request: Option<Box<Transform>>,
    /// Changes to the response (cookies are `set-cookie` additions); absent where there are none.
    pub response: Option<Box<Transform>>,
    /// The longest body taken, in bytes; absent: the listener's.
    pub body_limit: Option<u64>,
    /// Milliseconds until 504; 0: no bound.
    pub timeout_ms: u64,
    /// Index into the program's compressions; absent: answers are sent as they are.
    pub compression: Option<u32>,
}
