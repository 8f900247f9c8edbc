//! Connections to servers that wait for their next request. Each worker has its own, and they outlive
//! snapshots: a swap does not make anybody connect anew.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use gated_engine::program::Server;
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, TlsStream};

use super::unreached::Unreached;
use crate::http1::{Stream, Wire};
use crate::snapshot::UpstreamSettings;
use crate::tls::{self, ClientTls};

/// Idle connections kept for each server.
const MOST_IDLE: usize = 256;

/// How long an idle connection is kept; below what servers usually allow.
const IDLE_FOR: Duration = Duration::from_secs(55);

/// How long a server that no connection could be made to is tried only after the others, and not at
/// all where all others are down too.
const AVOID_FOR: Duration = Duration::from_secs(1);

/// A server, and how connections to it are made. What differs in any of it has its own connections.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Target {
    host: String,
    port: u16,
    tls: Option<Arc<ClientTls>>,
}

impl Target {
    /// A server of an upstream.
    pub(crate) fn new(upstream: &UpstreamSettings, server: &Server) -> Self {
        Self {
            host: server.host.clone(),
            port: server.port,
            tls: upstream.tls.clone().filter(|_| server.secure),
        }
    }
}

/// One server's connections.
pub(crate) struct Pool {
    target: Target,
    idle: RefCell<Vec<(Rc<Wire>, Instant)>>,
    avoid_until: Cell<Option<Instant>>,
    /// Why the last connection could not be made.
    down: RefCell<Option<Unreached>>,
}

impl Pool {
    /// An idle connection that is still good: the server neither closed it nor sent anything.
    pub(crate) fn take(&self) -> Option<Rc<Wire>> {
        let mut idle = self.idle.borrow_mut();
        while let Some((wire, since)) = idle.pop() {
            if wire.is_quiet() && since.elapsed() < IDLE_FOR {
                return Some(wire);
            }
        }
        None
    }

    /// Keeps a connection whose last answer was read to the end.
    pub(crate) fn keep(&self, wire: Rc<Wire>) {
        let mut idle = self.idle.borrow_mut();
        if idle.len() < MOST_IDLE {
            idle.push((wire, Instant::now()));
        }
    }

    /// Makes a connection.
    ///
    /// # Errors
    /// The name cannot be resolved, nobody answers, nobody who is trusted does, or it takes longer
    /// than `bound`.
    pub(super) async fn connect(&self, bound: Option<Duration>) -> Result<Rc<Wire>, Unreached> {
        if self.avoid_until.get().is_some() {
            // One request each second finds out whether a server that was down is up again.
            self.avoid_until.set(Some(Instant::now() + AVOID_FOR));
        }
        let connected = match bound {
            Some(bound) => tokio::time::timeout(bound, self.dial())
                .await
                .unwrap_or_else(|_| Err(Unreached::in_time(Some(bound)))),
            None => self.dial().await,
        };
        self.avoid_until
            .set(connected.is_err().then(|| Instant::now() + AVOID_FOR));
        *self.down.borrow_mut() = connected.as_ref().err().cloned();
        connected
    }

    async fn dial(&self) -> Result<Rc<Wire>, Unreached> {
        let socket = self.reach().await.map_err(|error| Unreached::by(&error))?;
        let stream = match &self.target.tls {
            None => Stream::Plain(socket),
            Some(tls) => self.secure(tls, socket).await?,
        };
        Ok(Rc::new(Wire::new(stream, BytesMut::new())))
    }

    async fn reach(&self) -> std::io::Result<TcpStream> {
        let Target { host, port, .. } = &self.target;
        let socket = match host.parse::<std::net::IpAddr>() {
            Ok(address) => TcpStream::connect((address, *port)).await?,
            Err(_) => TcpStream::connect((host.as_str(), *port)).await?,
        };
        socket.set_nodelay(true)?;
        Ok(socket)
    }

    async fn secure(&self, tls: &ClientTls, socket: TcpStream) -> Result<Stream, Unreached> {
        let name = tls.name(&self.target.host).map_err(Unreached::untrusted)?;
        let connector = TlsConnector::from(Arc::clone(&tls.config));
        let stream = connector.connect(name, socket).await;
        stream
            .map(|stream| Stream::Tls(Box::new(TlsStream::Client(stream))))
            .map_err(|error| Unreached::untrusted(tls::reason(&error)))
    }

    /// Why the last connection could not be made.
    pub(super) fn why_down(&self) -> Option<Unreached> {
        self.down.borrow().clone()
    }

    /// Whether a connection could not be made just now.
    pub(crate) fn avoided(&self) -> bool {
        self.avoid_until
            .get()
            .is_some_and(|until| Instant::now() < until)
    }

    /// Whether the last connection could not be made.
    pub(crate) fn is_down(&self) -> bool {
        self.avoid_until.get().is_some()
    }

    /// The server, for messages.
    pub(crate) fn name(&self) -> String {
        let Target { host, port, .. } = &self.target;
        match host.contains(':') {
            true => format!("[{host}]:{port}"),
            false => format!("{host}:{port}"),
        }
    }

    fn tidy(&self) {
        self.idle
            .borrow_mut()
            .retain(|(wire, since)| since.elapsed() < IDLE_FOR && wire.is_quiet());
    }
}

/// The pools of a worker, by server.
#[derive(Default)]
pub(crate) struct Pools(RefCell<HashMap<Target, Rc<Pool>>>);

impl Pools {
    /// The pool of a server.
    pub(crate) fn pool(&self, target: Target) -> Rc<Pool> {
        let mut pools = self.0.borrow_mut();
        let pool = pools.entry(target.clone()).or_insert_with(|| {
            Rc::new(Pool {
                target,
                idle: RefCell::default(),
                avoid_until: Cell::new(None),
                down: RefCell::default(),
            })
        });
        Rc::clone(pool)
    }

    /// Closes connections that were idle for too long, and forgets servers that no snapshot names.
    pub(crate) fn tidy(&self) {
        self.0.borrow_mut().retain(|_, pool| {
            pool.tidy();
            Rc::strong_count(pool) > 1
        });
    }
}
