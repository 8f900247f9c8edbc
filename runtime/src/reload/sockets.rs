//! Which sockets are open. New ones are opened before a swap, so that a change that cannot have its
//! addresses is refused whole; those that stay are not touched; those that go are closed after it.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;

use crate::server::{self, Command, OpenListener};
use crate::shared::{Shared, lock};
use crate::snapshot::ListenerSettings;

/// An address that cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("listener `{listener}` cannot have the address {address}: {}", why(.error))]
pub(crate) struct BindError {
    listener: String,
    address: SocketAddr,
    error: io::Error,
}

/// What is wrong with an address, in plain words.
pub(crate) fn why(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => "it is in use by another program".to_owned(),
        io::ErrorKind::AddrNotAvailable => "this machine does not have it".to_owned(),
        io::ErrorKind::PermissionDenied => {
            "the system does not permit it (ports below 1024 need a right of their own)".to_owned()
        }
        _ => error.to_string(),
    }
}

/// What a change means for the sockets.
pub(crate) struct Plan {
    /// To open: the sockets are bound already, one for each worker.
    open: Vec<(Arc<OpenListener>, Vec<TcpListener>)>,
    /// To keep, with new settings.
    keep: Vec<(Arc<OpenListener>, Arc<ListenerSettings>)>,
    /// To close.
    close: Vec<Arc<OpenListener>>,
}

/// The open sockets.
pub(crate) struct Sockets {
    workers: Vec<UnboundedSender<Command>>,
    open: Vec<Arc<OpenListener>>,
    next_slot: u32,
}

impl Sockets {
    pub(crate) fn new(workers: Vec<UnboundedSender<Command>>) -> Self {
        Self {
            workers,
            open: Vec::new(),
            next_slot: 0,
        }
    }

    /// Finds out what changes, and binds what is new.
    ///
    /// # Errors
    /// The first address that cannot be had; nothing is changed then.
    pub(crate) fn plan(&mut self, listeners: &[Arc<ListenerSettings>]) -> Result<Plan, BindError> {
        let mut plan = Plan {
            open: Vec::new(),
            keep: Vec::new(),
            close: Vec::new(),
        };
        plan.close.clone_from(&self.open);
        for settings in listeners {
            let at = plan.close.iter().position(|open| open.serves(settings));
            match at.map(|at| plan.close.remove(at)) {
                Some(open) => plan.keep.push((open, Arc::clone(settings))),
                None => plan.open.push(self.bind(settings)?),
            }
        }
        Ok(plan)
    }

    fn bind(
        &mut self,
        settings: &Arc<ListenerSettings>,
    ) -> Result<(Arc<OpenListener>, Vec<TcpListener>), BindError> {
        // From `127.0.0.1:80` to `0.0.0.0:80`: both are ours for a moment, which is no conflict.
        let ours = self
            .open
            .iter()
            .any(|open| open.address.port() == settings.address.port());
        let (address, sockets) =
            server::open(settings.address, self.workers.len(), ours).map_err(|error| {
                BindError {
                    listener: settings.name.clone(),
                    address: settings.address,
                    error,
                }
            })?;
        self.next_slot = self.next_slot.wrapping_add(1);
        let open = OpenListener::new(self.next_slot, address, Arc::clone(settings));
        Ok((Arc::new(open), sockets))
    }

    /// Makes the listeners known that a snapshot about to serve has. Called before the swap.
    pub(crate) fn prepare(&mut self, shared: &Shared, plan: &Plan) {
        self.open
            .extend(plan.open.iter().map(|(open, _)| Arc::clone(open)));
        *lock(&shared.listeners) = self.open.clone();
    }

    /// Begins to accept on new sockets and ceases to on old ones. Called after the swap.
    pub(crate) fn apply(&mut self, shared: &Shared, plan: Plan) {
        for (open, settings) in plan.keep {
            open.apply(settings);
        }
        for (open, sockets) in plan.open {
            for (worker, socket) in self.workers.iter().zip(sockets) {
                let _ = worker.send(Command::Open(Arc::clone(&open), socket));
            }
        }
        for gone in plan.close {
            gone.close();
            self.open.retain(|open| open.slot != gone.slot);
            tracing::info!(address = %gone.address, "a listener is closed; its connections may finish");
        }
        *lock(&shared.listeners) = self.open.clone();
        for worker in &self.workers {
            let _ = worker.send(Command::Refresh);
        }
    }
}
