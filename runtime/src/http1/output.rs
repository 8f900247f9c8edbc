//! Bytes on their way out: small ones gathered in a buffer, a large piece beside it, and both handed
//! to the system at once; behind them what never came into this process.

use std::cell::Cell;
use std::io::{self, IoSlice, Write};
use std::task::{Context, Poll, ready};

use bytes::{Buf, BufMut, Bytes, BytesMut};
use http::HeaderMap;

use super::pipe::Pipe;
use super::wire::Wire;

/// A buffer that grew larger than this is not kept.
const KEPT: usize = 16 * 1024;

thread_local! {
    /// The buffer of the last message that was sent, for the next, whoever sends it: a connection that
    /// sends nothing holds none.
    static SPARE: Cell<BytesMut> = Cell::default();
}

/// What is to be sent.
#[derive(Default)]
pub(crate) struct Output {
    buffer: BytesMut,
    /// Comes behind the buffer.
    piece: Bytes,
    /// Comes behind the piece.
    tail: &'static [u8],
    /// Comes behind the tail; not empty.
    pipe: Option<Pipe>,
}

impl Output {
    /// Pieces up to this size are copied behind what is in the buffer, in bytes.
    pub(crate) const SMALL: usize = 8 * 1024;

    /// Where the head of a message is written.
    pub(crate) fn buffer(&mut self) -> &mut BytesMut {
        if self.buffer.capacity() == 0 {
            self.buffer = SPARE.take();
        }
        &mut self.buffer
    }

    /// Whether all was sent but what is in the pipe.
    fn is_written(&self) -> bool {
        self.buffer.is_empty() && self.piece.is_empty() && self.tail.is_empty()
    }

    /// Whether no more should be added before something was sent.
    pub(crate) fn is_full(&self) -> bool {
        !self.piece.is_empty()
            || !self.tail.is_empty()
            || self.pipe.is_some()
            || self.buffer.len() >= KEPT
    }

    /// Adds bytes; not to be called when [`Self::is_full`].
    pub(crate) fn bytes(&mut self, bytes: Bytes) {
        if bytes.len() <= Self::SMALL {
            self.buffer().extend_from_slice(&bytes);
        } else {
            self.piece = bytes;
        }
    }

    /// Adds what is in a pipe; not to be called when [`Self::is_full`].
    pub(super) fn pour(&mut self, pipe: Pipe) {
        self.pipe = (pipe.held() > 0).then_some(pipe);
    }

    /// Adds a copy of no more than [`Self::SMALL`] bytes; not to be called when [`Self::is_full`].
    pub(crate) fn copy(&mut self, bytes: &[u8]) {
        self.buffer().extend_from_slice(bytes);
    }

    /// Adds a chunk (RFC 9112, section 7.1); not to be called when [`Self::is_full`].
    pub(crate) fn chunk(&mut self, bytes: Bytes) {
        if bytes.is_empty() {
            return;
        }
        // Writing to a buffer cannot fail.
        let _ = write!(self.buffer().writer(), "{:x}\r\n", bytes.len());
        self.bytes(bytes);
        if self.piece.is_empty() {
            self.buffer.extend_from_slice(b"\r\n");
        } else {
            self.tail = b"\r\n";
        }
    }

    /// Adds the last chunk with the trailers, if there are any.
    pub(crate) fn last_chunk(&mut self, trailers: Option<&HeaderMap>) {
        self.buffer().extend_from_slice(b"0\r\n");
        for (name, value) in trailers.into_iter().flatten() {
            self.line(name.as_str(), value.as_bytes());
        }
        self.buffer.extend_from_slice(b"\r\n");
    }

    /// Adds a header line.
    pub(crate) fn line(&mut self, name: &str, value: &[u8]) {
        let buffer = self.buffer();
        buffer.reserve(name.len() + value.len() + 4);
        buffer.put_slice(name.as_bytes());
        buffer.put_slice(b": ");
        buffer.put_slice(value);
        buffer.put_slice(b"\r\n");
    }

    /// Sends what there is.
    pub(crate) fn poll_send(
        &mut self,
        wire: &Wire,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        while !self.is_written() {
            let count = if self.piece.is_empty() && self.tail.is_empty() {
                ready!(wire.poll_write(&[IoSlice::new(&self.buffer)], context))?
            } else {
                let slices = [
                    IoSlice::new(&self.buffer),
                    IoSlice::new(&self.piece),
                    IoSlice::new(self.tail),
                ];
                ready!(wire.poll_write(&slices, context))?
            };
            self.advance(count);
        }
        ready!(self.poll_drain(wire, context))?;
        wire.poll_flush(context)
    }

    fn poll_drain(&mut self, wire: &Wire, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(pipe) = &mut self.pipe {
            ready!(wire.poll_drain(pipe, context))?;
            if pipe.held() == 0 {
                self.pipe = None;
            }
        }
        Poll::Ready(Ok(()))
    }

    fn advance(&mut self, count: usize) {
        let first = count.min(self.buffer.len());
        if first == self.buffer.len() {
            let mut buffer = std::mem::take(&mut self.buffer);
            if buffer.capacity() <= KEPT {
                buffer.clear();
                SPARE.set(buffer);
            }
        } else {
            self.buffer.advance(first);
        }
        let second = (count - first).min(self.piece.len());
        self.piece.advance(second);
        self.tail = self.tail.get(count - first - second..).unwrap_or_default();
        if self.piece.is_empty() {
            self.piece = Bytes::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::Output;

    /// What would be sent, in steps of this many bytes.
    fn sent(mut output: Output, step: usize) -> Vec<u8> {
        let mut all = Vec::new();
        while !output.is_written() {
            let now = [&output.buffer[..], &output.piece, output.tail].concat();
            let count = step.min(now.len());
            all.extend_from_slice(&now[..count]);
            output.advance(count);
        }
        all
    }

    #[test]
    fn chunks_are_whole_however_they_are_sent() {
        for length in [1, 100, 20_000] {
            for step in [1, 7, 50_000] {
                let mut output = Output::default();
                output.line("x", b"y");
                output.chunk(Bytes::new());
                output.chunk(vec![b'a'; length].into());
                let chunk = format!("x: y\r\n{length:x}\r\n{}\r\n", "a".repeat(length));
                assert_eq!(sent(output, step), chunk.as_bytes());
            }
        }
        let mut output = Output::default();
        let trailers = [(http::header::ETAG, http::HeaderValue::from_static("z"))];
        output.last_chunk(Some(&trailers.into_iter().collect()));
        assert_eq!(sent(output, 3), b"0\r\netag: z\r\n\r\n");
    }
}
