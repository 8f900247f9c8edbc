//! A message on its way out: its head first, then its body as it comes, in the coding that was
//! announced. What is there at once goes out at once: a small answer is one system call.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame};

use super::flow::Flow;
use super::output::Output;
use super::pipe::Pipe;
use super::wire::Wire;

/// From so many bytes on that are left of a body, pouring it costs less than to read and write it.
const WORTH: u64 = 32 * 1024;

/// Bytes that are poured before others have their turn.
const TURN: usize = 2 << 20;

/// How the body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    /// Not at all.
    None,
    /// So many bytes are announced.
    Length(u64),
    /// In chunks; and whether trailers may follow.
    Chunked {
        /// Whether the other side takes trailers.
        trailers: bool,
    },
    /// Until the connection closes.
    UntilClose,
}

/// Why a message was not sent to its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PumpError<E> {
    /// The body broke off.
    #[error("{0}")]
    Body(E),
    /// The body is not as long as was announced.
    #[error("the body is not as long as announced")]
    Length,
    /// The connection broke.
    #[error("{0}")]
    Io(std::io::Error),
}

/// A message that is sent.
pub(crate) struct Pump<B: Body> {
    body: B,
    coding: Coding,
    pours: Pours,
    /// All of the body is in the output.
    taken: bool,
    /// What is wrong with the body; told once everything before it was sent.
    fault: Option<PumpError<B::Error>>,
}

/// Whether the body goes through a pipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pours {
    /// As soon as it can and is worth it.
    Perhaps,
    /// It does, to its end.
    Yes {
        /// Bytes at once.
        piece: usize,
        /// Bytes that it may still go in this turn.
        turn: usize,
    },
    /// It turned out that it cannot.
    No,
}

/// What a pump waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waiting {
    /// The other side takes nothing at present.
    Wire,
    /// The body has nothing at present.
    Body,
}

impl<B: Flow + Unpin> Pump<B> {
    /// Sends this body behind what is in the output.
    pub(crate) fn new(body: B, coding: Coding) -> Self {
        Self {
            body,
            coding,
            pours: Pours::Perhaps,
            taken: false,
            fault: None,
        }
    }

    /// The body.
    pub(crate) fn body(&mut self) -> &mut B {
        &mut self.body
    }

    /// Sends on; `None`: everything is sent.
    pub(crate) fn drive(
        &mut self,
        output: &mut Output,
        wire: &Wire,
        context: &mut Context<'_>,
    ) -> Result<Option<Waiting>, PumpError<B::Error>> {
        if let Pours::Yes { turn, .. } = &mut self.pours {
            *turn = TURN;
        }
        loop {
            let gathered = match &self.fault {
                None => self.gather(output, wire, context),
                Some(_) => Poll::Ready(()),
            };
            match output.poll_send(wire, context) {
                Poll::Pending => return Ok(Some(Waiting::Wire)),
                Poll::Ready(Err(error)) => return Err(PumpError::Io(error)),
                Poll::Ready(Ok(())) => {}
            }
            if let Some(fault) = self.fault.take() {
                return Err(fault);
            }
            if self.taken {
                return Ok(None);
            }
            if gathered.is_pending() {
                return Ok(Some(Waiting::Body));
            }
        }
    }

    /// Takes what the body has until the output is full; pending: the body has no more now.
    fn gather(&mut self, output: &mut Output, wire: &Wire, context: &mut Context<'_>) -> Poll<()> {
        while !self.taken && self.fault.is_none() && !output.is_full() {
            let taken = if self.body.is_end_stream() {
                self.finish(output, None)
            } else if let Some(pipe) = self.pipe(wire) {
                ready!(self.poll_pour(pipe, output, context))
            } else {
                match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                    Some(Ok(frame)) => self.add(output, frame),
                    Some(Err(error)) => Err(PumpError::Body(error)),
                    None => self.finish(output, None),
                }
            };
            self.fault = taken.err();
        }
        Poll::Ready(())
    }

    /// A pipe, if what comes next of the body is to go through one: all of the rest can, the other side
    /// takes it, it is what was announced, and it is worth it.
    fn pipe(&mut self, wire: &Wire) -> Option<Pipe> {
        let Coding::Length(announced) = self.coding else {
            return None;
        };
        let least = match self.pours {
            Pours::Perhaps => WORTH,
            Pours::Yes { .. } => 1,
            Pours::No => return None,
        };
        let left = self.body.pourable();
        if left < least || left != announced || !wire.is_plain() {
            return None;
        }
        let (piece, turn) = match self.pours {
            Pours::Yes { piece, turn } => (piece, turn),
            _ => (wire.piece(), TURN),
        };
        let pipe = Pipe::take(piece);
        self.pours = match pipe {
            Some(_) => Pours::Yes { piece, turn },
            None => Pours::No,
        };
        pipe
    }

    fn poll_pour(
        &mut self,
        mut pipe: Pipe,
        output: &mut Output,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), PumpError<B::Error>>> {
        if matches!(self.pours, Pours::Yes { turn: 0, .. }) {
            // This task is asked again behind the others.
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let poured = match ready!(self.body.poll_pour(&mut pipe, context)) {
            Ok(0) => {
                self.pours = Pours::No;
                return Poll::Ready(Ok(()));
            }
            Ok(count) => count,
            Err(error) => return Poll::Ready(Err(PumpError::Body(error))),
        };
        if let Pours::Yes { turn, .. } = &mut self.pours {
            *turn = turn.saturating_sub(poured);
        }
        output.pour(pipe);
        Poll::Ready(self.count(poured))
    }

    /// Counts what is sent of what was announced.
    fn count(&mut self, sent: usize) -> Result<(), PumpError<B::Error>> {
        if let Coding::Length(left) = &mut self.coding {
            *left = left.checked_sub(sent as u64).ok_or(PumpError::Length)?;
        }
        Ok(())
    }

    fn add(&mut self, output: &mut Output, frame: Frame<Bytes>) -> Result<(), PumpError<B::Error>> {
        let data = match frame.into_data() {
            Ok(data) => data,
            Err(frame) => {
                let trailers = frame.into_trailers().ok();
                return self.finish(output, trailers.as_ref());
            }
        };
        self.count(data.len())?;
        match self.coding {
            Coding::None => {}
            Coding::Length(_) | Coding::UntilClose => output.bytes(data),
            Coding::Chunked { .. } => output.chunk(data),
        }
        Ok(())
    }

    fn finish(
        &mut self,
        output: &mut Output,
        trailers: Option<&http::HeaderMap>,
    ) -> Result<(), PumpError<B::Error>> {
        self.taken = true;
        match self.coding {
            Coding::Length(1..) => return Err(PumpError::Length),
            Coding::Chunked { trailers: taken } => output.last_chunk(trailers.filter(|_| taken)),
            _ => {}
        }
        Ok(())
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
