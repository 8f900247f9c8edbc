//! Where the management listener is. A change opens the new address before the swap and closes the old
//! one after it, so that a change whose address cannot be had is refused, and the old one serves on.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::mpsc::Sender;

use super::Trigger;
use super::bind::BindError;
use crate::manage::{self, Management};
use crate::replica::ManagementAddress;
use crate::server;
use crate::shared::{Shared, lock};
use crate::snapshot::Settings;

/// Where the management listener is if nobody says otherwise.
const USUAL: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9901);

/// Connections that the system holds before they are accepted.
const BACKLOG: u16 = 128;

/// The management listener, which may move.
pub(crate) struct Console {
    shared: Arc<Shared>,
    triggers: Sender<Trigger>,
    asked: ManagementAddress,
    open: Option<Open>,
    /// Whether the replica has told where it is; from then on, changes are told here.
    started: bool,
}

struct Open {
    /// What was asked for.
    wanted: SocketAddr,
    /// What was had.
    address: SocketAddr,
    /// Closes it when dropped.
    _stop: manage::Stop,
}

/// What a change means for the management listener.
pub(crate) enum Move {
    Stay,
    Close,
    /// The socket is bound already.
    Open(SocketAddr, TcpListener),
}

impl Console {
    pub(crate) fn new(
        shared: Arc<Shared>,
        triggers: Sender<Trigger>,
        asked: ManagementAddress,
    ) -> Self {
        Self {
            shared,
            triggers,
            asked,
            open: None,
            started: false,
        }
    }

    /// Finds out whether it moves, and binds the new address.
    ///
    /// Only an address that somebody named has to be had: with the usual one taken (a second replica on
    /// a developer's machine), any free one does.
    ///
    /// # Errors
    /// The address cannot be had; nothing is changed then.
    pub(crate) fn plan(&self, settings: Option<&Settings>) -> Result<Move, BindError> {
        let (wanted, must) = match (self.asked, settings) {
            (ManagementAddress::Off, _) => (None, true),
            (ManagementAddress::At(address), _) => (Some(address), true),
            (ManagementAddress::Spec, None) => (Some(USUAL), false),
            (ManagementAddress::Spec, Some(settings)) => {
                (settings.management, settings.management_given)
            }
        };
        let Some(wanted) = wanted else {
            return Ok(if self.open.is_some() {
                Move::Close
            } else {
                Move::Stay
            });
        };
        let stays = self.open.as_ref().is_some_and(|open| {
            let had = open.address == wanted || wanted.port() == 0;
            open.wanted == wanted && (had || !must)
        });
        if stays {
            return Ok(Move::Stay);
        }
        // From one address of this machine to all, on the same port: both are ours for a moment.
        let ours = self
            .open
            .as_ref()
            .is_some_and(|open| open.address.port() == wanted.port());
        let opened = match server::open(wanted, 1, BACKLOG, ours) {
            Err(_) if !must => {
                tracing::warn!(
                    taken = %wanted,
                    "another program has the usual management address; a free port is opened instead"
                );
                server::open(SocketAddr::new(wanted.ip(), 0), 1, BACKLOG, false)
            }
            opened => opened,
        };
        let (_, sockets) = opened.map_err(|error| BindError::management(wanted, error))?;
        let socket = sockets.into_iter().next();
        Ok(socket.map_or(Move::Stay, |socket| Move::Open(wanted, socket)))
    }

    /// Serves at the new address, and then no more at the old one.
    pub(crate) fn apply(&mut self, change: Move) {
        let started = std::mem::replace(&mut self.started, true);
        match change {
            Move::Stay => return,
            Move::Close => self.open = None,
            Move::Open(wanted, socket) => match self.serve(wanted, socket) {
                Ok(open) => self.open = Some(open),
                Err(error) => {
                    tracing::error!(%error, "the management listener cannot be moved");
                    return;
                }
            },
        }
        let address = self.open.as_ref().map(|open| open.address);
        *lock(&self.shared.management) = address;
        if started {
            let at = address.map_or("off".to_owned(), |address| format!("http://{address}"));
            tracing::info!(management = at, "the management listener has moved");
        }
    }

    fn serve(&self, wanted: SocketAddr, socket: TcpListener) -> std::io::Result<Open> {
        let address = socket.local_addr()?;
        let management = Management {
            shared: Arc::clone(&self.shared),
            triggers: tokio::sync::Mutex::new(self.triggers.clone()),
            address,
        };
        let stop = manage::start(management, socket)?;
        Ok(Open {
            wanted,
            address,
            _stop: stop,
        })
    }
}
