//! A request's body on its way to a server, or to nowhere.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::http1::{Flow, Pipe};
use crate::stages::{Fault, Metered};

/// The body of a request that is passed on.
pub(crate) enum Upload {
    /// None.
    Empty,
    /// Read already.
    Whole(Option<Bytes>),
    /// Coming in.
    Stream(Metered),
}

impl Upload {
    /// The same once more, if it can be sent a second time.
    pub(super) fn again(&self) -> Option<Self> {
        match self {
            Self::Empty => Some(Self::Empty),
            Self::Whole(bytes) => Some(Self::Whole(bytes.clone())),
            Self::Stream(_) => None,
        }
    }
}

impl Flow for Upload {
    fn pourable(&self) -> u64 {
        match self {
            Self::Empty | Self::Whole(_) => 0,
            Self::Stream(body) => body.pourable(),
        }
    }

    fn poll_pour(
        &mut self,
        pipe: &mut Pipe,
        context: &mut Context<'_>,
    ) -> Poll<Result<usize, Fault>> {
        match self {
            Self::Empty | Self::Whole(_) => Poll::Ready(Ok(0)),
            Self::Stream(body) => body.poll_pour(pipe, context),
        }
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = Fault;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Fault>>> {
        match self.get_mut() {
            Self::Empty => Poll::Ready(None),
            Self::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Self::Stream(body) => Pin::new(body).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Whole(bytes) => bytes.as_ref().is_none_or(Bytes::is_empty),
            Self::Stream(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Empty => SizeHint::with_exact(0),
            Self::Whole(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
            }
            Self::Stream(body) => body.size_hint(),
        }
    }
}
