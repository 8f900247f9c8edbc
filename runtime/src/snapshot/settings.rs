//! The settings of a bundle in the form that serving wants: durations as durations, names parsed.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use gated_engine::program;
use http::HeaderName;

use super::Unfit;
use crate::tls::{ClientTls, Disk, Roots, ServerTls, Tickets};

/// What holds for the gateway as a whole.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// The gateway's name.
    pub(crate) name: String,
    /// Threads that serve; 0: one per processor.
    pub(crate) workers: usize,
    /// Whether errors tell the nearest routes.
    pub(crate) development: bool,
    /// The header that carries the request id.
    pub(crate) request_id: HeaderName,
    /// How long a stopping replica waits.
    pub(crate) drain: Duration,
    /// Where the management listener is; `None`: not opened.
    pub(crate) management: Option<SocketAddr>,
    /// Whether the spec itself named that address.
    pub(crate) management_given: bool,
    /// The least important messages written.
    pub(crate) log_level: String,
    /// The form of a log line.
    pub(crate) log_format: String,
    /// Which requests get a line.
    pub(crate) access: AccessLog,
}

/// Which requests get a line in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AccessLog {
    All,
    Errors,
    Off,
}

impl Settings {
    pub(super) fn read(settings: &program::Settings, development: bool) -> Result<Self, Unfit> {
        let management = settings.management.as_deref().map(address).transpose()?;
        let request_id =
            HeaderName::try_from(settings.request_id_header.as_str()).map_err(|_| {
                Unfit::Value(format!(
                    "`{}` is no header name",
                    settings.request_id_header
                ))
            })?;
        Ok(Self {
            name: settings.name.clone(),
            workers: usize::from(settings.workers),
            development: development || settings.development,
            request_id,
            drain: Duration::from_millis(settings.drain_ms),
            management,
            management_given: settings.management_given,
            log_level: settings.log_level.clone(),
            log_format: settings.log_format.clone(),
            access: match settings.access_log.as_str() {
                "off" => AccessLog::Off,
                "errors" => AccessLog::Errors,
                _ => AccessLog::All,
            },
        })
    }
}

/// A listener's settings.
#[derive(Debug, Clone)]
pub(crate) struct ListenerSettings {
    /// Its name.
    pub(crate) name: String,
    /// The address as the spec has it.
    pub(crate) bind: String,
    /// The same, parsed.
    pub(crate) address: SocketAddr,
    pub(crate) http1: bool,
    pub(crate) http2: bool,
    /// How TLS is spoken; `None`: plain.
    pub(crate) tls: Option<Arc<ServerTls>>,
    /// The port that requests are redirected to under `https`.
    pub(crate) redirect_to_https: Option<u16>,
    /// All header lines together, in bytes.
    pub(crate) header_size: usize,
    /// Number of header lines.
    pub(crate) header_count: usize,
    /// Longest request target, in bytes.
    pub(crate) uri_size: usize,
    /// Longest body, in bytes.
    pub(crate) body_size: u64,
    pub(crate) header_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    /// Connections open at once.
    pub(crate) connections: u32,
    /// Requests on one connection.
    pub(crate) requests: u32,
    /// Connections that the system holds before they are accepted.
    pub(crate) backlog: u16,
    /// Whether a proxy in front says who the client is.
    pub(crate) proxy_protocol: Option<program::ProxyProtocol>,
}

/// Stands for "no bound": far beyond the life of a connection.
const FOR_EVER: Duration = Duration::from_secs(3600 * 24 * 365);

impl ListenerSettings {
    /// Reads the certificates too.
    pub(super) fn read(
        listener: &program::Listener,
        disk: &mut Disk,
        tickets: &Tickets,
    ) -> Result<Self, Unfit> {
        let tls = listener.tls.as_ref();
        let tls = tls.map(|tls| ServerTls::read(listener, tls, disk, tickets));
        let tls = tls.transpose().map_err(|why| {
            let why = format!("listener `{}`: {why}", listener.name);
            Unfit::File {
                why,
                watched: Vec::new(),
            }
        })?;
        Ok(Self {
            name: listener.name.clone(),
            bind: listener.bind.clone(),
            address: address(&listener.bind)?,
            http1: listener.http1,
            http2: listener.http2,
            tls: tls.map(Arc::new),
            redirect_to_https: listener.redirect_to_https,
            header_size: size(listener.header_size),
            header_count: usize::from(listener.header_count),
            uri_size: size(listener.uri_size),
            body_size: listener.body_size,
            header_timeout: bound(listener.header_timeout_ms).unwrap_or(FOR_EVER),
            idle_timeout: bound(listener.idle_timeout_ms).unwrap_or(FOR_EVER),
            connections: listener.connections,
            requests: match listener.requests {
                0 => u32::MAX,
                most => most,
            },
            backlog: listener.backlog,
            proxy_protocol: listener.proxy_protocol.clone(),
        })
    }
}

/// An upstream's settings.
#[derive(Debug, Clone)]
pub(crate) struct UpstreamSettings {
    pub(crate) name: String,
    pub(crate) servers: Vec<program::Server>,
    /// For a connection to be made; `None`: no bound.
    pub(crate) connect_timeout: Option<Duration>,
    /// How connections to its secure servers are made.
    pub(crate) tls: Option<Arc<ClientTls>>,
    /// Whether servers may be asked in HTTP/1.1.
    pub(crate) http1: bool,
    /// Whether servers may be asked in HTTP/2.
    pub(crate) http2: bool,
    /// Which connections are kept.
    pub(crate) pool: PoolSettings,
    /// For a pause within an answer; `None`: no bound.
    pub(crate) idle_timeout: Option<Duration>,
}

impl UpstreamSettings {
    pub(super) fn read(
        upstream: &program::Upstream,
        disk: &mut Disk,
        roots: &mut Roots,
    ) -> Result<Self, Unfit> {
        for server in &upstream.servers {
            http::HeaderValue::try_from(server.authority.as_str()).map_err(|_| {
                Unfit::Value(format!("`{}` is no server address", server.authority))
            })?;
        }
        let tls = upstream
            .tls
            .as_ref()
            .map(|given| ClientTls::read(upstream, given, disk, roots).map(Arc::new))
            .transpose()
            .map_err(|why| Unfit::File {
                why: format!("upstream `{}`: {why}", upstream.name),
                watched: Vec::new(),
            })?;
        Ok(Self {
            tls,
            pool: PoolSettings::read(&upstream.pool),
            http1: upstream.http1,
            http2: upstream.http2,
            name: upstream.name.clone(),
            servers: upstream.servers.clone(),
            connect_timeout: bound(upstream.connect_timeout_ms),
            idle_timeout: bound(upstream.idle_timeout_ms),
        })
    }
}

/// Which connections to a server are kept for further requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct PoolSettings {
    /// Idle connections of each worker.
    pub(crate) idle: usize,
    /// Time without a request; `None`: no bound.
    pub(crate) idle_for: Option<Duration>,
    /// Time since it was made; `None`: no bound.
    pub(crate) lifetime: Option<Duration>,
    /// Requests on one connection; `None`: no bound.
    pub(crate) requests: Option<u32>,
}

impl PoolSettings {
    fn read(pool: &program::Pool) -> Self {
        Self {
            idle: pool.idle as usize,
            idle_for: bound(pool.idle_timeout_ms),
            lifetime: bound(pool.lifetime_ms),
            requests: (pool.requests > 0).then_some(pool.requests),
        }
    }
}

/// A bound in milliseconds; 0 is none.
pub(crate) fn bound(milliseconds: u64) -> Option<Duration> {
    (milliseconds > 0).then(|| Duration::from_millis(milliseconds))
}

fn size(bytes: u64) -> usize {
    usize::try_from(bytes)
        .unwrap_or(usize::MAX / 4)
        .min(usize::MAX / 4)
}

fn address(text: &str) -> Result<SocketAddr, Unfit> {
    text.parse()
        .map_err(|_| Unfit::Value(format!("`{text}` is no address with a port")))
}
