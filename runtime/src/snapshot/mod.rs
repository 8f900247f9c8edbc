//! What a replica runs: one bundle, made ready to serve.
//!
//! A snapshot never changes. A new one is prepared aside and then takes the old one's place by one
//! pointer store; a request that began with the old one ends with it.

mod settings;
mod view;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use gated_engine::bundle::SourceMap;
use gated_engine::program::{self, ArchivedRoute};
use gated_engine::{Bundle, Digest};
use gated_store::Store;

pub(crate) use settings::{
    AccessLog, ListenerSettings, PoolSettings, Settings, UpstreamSettings, bound,
};
pub(crate) use view::{UpstreamView, View};

use crate::environment::resolve_secret;
use crate::identify::read::Ingredients;
use crate::identify::{Identities, Memory};
use crate::reload::{Map, Material};
use crate::session::SessionSettings;
use crate::state::{LimitSettings, Limiter, State};
use crate::tls::{Disk, Roots, Tickets};

/// A bundle with everything that serving it needs at hand.
pub(crate) struct Snapshot {
    /// The bundle.
    pub(crate) bundle: Bundle,
    /// Its digest in hexadecimal.
    pub(crate) digest: String,
    /// Since when it runs.
    pub(crate) since: SystemTime,
    /// What holds for the gateway as a whole.
    pub(crate) settings: Settings,
    /// Its listeners.
    pub(crate) listeners: Vec<Arc<ListenerSettings>>,
    /// Its upstreams.
    pub(crate) upstreams: Vec<UpstreamSettings>,
    /// The secrets it needs.
    pub(crate) secrets: HashMap<String, String>,
    /// How requests prove who is asking.
    pub(crate) identities: Identities,
    /// Where state is kept.
    pub(crate) store: Store,
    /// How often something may be asked for.
    pub(crate) limits: Vec<LimitSettings>,
    /// What is remembered of clients.
    pub(crate) sessions: Vec<SessionSettings>,
    /// What counts that.
    pub(crate) limiter: Arc<Limiter>,
    /// The files that it depends on beside the bundle.
    pub(crate) disk: Disk,
    /// The folder that live files are relative to.
    pub(crate) root: PathBuf,
    /// The longest body that any route takes.
    pub(crate) largest_body: u64,
    /// Number of routes.
    pub(crate) routes: usize,
    /// Where its routes are written, as far as that is known.
    source_map: OnceLock<SourceMap>,
    /// The file that tells of it.
    map_beside: Option<PathBuf>,
}

/// What the replica adds to a bundle.
#[derive(Debug, Clone, Default)]
pub(crate) struct Surroundings {
    /// Development mode, whatever the bundle says.
    pub(crate) development: bool,
    /// Where secrets lie, a file each.
    pub(crate) secrets_dir: Option<PathBuf>,
    /// Keys of session tickets.
    pub(crate) tickets: Arc<Tickets>,
    /// What identities remember.
    pub(crate) memory: Arc<Memory>,
    /// What outlives requests.
    pub(crate) state: Arc<State>,
}

/// Why a bundle cannot be served here.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unfit {
    /// The file itself.
    #[error("the bundle cannot be used: {0}")]
    Bundle(#[from] gated_engine::BundleError),
    /// A part of the program cannot be read.
    #[error("the bundle cannot be used: its {0} cannot be read")]
    Part(&'static str),
    /// Something in it has no meaning here.
    #[error("{0}")]
    Value(String),
    /// A file beside the bundle.
    #[error("{why}")]
    File {
        why: String,
        /// The files whose change may mend it.
        watched: Vec<PathBuf>,
    },
    /// The replica lacks secrets.
    #[error("the bundle needs secrets that this replica lacks: {}; {}", quoted(.0), where_secrets_lie(.0))]
    Secrets(Vec<String>),
}

impl Unfit {
    /// With the files that were looked at.
    fn beside(self, disk: &Disk) -> Self {
        match self {
            Self::File { why, .. } => Self::File {
                why,
                watched: disk.paths().cloned().collect(),
            },
            other => other,
        }
    }

    /// The files whose change may mend it.
    pub(crate) fn watched(&self) -> &[PathBuf] {
        match self {
            Self::File { watched, .. } => watched,
            _ => &[],
        }
    }
}

fn quoted(names: &[String]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

impl Snapshot {
    /// Checks a bundle, whose digest may be known, and makes it ready.
    ///
    /// # Errors
    /// [`Unfit`]; nothing is served then.
    pub(crate) fn prepare(
        material: Material,
        digest: Option<Digest>,
        surroundings: &Surroundings,
    ) -> Result<Self, Unfit> {
        let bundle = match digest {
            Some(digest) => Bundle::load_named(material.bytes, digest)?,
            None => Bundle::load(material.bytes)?,
        };
        let program = bundle.program();
        let settings = Settings::read(
            &rkyv_read::<program::Settings, _>(&program.settings, "settings")?,
            surroundings.development,
        )?;
        let (mut disk, mut roots) = (Disk::new(&material.root), Roots::default());
        let tickets = &surroundings.tickets;
        let listeners = rkyv_read::<Vec<program::Listener>, _>(&program.listeners, "listeners")?
            .iter()
            .map(|listener| ListenerSettings::read(listener, &mut disk, tickets).map(Arc::new))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|unfit| unfit.beside(&disk))?;
        let upstreams = rkyv_read::<Vec<program::Upstream>, _>(&program.upstreams, "upstreams")?
            .iter()
            .map(|upstream| UpstreamSettings::read(upstream, &mut disk, &mut roots))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|unfit| unfit.beside(&disk))?;
        let secrets = secrets(
            program.secrets.iter().map(|name| name.as_str()),
            surroundings,
        )?;
        let identities = Identities::read(
            rkyv_read::<Vec<program::Identity>, _>(&program.identities, "identities")?,
            &mut Ingredients {
                disk: &mut disk,
                roots: &mut roots,
                secrets: &secrets,
                memory: &surroundings.memory,
            },
        )
        .map_err(|unfit| unfit.beside(&disk))?;
        let (store, limiter) = surroundings
            .state
            .open(
                &rkyv_read::<program::Store, _>(&program.store, "store")?,
                &settings.name,
                &secrets,
                &mut disk,
            )
            .map_err(|unfit| unfit.beside(&disk))?;
        let limits = rkyv_read::<Vec<program::Limit>, _>(&program.limits, "limits")?
            .into_iter()
            .map(|limit| LimitSettings::read(limit, &surroundings.state))
            .collect();
        let sessions = rkyv_read::<Vec<program::Session>, _>(&program.sessions, "sessions")?
            .into_iter()
            .map(|session| SessionSettings::read(session, &secrets, &surroundings.state))
            .collect::<Result<Vec<_>, _>>()?;
        let largest_body = program
            .routes
            .iter()
            .filter_map(|route| route.body_limit.as_ref().map(|limit| limit.to_native()))
            .chain(listeners.iter().map(|listener| listener.body_size))
            .max()
            .unwrap_or(0);
        let routes = program.routes.len();
        let (source_map, map_beside) = match material.source_map {
            Some(Map::Compiled(map)) => (map.into(), None),
            Some(Map::Beside(path)) => (OnceLock::new(), Some(path)),
            None => (OnceLock::new(), None),
        };
        Ok(Self {
            digest: bundle.digest().to_string(),
            since: SystemTime::now(),
            settings,
            listeners,
            upstreams,
            secrets,
            identities,
            store,
            limits,
            sessions,
            limiter,
            source_map,
            map_beside,
            disk,
            root: material.root,
            largest_body,
            routes,
            bundle,
        })
    }

    /// Names of routes.
    pub(crate) fn route_names(&self) -> impl Iterator<Item = &str> {
        let routes = self.bundle.program().routes.iter();
        routes.map(|route| route.name.as_str())
    }

    /// Whether the secrets that it holds are what the replica would find now.
    pub(crate) fn has_its_secrets(&self, surroundings: &Surroundings) -> bool {
        let names = self.secrets.keys().map(String::as_str);
        secrets(names, surroundings).is_ok_and(|now| now == self.secrets)
    }

    /// What it was made from.
    pub(crate) fn material(&self) -> Material {
        let known = self.source_map.get().cloned().map(Map::Compiled);
        let beside = || self.map_beside.clone().map(Map::Beside);
        Material {
            bytes: self.bundle.file().clone(),
            root: self.root.clone(),
            watched: Vec::new(),
            source_map: known.or_else(beside),
            warnings: None,
        }
    }

    /// Tells of upstreams whose servers need not prove who they are.
    pub(crate) fn warn_of_unverified(&self) {
        let unverified =
            |upstream: &&UpstreamSettings| upstream.tls.as_ref().is_some_and(|tls| !tls.verified);
        for upstream in self.upstreams.iter().filter(unverified) {
            tracing::warn!(
                upstream = upstream.name,
                "the certificates of this upstream's servers are not verified (`verify #false`): whoever stands in between can read and change everything"
            );
        }
    }

    /// The file that tells where its routes are written.
    pub(crate) fn map_beside(&self) -> Option<&Path> {
        self.map_beside.as_deref()
    }

    /// Takes in where its routes are written, unless that is known.
    pub(crate) fn learn_places(&self, map: SourceMap) {
        let _ = self.source_map.set(map);
    }

    /// Whether somebody will ask where its routes and policies are written and would get no answer.
    pub(crate) fn wants_places(&self) -> bool {
        let asks = self.settings.development || !self.bundle.program().guards.is_empty();
        asks && self.source_map.get().is_none()
    }

    /// Where a route is written, as `file:line`.
    pub(crate) fn place(&self, route: u32) -> Option<String> {
        let map = self.source_map.get()?;
        let (file, line, _) = *map.routes.get(route as usize)?;
        let file = map.files.get(file as usize)?;
        Some(format!("{file}:{line}"))
    }

    /// Where a policy is written, in the same way.
    pub(crate) fn policy_place(&self, policy: u32) -> Option<String> {
        let (file, line, _) = self.source_map.get()?.policy(policy)?;
        Some(format!("{file}:{line}"))
    }

    /// A route by its index.
    pub(crate) fn route(&self, index: u32) -> Option<&ArchivedRoute> {
        self.bundle.program().routes.get(index as usize)
    }
}

/// How a replica is given a secret.
fn where_secrets_lie(names: &[String]) -> String {
    let variable = names.first().map(|name| crate::environment::variable(name));
    format!(
        "each is a file of that name in the folder given by `--secrets-dir`, or a variable such as `{}`",
        variable.unwrap_or_default()
    )
}

fn secrets<'n>(
    names: impl Iterator<Item = &'n str>,
    surroundings: &Surroundings,
) -> Result<HashMap<String, String>, Unfit> {
    let mut found = HashMap::new();
    let mut missing = Vec::new();
    for name in names {
        match resolve_secret(name, surroundings.secrets_dir.as_deref()) {
            Some(value) => {
                found.insert(name.to_owned(), value);
            }
            None => missing.push(name.to_owned()),
        }
    }
    if missing.is_empty() {
        Ok(found)
    } else {
        Err(Unfit::Secrets(missing))
    }
}

/// Copies a small part of the program out of its archived form.
fn rkyv_read<T, A>(archived: &A, part: &'static str) -> Result<T, Unfit>
where
    A: rkyv::Deserialize<T, rkyv::api::high::HighDeserializer<rkyv::rancor::Error>>,
{
    rkyv::deserialize::<T, rkyv::rancor::Error>(archived).map_err(|_| Unfit::Part(part))
}
