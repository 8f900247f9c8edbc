//! Drives one HTTP/1.1 connection: one request after the other, each read, answered and sent in the
//! connection's own task.

use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use http::{Method, Response, Version};
use http_body::Body;

use super::connection::{Connection, LAST_CALL};
use super::response;
use crate::http1::head::{self, RequestHead, Scan};
use crate::http1::{
    Alarm, BodyReader, Coding, Limits, Output, Pump, PumpError, Refused, Waiting, Wire,
};
use crate::stages::{self, Incoming, Tracked};

/// Room in a head beside its target and its header lines.
const ELSE_IN_HEAD: usize = 64;

/// How many bytes are read and thrown away after an answer that did not wait for them, so that the
/// client can read it before the socket is closed under it (RFC 9112, section 9.6).
const LINGER_BYTES: usize = 4 << 20;

/// How long throwing away may take.
const LINGER_TIME: Duration = Duration::from_secs(2);

/// Serves a connection until it ends.
pub(super) async fn serve(connection: &Rc<Connection>, wire: Rc<Wire>) {
    let mut line = Line {
        limits: limits(connection),
        connection,
        wire,
        alarm: Alarm::default(),
        output: Output::default(),
    };
    connection.activity.rest();
    loop {
        let next = line.next().await;
        let goes_on = match next {
            Next::Request(head) => line.answer(head).await,
            Next::Refused(refused) => line.refuse(refused).await,
            Next::Over => return line.wire.farewell(),
        };
        match goes_on {
            Then::Next => {}
            Then::Linger => return line.linger().await,
            Then::Close => return line.wire.farewell(),
            Then::Cut => return,
        }
    }
}

fn limits(connection: &Connection) -> Limits {
    let settings = &connection.accepted;
    Limits {
        size: settings
            .header_size
            .saturating_add(settings.uri_size)
            .saturating_add(ELSE_IN_HEAD),
        target: settings.uri_size,
        lines: settings.header_count,
    }
}

/// What comes next on a connection.
enum Next {
    Request(Box<RequestHead>),
    Refused(Refused),
    /// Nothing.
    Over,
}

/// What becomes of a connection after an answer.
enum Then {
    /// Another request may come.
    Next,
    /// It is closed once the client had time to read the answer.
    Linger,
    /// It is closed.
    Close,
    /// It is closed without a word, so that the client sees that something is missing.
    Cut,
}

/// A connection with what serving it needs.
struct Line<'a> {
    connection: &'a Rc<Connection>,
    limits: Limits,
    wire: Rc<Wire>,
    alarm: Alarm,
    output: Output,
}

impl Line<'_> {
    /// Waits for the head of the next request.
    async fn next(&mut self) -> Next {
        let mut scan = Scan::request();
        let begun = self.connection.activity.idle_since();
        let mut head_since = None;
        poll_fn(|context| {
            if let Some(next) = self.poll_next(&mut scan, context) {
                return Poll::Ready(next);
            }
            let settings = &self.connection.accepted;
            let last_call = self.connection.last_call(context);
            let until = if scan.is_begun() {
                *head_since.get_or_insert_with(Instant::now) + settings.header_timeout
            } else {
                // An answer that did not tell of the end gives the client as long to send the next.
                last_call.map_or(begun + settings.idle_timeout, |until| {
                    until.max(begun + LAST_CALL)
                })
            };
            self.alarm.poll(until, context).map(|()| Next::Over)
        })
        .await
    }

    fn poll_next(&self, scan: &mut Scan, context: &mut Context<'_>) -> Option<Next> {
        match self.wire.poll_head(scan, &self.limits, context) {
            Poll::Pending => None,
            Poll::Ready(Err(_) | Ok(Ok(None))) => Some(Next::Over),
            Poll::Ready(Ok(Err(refused))) => Some(Next::Refused(refused)),
            Poll::Ready(Ok(Ok(Some(head)))) => Some(match head::request(&head, &self.limits) {
                Ok(head) => Next::Request(head),
                Err(refused) => Next::Refused(refused),
            }),
        }
    }

    /// Answers a request.
    async fn answer(&mut self, mut head: Box<RequestHead>) -> Then {
        self.wire.begin_body(head.body, head.expects);
        let reply = response::Reply {
            to_head: head.parts.method == Method::HEAD,
            to_old: head.parts.version == Version::HTTP_10,
            keep_alive: head.keep_alive,
            trailers: head.trailers,
        };
        let answered = {
            let body = Incoming::Http1(BodyReader::new(Rc::clone(&self.wire)));
            let mut serving = pin!(stages::serve(self.connection, &mut head.parts, body));
            poll_fn(|context| match serving.as_mut().poll(context) {
                Poll::Ready(response) => Poll::Ready(Some(response)),
                Poll::Pending => self.wire.poll_gone(context).map(|()| None),
            })
            .await
        };
        match answered {
            Some(response) => self.send(response, reply).await,
            None => Then::Cut,
        }
    }

    /// Answers what is no request.
    async fn refuse(&mut self, refused: Refused) -> Then {
        if refused == Refused::Malformed {
            self.connection.worker.counters.malformed.add(1);
        }
        tracing::debug!(client = %self.connection.client, %refused, "refused the head of a request");
        let response = stages::refuse(self.connection, refused.status());
        let reply = response::Reply::last();
        self.send(response, reply).await;
        Then::Linger
    }

    async fn send(&mut self, response: Response<Tracked>, mut reply: response::Reply) -> Then {
        let expects_more = reply.keep_alive;
        let awaits_continue = self.wire.give_up_continue();
        self.output
            .buffer()
            .extend_from_slice(awaits_continue.unwrap_or_default());
        reply.keep_alive &= !self.connection.is_ending()
            && !self.connection.activity.is_refused()
            && awaits_continue.is_none();
        let (parts, mut body) = response.into_parts();
        let head = response::Head {
            status: parts.status,
            headers: &parts.headers,
            made: body.made_head(),
            id: body.id(),
            begun: body.begun(),
        };
        let length = body.size_hint().exact();
        let (mut coding, stays) = response::write(&mut self.output, &head, length, reply);
        head::recycle(parts.headers);
        let output = &mut self.output;
        if matches!(coding, Coding::Length(_))
            && body.take_ready(Output::SMALL, |bytes| output.copy(bytes))
        {
            coding = Coding::None;
        }
        let mut pump = Pump::new(body, coding);
        let sent = poll_fn(|context| self.poll_send(&mut pump, context)).await;
        if let Err(error) = sent {
            pump.body().cut(&error);
            if coding == Coding::UntilClose {
                // Closed as usual, it would look whole.
                self.wire.reset_on_close();
            }
            return Then::Cut;
        }
        drop(pump);
        if self.wire.is_body_done() {
            return match stays {
                true => Then::Next,
                // A client that did not ask for the end may have sent more, which would reset the
                // connection under the answer.
                false if !expects_more && self.wire.peek(<[u8]>::is_empty) => Then::Close,
                false => Then::Linger,
            };
        }
        if stays && self.pass_over().await {
            // What the client still sent was no idling.
            self.connection.activity.rest();
            return Then::Next;
        }
        Then::Linger
    }

    fn poll_send(
        &mut self,
        pump: &mut Pump<Tracked>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), Broken>> {
        let waiting =
            pump.drive(&mut self.output, &self.wire, context)
                .map_err(|error| match error {
                    PumpError::Body(_) => Broken::Body,
                    PumpError::Length => Broken::Length,
                    PumpError::Io(error) => Broken::Client(error),
                })?;
        match waiting {
            None => Poll::Ready(Ok(())),
            Some(Waiting::Body) => {
                ready!(self.wire.poll_gone(context));
                Poll::Ready(Err(Broken::Client(io::ErrorKind::UnexpectedEof.into())))
            }
            Some(Waiting::Wire) => {
                // What the client still sends goes on to the server meanwhile.
                pump.body().push(context);
                let Some(until) = self
                    .wire
                    .send_deadline(self.connection.accepted.idle_timeout)
                else {
                    return Poll::Pending;
                };
                ready!(self.alarm.poll(until, context));
                Poll::Ready(Err(Broken::Client(io::ErrorKind::TimedOut.into())))
            }
        }
    }

    /// Reads what is left of a request's body that nobody wanted; whether it came to its end.
    async fn pass_over(&mut self) -> bool {
        let until = Instant::now() + LINGER_TIME;
        let mut left = LINGER_BYTES;
        poll_fn(|context| {
            loop {
                match self.wire.poll_body(context) {
                    Poll::Ready(None) => return Poll::Ready(true),
                    Poll::Ready(Some(Err(_))) => return Poll::Ready(false),
                    Poll::Ready(Some(Ok(frame))) => {
                        let count = frame.data_ref().map_or(0, bytes::Bytes::len);
                        match left.checked_sub(count) {
                            Some(less) => left = less,
                            None => return Poll::Ready(false),
                        }
                    }
                    Poll::Pending => return self.alarm.poll(until, context).map(|()| false),
                }
            }
        })
        .await
    }

    /// Closes, but not before the client had time to read what was sent.
    async fn linger(&mut self) {
        let until = Instant::now() + LINGER_TIME;
        let mut left = LINGER_BYTES;
        let mut shut = false;
        poll_fn(|context| {
            if !shut {
                shut = self.wire.poll_shutdown(context).is_ready();
            }
            loop {
                left = left.saturating_sub(self.wire.discard());
                if left == 0 {
                    return Poll::Ready(());
                }
                match self.wire.poll_fill(context) {
                    Poll::Ready(Ok(1..)) => {}
                    Poll::Ready(_) => return Poll::Ready(()),
                    Poll::Pending => return self.alarm.poll(until, context),
                }
            }
        })
        .await;
    }
}

/// Why an answer did not get through.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    /// Its body broke off, which was told where it happened.
    #[error("its body broke off")]
    Body,
    /// It is not as long as announced.
    #[error("its body is not as long as announced")]
    Length,
    /// The client went away, or takes nothing.
    #[error("the client does not take it: {0}")]
    Client(io::Error),
}
