//! Which sockets are open and who accepts on them. New ones are opened before a swap, so that a change
//! that cannot have its addresses is refused whole; those that stay are not touched; those that go are
//! closed after it.
//!
//! Each listener has a socket for each worker. With more workers, sockets are added. With fewer, none
//! is closed, because connections wait in its queue: it is handed to a worker that stays.

use std::net::TcpListener;
use std::sync::{Arc, Weak};

use super::bind::BindError;
use super::workers::{Worker, Workers};
use crate::server::{self, Command, Listener, OpenListener, Reserved};
use crate::shared::{Shared, lock};
use crate::snapshot::ListenerSettings;

/// What a change means for sockets and workers.
pub(crate) struct Plan {
    /// To open: bound already.
    open: Vec<Open>,
    /// To keep, with new settings and more sockets.
    keep: Vec<(Arc<Listener>, Arc<ListenerSettings>, Vec<Reserved>)>,
    /// To close.
    close: Vec<u32>,
    /// To serve as well: started already.
    workers: Vec<Worker>,
    /// How many workers there shall be.
    wanted: usize,
}

/// A listener with its sockets.
struct Open {
    listener: Arc<Listener>,
    sockets: Vec<Socket>,
    /// Everywhere it was ever accepted and may still have connections, with the worker's number.
    seats: Vec<(usize, Weak<OpenListener>)>,
}

/// A socket, and who accepts on it. Workers accept on duplicates, so that it can be handed on without
/// ever being closed.
struct Socket {
    socket: TcpListener,
    seat: Option<(usize, Weak<OpenListener>)>,
}

impl From<TcpListener> for Socket {
    fn from(socket: TcpListener) -> Self {
        Self { socket, seat: None }
    }
}

/// The open sockets and the workers that accept on them.
pub(crate) struct Sockets {
    workers: Workers,
    open: Vec<Open>,
    next_slot: u32,
}

impl Sockets {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self {
            workers: Workers::new(shared),
            open: Vec::new(),
            next_slot: 0,
        }
    }

    /// Finds out what changes, binds what is new, and starts the workers that are missing.
    ///
    /// # Errors
    /// The first address that cannot be had; nothing is changed then.
    pub(crate) fn plan(
        &mut self,
        listeners: &[Arc<ListenerSettings>],
        wanted: usize,
    ) -> Result<Plan, BindError> {
        let mut left: Vec<&Open> = self.open.iter().collect();
        let (mut keep, mut new) = (Vec::new(), Vec::new());
        for settings in listeners {
            match left.iter().position(|open| open.listener.serves(settings)) {
                Some(at) => {
                    let open = left.remove(at);
                    let more = wanted.saturating_sub(open.sockets.len());
                    let more = server::reserve(open.listener.address, more)
                        .map_err(|error| BindError::listener(settings, error))?;
                    keep.push((Arc::clone(&open.listener), Arc::clone(settings), more));
                }
                None => new.push(settings),
            }
        }
        let close = left.iter().map(|open| open.listener.slot).collect();
        let open = new
            .into_iter()
            .map(|settings| self.bind(settings, wanted))
            .collect::<Result<_, _>>()?;
        let missing = wanted.saturating_sub(self.workers.active.len());
        let workers = self.workers.start(missing).map_err(BindError::thread)?;
        Ok(Plan {
            open,
            keep,
            close,
            workers,
            wanted,
        })
    }

    fn bind(&mut self, settings: &Arc<ListenerSettings>, count: usize) -> Result<Open, BindError> {
        // From `127.0.0.1:80` to `0.0.0.0:80`: both are ours for a moment, which is no conflict.
        let ours = self
            .open
            .iter()
            .any(|open| open.listener.address.port() == settings.address.port());
        let (address, sockets) = server::open(settings.address, count, settings.backlog, ours)
            .map_err(|error| BindError::listener(settings, error))?;
        self.next_slot = self.next_slot.wrapping_add(1);
        let listener = Listener::new(self.next_slot, address, Arc::clone(settings));
        Ok(Open {
            listener: Arc::new(listener),
            sockets: sockets.into_iter().map(Socket::from).collect(),
            seats: Vec::new(),
        })
    }

    /// Makes the listeners known that a snapshot about to serve has. Called before the swap.
    pub(crate) fn prepare(&mut self, shared: &Shared, plan: &mut Plan) {
        // At the start all of them are told at once.
        if !self.open.is_empty() {
            for open in &plan.open {
                tracing::info!(address = %open.listener.address, "a listener is open");
            }
        }
        self.open.append(&mut plan.open);
        self.publish(shared);
    }

    /// Begins to accept on new sockets and ceases to on old ones, and has workers come and go. Called
    /// after the swap.
    pub(crate) fn apply(&mut self, shared: &Shared, plan: Plan) {
        for (listener, settings, more) in plan.keep {
            listener.apply(settings);
            let mut open = self.open.iter_mut();
            if let Some(open) = open.find(|open| open.listener.slot == listener.slot) {
                open.sockets.extend(listening(&listener, more));
            }
        }
        self.workers.add(plan.workers);
        let (gone, stay): (Vec<_>, Vec<_>) = self
            .open
            .drain(..)
            .partition(|open| plan.close.contains(&open.listener.slot));
        self.open = stay;
        gone.into_iter().for_each(Open::close);
        self.share_out(plan.wanted);
        self.retire();
        self.publish(shared);
        self.workers.refresh();
    }

    /// Gives each socket to one of the first `count` workers.
    fn share_out(&mut self, count: usize) {
        let count = count.min(self.workers.active.len()).max(1);
        for open in &mut self.open {
            open.seats.retain(|(_, seat)| seat.strong_count() > 0);
            for (index, socket) in open.sockets.iter_mut().enumerate() {
                if let Some(worker) = self.workers.active.get(index % count) {
                    open.seats.extend(socket.hand_to(worker, &open.listener));
                }
            }
        }
    }

    /// Ends the workers that accept on no socket any more.
    fn retire(&mut self) {
        let holds = |number: usize| {
            let mut sockets = self.open.iter().flat_map(|open| &open.sockets);
            sockets.any(|socket| socket.seat.as_ref().is_some_and(|(at, _)| *at == number))
        };
        let idle: Vec<usize> = self
            .workers
            .active
            .iter()
            .map(|worker| worker.number)
            .filter(|number| !holds(*number))
            .collect();
        for open in &self.open {
            open.close_where(|number| idle.contains(&number));
        }
        self.workers.retire(|worker| !idle.contains(&worker.number));
    }

    /// Whether there are more workers than that, because a socket could not be handed on.
    pub(crate) fn exceeds(&self, wanted: usize) -> bool {
        self.workers.active.len() > wanted
    }

    fn publish(&self, shared: &Shared) {
        let all = self.open.iter().map(|open| Arc::clone(&open.listener));
        *lock(&shared.listeners) = all.collect();
    }

    /// Accepts no more, and has all connections end.
    pub(crate) fn close(&mut self) {
        self.open.drain(..).for_each(Open::close);
    }

    /// Ends all workers; connections that are left are cut.
    pub(crate) fn stop(&mut self) {
        self.workers.stop();
    }
}

/// Sockets that were bound before, now open.
fn listening(listener: &Listener, reserved: Vec<Reserved>) -> impl Iterator<Item = Socket> {
    let backlog = listener.settings.load().backlog;
    reserved.into_iter().filter_map(move |reserved| {
        reserved
            .listen(backlog)
            .inspect_err(|error| {
                tracing::warn!(%error, address = %listener.address, "a socket cannot be opened; the others take its share");
            })
            .ok()
            .map(Socket::from)
    })
}

impl Open {
    /// Closes the sockets; connections may finish.
    fn close(self) {
        // First the sockets here, so that those of the workers are the last: they accept what waits.
        drop(self.sockets);
        for (_, seat) in &self.seats {
            seat.upgrade().inspect(|seat| seat.close());
        }
        tracing::info!(address = %self.listener.address, "a listener is closed; its connections may finish");
    }

    /// Has the connections of some workers end.
    fn close_where(&self, workers: impl Fn(usize) -> bool) {
        let seats = self.seats.iter().filter(|(number, _)| workers(*number));
        for seat in seats.filter_map(|(_, seat)| seat.upgrade()) {
            seat.close();
        }
    }
}

impl Socket {
    /// Has a worker accept on this socket, instead of the one that did; `None`: it is the same, or it
    /// cannot be handed on.
    fn hand_to(
        &mut self,
        worker: &Worker,
        listener: &Arc<Listener>,
    ) -> Option<(usize, Weak<OpenListener>)> {
        if self
            .seat
            .as_ref()
            .is_some_and(|(at, _)| *at == worker.number)
        {
            return None;
        }
        let duplicate = self
            .socket
            .try_clone()
            .inspect_err(|error| {
                tracing::warn!(%error, address = %listener.address, "a socket cannot be handed to another worker");
            })
            .ok()?;
        let seat = Arc::new(OpenListener::new(Arc::clone(listener)));
        let known = (worker.number, Arc::downgrade(&seat));
        worker.tell(Command::Open(seat, duplicate));
        // Only now, so that there is always somebody who accepts.
        if let Some(before) = self.seat.replace(known.clone()) {
            before.1.upgrade().inspect(|seat| seat.cease());
        }
        Some(known)
    }
}
