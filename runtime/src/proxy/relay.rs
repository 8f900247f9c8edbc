//! A server's answer on its way to the client. When its last byte is through, the connection it came
//! on goes back to its pool; if it breaks off or comes to a halt, the connection is dropped with it.

use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::Pool;
use super::exchange::Exchange;
use super::headers::clean_trailers;
use super::idle::Idle;
use super::multiplexed::Multiplexed;
use super::pool::Line;
use crate::http1::{BodyReader, Flow, Pipe};

/// What is wrong with a body, whatever carries it.
pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Where a connection goes when it is free again.
type Home = (Rc<Pool>, Line);

/// The body of an answer that comes from a server.
pub(crate) struct Relay {
    lane: Lane,
    idle: Idle,
}

/// What an answer comes on.
enum Lane {
    /// A connection of its own.
    Line {
        body: BodyReader,
        /// The connection, as long as it is needed, and where it goes then.
        lease: Option<(Exchange, Option<Home>)>,
    },
    /// A stream among others.
    Stream(Multiplexed),
}

impl Relay {
    /// A body with the connection it comes on, and the pool that takes the connection afterwards.
    pub(super) fn new(exchange: Exchange, home: Option<Home>) -> Self {
        let mut lane = Lane::Line {
            body: BodyReader::new(Rc::clone(exchange.wire())),
            lease: Some((exchange, home)),
        };
        if lane.is_end_stream() {
            lane.release();
        }
        Self {
            lane,
            idle: Idle::new(None),
        }
    }

    /// A body that comes on a stream.
    pub(super) fn of_stream(stream: Multiplexed) -> Self {
        Self {
            lane: Lane::Stream(stream),
            idle: Idle::new(None),
        }
    }

    /// The same, cut off when the server pauses for longer than that.
    pub(super) fn within(mut self, longest_pause: Option<Duration>) -> Self {
        self.idle = Idle::new(longest_pause);
        self
    }

    /// Sends on what the client still sends.
    pub(crate) fn push(&mut self, context: &mut Context<'_>) {
        match &mut self.lane {
            Lane::Line { lease, .. } => {
                if let Some((exchange, _)) = lease {
                    exchange.push(context);
                }
            }
            Lane::Stream(stream) => stream.push(context),
        }
    }

    /// What follows from what came of the answer, whatever form it has: nothing for too long, a piece,
    /// an error or the end.
    fn poll_settle<T>(
        &mut self,
        came: Poll<Option<Result<T, BoxError>>>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<T, BoxError>>> {
        let Poll::Ready(came) = came else {
            ready!(self.idle.poll(context));
            self.lane.give_up();
            return Poll::Ready(Some(Err("the server's answer came to a halt".into())));
        };
        self.idle.progress();
        match &came {
            Some(Err(_)) => self.lane.give_up(),
            Some(Ok(_)) if !self.lane.is_end_stream() => {}
            _ => self.lane.release(),
        }
        Poll::Ready(came)
    }
}

impl Lane {
    fn poll_frame(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match self {
            Self::Line { body, .. } => Pin::new(body)
                .poll_frame(context)
                .map(|frame| frame.map(|frame| frame.map_err(Into::into))),
            Self::Stream(stream) => stream.poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Line { body, .. } => body.is_end_stream(),
            Self::Stream(stream) => stream.is_end_stream(),
        }
    }

    /// The answer is through. A request that was not sent to its end leaves a connection of its own
    /// unusable, and goes on on a stream.
    fn release(&mut self) {
        if let Self::Line { lease, .. } = self
            && let Some((exchange, Some((pool, line)))) = lease.take()
            && exchange.is_sent()
        {
            pool.keep(line);
        }
    }

    /// The answer breaks off here.
    fn give_up(&mut self) {
        match self {
            Self::Line { lease, .. } => *lease = None,
            Self::Stream(stream) => stream.give_up(),
        }
    }
}

/// Takes out of the trailers what would frame the answer or change what its headers say.
fn without_framing(frame: Frame<Bytes>) -> Frame<Bytes> {
    match frame.into_trailers() {
        Ok(mut trailers) => {
            clean_trailers(&mut trailers, None);
            Frame::trailers(trailers)
        }
        Err(frame) => frame,
    }
}

impl Flow for Relay {
    fn pourable(&self) -> u64 {
        match &self.lane {
            Lane::Line { body, .. } => body.pourable(),
            Lane::Stream(_) => 0,
        }
    }

    fn poll_pour(
        &mut self,
        pipe: &mut Pipe,
        context: &mut Context<'_>,
    ) -> Poll<Result<usize, BoxError>> {
        self.push(context);
        let Lane::Line { body, .. } = &mut self.lane else {
            return Poll::Ready(Ok(0));
        };
        let came = body.poll_pour(pipe, context).map_err(Into::into).map(Some);
        self.poll_settle(came, context)
            .map(|poured| poured.unwrap_or(Ok(0)))
    }
}

impl Body for Relay {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.push(context);
        let came = self.lane.poll_frame(context);
        self.poll_settle(came, context)
            .map(|frame| frame.map(|frame| frame.map(without_framing)))
    }

    fn is_end_stream(&self) -> bool {
        self.lane.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        match &self.lane {
            Lane::Line { body, .. } => body.size_hint(),
            Lane::Stream(stream) => stream.size_hint(),
        }
    }
}
