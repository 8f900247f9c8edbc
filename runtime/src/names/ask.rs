//! Asks the name servers: those of the system's configuration with its search list, or the one given.
//! The file of hosts comes first, as everywhere on the system.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{
    ConnectionConfig, LookupIpStrategy, NameServerConfig, ResolverConfig,
};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use tokio::sync::mpsc;

use super::cache::{Cache, Said};
use crate::shared::lock;

/// What is read again when it changed.
const SYSTEM: [&str; 2] = ["/etc/resolv.conf", "/etc/hosts"];

/// How long an answer of the system's own resolver counts, which does not say how long it holds.
const UNKNOWN: Duration = Duration::from_secs(10);

/// How long is waited for an answer on the whole.
const PATIENCE: Duration = Duration::from_secs(10);

/// Begins the thread that asks; it ends when nobody can ask any more.
pub(super) fn start(
    cache: Arc<Mutex<Cache>>,
    questions: mpsc::UnboundedReceiver<String>,
    server: Option<SocketAddr>,
) {
    let begun = std::thread::Builder::new()
        .name("names".to_owned())
        .spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            match runtime {
                Ok(runtime) => runtime.block_on(run(cache, questions, server)),
                Err(error) => tracing::error!(%error, "names cannot be resolved"),
            }
        });
    if let Err(error) = begun {
        tracing::error!(%error, "names cannot be resolved");
    }
}

async fn run(
    cache: Arc<Mutex<Cache>>,
    mut questions: mpsc::UnboundedReceiver<String>,
    server: Option<SocketAddr>,
) {
    let mut ways = Ways::new(server);
    while let Some(host) = questions.recv().await {
        let resolver = ways.resolver();
        let cache = Arc::clone(&cache);
        tokio::spawn(async move {
            let said = tokio::time::timeout(PATIENCE, resolve(resolver.as_ref(), &host)).await;
            let said = said.unwrap_or_else(|_| Err("no name server answered in time".to_owned()));
            lock(&cache).answered(&host, said, Instant::now());
        });
    }
}

async fn resolve(resolver: Option<&TokioResolver>, host: &str) -> Said {
    let Some(resolver) = resolver else {
        return by_system(host).await;
    };
    match resolver.lookup_ip(host).await {
        Ok(found) => {
            let addresses: Vec<_> = found.iter().collect();
            let valid = found
                .valid_until()
                .saturating_duration_since(Instant::now());
            match addresses.is_empty() {
                true => Err("the name has no address".to_owned()),
                false => Ok((addresses, valid)),
            }
        }
        Err(error) => Err(reason(&error)),
    }
}

/// Where the system's configuration cannot be read, the system is asked itself.
async fn by_system(host: &str) -> Said {
    match tokio::net::lookup_host((host, 0)).await {
        Ok(found) => Ok((found.map(|address| address.ip()).collect(), UNKNOWN)),
        Err(error) => Err(format!("the name cannot be resolved: {error}")),
    }
}

fn reason(error: &NetError) -> String {
    if error.is_nx_domain() {
        "there is no such name".to_owned()
    } else if error.is_no_records_found() {
        "the name has no address".to_owned()
    } else {
        format!("the name cannot be resolved: {error}")
    }
}

/// The resolver, made anew when what it was made from changes.
struct Ways {
    server: Option<SocketAddr>,
    resolver: Option<TokioResolver>,
    made_from: Option<[Option<SystemTime>; 2]>,
}

impl Ways {
    fn new(server: Option<SocketAddr>) -> Self {
        Self {
            server,
            resolver: None,
            made_from: None,
        }
    }

    fn resolver(&mut self) -> Option<TokioResolver> {
        let now = SYSTEM.map(|path| Path::new(path).metadata().ok()?.modified().ok());
        if self.made_from != Some(now) {
            self.made_from = Some(now);
            self.resolver = make(self.server)
                .inspect_err(|error| {
                    tracing::warn!(%error, "the configuration of name servers cannot be used; the system is asked itself");
                })
                .ok();
        }
        self.resolver.clone()
    }
}

fn make(server: Option<SocketAddr>) -> Result<TokioResolver, NetError> {
    let mut builder = match server {
        None => TokioResolver::builder_tokio()?,
        Some(server) => {
            TokioResolver::builder_with_config(only(server), TokioRuntimeProvider::default())
        }
    };
    let options = builder.options_mut();
    options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
    // What is known is kept in one place, and that is not here.
    options.cache_size = 0;
    builder.build()
}

fn only(server: SocketAddr) -> ResolverConfig {
    let at = |mut connection: ConnectionConfig| {
        connection.port = server.port();
        connection
    };
    let connections = vec![at(ConnectionConfig::udp()), at(ConnectionConfig::tcp())];
    let server = NameServerConfig::new(server.ip(), true, connections);
    ResolverConfig::from_parts(None, Vec::new(), vec![server])
}
