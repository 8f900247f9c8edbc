//! A request's body as it comes in on a stream.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use h2::RecvStream;
use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use http_body::{Body, Frame, SizeHint};

/// The body of a request. The client may send as much again as was taken.
pub(crate) struct StreamReader {
    stream: RecvStream,
    /// All data was taken; only trailers may follow.
    data_taken: bool,
    /// Bytes announced (`h2` sees to it that they are as many) and not taken yet.
    left: Option<u64>,
}

impl StreamReader {
    /// Reads the body of the request with these headers.
    pub(super) fn new(stream: RecvStream, headers: &HeaderMap) -> Self {
        let announced = || headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok();
        let ended = stream.is_end_stream();
        Self {
            data_taken: ended,
            left: if ended { Some(0) } else { announced() },
            stream,
        }
    }
}

impl Body for StreamReader {
    type Data = Bytes;
    type Error = h2::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, h2::Error>>> {
        if !self.data_taken {
            match ready!(self.stream.poll_data(context)) {
                Some(Ok(data)) => {
                    let _ = self.stream.flow_control().release_capacity(data.len());
                    self.left = self.left.map(|left| left.saturating_sub(data.len() as u64));
                    return Poll::Ready(Some(Ok(Frame::data(data))));
                }
                // Whatever reason the client gives: what it broke off must not look whole.
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => self.data_taken = true,
            }
        }
        let trailers = ready!(self.stream.poll_trailers(context));
        Poll::Ready(
            trailers
                .transpose()
                .map(|trailers| trailers.map(Frame::trailers)),
        )
    }

    fn is_end_stream(&self) -> bool {
        self.stream.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.left
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
