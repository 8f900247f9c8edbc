//! A connection with what was read of it and not yet taken.
//!
//! It is shared by whoever waits for the next head and whoever reads the present body; both live in
//! the same task, one after the other. A read takes what is there in one system call, and the buffer
//! is as large as the connection's messages ask for.

use std::cell::{Cell, RefCell};
use std::io::{self, IoSlice};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::{Buf, Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};

use super::alarm::Alarm;
use super::decoder::{Decoded, Decoder};
use super::flow::Flow;
use super::head::{Kind, Limits, Refused, Scan};
use super::pace::Pace;
use super::pipe::Pipe;
use super::stream::Stream;

/// Up to so many bytes are wanted while messages are small.
const SMALL_READ: usize = 4 * 1024;

/// Bytes read at once while messages are small.
const DESK_SIZE: usize = 16 * 1024;

/// Bytes read at once within a large body: half of what the system hands on as one piece (64 KiB), so
/// that a piece is free again after two reads. A quarter cheaper than 64 or 128 KiB by measurement, and
/// 48 KiB, which leaves pieces half read, half as much again dearer.
const LARGE_READ: usize = 32 * 1024;

/// Bytes that may be read ahead while a request is answered.
const READ_AHEAD: usize = 64 * 1024;

const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// Why a body cannot be read to its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyError {
    /// The bytes are no body.
    #[error("its body is malformed")]
    Malformed,
    /// It was closed before the end.
    #[error("it was closed before the end of the body")]
    Short,
    /// The connection broke.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A connection.
pub(crate) struct Wire {
    stream: RefCell<Stream>,
    input: RefCell<BytesMut>,
    decoder: Cell<Decoder>,
    /// Bytes to read at once.
    appetite: Cell<usize>,
    /// The other side will send nothing more.
    ended: Cell<bool>,
    /// What is left of `100 Continue`, which the client waits for.
    interim: Cell<&'static [u8]>,
    pace: Pace,
    alarm: RefCell<Alarm>,
}

impl Wire {
    /// A connection of which `input` was read already.
    pub(crate) fn new(stream: Stream, input: BytesMut) -> Self {
        Self {
            stream: RefCell::new(stream),
            input: RefCell::new(input),
            decoder: Cell::new(Decoder::Done),
            appetite: Cell::new(SMALL_READ),
            ended: Cell::new(false),
            interim: Cell::new(&[]),
            pace: Pace::default(),
            alarm: RefCell::default(),
        }
    }

    /// The connection and what was read of it.
    pub(crate) fn into_parts(self) -> (Stream, BytesMut) {
        (self.stream.into_inner(), self.input.into_inner())
    }

    /// Looks at what was read and not taken.
    pub(crate) fn peek<T>(&self, look: impl FnOnce(&[u8]) -> T) -> T {
        look(&self.input.borrow())
    }

    /// Reads more; 0: the other side sends no more.
    pub(crate) fn poll_fill(&self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if self.ended.get() {
            return Poll::Ready(Ok(0));
        }
        let mut input = self.input.borrow_mut();
        let mut stream = self.stream.borrow_mut();
        let appetite = self.appetite.get();
        let count = if appetite > SMALL_READ {
            if input.capacity() - input.len() < appetite / 2 {
                input.reserve(appetite);
            }
            let reading = pin!(stream.read_buf(&mut *input));
            ready!(reading.poll(context))?
        } else {
            ready!(poll_small(&mut stream, &mut input, context))?
        };
        if count == 0 {
            self.ended.set(true);
        }
        Poll::Ready(Ok(count))
    }

    /// Whether nothing came in that nobody asked for, as far as is known without asking the system.
    pub(crate) fn is_quiet(&self) -> bool {
        let mut context = Context::from_waker(std::task::Waker::noop());
        !self.ended.get()
            && self.input.borrow().is_empty()
            && self.poll_fill(&mut context).is_pending()
    }

    /// Ready when the other side has gone. What comes in meanwhile is kept, up to a bound.
    pub(crate) fn poll_gone(&self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            // A body that is read sees the end itself.
            if self.decoder.get() != Decoder::Done || self.input.borrow().len() >= READ_AHEAD {
                return Poll::Pending;
            }
            match ready!(self.poll_fill(context)) {
                Ok(0) | Err(_) => return Poll::Ready(()),
                Ok(_) => {}
            }
        }
    }

    /// Waits for a whole head and takes it; `None`: the other side closed between messages.
    pub(crate) fn poll_head(
        &self,
        scan: &mut Scan,
        limits: &Limits,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<Result<Option<Bytes>, Refused>>> {
        loop {
            let found = {
                let mut input = self.input.borrow_mut();
                let empty = scan.empty_lines(&input);
                input.advance(empty);
                scan.end(&input, limits)
            };
            match found {
                Err(refused) => return Poll::Ready(Ok(Err(refused))),
                Ok(Some(length)) => {
                    let mut input = self.input.borrow_mut();
                    let head = if length == input.len() {
                        std::mem::take(&mut *input)
                    } else {
                        input.split_to(length)
                    };
                    return Poll::Ready(Ok(Ok(Some(head.freeze()))));
                }
                Ok(None) => {}
            }
            if ready!(self.poll_fill(context))? == 0 {
                return Poll::Ready(if self.input.borrow().is_empty() {
                    Ok(Ok(None))
                } else {
                    Err(io::ErrorKind::UnexpectedEof.into())
                });
            }
        }
    }

    /// Begins a body. Where the other side waits for `100 Continue`, it is sent when the body is
    /// asked for.
    pub(crate) fn begin_body(&self, kind: Kind, expects: bool) {
        self.decoder.set(kind.into());
        let waits = expects && kind != Kind::Empty && self.input.borrow().is_empty();
        self.interim.set(if waits { CONTINUE } else { &[] });
    }

    /// Whether all of the body was read.
    pub(crate) fn is_body_done(&self) -> bool {
        self.decoder.get() == Decoder::Done
    }

    /// Gives up `100 Continue` because the answer itself is ready: what must still be sent of it, if
    /// it was begun; `None`: the other side does not wait for it.
    pub(crate) fn give_up_continue(&self) -> Option<&'static [u8]> {
        match self.interim.take() {
            [] => None,
            all if all.len() == CONTINUE.len() => Some(&[]),
            rest => Some(rest),
        }
    }

    /// The next piece of the body.
    pub(crate) fn poll_body(
        &self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        loop {
            let mut decoder = self.decoder.get();
            let decoded = decoder.next(&mut self.input.borrow_mut());
            self.decoder.set(decoder);
            match decoded {
                Ok(Decoded::Data(data)) => return Poll::Ready(Some(Ok(Frame::data(data)))),
                Ok(Decoded::Trailers(trailers)) => {
                    return Poll::Ready(Some(Ok(Frame::trailers(trailers))));
                }
                Ok(Decoded::End) => {
                    self.appetite.set(SMALL_READ);
                    return Poll::Ready(None);
                }
                Ok(Decoded::More) => {}
                Err(_) => return self.fail(BodyError::Malformed),
            }
            if let Err(error) = ready!(self.poll_interim(context)) {
                return self.fail(error.into());
            }
            self.hunger(decoder);
            match ready!(self.poll_fill(context)) {
                Err(error) => return self.fail(error.into()),
                Ok(0) if decoder == Decoder::UntilClose => self.decoder.set(Decoder::Done),
                Ok(0) => return self.fail(BodyError::Short),
                Ok(_) => {}
            }
        }
    }

    /// What is left of a body of known length, where none of it was read and its bytes can go through a
    /// pipe; else 0.
    fn pourable(&self) -> u64 {
        let untouched = self.input.borrow().is_empty() && self.interim.get().is_empty();
        match self.decoder.get() {
            Decoder::Length(left) if untouched && self.is_plain() => left,
            _ => 0,
        }
    }

    /// Moves what is there of the body into the empty pipe; 0: it cannot be done. Only while something
    /// is pourable.
    fn poll_pour(
        &self,
        pipe: &mut Pipe,
        context: &mut Context<'_>,
    ) -> Poll<Result<usize, BodyError>> {
        let left = self.pourable();
        let most = usize::try_from(left).unwrap_or(usize::MAX);
        if most == 0 {
            return Poll::Ready(Ok(0));
        }
        let poured = ready!(self.stream.borrow().poll_pour(pipe, most, context));
        Poll::Ready(match poured {
            Ok(0) => {
                self.ended.set(true);
                self.decoder.set(Decoder::Broken);
                Err(BodyError::Short)
            }
            Ok(count) => {
                self.decoder
                    .set(Decoder::length(left.saturating_sub(count as u64)));
                Ok(count)
            }
            Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(0),
            Err(error) => {
                self.decoder.set(Decoder::Broken);
                Err(error.into())
            }
        })
    }

    /// Reads more at once while a body is long and comes fast.
    fn hunger(&self, decoder: Decoder) {
        let wanted = match decoder.left() {
            Some(left) => usize::try_from(left).unwrap_or(LARGE_READ),
            None => self.appetite.get().saturating_mul(2),
        };
        self.appetite.set(wanted.clamp(SMALL_READ, LARGE_READ));
    }

    fn poll_interim(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.interim.get().is_empty() {
            let interim = self.interim.get();
            let count = ready!(self.poll_write(&[IoSlice::new(interim)], context))?;
            self.interim.set(interim.get(count..).unwrap_or_default());
        }
        Poll::Ready(Ok(()))
    }

    fn fail<T>(&self, error: BodyError) -> Poll<Option<Result<T, BodyError>>> {
        self.decoder.set(Decoder::Broken);
        Poll::Ready(Some(Err(error)))
    }

    /// Writes from the slices, which are not all empty.
    pub(crate) fn poll_write(
        &self,
        slices: &[IoSlice<'_>],
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        let mut stream = self.stream.borrow_mut();
        let stream = Pin::new(&mut *stream);
        let written = match slices {
            [one] => stream.poll_write(context, one),
            several => stream.poll_write_vectored(context, several),
        };
        self.pace.note_written(written)
    }

    /// Whether its bytes can go through a pipe.
    pub(super) fn is_plain(&self) -> bool {
        self.stream.borrow().is_plain()
    }

    /// How many bytes are best poured into it at once.
    pub(super) fn piece(&self) -> usize {
        self.stream.borrow().piece()
    }

    /// Writes from the pipe, which is not empty.
    pub(super) fn poll_drain(
        &self,
        pipe: &mut Pipe,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        let drained = self.stream.borrow().poll_drain(pipe, context);
        self.pace.note_written(drained)
    }

    /// Pushes on what a layer below holds back.
    pub(crate) fn poll_flush(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut *self.stream.borrow_mut()).poll_flush(context);
        self.pace.note_flushed(&flushed);
        flushed
    }

    /// Says that nothing more will be sent.
    pub(crate) fn poll_shutdown(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.stream.borrow_mut()).poll_shutdown(context)
    }

    /// Says the end within the stream, before the connection is closed.
    pub(crate) fn farewell(&self) {
        self.stream.borrow_mut().farewell();
    }

    /// Has the connection reset when it is dropped, so that the other side notices that something is
    /// missing.
    pub(crate) fn reset_on_close(&self) {
        self.stream.borrow().reset_on_close();
    }

    /// When it is too long that something waits to be sent.
    pub(crate) fn send_deadline(&self, bound: Duration) -> Option<Instant> {
        self.pace.deadline(bound)
    }

    /// Ready when `until` has come. One timer does for all that is ever waited for here, one after the
    /// other.
    pub(crate) fn poll_alarm(&self, until: Instant, context: &mut Context<'_>) -> Poll<()> {
        self.alarm.borrow_mut().poll(until, context)
    }

    /// Throws away what was read, and says how much it was.
    pub(crate) fn discard(&self) -> usize {
        let mut input = self.input.borrow_mut();
        let count = input.len();
        input.clear();
        count
    }
}

thread_local! {
    /// Where small messages are read, so that a connection that waits for one holds no memory for it.
    static DESK: RefCell<Box<[u8]>> = RefCell::new(vec![0; DESK_SIZE].into_boxed_slice());
}

/// Reads what is there and keeps exactly that.
fn poll_small(
    stream: &mut Stream,
    input: &mut BytesMut,
    context: &mut Context<'_>,
) -> Poll<io::Result<usize>> {
    DESK.with_borrow_mut(|desk| {
        let mut read = ReadBuf::new(desk);
        ready!(Pin::new(stream).poll_read(context, &mut read))?;
        let read = read.filled();
        if input.is_empty() {
            *input = BytesMut::from(read);
        } else {
            input.extend_from_slice(read);
        }
        Poll::Ready(Ok(read.len()))
    })
}

/// The present body of a connection.
pub(crate) struct BodyReader(Rc<Wire>);

impl BodyReader {
    /// Reads the body that was begun.
    pub(crate) fn new(wire: Rc<Wire>) -> Self {
        Self(wire)
    }
}

impl Body for BodyReader {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        self.0.poll_body(context)
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_body_done()
    }

    fn size_hint(&self) -> SizeHint {
        self.0
            .decoder
            .get()
            .left()
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

impl Flow for BodyReader {
    fn pourable(&self) -> u64 {
        self.0.pourable()
    }

    fn poll_pour(
        &mut self,
        pipe: &mut Pipe,
        context: &mut Context<'_>,
    ) -> Poll<Result<usize, BodyError>> {
        self.0.poll_pour(pipe, context)
    }
}
