//! A response's body that writes down whose turn it is.
//!
//! An HTTP/2 client says itself how much it takes (RFC 9113, section 5.2). hyper asks a body for more
//! only when the client has room, so a body that gave something and is not asked again waits for the
//! client; one that was asked and had nothing waits for its own source, and that is no fault of the
//! client.

use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use http_body::{Body, Frame, SizeHint};

use super::activity::Activity;

/// A body whose waiting for the client is known to its connection.
pub(crate) struct Paced<B> {
    body: B,
    activity: Rc<Activity>,
    ticket: u64,
}

impl<B: Body> Paced<B> {
    /// Begins with waiting for the client.
    pub(crate) fn new(body: B, activity: Rc<Activity>) -> Self {
        let ticket = activity.ticket();
        if activity.is_http2() && !body.is_end_stream() {
            activity.wait_for_client(ticket);
        }
        Self {
            body,
            activity,
            ticket,
        }
    }
}

impl<B: Body + Unpin> Body for Paced<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if self.activity.is_http2() {
            match &frame {
                Poll::Ready(Some(Ok(_))) => self.activity.wait_for_client(self.ticket),
                _ => self.activity.wait_no_more(self.ticket),
            }
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl<B> Drop for Paced<B> {
    fn drop(&mut self) {
        self.activity.wait_no_more(self.ticket);
    }
}
