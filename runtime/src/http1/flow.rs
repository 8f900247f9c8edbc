//! Bodies whose bytes may go from socket to socket without being looked at.

use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Body;

use super::pipe::Pipe;

/// A body that is sent on. What it does with a frame (counting, bounds, timeouts, giving its connection
/// back) it does with bytes that are poured all the same.
pub(crate) trait Flow: Body<Data = Bytes> {
    /// Bytes that can be poured from here on: the length of all that is left of the body, or 0 where
    /// the next has to be taken as a frame.
    fn pourable(&self) -> u64 {
        0
    }

    /// Moves what there is, up to [`Self::pourable`], into the empty pipe, and says how much it was; 0:
    /// it cannot be done, and the next has to be taken as a frame. To be asked only while something is
    /// pourable; the end too early is an error, as with frames.
    fn poll_pour(
        &mut self,
        _pipe: &mut Pipe,
        _context: &mut Context<'_>,
    ) -> Poll<Result<usize, Self::Error>> {
        Poll::Ready(Ok(0))
    }
}
