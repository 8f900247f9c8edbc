//! The beginning of a TLS connection: from the first byte to the end of the handshake, within the
//! listener's `header-timeout`.
//!
//! What goes wrong here is the client's (scanners and health checks do it all day), so it is counted and
//! told at `debug`, never louder.

use std::cell::OnceCell;
use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use gated_identity::CertificateNames;
use rustls::HandshakeKind;
use rustls::pki_types::CertificateDer;
use rustls::server::Acceptor;
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

use super::connection::Connection;
use crate::http1::Alarm;
use crate::metrics::HandshakeCounters;
use crate::tls::{Certificates, ServerTls};

/// The first byte of a handshake (RFC 8446, section 5.1).
const HANDSHAKE: u8 = 22;

/// What somebody gets who speaks HTTP where TLS is spoken.
const PLAIN: &[u8] = b"HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 45\r\nconnection: close\r\n\r\nthis port speaks https; a request came plain\n";

/// How long such a client may take to read it, and how much more it may send meanwhile.
const GOODBYE: (Duration, usize) = (Duration::from_secs(2), 256 * 1024);

/// What the handshake settled.
pub(crate) struct Secured {
    /// The host that the client named, in lower case.
    host: Option<Box<str>>,
    /// Among which it could have named another.
    certificates: Arc<Certificates>,
    /// The digest of the authorities that it was asked to come from.
    authorities: Option<[u8; 32]>,
    /// The certificate that the client showed, which was verified.
    shown: Option<CertificateDer<'static>>,
    /// What it says, from when that is first asked for.
    names: OnceCell<Option<Box<CertificateNames>>>,
}

impl Secured {
    /// What the client's certificate says; `None`: it showed none, or one that cannot be read, or it was
    /// verified against other authorities than the listener asks for by now.
    pub(super) fn client(&self, tls: &ServerTls) -> Option<&CertificateNames> {
        if self.authorities.is_none() || self.authorities != tls.authorities {
            return None;
        }
        let read = || CertificateNames::of(self.shown.as_ref()?).map(Box::new);
        self.names.get_or_init(read).as_deref()
    }

    /// Whether a request for this host should have come on another connection, since another
    /// certificate stands for it (RFC 9110, section 15.5.20).
    pub(super) fn is_misdirected(&self, host: &str) -> bool {
        self.host
            .as_deref()
            .is_some_and(|named| named != host && !self.certificates.are_same(named, host))
    }
}

/// A connection after its handshake.
pub(super) struct Shaken {
    pub(super) stream: TlsStream<TcpStream>,
    pub(super) secured: Secured,
    /// What the client chose among the protocols, if it did.
    pub(super) http2: Option<bool>,
}

/// Shakes hands; `None`: the connection is over.
pub(super) async fn shake(
    connection: &Connection,
    tls: &ServerTls,
    socket: TcpStream,
) -> Option<Shaken> {
    let counters = connection
        .worker
        .counters
        .handshakes(&connection.accepted.name);
    let begun = Instant::now();
    match first_byte(connection, &socket, begun).await {
        Some(HANDSHAKE) => {}
        Some(byte) if byte.is_ascii_alphabetic() => {
            counters.plain.add(1);
            tracing::debug!(client = %connection.client, "plain HTTP came where TLS is spoken");
            let (time, _) = GOODBYE;
            let _ = tokio::time::timeout(time, tell_plain(socket)).await;
            return None;
        }
        Some(_) => {
            counters.failed.add(1);
            return None;
        }
        None => {
            counters.abandoned.add(1);
            return None;
        }
    }
    let stream = finish(connection, tls, socket, begun, &counters).await?;
    let (_, session) = stream.get_ref();
    match session.handshake_kind() {
        Some(HandshakeKind::Resumed) => counters.resumed.add(1),
        _ => counters.full.add(1),
    }
    let secured = Secured {
        host: session.server_name().map(Box::from),
        certificates: Arc::clone(&tls.certificates),
        authorities: tls.authorities,
        shown: session
            .peer_certificates()
            .and_then(|chain| chain.first().cloned()),
        names: OnceCell::new(),
    };
    let http2 = session.alpn_protocol().map(|name| name == b"h2");
    Some(Shaken {
        stream,
        secured,
        http2,
    })
}

/// Looks at the first byte without taking it. A connection that is to end waits for none.
async fn first_byte(connection: &Connection, socket: &TcpStream, begun: Instant) -> Option<u8> {
    let mut alarm = Alarm::default();
    let deadline = begun + connection.accepted.header_timeout;
    poll_fn(|context| {
        let mut byte = [0; 1];
        match socket.poll_peek(context, &mut ReadBuf::new(&mut byte)) {
            Poll::Ready(Ok(1..)) => return Poll::Ready(byte.first().copied()),
            Poll::Ready(_) => return Poll::Ready(None),
            Poll::Pending => {}
        }
        let until = connection.last_call(context).unwrap_or(deadline);
        alarm.poll(until, context).map(|()| None)
    })
    .await
}

async fn finish(
    connection: &Connection,
    tls: &ServerTls,
    socket: TcpStream,
    begun: Instant,
    counters: &HandshakeCounters,
) -> Option<TlsStream<TcpStream>> {
    let mut alarm = Alarm::default();
    let deadline = begun + connection.accepted.header_timeout;
    let mut shaking = Box::pin(async {
        let begun = LazyConfigAcceptor::new(Acceptor::default(), socket).await?;
        let config = tls.config(begun.client_hello().cipher_suites());
        begun.into_stream(config).await
    });
    let shaken = poll_fn(
        |context: &mut Context<'_>| match pin!(&mut shaking).poll(context) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending => alarm.poll(deadline, context).map(|()| None),
        },
    )
    .await;
    match shaken {
        Some(Ok(stream)) => Some(stream),
        Some(Err(error)) => {
            match error.kind() {
                io::ErrorKind::InvalidData => counters.failed.add(1),
                _ => counters.abandoned.add(1),
            }
            tracing::debug!(client = %connection.client, %error, "a TLS handshake failed");
            None
        }
        None => {
            counters.late.add(1);
            tracing::debug!(client = %connection.client, "a TLS handshake took too long");
            None
        }
    }
}

/// Answers a request that came plain, and lets the client read it before the socket is closed.
async fn tell_plain(mut socket: TcpStream) -> io::Result<()> {
    socket.write_all(PLAIN).await?;
    socket.shutdown().await?;
    let (_, mut left) = GOODBYE;
    let mut sink = [0; 1024];
    loop {
        match socket.read(&mut sink).await? {
            0 => return Ok(()),
            count if count > left => return Ok(()),
            count => left -= count,
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_plain_answer_is_as_long_as_it_says() {
        let text = std::str::from_utf8(super::PLAIN).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("content-length: {}\r\n", body.len())));
    }
}
