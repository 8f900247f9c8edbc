//! Who the client is, where a proxy in front says it before the first byte of the client's own.
//!
//! The header is looked at without being taken until it is whole, so whatever comes behind it, TLS or
//! HTTP, is untouched. Only those are believed whom the spec names: anybody else could claim to be
//! anybody.

mod header;

use std::io;
use std::net::IpAddr;
use std::pin::pin;
use std::time::Duration;

use gated_engine::program::{Network, ProxyProtocol};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use super::listener::OpenListener;
use crate::snapshot::ListenerSettings;
use header::Begin;

/// How long to wait before half a header is looked at again: what was looked at stays readable, so
/// the system does not tell when more came.
const AGAIN: Duration = Duration::from_millis(5);

/// Why a connection is closed at once.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("it comes from nobody whose word is taken")]
    Stranger,
    #[error("it does not begin with a PROXY header")]
    Missing,
    #[error("its PROXY header is malformed")]
    Malformed,
    #[error("its PROXY header did not come in time")]
    Late,
    #[error("it broke off: {0}")]
    Io(#[from] io::Error),
}

/// The client's address; `None`: the connection is to be closed.
pub(super) async fn client(
    socket: &mut TcpStream,
    peer: IpAddr,
    settings: &ListenerSettings,
    listener: &OpenListener,
) -> Option<IpAddr> {
    let Some(given) = &settings.proxy_protocol else {
        return Some(peer);
    };
    let told = tokio::select! {
        told = Box::pin(told(socket, peer, given, settings)) => told,
        () = pin!(listener.closing()) => return None,
    };
    match told {
        Ok(client) => Some(client),
        Err(refused) => {
            tracing::debug!(%peer, %refused, "closed a connection");
            None
        }
    }
}

async fn told(
    socket: &mut TcpStream,
    peer: IpAddr,
    given: &ProxyProtocol,
    settings: &ListenerSettings,
) -> Result<IpAddr, Refused> {
    if !given.from.iter().any(|network| holds(network, peer)) {
        return match given.required {
            true => Err(Refused::Stranger),
            false => Ok(peer),
        };
    }
    let patience = match given.required {
        true => settings.header_timeout,
        // Nothing may come for long on a connection that is kept for later.
        false => settings.idle_timeout,
    };
    let mut byte = [0; 1];
    let first = tokio::time::timeout(patience, socket.peek(&mut byte));
    first.await.map_err(|_| Refused::Late)??;
    let begin = tokio::time::timeout(settings.header_timeout, begin(socket));
    match begin.await.map_err(|_| Refused::Late)?? {
        Begin::Header(length, client) => {
            let mut bytes = [0; header::ROOM];
            let taken = bytes.get_mut(..length).ok_or(Refused::Malformed)?;
            socket.read_exact(taken).await?;
            Ok(client.unwrap_or(peer))
        }
        Begin::Half | Begin::Else if given.required => Err(Refused::Missing),
        Begin::Half | Begin::Else => Ok(peer),
    }
}

/// Looks at the begin of a connection until it is known what it is.
async fn begin(socket: &TcpStream) -> Result<Begin, Refused> {
    let mut bytes = [0; header::ROOM];
    let mut before = 0;
    loop {
        let count = socket.peek(&mut bytes).await?;
        let seen = bytes.get(..count).unwrap_or_default();
        match header::read(seen).map_err(|_| Refused::Malformed)? {
            Begin::Half if count > before => before = count,
            Begin::Half if count == 0 => return Ok(Begin::Half),
            Begin::Half => tokio::time::sleep(AGAIN).await,
            known => return Ok(known),
        }
    }
}

/// Whether an address is of a network.
fn holds(network: &Network, address: IpAddr) -> bool {
    let address = match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    };
    let rest = 128_u32.saturating_sub(u32::from(network.bits));
    match rest {
        128.. => true,
        rest => (address ^ network.address) >> rest == 0,
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use gated_engine::program::Network;

    use super::holds;

    #[test]
    fn a_network_holds_its_addresses_and_no_others() {
        let network = |text: &str, bits| {
            let address: IpAddr = text.parse().unwrap();
            let address = match address {
                IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
                IpAddr::V6(address) => address.to_bits(),
            };
            Network { address, bits }
        };
        for (network, inside, outside) in [
            (network("10.0.0.0", 96 + 8), "10.255.255.255", "11.0.0.0"),
            (network("10.1.2.3", 128), "10.1.2.3", "10.1.2.2"),
            (network("fd00::", 8), "fdff::1", "fe00::"),
            (network("0.0.0.0", 96), "255.0.0.1", "::1"),
        ] {
            assert!(holds(&network, inside.parse().unwrap()), "{inside}");
            assert!(!holds(&network, outside.parse().unwrap()), "{outside}");
        }
        let everything = network("::", 0);
        assert!(
            ["1.2.3.4", "::1"]
                .iter()
                .all(|ip| holds(&everything, ip.parse().unwrap()))
        );
    }
}
