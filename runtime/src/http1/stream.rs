//! The bytes beneath HTTP: a socket, or TLS over one.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsStream;

use super::pipe::Pipe;

/// Bytes that are poured at once.
const PIECE: usize = 64 * 1024;

/// The same where sending is paced.
const PACED_PIECE: usize = 32 * 1024;

/// A connection to a client or to a server.
pub(crate) enum Stream {
    /// As it is.
    Plain(TcpStream),
    /// Under TLS.
    Tls(Box<TlsStream<TcpStream>>),
}

impl Stream {
    /// Says that nothing more will come, where that is said within the stream: without it, the other
    /// side could not tell the end from a cut. Only tried once: who does not take it goes without.
    pub(crate) fn farewell(&mut self) {
        if let Self::Tls(stream) = self {
            let mut context = Context::from_waker(std::task::Waker::noop());
            let _ = Pin::new(stream).poll_shutdown(&mut context);
        }
    }

    /// Whether its bytes can go through a pipe.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self, Self::Plain(_))
    }

    /// How many bytes are best poured into it at once. Where the system itself spreads what is sent in
    /// time (BBR does), whatever does not fit one segment waits for a timer of its own.
    pub(super) fn piece(&self) -> usize {
        match self {
            Self::Plain(socket) if is_paced(socket) => PACED_PIECE,
            _ => PIECE,
        }
    }

    /// Moves up to `most` bytes into the empty pipe; 0: the other side sends no more. Urgent data (which
    /// no body has) stops the pipe and no reader: then it cannot be done.
    pub(super) fn poll_pour(
        &self,
        pipe: &mut Pipe,
        most: usize,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        let Self::Plain(socket) = self else {
            return Poll::Ready(Err(io::ErrorKind::Unsupported.into()));
        };
        loop {
            ready!(socket.poll_read_ready(context))?;
            let poured = socket.try_io(Interest::READABLE, || fill(pipe, socket, most));
            if !is_for_now(&poured) {
                return Poll::Ready(poured);
            }
        }
    }

    /// Moves what is in the pipe on to the other side.
    pub(super) fn poll_drain(
        &self,
        pipe: &mut Pipe,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        let Self::Plain(socket) = self else {
            return Poll::Ready(Err(io::ErrorKind::Unsupported.into()));
        };
        loop {
            ready!(socket.poll_write_ready(context))?;
            let drained = socket.try_io(Interest::WRITABLE, || pipe.drain(socket));
            if !is_for_now(&drained) {
                return Poll::Ready(drained);
            }
        }
    }

    /// Has the connection reset when it is dropped.
    pub(super) fn reset_on_close(&self) {
        match self {
            // Where the system refuses, the connection is closed as usual.
            Self::Plain(socket) => drop(socket.set_zero_linger()),
            Self::Tls(stream) => drop(stream.get_ref().0.set_zero_linger()),
        }
    }
}

#[cfg(target_os = "linux")]
fn is_paced(socket: &TcpStream) -> bool {
    let name = socket2::SockRef::from(socket).tcp_congestion();
    name.is_ok_and(|name| name.starts_with(b"bbr"))
}

#[cfg(not(target_os = "linux"))]
fn is_paced(_socket: &TcpStream) -> bool {
    false
}

/// Fills the pipe. Where a reader would find something and the pipe, asked again, does not, what stands
/// before it is urgent data, and the other side may even have closed behind it.
fn fill(pipe: &mut Pipe, socket: &TcpStream, most: usize) -> io::Result<usize> {
    let stops = |poured: &io::Result<usize>| match poured {
        Ok(count) => *count == 0,
        Err(error) => error.kind() == io::ErrorKind::WouldBlock,
    };
    let poured = pipe.fill(socket, most);
    if !stops(&poured) || !has_data(socket) {
        return poured;
    }
    let again = pipe.fill(socket, most);
    match stops(&again) {
        true => Err(io::ErrorKind::Unsupported.into()),
        false => again,
    }
}

/// Whether a reader would find something.
fn has_data(socket: &TcpStream) -> bool {
    let mut byte = [std::mem::MaybeUninit::uninit()];
    socket2::SockRef::from(socket)
        .peek(&mut byte)
        .is_ok_and(|count| count > 0)
}

/// Whether to ask again, when the socket is ready.
fn is_for_now(moved: &io::Result<usize>) -> bool {
    moved.as_ref().is_err_and(|error| {
        matches!(
            error.kind(),
            io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted
        )
    })
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(socket) => Pin::new(socket).poll_read(context, buffer),
            Self::Tls(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(socket) => Pin::new(socket).poll_write(context, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(socket) => Pin::new(socket).poll_write_vectored(context, slices),
            Self::Tls(stream) => Pin::new(stream).poll_write_vectored(context, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain(socket) => socket.is_write_vectored(),
            Self::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(socket) => Pin::new(socket).poll_flush(context),
            Self::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(socket) => Pin::new(socket).poll_shutdown(context),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
