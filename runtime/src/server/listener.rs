//! A listener while it is open: its address, its present settings, and how many connections it holds.
//!
//! It is known by the address it was asked to bind, so a change of anything else about it never
//! reopens a socket.

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use arc_swap::ArcSwap;
use tokio::sync::{Notify, watch};

use crate::snapshot::ListenerSettings;

/// A listener, shared by all workers.
pub(crate) struct Listener {
    /// Its number, never used twice.
    pub(crate) slot: u32,
    /// The address it really has.
    pub(crate) address: SocketAddr,
    /// The settings that new connections get.
    pub(crate) settings: ArcSwap<ListenerSettings>,
    /// Connections open now.
    open: AtomicU32,
    /// A connection was closed, or the settings changed.
    freed: Notify,
}

impl Listener {
    /// A listener with its settings.
    pub(crate) fn new(slot: u32, address: SocketAddr, settings: Arc<ListenerSettings>) -> Self {
        Self {
            slot,
            address,
            settings: ArcSwap::new(settings),
            open: AtomicU32::new(0),
            freed: Notify::new(),
        }
    }

    /// Whether these settings are for this listener: they name its address. Where any free port is
    /// asked for, the name tells listeners apart.
    pub(crate) fn serves(&self, settings: &ListenerSettings) -> bool {
        let present = self.settings.load();
        present.address == settings.address
            && (settings.address.port() != 0 || present.name == settings.name)
    }

    /// Connections open now.
    pub(crate) fn connections(&self) -> u32 {
        self.open.load(Ordering::Relaxed)
    }

    /// Takes new settings for connections to come.
    pub(crate) fn apply(&self, settings: Arc<ListenerSettings>) {
        self.settings.store(settings);
        self.freed.notify_waiters();
    }

    /// Waits until one more connection may be open, and counts it.
    pub(crate) async fn admit(self: &Arc<Self>) -> Admission {
        loop {
            let freed = self.freed.notified();
            let most = self.settings.load().connections;
            if self.open.fetch_add(1, Ordering::AcqRel) < most {
                return Admission(Arc::clone(self));
            }
            self.open.fetch_sub(1, Ordering::AcqRel);
            freed.await;
        }
    }
}

/// The right of one connection to be open; given back when dropped.
pub(crate) struct Admission(Arc<Listener>);

impl Drop for Admission {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::AcqRel);
        self.0.freed.notify_waiters();
    }
}

/// One socket of a listener in the hands of one worker, with the connections accepted on it there.
pub(crate) struct OpenListener {
    /// The listener.
    pub(crate) listener: Arc<Listener>,
    phase: watch::Sender<Phase>,
}

/// What a worker does with a socket and its connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    /// Accepts.
    Open,
    /// Another worker accepts on the socket; connections stay.
    Ceased,
    /// Connections are to end.
    Closing,
}

impl OpenListener {
    /// The beginning.
    pub(crate) fn new(listener: Arc<Listener>) -> Self {
        Self {
            listener,
            phase: watch::Sender::new(Phase::Open),
        }
    }

    /// Says that somebody else accepts now. What is open stays open.
    pub(crate) fn cease(&self) {
        self.advance(Phase::Ceased);
    }

    /// Says that no more connections are taken and those that are open shall end.
    pub(crate) fn close(&self) {
        self.advance(Phase::Closing);
    }

    fn advance(&self, to: Phase) {
        self.phase.send_if_modified(|phase| {
            let later = *phase < to;
            *phase = to.max(*phase);
            later
        });
    }

    /// Ends when no more connections are taken.
    pub(crate) async fn ceased(&self) {
        let mut phase = self.phase.subscribe();
        let _ = phase.wait_for(|phase| *phase >= Phase::Ceased).await;
    }

    /// Whether connections are to end.
    pub(crate) fn is_closing(&self) -> bool {
        *self.phase.borrow() == Phase::Closing
    }

    /// Ends when connections are to end, or none is left. Does not keep the listener alive.
    pub(crate) fn closing(&self) -> impl Future<Output = ()> + use<> {
        let mut phase = self.phase.subscribe();
        async move {
            let _ = phase.wait_for(|phase| *phase == Phase::Closing).await;
        }
    }
}

impl Deref for OpenListener {
    type Target = Arc<Listener>;

    fn deref(&self) -> &Self::Target {
        &self.listener
    }
}
