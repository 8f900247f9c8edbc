//! A body that is encoded as it is taken.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use gated_engine::compression::headers;
use gated_engine::files::negotiate::Encoding;
use http::HeaderMap;
use http_body::{Body, Frame};

use super::budget::Room;
use super::encoder::Encoder;
use crate::proxy::BoxError;

/// The most that is encoded before it is looked at what came out, in bytes.
const PIECE: usize = 16 * 1024;

/// So much is handed out at once, in bytes; a little more where a piece ends beyond it.
const FULL: usize = 16 * 1024;

/// The most that is encoded before other connections have their turn, in bytes.
const TURN: usize = 256 * 1024;

/// A body in an encoding. The plain one is asked for more only when everything that came out so far was
/// taken, or when what it gave was not enough to fill a frame.
pub(crate) struct EncodedBody<B> {
    inner: B,
    encoding: Encoding,
    /// What the encoder may hold.
    _room: Room,
    /// Whether a pause of the plain body must not hold back what came before it.
    live: bool,
    state: State,
    /// What the plain body gave and is not encoded yet.
    input: Bytes,
    /// Whether the encoder may hold back something that it was given.
    unflushed: bool,
}

enum State {
    /// Nothing came yet; this long it will be, if that is known.
    New(Option<u64>),
    Open(Encoder),
    /// All of it is out but the trailers.
    Trailers(HeaderMap),
    Over,
}

impl<B: Body> EncodedBody<B> {
    /// A body that comes as somebody else makes it: what there is goes out at once.
    pub(crate) fn live(inner: B, encoding: Encoding, room: Room) -> Self {
        Self::new(inner, encoding, room, true)
    }

    /// A body that is there already; where it pauses, it is about to go on.
    pub(crate) fn stored(inner: B, encoding: Encoding, room: Room) -> Self {
        Self::new(inner, encoding, room, false)
    }

    fn new(inner: B, encoding: Encoding, room: Room, live: bool) -> Self {
        Self {
            state: State::New(inner.size_hint().exact()),
            inner,
            encoding,
            _room: room,
            live,
            input: Bytes::new(),
            unflushed: false,
        }
    }

    /// The plain body.
    pub(crate) fn inner(&mut self) -> &mut B {
        &mut self.inner
    }
}

/// What was done with what there is.
enum Step {
    /// There is more to do.
    On,
    /// A frame is full, or all is out.
    Out(Option<Frame<Bytes>>),
}

impl<B: Body<Data = Bytes, Error = BoxError> + Unpin> EncodedBody<B> {
    fn poll_step(&mut self, context: &mut Context<'_>, left: &mut usize) -> Poll<io::Result<Step>> {
        match &mut self.state {
            State::New(length) if !self.input.is_empty() => {
                self.state = State::Open(Encoder::new(self.encoding, *length)?);
                Poll::Ready(Ok(Step::On))
            }
            State::Open(_) if !self.input.is_empty() => {
                if *left == 0 {
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Poll::Ready(self.encode(left))
            }
            State::New(_) | State::Open(_) => self.poll_inner(context),
            State::Trailers(trailers) => {
                let trailers = std::mem::take(trailers);
                self.state = State::Over;
                Poll::Ready(Ok(Step::Out(Some(Frame::trailers(trailers)))))
            }
            State::Over => Poll::Ready(Ok(Step::Out(None))),
        }
    }

    /// Encodes a piece of the input.
    fn encode(&mut self, left: &mut usize) -> io::Result<Step> {
        let State::Open(encoder) = &mut self.state else {
            return Ok(Step::On);
        };
        let piece = self.input.split_to(self.input.len().min(PIECE));
        *left = left.saturating_sub(piece.len());
        encoder.write(&piece)?;
        self.unflushed = true;
        Ok(match encoder.made() {
            FULL.. => Step::Out(Some(Frame::data(encoder.take()))),
            _ => Step::On,
        })
    }

    fn poll_inner(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Step>> {
        let frame = match Pin::new(&mut self.inner).poll_frame(context) {
            Poll::Ready(frame) => frame,
            Poll::Pending => return self.pause(),
        };
        Poll::Ready(match frame.transpose().map_err(io::Error::other)? {
            None => self.end(HeaderMap::new()),
            Some(frame) => match frame.into_data() {
                Ok(data) => {
                    self.input = data;
                    Ok(Step::On)
                }
                Err(frame) => self.end(frame.into_trailers().unwrap_or_default()),
            },
        })
    }

    /// There is nothing more at the moment.
    fn pause(&mut self) -> Poll<io::Result<Step>> {
        let State::Open(encoder) = &mut self.state else {
            return Poll::Pending;
        };
        if !self.live {
            return Poll::Pending;
        }
        if std::mem::take(&mut self.unflushed) {
            encoder.flush()?;
        }
        match encoder.made() {
            0 => Poll::Pending,
            _ => Poll::Ready(Ok(Step::Out(Some(Frame::data(encoder.take()))))),
        }
    }

    /// There is nothing more at all.
    fn end(&mut self, mut trailers: HeaderMap) -> io::Result<Step> {
        headers::without_digests(&mut trailers);
        let next = match trailers.is_empty() {
            true => State::Over,
            false => State::Trailers(trailers),
        };
        let rest = match std::mem::replace(&mut self.state, next) {
            State::Open(encoder) => encoder.finish()?,
            // Nothing, encoded, is something.
            _ => Encoder::new(self.encoding, Some(0))?.finish()?,
        };
        Ok(match rest.is_empty() {
            true => Step::On,
            false => Step::Out(Some(Frame::data(rest))),
        })
    }
}

impl<B: Body<Data = Bytes, Error = BoxError> + Unpin> Body for EncodedBody<B> {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        let mut left = TURN;
        loop {
            match ready!(this.poll_step(context, &mut left)) {
                Ok(Step::On) => {}
                Ok(Step::Out(frame)) => return Poll::Ready(frame.map(Ok)),
                Err(error) => {
                    // Without the end of the encoded stream, so that it does not look whole.
                    this.state = State::Over;
                    this.input = Bytes::new();
                    return Poll::Ready(Some(Err(plain(error))));
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.state, State::Over)
    }
}

/// The plain body's own error, where it was one.
fn plain(error: io::Error) -> BoxError {
    match error.get_ref().is_some() {
        true => error.into_inner().unwrap_or_else(|| "unknown".into()),
        false => error.into(),
    }
}

#[cfg(test)]
mod tests;
