//! Drives one HTTP/2 connection (RFC 9113): hyper speaks the protocol, and what is here keeps it
//! within its bounds of streams, memory and time.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};

use super::LocalSpawner;
use super::activity::Stall;
use super::connection::Connection;
use super::paced::Paced;
use super::watched::Watched;
use crate::http1::Wire;
use crate::snapshot::ListenerSettings;
use crate::stages::{self, Incoming};

/// Streams open at once on a connection.
const STREAMS: u32 = 100;

/// Bytes of one answer that wait for the client, in memory.
const MOST_WAITING: usize = 32 * 1024;

/// Bytes read in one go before other connections have their turn: a flood of tiny frames takes long to
/// work through.
const READ_IN_TURN: usize = 32 * 1024;

/// Smallest bound of a header list that is announced.
const SMALLEST_LIST: usize = 8192;

/// Serves a connection of which some bytes may have been read until it ends.
pub(super) async fn serve(connection: &Rc<Connection>, wire: Wire) {
    let (stream, read) = wire.into_parts();
    let watched = Watched::new(stream, read.freeze(), Rc::clone(&connection.activity));
    let service = service_fn(|request: http::Request<hyper::body::Incoming>| {
        let connection = Rc::clone(connection);
        async move {
            let activity = Rc::clone(&connection.activity);
            let response = stages::serve(connection, request.map(Incoming::Http2)).await;
            Ok::<_, Infallible>(response.map(|body| Paced::new(body, activity)))
        }
    });
    let mut http =
        pin!(builder(&connection.accepted).serve_connection(TokioIo::new(watched), service));
    let idle_timeout = connection.accepted.idle_timeout;
    let pace = (idle_timeout / 4).clamp(Duration::from_millis(10), Duration::from_secs(1));
    let mut pulse = tokio::time::interval(pace);
    pulse.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut told = false;
    loop {
        let turn = poll_fn(|context| {
            connection.activity.allow(READ_IN_TURN);
            http.as_mut().poll(context)
        });
        let ending = poll_fn(|context| match connection.last_call(context) {
            Some(_) if !told => Poll::Ready(()),
            _ if !told && connection.is_spent() => Poll::Ready(()),
            _ if connection.activity.is_abused() => Poll::Ready(()),
            _ => Poll::Pending,
        });
        tokio::select! {
            biased;
            ended = turn => {
                if let Err(error) = ended {
                    note(connection, &error);
                }
                return;
            }
            () = ending => {
                if connection.activity.is_abused() {
                    tracing::debug!(client = %connection.client, "closed a connection that gives up most of its requests");
                    return;
                }
                http.as_mut().graceful_shutdown();
                told = true;
            }
            _ = pulse.tick() => {}
        }
        match connection.activity.stall(idle_timeout) {
            None => {}
            Some(Stall::Idle) if !told => {
                http.as_mut().graceful_shutdown();
                told = true;
            }
            Some(stall) => {
                tracing::debug!(client = %connection.client, ?stall, "closed a connection that stood still");
                return;
            }
        }
    }
}

fn builder(settings: &ListenerSettings) -> http2::Builder<LocalSpawner> {
    let mut builder = http2::Builder::new(LocalSpawner);
    let list = settings.header_size.saturating_add(settings.uri_size);
    builder
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_send_buf_size(MOST_WAITING)
        .max_pending_accept_reset_streams(32)
        .max_local_error_reset_streams(256)
        .max_header_list_size(u32::try_from(list.max(SMALLEST_LIST)).unwrap_or(u32::MAX));
    builder
}

/// Counts and tells why a connection ended before its time. What a client does wrong is no event of
/// ours, so it is told at `debug` only.
fn note(connection: &Connection, error: &hyper::Error) {
    let malformed = error.is_parse();
    if malformed {
        connection.worker.counters.malformed.add(1);
    }
    tracing::debug!(client = %connection.client, malformed, %error, "a connection broke off");
}
