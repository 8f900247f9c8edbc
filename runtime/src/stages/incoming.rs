//! A request's body as it comes in, whichever protocol the client speaks.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::http1::{BodyError, BodyReader, Flow, Pipe};
use crate::server::StreamReader;

/// A body that comes in.
pub(crate) enum Incoming {
    /// On an HTTP/1.1 connection.
    Http1(BodyReader),
    /// On a stream of HTTP/2.
    Http2(StreamReader),
}

/// Why it did not come to its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IncomingError {
    #[error(transparent)]
    Http1(#[from] BodyError),
    #[error(transparent)]
    Http2(#[from] h2::Error),
}

impl Flow for Incoming {
    fn pourable(&self) -> u64 {
        match self {
            Self::Http1(body) => body.pourable(),
            Self::Http2(_) => 0,
        }
    }

    fn poll_pour(
        &mut self,
        pipe: &mut Pipe,
        context: &mut Context<'_>,
    ) -> Poll<Result<usize, IncomingError>> {
        match self {
            Self::Http1(body) => body.poll_pour(pipe, context).map_err(Into::into),
            Self::Http2(_) => Poll::Ready(Ok(0)),
        }
    }
}

impl Body for Incoming {
    type Data = Bytes;
    type Error = IncomingError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, IncomingError>>> {
        match self.get_mut() {
            Self::Http1(body) => Pin::new(body).poll_frame(context).map_err(Into::into),
            Self::Http2(body) => Pin::new(body).poll_frame(context).map_err(Into::into),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Http1(body) => body.is_end_stream(),
            Self::Http2(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Http1(body) => body.size_hint(),
            Self::Http2(body) => body.size_hint(),
        }
    }
}
