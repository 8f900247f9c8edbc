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
use super::pool::Line;
use crate::http1::BodyReader;

/// What errors of bodies are to hyper.
pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Where a connection goes when it is free again.
type Home = (Rc<Pool>, Line);

/// The body of an answer that comes from a server.
pub(crate) struct Relay {
    body: BodyReader,
    /// The connection, as long as it is needed, and where it goes then.
    lease: Option<(Exchange, Option<Home>)>,
    idle: Idle,
}

impl Relay {
    /// A body with the connection it comes on, and the pool that takes the connection afterwards.
    pub(super) fn new(exchange: Exchange, home: Option<Home>) -> Self {
        let mut relay = Self {
            body: BodyReader::new(Rc::clone(exchange.wire())),
            lease: Some((exchange, home)),
            idle: Idle::new(None),
        };
        if relay.body.is_end_stream() {
            relay.release();
        }
        relay
    }

    /// The same, cut off when the server pauses for longer than that.
    pub(super) fn within(mut self, longest_pause: Option<Duration>) -> Self {
        self.idle = Idle::new(longest_pause);
        self
    }

    /// The answer is through. A request that was not sent to its end leaves the connection unusable.
    fn release(&mut self) {
        if let Some((exchange, Some((pool, line)))) = self.lease.take()
            && exchange.is_sent()
        {
            pool.keep(line);
        }
    }

    /// Sends on what the client still sends.
    pub(crate) fn push(&mut self, context: &mut Context<'_>) {
        if let Some((exchange, _)) = &mut self.lease {
            exchange.push(context);
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

impl Body for Relay {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.push(context);
        let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) else {
            ready!(self.idle.poll(context));
            self.lease = None;
            return Poll::Ready(Some(Err("the server's answer came to a halt".into())));
        };
        self.idle.progress();
        let frame = frame.map(|frame| frame.map(without_framing));
        match &frame {
            Some(Err(_)) => self.lease = None,
            Some(Ok(_)) if !self.body.is_end_stream() => {}
            _ => self.release(),
        }
        Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
