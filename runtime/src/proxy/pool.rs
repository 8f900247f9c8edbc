//! Connections to servers that wait for their next request. Each worker has its own, and they outlive
//! snapshots: a swap does not make anybody connect anew.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io;
use std::rc::Rc;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use tokio::net::TcpStream;

use crate::http1::{Stream, Wire};

/// Idle connections kept for each server.
const MOST_IDLE: usize = 256;

/// How long an idle connection is kept; below what servers usually allow.
const IDLE_FOR: Duration = Duration::from_secs(55);

/// How long a server that no connection could be made to is tried only after the others, and not at
/// all where all others are down too.
const AVOID_FOR: Duration = Duration::from_secs(1);

/// One server's connections.
pub(crate) struct Pool {
    host: String,
    port: u16,
    idle: RefCell<Vec<(Rc<Wire>, Instant)>>,
    avoid_until: Cell<Option<Instant>>,
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
    /// The name cannot be resolved, nobody answers, or it takes longer than `bound`.
    pub(crate) async fn connect(&self, bound: Option<Duration>) -> io::Result<Rc<Wire>> {
        if self.avoid_until.get().is_some() {
            // One request each second finds out whether a server that was down is up again.
            self.avoid_until.set(Some(Instant::now() + AVOID_FOR));
        }
        let connected = match bound {
            Some(bound) => tokio::time::timeout(bound, self.dial())
                .await
                .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())),
            None => self.dial().await,
        };
        self.avoid_until
            .set(connected.is_err().then(|| Instant::now() + AVOID_FOR));
        connected
    }

    async fn dial(&self) -> io::Result<Rc<Wire>> {
        let stream = match self.host.parse::<std::net::IpAddr>() {
            Ok(address) => TcpStream::connect((address, self.port)).await?,
            Err(_) => TcpStream::connect((self.host.as_str(), self.port)).await?,
        };
        stream.set_nodelay(true)?;
        Ok(Rc::new(Wire::new(Stream::Plain(stream), BytesMut::new())))
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
        format!("{}:{}", self.host, self.port)
    }

    fn tidy(&self) {
        self.idle
            .borrow_mut()
            .retain(|(wire, since)| since.elapsed() < IDLE_FOR && wire.is_quiet());
    }
}

/// The pools of a worker, by server.
#[derive(Default)]
pub(crate) struct Pools(RefCell<HashMap<(String, u16), Rc<Pool>>>);

impl Pools {
    /// The pool of a server.
    pub(crate) fn pool(&self, host: &str, port: u16) -> Rc<Pool> {
        let mut pools = self.0.borrow_mut();
        let pool = pools.entry((host.to_owned(), port)).or_insert_with(|| {
            Rc::new(Pool {
                host: host.to_owned(),
                port,
                idle: RefCell::default(),
                avoid_until: Cell::new(None),
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
