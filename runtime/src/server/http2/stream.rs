//! One request and its answer, on a stream of their own.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll};

use bytes::Bytes;
use gated_engine::decide::is_bodiless;
use h2::server::SendResponse;
use h2::{Reason, RecvStream, SendStream};
use http::header::{CONTENT_LENGTH, DATE, HeaderName, TRANSFER_ENCODING, UPGRADE};
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body::Body;

use super::super::activity::Activity;
use super::super::connection::Connection;
use super::super::response;
use super::upload::StreamReader;
use crate::stages::{self, Incoming, Tracked};

/// Headers that are about an HTTP/1.1 connection and may not be sent here (RFC 9113, section 8.2.2);
/// `Connection` itself was taken out with those that it names.
const OF_CONNECTION: [HeaderName; 4] = [
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    TRANSFER_ENCODING,
    UPGRADE,
];

/// The longest piece that is handed on at once, in bytes. An answer in memory is one piece, however
/// long; handed on whole it would count as answered while a slow client still takes it.
const PART: usize = 64 * 1024;

/// Answers a request. Dropping it gives the stream up; so does a panic, which harms no other stream.
pub(super) async fn answer(
    connection: Rc<Connection>,
    request: Request<RecvStream>,
    respond: SendResponse<Bytes>,
) {
    let exchange = pin!(exchange(connection, request, respond));
    let _ = stages::catch(exchange).await;
}

async fn exchange(
    connection: Rc<Connection>,
    request: Request<RecvStream>,
    mut respond: SendResponse<Bytes>,
) {
    let (mut parts, stream) = request.into_parts();
    let body = Incoming::Http2(StreamReader::new(stream, &parts.headers));
    let activity = Rc::clone(&connection.activity);
    let answered = {
        let mut serving = pin!(stages::serve(&connection, &mut parts, body));
        let mut waits = false;
        poll_fn(|context| {
            // The client may give the request up; what broke off with it is no reason for an answer.
            if waits && respond.poll_reset(context).is_ready() {
                return Poll::Ready(None);
            }
            match serving.as_mut().poll(context) {
                Poll::Ready(response) => Poll::Ready(Some(response)),
                Poll::Pending if waits => Poll::Pending,
                Poll::Pending => {
                    waits = true;
                    respond.poll_reset(context).map(|_| None)
                }
            }
        })
        .await
    };
    if let Some(response) = answered
        && let Err(error) = send(response, &mut respond, &activity).await
    {
        tracing::debug!(%error, "an answer did not get through");
    }
}

/// Sends an answer to its end, or resets the stream where it breaks off.
async fn send(
    response: Response<Tracked>,
    respond: &mut SendResponse<Bytes>,
    activity: &Activity,
) -> Result<(), h2::Error> {
    let (mut parts, mut body) = response.into_parts();
    let ended = body.is_end_stream();
    let length = body.size_hint().exact();
    complete(
        &mut parts.headers,
        length.filter(|_| !is_bodiless(parts.status) && !body.is_to_head()),
        &body,
    );
    let head = Response::from_parts(parts, ());
    let mut stream = respond.send_response(head, ended)?;
    if ended {
        return Ok(());
    }
    let mut pace = Pace::new(activity);
    let mut rest = Bytes::new();
    let sent =
        poll_fn(|context| poll_send(&mut body, &mut rest, &mut stream, &mut pace, context)).await;
    if let Err(error) = &sent {
        body.cut(error);
    }
    sent
}

/// Adds to the headers what every answer has, and takes out what none may have.
fn complete(headers: &mut HeaderMap, length: Option<u64>, body: &Tracked) {
    for name in &OF_CONNECTION {
        headers.remove(name);
    }
    if let Some(length) = length
        && !headers.contains_key(CONTENT_LENGTH)
    {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    if !headers.contains_key(DATE) {
        headers.insert(DATE, response::date(body.begun()));
    }
    // The id of no other request: kept in the table of what was sent before (RFC 7541, section 2.3.2)
    // it would only drive out what comes again.
    if let Some((name, _)) = body.id()
        && let Some(id) = headers.get_mut(name)
    {
        id.set_sensitive(true);
    }
}

/// `rest` is what is left of a long piece.
fn poll_send(
    body: &mut Tracked,
    rest: &mut Bytes,
    stream: &mut SendStream<Bytes>,
    pace: &mut Pace<'_>,
    context: &mut Context<'_>,
) -> Poll<Result<(), h2::Error>> {
    loop {
        match poll_room(stream, pace, context) {
            Poll::Ready(Ok(())) => {}
            Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
            Poll::Pending => {
                // What the client still sends goes on to the server meanwhile.
                body.push(context);
                return Poll::Pending;
            }
        }
        if !rest.is_empty() {
            let part = rest.split_to(rest.len().min(PART));
            let ended = rest.is_empty() && body.is_end_stream();
            stream.send_data(part, ended)?;
            if ended {
                return Poll::Ready(Ok(()));
            }
            continue;
        }
        let Poll::Ready(frame) = Pin::new(&mut *body).poll_frame(context) else {
            return match stream.poll_reset(context) {
                Poll::Ready(reset) => {
                    Poll::Ready(Err(reset.map_or_else(|error| error, Into::into)))
                }
                Poll::Pending => Poll::Pending,
            };
        };
        let ended = body.is_end_stream();
        match frame.map(|frame| frame.map(http_body::Frame::into_data)) {
            None => return Poll::Ready(stream.send_data(Bytes::new(), true)),
            Some(Ok(Ok(data))) if data.len() > PART => *rest = data,
            Some(Ok(Ok(data))) => {
                stream.send_data(data, ended)?;
                if ended {
                    return Poll::Ready(Ok(()));
                }
            }
            Some(Ok(Err(frame))) => {
                let trailers = frame.into_trailers().unwrap_or_default();
                return Poll::Ready(stream.send_trailers(trailers));
            }
            Some(Err(_)) => {
                // Told where it happened; the client sees that something is missing.
                stream.send_reset(Reason::INTERNAL_ERROR);
                return Poll::Ready(Ok(()));
            }
        }
    }
}

/// Waits until the client takes more. What it does not take stays with whoever sends it, so that no
/// more than one piece waits in memory.
fn poll_room(
    stream: &mut SendStream<Bytes>,
    pace: &mut Pace<'_>,
    context: &mut Context<'_>,
) -> Poll<Result<(), h2::Error>> {
    stream.reserve_capacity(1);
    while stream.capacity() == 0 {
        match stream.poll_capacity(context) {
            Poll::Ready(Some(Ok(_))) => {}
            Poll::Ready(Some(Err(error))) => return Poll::Ready(Err(error)),
            // The stream is no longer open: the client has reset it.
            Poll::Ready(None) => return Poll::Ready(Err(Reason::CANCEL.into())),
            Poll::Pending => {
                pace.wait();
                return Poll::Pending;
            }
        }
    }
    pace.go_on();
    Poll::Ready(Ok(()))
}

/// Tells the connection whether an answer waits for the client, which says itself how much it takes
/// (RFC 9113, section 5.2). An answer that waits for its own source is no fault of the client's.
struct Pace<'a> {
    activity: &'a Activity,
    ticket: Option<u64>,
}

impl<'a> Pace<'a> {
    fn new(activity: &'a Activity) -> Self {
        Self {
            activity,
            ticket: None,
        }
    }

    fn wait(&mut self) {
        if self.ticket.is_none() {
            let ticket = self.activity.ticket();
            self.activity.wait_for_client(ticket);
            self.ticket = Some(ticket);
        }
    }

    fn go_on(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            self.activity.wait_no_more(ticket);
        }
    }
}

impl Drop for Pace<'_> {
    fn drop(&mut self) {
        self.go_on();
    }
}
