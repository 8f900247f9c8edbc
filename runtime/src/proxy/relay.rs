//! A server's answer on its way to the client. When its last byte is through, the connection it came
//! on goes back to its pool; if it breaks off or comes to a halt, the connection is dropped with it.

use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

use super::idle::Idle;
use super::{BoxError, Pool, Sender};

/// The body of an answer that comes from a server.
pub(crate) struct Relay {
    body: Incoming,
    lease: Option<(Rc<Pool>, Sender)>,
    idle: Idle,
}

impl Relay {
    /// A body with the connection it comes on.
    pub(crate) fn new(body: Incoming, pool: Rc<Pool>, sender: Sender) -> Self {
        let mut relay = Self {
            body,
            lease: Some((pool, sender)),
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

    fn release(&mut self) {
        if let Some((pool, sender)) = self.lease.take() {
            pool.give_back(sender);
        }
    }
}

impl Body for Relay {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) else {
            ready!(self.idle.poll(context));
            self.lease = None;
            return Poll::Ready(Some(Err("the server's answer came to a halt".into())));
        };
        self.idle.progress();
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
