//! A server, and how connections to it are made.

use std::sync::Arc;
use std::time::Duration;

use gated_engine::program::Server;

use crate::snapshot::{PoolSettings, UpstreamSettings};
use crate::tls::ClientTls;

/// A server, and how connections to it are made. What differs in any of it has its own connections.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Target {
    /// Name or address.
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: Option<Arc<ClientTls>>,
    /// Whether HTTP/1.1 may be spoken.
    pub(super) http1: bool,
    /// Whether HTTP/2 may be spoken.
    pub(super) http2: bool,
    pub(super) kept: PoolSettings,
    /// For a connection to be made; `None`: no bound.
    pub(super) bound: Option<Duration>,
}

impl Target {
    /// A server of an upstream.
    pub(crate) fn new(upstream: &UpstreamSettings, server: &Server) -> Self {
        Self {
            host: server.host.clone(),
            port: server.port,
            tls: upstream.tls.clone().filter(|_| server.secure),
            http1: upstream.http1,
            http2: upstream.http2,
            kept: upstream.pool,
            bound: upstream.connect_timeout,
        }
    }

    /// The server, for messages.
    pub(super) fn name(&self) -> String {
        let Self { host, port, .. } = self;
        match host.contains(':') {
            true => format!("[{host}]:{port}"),
            false => format!("{host}:{port}"),
        }
    }
}
