//! A worker: one thread with its own event loop, its own sockets and its own connections.
//!
//! Workers share nothing that is written on the way of a request: counters, pools of upstream
//! connections and the view of the present snapshot are each worker's own. That is also why plain
//! `Rc` and `Cell` are enough here.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::net::TcpListener;
use std::pin::pin;
use std::rc::{Rc, Weak};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak as Remote};
use std::time::Duration;

use tokio::runtime::LocalOptions;
use tokio::sync::mpsc;

use super::connection::{self, Connection};
use super::listener::OpenListener;
use crate::metrics::WorkerCounters;
use crate::proxy::Pools;
use crate::shared::Shared;
use crate::snapshot::View;

/// How often a worker looks after what nobody asks for.
const HOUSEKEEPING: Duration = Duration::from_secs(1);

/// How long accepting rests after the system had no more file descriptors.
const BREATHER: Duration = Duration::from_millis(50);

/// What a worker is told.
pub(crate) enum Command {
    /// Accept on this socket.
    Open(Arc<OpenListener>, TcpListener),
    /// Take the new snapshot now, also if no request comes.
    Refresh,
    /// End the thread when the last connection has ended.
    Retire,
    /// End the thread; connections that are left are cut.
    Stop,
}

/// A worker's own things.
pub(crate) struct Worker {
    /// What all threads share.
    pub(crate) shared: Arc<Shared>,
    /// This worker's counters.
    pub(crate) counters: Arc<WorkerCounters>,
    /// Connections to upstream servers.
    pub(crate) pools: Pools,
    view: RefCell<Rc<View>>,
    generation: Cell<u64>,
    /// Connections that are open, by number.
    connections: RefCell<HashMap<u64, Weak<Connection>>>,
    numbers: Cell<u64>,
}

/// Keeps a connection known to its worker.
pub(super) struct Known {
    worker: Rc<Worker>,
    number: u64,
}

impl Drop for Known {
    fn drop(&mut self) {
        self.worker.connections.borrow_mut().remove(&self.number);
    }
}

impl Worker {
    /// The view of the present snapshot. A request asks once and keeps what it got.
    pub(crate) fn view(&self) -> Rc<View> {
        let generation = self.shared.generation.load(Ordering::Acquire);
        if generation != self.generation.get() {
            if let Some(snapshot) = self.shared.snapshot.load_full() {
                *self.view.borrow_mut() = Rc::new(View::new(Some(snapshot), self));
            }
            self.generation.set(generation);
        }
        Rc::clone(&self.view.borrow())
    }

    /// Knows a connection as long as what is returned lives.
    pub(super) fn know(self: &Rc<Self>, connection: &Rc<Connection>) -> Known {
        let number = self.numbers.replace(self.numbers.get().wrapping_add(1));
        let mut connections = self.connections.borrow_mut();
        connections.insert(number, Rc::downgrade(connection));
        Known {
            worker: Rc::clone(self),
            number,
        }
    }

    /// Has all connections of a listener end when their requests are answered.
    fn end(&self, slot: u32) {
        let connections: Vec<_> = self
            .connections
            .borrow()
            .values()
            .filter_map(Weak::upgrade)
            .filter(|connection| connection.slot == slot)
            .collect();
        for connection in connections {
            connection.end();
        }
    }
}

/// Runs a worker on the present thread until it is told to stop.
pub(crate) fn run(shared: Arc<Shared>, commands: mpsc::UnboundedReceiver<Command>) {
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build_local(LocalOptions::default())
    {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "a worker cannot start");
            return;
        }
    };
    let counters = shared.metrics.worker();
    let pools = Pools::new(Arc::clone(&shared.names));
    let worker = Rc::new(Worker {
        shared,
        counters,
        pools,
        view: RefCell::new(Rc::new(View::empty())),
        generation: Cell::new(0),
        connections: RefCell::default(),
        numbers: Cell::new(0),
    });
    runtime.block_on(obey(worker, commands));
}

async fn obey(worker: Rc<Worker>, mut commands: mpsc::UnboundedReceiver<Command>) {
    let mut housekeeping = tokio::time::interval(HOUSEKEEPING);
    // Alive as long as somebody accepts on them, or a connection that was accepted is open.
    let mut seats: Vec<Remote<OpenListener>> = Vec::new();
    let mut retiring = false;
    loop {
        tokio::select! {
            command = commands.recv() => match command {
                Some(Command::Open(listener, socket)) => {
                    seats.push(Arc::downgrade(&listener));
                    tokio::task::spawn_local(accept(Rc::clone(&worker), listener, socket));
                }
                Some(Command::Refresh) => drop(worker.view()),
                Some(Command::Retire) => retiring = true,
                Some(Command::Stop) | None => return,
            },
            _ = housekeeping.tick() => {
                worker.pools.tidy();
                worker.shared.failures.settle();
                worker.shared.refusals.settle();
                worker.shared.denials.settle();
                seats.retain(|seat| seat.strong_count() > 0);
                if retiring && seats.is_empty() {
                    return;
                }
            }
        }
    }
}

/// Accepts connections as long as the socket is this worker's; when the listener closes, those that
/// are open shall end.
async fn accept(worker: Rc<Worker>, listener: Arc<OpenListener>, socket: TcpListener) {
    let slot = listener.slot;
    let closing = listener.closing();
    accept_all(&worker, &listener, socket).await;
    drop(listener);
    closing.await;
    worker.end(slot);
}

/// Accepts connections until the listener closes, or another worker has the socket; those already in
/// the kernel's queue by then are still taken, so that nobody who got through is turned away.
async fn accept_all(worker: &Rc<Worker>, listener: &Arc<OpenListener>, socket: TcpListener) {
    let socket = match tokio::net::TcpListener::from_std(socket) {
        Ok(socket) => socket,
        Err(error) => {
            tracing::error!(%error, address = %listener.address, "a worker cannot listen");
            return;
        }
    };
    let mut ceased = pin!(listener.ceased());
    loop {
        let accepted = tokio::select! {
            biased;
            accepted = socket.accept() => accepted,
            () = &mut ceased => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                let admission = listener.admit().await;
                let serving = connection::serve(
                    Rc::clone(worker),
                    Arc::clone(listener),
                    stream,
                    peer,
                    admission,
                );
                tokio::task::spawn_local(serving);
            }
            Err(error) if is_per_connection(&error) => {}
            Err(error) => {
                tracing::warn!(%error, address = %listener.address, "cannot accept a connection");
                tokio::time::sleep(BREATHER).await;
            }
        }
    }
}

/// Errors that are the one connection's, not the listener's.
fn is_per_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind;
    matches!(
        error.kind(),
        ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::ConnectionRefused
    )
}
