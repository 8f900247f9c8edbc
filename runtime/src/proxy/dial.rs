//! Makes connections to a server: where it is, the way there, and who it proves to be.

use std::cell::Cell;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, TlsStream};

use super::race;
use super::target::Target;
use super::unreached::Unreached;
use crate::http1::Stream;
use crate::names::Names;
use crate::tls::{self, ClientTls};

/// How long it is remembered that IPv4 was faster.
const REMEMBER: Duration = Duration::from_secs(600);

/// Makes connections to a server.
pub(super) struct Dial {
    target: Target,
    /// The address, where no name has to be resolved.
    literal: Option<IpAddr>,
    names: Arc<Names>,
    /// Spreads connections over all addresses.
    turn: Cell<usize>,
    /// When IPv4 last won over IPv6.
    ipv4_won: Cell<Option<Instant>>,
}

/// A connection that was made.
pub(super) struct Dialed {
    pub(super) stream: Stream,
    /// Where the other side is.
    pub(super) peer: IpAddr,
    /// Whether HTTP/2 is spoken.
    pub(super) http2: bool,
}

impl Dial {
    pub(super) fn new(target: Target, names: Arc<Names>) -> Self {
        Self {
            literal: target.host.parse().ok(),
            target,
            names,
            turn: Cell::new(fastrand::usize(0..1024)),
            ipv4_won: Cell::new(None),
        }
    }

    pub(super) fn target(&self) -> &Target {
        &self.target
    }

    /// Whether an address is still one of the server's, as far as that is known.
    pub(super) fn is_current(&self) -> impl Fn(IpAddr) -> bool + use<> {
        let known = match self.literal {
            Some(_) => None,
            None => self.names.known(&self.target.host),
        };
        move |peer| known.as_ref().is_none_or(|known| known.contains(&peer))
    }

    /// Makes a connection, in whatever time it takes.
    pub(super) async fn connect(&self) -> Result<Dialed, Unreached> {
        let (socket, peer) = self.reach().await?;
        socket
            .set_nodelay(true)
            .map_err(|error| Unreached::by(&error))?;
        let (stream, http2) = match &self.target.tls {
            // In the clear nobody is asked what they speak.
            None => (Stream::Plain(socket), !self.target.http1),
            Some(tls) => self.secure(tls, socket).await?,
        };
        Ok(Dialed {
            stream,
            peer,
            http2,
        })
    }

    async fn reach(&self) -> Result<(TcpStream, IpAddr), Unreached> {
        let addresses = match self.literal {
            Some(address) => vec![address],
            None => self.addresses().await?,
        };
        let first = addresses.first().copied();
        let (socket, peer) = race::connect(addresses, self.target.port)
            .await
            .map_err(|error| Unreached::by(&error))?;
        if peer.is_ipv4() && first.is_some_and(|first| first.is_ipv6()) {
            self.ipv4_won.set(Some(Instant::now()));
        }
        Ok((socket, peer))
    }

    async fn addresses(&self) -> Result<Vec<IpAddr>, Unreached> {
        let found = self.names.addresses(&self.target.host).await;
        let found = found.map_err(|why| Unreached::told(why.to_string()))?;
        let turn = self.turn.replace(self.turn.get().wrapping_add(1));
        let won = self.ipv4_won.get();
        let ipv4_first = won.is_some_and(|won| won.elapsed() < REMEMBER);
        Ok(race::order(&found, turn, ipv4_first))
    }

    /// Secures a connection; whether the server chose HTTP/2.
    async fn secure(
        &self,
        tls: &ClientTls,
        socket: TcpStream,
    ) -> Result<(Stream, bool), Unreached> {
        let name = tls.name(&self.target.host).map_err(Unreached::untrusted)?;
        let connector = TlsConnector::from(Arc::clone(&tls.config));
        let stream = connector.connect(name, socket).await;
        let stream = stream.map_err(|error| Unreached::untrusted(tls::reason(&error)))?;
        let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        if !http2 && !self.target.http1 {
            let why = "the server does not offer HTTP/2 in the handshake (ALPN)";
            return Err(Unreached::untrusted(why.to_owned()));
        }
        Ok((Stream::Tls(Box::new(TlsStream::Client(stream))), http2))
    }
}
