//! One request and its answer on a stream of an HTTP/2 connection (RFC 9113, section 8). As with
//! HTTP/1.1 both move in the task of the client they are for; only the frames are written and read by
//! the connection's own.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use gated_engine::decide::is_bodiless;
use h2::client::ResponseFuture;
use h2::{Reason, RecvStream, SendStream};
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, Method, Request, Response};
use http_body::{Body, Frame, SizeHint};

use super::Lost;
use super::channel::Seat;
use super::overdue::Overdue;
use super::relay::BoxError;
use super::upload::Upload;
use crate::http1::Alarm;

/// A request's body on its way.
struct Sending {
    stream: SendStream<Bytes>,
    body: Upload,
    /// What of it waits for room at the server.
    piece: Bytes,
}

/// An answer on its way.
pub(super) struct Multiplexed {
    sending: Option<Sending>,
    incoming: Option<RecvStream>,
    /// Bytes that are announced and have not come.
    left: Option<u64>,
    seat: Seat,
}

/// Why a body is not sent on.
enum Halt {
    /// The server takes no more of it, which is told by the answer.
    Unwanted,
    /// It broke off itself.
    Broken(String),
}

impl Sending {
    /// Sends on; ready when all is sent.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Halt>> {
        loop {
            if !self.piece.is_empty() {
                ready!(self.poll_piece(context))?;
                if self.piece.is_empty() && self.body.is_end_stream() {
                    return Poll::Ready(Ok(()));
                }
                continue;
            }
            match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                None => return Poll::Ready(self.end()),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.piece = data,
                    Err(frame) => {
                        let trailers = frame.into_trailers().unwrap_or_default();
                        let sent = self.stream.send_trailers(trailers);
                        return Poll::Ready(sent.map_err(|_| Halt::Unwanted));
                    }
                },
                Some(Err(fault)) => {
                    self.stream.send_reset(Reason::CANCEL);
                    return Poll::Ready(Err(Halt::Broken(fault.to_string())));
                }
            }
        }
    }

    fn end(&mut self) -> Result<(), Halt> {
        let sent = self.stream.send_data(Bytes::new(), true);
        sent.map_err(|_| Halt::Unwanted)
    }

    /// Sends as much of the piece as the server has room for.
    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Halt>> {
        self.stream.reserve_capacity(self.piece.len());
        while self.stream.capacity() == 0 {
            match ready!(self.stream.poll_capacity(context)) {
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Poll::Ready(Err(Halt::Unwanted)),
            }
        }
        let room = self.stream.capacity().min(self.piece.len());
        let part = self.piece.split_to(room);
        let last = self.piece.is_empty() && self.body.is_end_stream();
        let sent = self.stream.send_data(part, last);
        Poll::Ready(sent.map_err(|_| Halt::Unwanted))
    }
}

impl Multiplexed {
    /// Sends a request and waits for the head of its answer.
    pub(super) async fn ask(
        seat: Seat,
        request: Request<()>,
        body: Upload,
        overdue: &Overdue<'_>,
    ) -> Result<(Response<()>, Self), Lost> {
        let is_head = request.method() == Method::HEAD;
        let ends = body.is_end_stream();
        let mut sender = seat.sender();
        poll_fn(|context| sender.poll_ready(context))
            .await
            .map_err(|error| Lost::Unprocessed(told(&error)))?;
        let (answer, stream) = sender
            .send_request(request, ends)
            .map_err(|error| Lost::Unprocessed(told(&error)))?;
        let sending = (!ends).then_some(Sending {
            stream,
            body,
            piece: Bytes::new(),
        });
        let mut asked = Self {
            sending,
            incoming: None,
            left: None,
            seat,
        };
        let (head, incoming) = asked.answer(answer, overdue).await?.into_parts();
        asked.seat.hear();
        if is_head || is_bodiless(head.status) || incoming.is_end_stream() {
            asked.left = Some(0);
        } else {
            asked.left = length(&head.headers);
            asked.incoming = Some(incoming);
        }
        Ok((Response::from_parts(head, ()), asked))
    }

    async fn answer(
        &mut self,
        mut answer: ResponseFuture,
        overdue: &Overdue<'_>,
    ) -> Result<Response<RecvStream>, Lost> {
        let mut alarm = Alarm::default();
        poll_fn(|context| {
            let halted = self.poll_sending(context);
            if let Poll::Ready(answered) = Pin::new(&mut answer).poll(context) {
                return Poll::Ready(answered.map_err(|error| self.lost(&error)));
            }
            if let Some(why) = halted {
                let why = format!("the request's body broke off: {why}");
                return Poll::Ready(Err(Lost::Failed(why)));
            }
            match overdue.from() {
                Some(until) => alarm.poll(until, context).map(|()| {
                    self.seat.overdue();
                    Err(Lost::Overdue)
                }),
                None => Poll::Pending,
            }
        })
        .await
    }

    /// Sends on; why the body broke off, if it did.
    fn poll_sending(&mut self, context: &mut Context<'_>) -> Option<String> {
        let sending = self.sending.as_mut()?;
        match sending.poll(context) {
            Poll::Pending => None,
            Poll::Ready(Err(Halt::Broken(why))) => {
                self.sending = None;
                Some(why)
            }
            Poll::Ready(_) => {
                self.sending = None;
                None
            }
        }
    }

    /// What it means that a stream ended without an answer.
    fn lost(&self, error: &h2::Error) -> Lost {
        let refused = error.is_reset() && error.reason() == Some(Reason::REFUSED_STREAM);
        // Streams beyond those that a GOAWAY names were not looked at (RFC 9113, section 6.8).
        let unprocessed = error.is_remote() && (refused || error.is_go_away());
        let why = told(error);
        if unprocessed {
            Lost::Unprocessed(why)
        } else if error.is_io() && !self.seat.is_first() {
            Lost::Stale(why)
        } else {
            Lost::Failed(why)
        }
    }

    /// Sends on what the client still sends.
    pub(super) fn push(&mut self, context: &mut Context<'_>) {
        self.poll_sending(context);
    }

    /// The next piece of the answer.
    pub(super) fn poll_frame(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let Some(incoming) = &mut self.incoming else {
            return Poll::Ready(None);
        };
        let frame = match ready!(incoming.poll_data(context)) {
            Some(Ok(data)) => {
                // The client takes it now, so the server may send as much again.
                let _ = incoming.flow_control().release_capacity(data.len());
                self.left = self.left.map(|left| left.saturating_sub(data.len() as u64));
                self.seat.hear();
                Some(Ok(Frame::data(data)))
            }
            Some(Err(error)) => Some(Err(told(&error).into())),
            None => match ready!(incoming.poll_trailers(context)) {
                Ok(trailers) => trailers.map(|trailers| Ok(Frame::trailers(trailers))),
                Err(error) => Some(Err(told(&error).into())),
            },
        };
        if incoming.is_end_stream() || !matches!(&frame, Some(Ok(frame)) if frame.is_data()) {
            self.incoming = None;
        }
        Poll::Ready(frame)
    }

    /// Gives the rest of the answer up.
    pub(super) fn give_up(&mut self) {
        self.incoming = None;
        self.sending = None;
    }

    pub(super) fn is_end_stream(&self) -> bool {
        self.incoming.is_none()
    }

    pub(super) fn size_hint(&self) -> SizeHint {
        match (&self.incoming, self.left) {
            (None, _) => SizeHint::with_exact(0),
            (Some(_), Some(left)) => SizeHint::with_exact(left),
            (Some(_), None) => SizeHint::default(),
        }
    }
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// What went wrong, in words.
fn told(error: &h2::Error) -> String {
    match error.reason() {
        Some(reason) if error.is_go_away() && error.is_remote() => {
            format!("the server is going away: {reason:?}")
        }
        Some(reason) if error.is_reset() && error.is_remote() => {
            format!("the server gave the request up: {reason:?}")
        }
        Some(reason) => format!("the answer is no HTTP/2: {reason:?}"),
        None if error.is_io() => format!("the server broke off: {error}"),
        None => format!("HTTP/2 failed: {error}"),
    }
}
