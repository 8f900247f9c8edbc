//! One request and its answer on a connection to a server. Both move at once, in the task of the
//! client they are for: the body goes up as long as it comes, and the answer may come before it ends.

use std::future::poll_fn;
use std::io;
use std::rc::Rc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::Method;

use super::overdue::Overdue;
use super::upload::Upload;
use crate::http1::head::{self, ResponseHead, Scan};
use crate::http1::{Coding, Limits, Output, Pump, PumpError, Refused, Waiting, Wire};

/// What is taken of an answer's head.
const LIMITS: Limits = Limits {
    size: 256 * 1024,
    target: 0,
    lines: 256,
};

/// Answers of the kind 1xx that may come before the real one.
const MOST_INTERIM: usize = 8;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    /// The connection was closed before any of the answer came.
    #[error("the server closed the connection")]
    Closed,
    /// The connection broke.
    #[error("{}", broken_off(.0))]
    Io(#[from] io::Error),
    /// What came is no answer.
    #[error("{}", unread(*.0))]
    Answer(#[from] Refused),
    /// The server wants another protocol, which nobody offered.
    #[error("the server answered 101 unasked")]
    Switched,
    /// More answers before the answer than make sense.
    #[error("the server sent too many interim answers")]
    Interim,
    /// It did not come in time.
    #[error("the answer is overdue")]
    Overdue,
    /// The request's own body broke off or was not as long as said.
    #[error("the request's body broke off: {0}")]
    Upload(String),
}

fn unread(refused: Refused) -> &'static str {
    match refused {
        Refused::Malformed | Refused::Target => "the answer is no HTTP",
        Refused::Headers => "the headers of the answer are too large",
    }
}

fn broken_off(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            "the server broke off before the end of its answer's headers".to_owned()
        }
        _ => format!("the server broke off: {error}"),
    }
}

/// A request on its way, and its answer.
pub(super) struct Exchange {
    wire: Rc<Wire>,
    output: Output,
    pump: Option<Pump<Upload>>,
    /// The request was given up before its end: what comes next on the connection would be taken for
    /// the rest of it.
    given_up: bool,
    /// Something of the answer came.
    heard: bool,
}

impl Exchange {
    /// Begins: the head is in the output.
    pub(super) fn new(wire: Rc<Wire>, output: Output, body: Upload, coding: Coding) -> Self {
        Self {
            wire,
            output,
            pump: Some(Pump::new(body, coding)),
            given_up: false,
            heard: false,
        }
    }

    /// Waits for the answer's head, until it is overdue.
    pub(super) async fn answer(
        &mut self,
        method: &Method,
        overdue: &Overdue<'_>,
    ) -> Result<ResponseHead, Broken> {
        let mut scan = Scan::default();
        let mut interim = 0;
        loop {
            let head = poll_fn(|context| {
                let answer = self.poll_answer(&mut scan, context);
                match (answer, overdue.from()) {
                    (Poll::Pending, Some(until)) => self
                        .wire
                        .poll_alarm(until, context)
                        .map(|()| Err(Broken::Overdue)),
                    (answer, _) => answer,
                }
            })
            .await?;
            let head = head::response(&head, &LIMITS, method)?;
            if head.status == http::StatusCode::SWITCHING_PROTOCOLS {
                return Err(Broken::Switched);
            }
            if !head.status.is_informational() {
                self.wire.begin_body(head.body, false);
                return Ok(head);
            }
            interim += 1;
            if interim > MOST_INTERIM {
                return Err(Broken::Interim);
            }
            scan = Scan::default();
        }
    }

    fn poll_answer(
        &mut self,
        scan: &mut Scan,
        context: &mut Context<'_>,
    ) -> Poll<Result<Bytes, Broken>> {
        // A server may answer and close without taking the whole body: a write that fails says
        // nothing about the answer, which may be there and not yet read.
        let sent = match self.poll_upload(context) {
            Err(Broken::Io(_)) => Ok(None),
            sent => sent,
        };
        let head = self.wire.poll_head(scan, &LIMITS, context);
        self.heard |= scan.is_begun();
        match (head, sent) {
            (Poll::Ready(Ok(Ok(Some(head)))), _) => Poll::Ready(Ok(head)),
            (Poll::Ready(Ok(Err(refused))), _) => Poll::Ready(Err(refused.into())),
            (_, Err(broken)) => Poll::Ready(Err(broken)),
            (Poll::Ready(Ok(Ok(None))), _) => Poll::Ready(Err(Broken::Closed)),
            (Poll::Ready(Err(error)), _) => Poll::Ready(Err(error.into())),
            (Poll::Pending, Ok(_)) => Poll::Pending,
        }
    }

    /// Sends on. Whether it waits for more of the body.
    fn poll_upload(&mut self, context: &mut Context<'_>) -> Result<Option<Waiting>, Broken> {
        let Some(pump) = &mut self.pump else {
            return Ok(None);
        };
        let driven = pump.drive(&mut self.output, &self.wire, context);
        if !matches!(driven, Ok(Some(_))) {
            self.pump = None;
        }
        driven.map_err(|error| {
            self.given_up = true;
            match error {
                PumpError::Body(error) => Broken::Upload(error.to_string()),
                PumpError::Length => Broken::Upload("it is not as long as announced".to_owned()),
                PumpError::Io(error) => Broken::Io(error),
            }
        })
    }

    /// Sends on while the answer comes; an error shows in the answer.
    pub(super) fn push(&mut self, context: &mut Context<'_>) {
        let _ = self.poll_upload(context);
    }

    /// Whether all of the request was sent.
    pub(super) fn is_sent(&self) -> bool {
        self.pump.is_none() && !self.given_up
    }

    /// Whether anything of an answer came.
    pub(super) fn is_heard(&self) -> bool {
        self.heard
    }

    /// The connection.
    pub(super) fn wire(&self) -> &Rc<Wire> {
        &self.wire
    }
}
