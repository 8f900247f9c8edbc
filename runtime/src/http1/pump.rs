//! A message on its way out: its head first, then its body as it comes, in the coding that was
//! announced. What is there at once goes out at once: a small answer is one system call.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame};

use super::output::Output;
use super::wire::Wire;

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
    /// All of the body is in the output.
    taken: bool,
    /// What is wrong with the body; told once everything before it was sent.
    fault: Option<PumpError<B::Error>>,
}

/// What a pump waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waiting {
    /// The other side takes nothing at present.
    Wire,
    /// The body has nothing at present.
    Body,
}

impl<B: Body<Data = Bytes> + Unpin> Pump<B> {
    /// Sends this body behind what is in the output.
    pub(crate) fn new(body: B, coding: Coding) -> Self {
        Self {
            body,
            coding,
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
        loop {
            let gathered = match &self.fault {
                None => self.gather(output, context),
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
    fn gather(&mut self, output: &mut Output, context: &mut Context<'_>) -> Poll<()> {
        while !self.taken && self.fault.is_none() && !output.is_full() {
            let taken = if self.body.is_end_stream() {
                self.finish(output, None)
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

    fn add(&mut self, output: &mut Output, frame: Frame<Bytes>) -> Result<(), PumpError<B::Error>> {
        let data = match frame.into_data() {
            Ok(data) => data,
            Err(frame) => {
                let trailers = frame.into_trailers().ok();
                return self.finish(output, trailers.as_ref());
            }
        };
        match &mut self.coding {
            Coding::None => {}
            Coding::Length(left) => {
                *left = left
                    .checked_sub(data.len() as u64)
                    .ok_or(PumpError::Length)?;
                output.bytes(data);
            }
            Coding::Chunked { .. } => output.chunk(data),
            Coding::UntilClose => output.bytes(data),
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
