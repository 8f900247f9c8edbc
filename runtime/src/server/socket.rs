//! Opens listening sockets: one for each worker on the same address, and the kernel shares out the
//! connections among them (`SO_REUSEPORT`).

use std::io;
use std::net::{SocketAddr, TcpListener};

use socket2::{Domain, Protocol, Socket, Type};

/// Opens `count` sockets on one address. Port 0 picks a free one, the same for all.
///
/// With `ours`, this process has the port already and shares it for a while.
///
/// # Errors
/// The address is taken, even by a process that would share it; or it cannot be bound at all.
pub(crate) fn open(
    address: SocketAddr,
    count: usize,
    backlog: u16,
    ours: bool,
) -> io::Result<(SocketAddr, Vec<TcpListener>)> {
    let address = if ours { address } else { probe(address)? };
    let sockets = (0..count.max(1))
        .map(|_| Reserved(bind(address, true)?).listen(backlog))
        .collect::<io::Result<Vec<_>>>()?;
    Ok((address, sockets))
}

/// A socket that has its address but takes no connections yet. Dropped, it leaves nobody behind.
pub(crate) struct Reserved(Socket);

impl Reserved {
    /// Begins to take connections, of which the system holds so many before they are accepted.
    ///
    /// # Errors
    /// The system does not let it.
    pub(crate) fn listen(self, backlog: u16) -> io::Result<TcpListener> {
        self.0.listen(i32::from(backlog))?;
        Ok(self.0.into())
    }
}

/// Reserves more sockets on an address that this process has open.
///
/// # Errors
/// The system gives no more.
pub(crate) fn reserve(address: SocketAddr, count: usize) -> io::Result<Vec<Reserved>> {
    (0..count)
        .map(|_| bind(address, true).map(Reserved))
        .collect()
}

/// Binds without sharing, so that another process on the same address is noticed; the socket is
/// closed again at once.
fn probe(address: SocketAddr) -> io::Result<SocketAddr> {
    let socket: TcpListener = Reserved(bind(address, false)?).listen(1)?;
    socket.local_addr()
}

fn bind(address: SocketAddr, shared: bool) -> io::Result<Socket> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    socket.set_reuse_address(true)?;
    if shared {
        socket.set_reuse_port(true)?;
    }
    if address.is_ipv6() {
        // `[::]` takes IPv4 as well; any other IPv6 address is what it says.
        socket.set_only_v6(!address.ip().is_unspecified())?;
    }
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::open;

    #[test]
    fn a_taken_address_is_noticed_even_if_it_would_be_shared() {
        let any = "127.0.0.1:0".parse().unwrap();
        let (address, sockets) = open(any, 3, 8, false).unwrap();
        assert_eq!(sockets.len(), 3);
        assert_eq!(
            open(address, 1, 8, false).unwrap_err().kind(),
            std::io::ErrorKind::AddrInUse
        );
        assert_eq!(open(address, 1, 8, true).unwrap().0, address);
        drop(sockets);
        assert_eq!(open(address, 2, 8, false).unwrap().0, address);
    }
}
