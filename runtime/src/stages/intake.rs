//! A request's body coming in: counted, bounded in size and pace, and read whole only where something
//! looks at it.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, StatusCode};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use tokio::time::Sleep;

use super::incoming::IncomingError;
use super::{Incoming, Refusal};
use crate::http1::{Flow, Pipe};
use crate::identify::GuardedHeaders;
use crate::proxy::{Upload, clean_trailers};
use crate::snapshot::ListenerSettings;

/// What is known of a body while it comes in.
pub(crate) struct Meter {
    bytes: Cell<u64>,
    progress: Cell<Instant>,
    fault: Cell<Option<Fault>>,
    awaited: Cell<bool>,
}

/// What is wrong with a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    #[error("the body is too large")]
    TooLarge,
    #[error("the body came to a halt")]
    TooSlow,
    #[error("the trailers are too large")]
    Trailers,
    #[error("the body is malformed or broke off")]
    Broken,
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Refusal::closing(match fault {
            Fault::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Fault::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Fault::Trailers => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Fault::Broken => StatusCode::BAD_REQUEST,
        })
    }
}

impl Meter {
    pub(super) fn new() -> Rc<Self> {
        Rc::new(Self {
            bytes: Cell::new(0),
            progress: Cell::new(Instant::now()),
            fault: Cell::new(None),
            awaited: Cell::new(false),
        })
    }

    /// Bytes so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.get()
    }

    /// When something last came in, or the request began.
    pub(crate) fn progress(&self) -> Instant {
        self.progress.get()
    }

    /// Whether more of the body is wanted and the client does not send it.
    pub(crate) fn is_awaited(&self) -> bool {
        self.awaited.get()
    }

    /// What is wrong with the body, if anything.
    pub(crate) fn fault(&self) -> Option<Fault> {
        self.fault.get()
    }
}

/// A body that is counted and bounded as it is read.
pub(crate) struct Metered {
    body: Incoming,
    meter: Rc<Meter>,
    limit: u64,
    pause: Duration,
    alarm: Option<Pin<Box<Sleep>>>,
    waiting: bool,
    /// How many trailers there may be, and of how many bytes together.
    trailers: (usize, usize),
    /// The header that holds the request's id, which no trailer may bring.
    id_header: Option<HeaderName>,
    /// Those that say who asks, which none may bring either.
    guarded: Option<Arc<GuardedHeaders>>,
    /// Headers that are sent before the body, whose place no trailer may take.
    sent: Vec<HeaderName>,
}

impl Metered {
    /// Keeps out of the trailers what is sent as a header.
    pub(crate) fn follow(&mut self, headers: &HeaderMap) {
        self.sent = headers.keys().cloned().collect();
    }

    /// Takes out of the trailers what headers decide.
    fn trailers(&self, frame: Frame<Bytes>) -> Poll<Option<Result<Frame<Bytes>, Fault>>> {
        let frame = match frame.into_trailers() {
            Ok(mut trailers) => {
                clean_trailers(&mut trailers, self.id_header.as_ref());
                if let Some(guarded) = &self.guarded {
                    guarded.clean_trailers(&mut trailers);
                }
                for name in &self.sent {
                    trailers.remove(name);
                }
                let (count, size) = self.trailers;
                if trailers.len() > count || super::header_bytes(&trailers) > size {
                    return self.fail(Fault::Trailers);
                }
                Frame::trailers(trailers)
            }
            Err(other) => other,
        };
        Poll::Ready(Some(Ok(frame)))
    }

    fn fail<T>(&self, fault: Fault) -> Poll<Option<Result<T, Fault>>> {
        self.meter.fault.set(Some(fault));
        Poll::Ready(Some(Err(fault)))
    }

    /// Nothing there: sets the alarm, or finds that it rang.
    fn wait<T>(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Fault>>> {
        let until = Instant::now() + self.pause;
        let alarm = match &mut self.alarm {
            Some(alarm) => {
                if !self.waiting {
                    alarm.as_mut().reset(until.into());
                }
                alarm
            }
            none => none.insert(Box::pin(tokio::time::sleep_until(until.into()))),
        };
        self.waiting = true;
        ready!(alarm.as_mut().poll(context));
        self.fail(Fault::TooSlow)
    }

    /// Notes what came of the body, whatever form it has, and bounds it.
    fn poll_settle<T>(
        &mut self,
        came: Poll<Option<Result<T, IncomingError>>>,
        length: impl FnOnce(&T) -> usize,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<T, Fault>>> {
        let Poll::Ready(came) = came else {
            self.meter.awaited.set(true);
            return self.wait(context);
        };
        self.waiting = false;
        self.meter.awaited.set(false);
        self.meter.progress.set(Instant::now());
        match came {
            Some(Ok(piece)) => {
                let more = length(&piece) as u64;
                let bytes = self.meter.bytes.get().saturating_add(more);
                self.meter.bytes.set(bytes);
                if bytes > self.limit {
                    return self.fail(Fault::TooLarge);
                }
                Poll::Ready(Some(Ok(piece)))
            }
            Some(Err(_)) => self.fail(Fault::Broken),
            None => Poll::Ready(None),
        }
    }
}

impl Flow for Metered {
    fn pourable(&self) -> u64 {
        self.body.pourable()
    }

    fn poll_pour(
        &mut self,
        pipe: &mut Pipe,
        context: &mut Context<'_>,
    ) -> Poll<Result<usize, Fault>> {
        let came = self.body.poll_pour(pipe, context).map(Some);
        self.poll_settle(came, |count| *count, context)
            .map(|poured| poured.unwrap_or(Ok(0)))
    }
}

impl Body for Metered {
    type Data = Bytes;
    type Error = Fault;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Fault>>> {
        let came = Pin::new(&mut self.body).poll_frame(context);
        let length = |frame: &Frame<Bytes>| frame.data_ref().map_or(0, Bytes::len);
        match ready!(self.poll_settle(came, length, context)) {
            Some(Ok(frame)) if frame.is_trailers() => self.trailers(frame),
            settled => Poll::Ready(settled),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Reads a body into one piece. A piece that came alone is not copied; several are, so that many tiny
/// ones do not cost many times what they hold.
async fn collect(mut body: Metered) -> Result<Bytes, Fault> {
    let Some(first) = data(&mut body).await? else {
        return Ok(Bytes::new());
    };
    let Some(second) = data(&mut body).await? else {
        return Ok(first);
    };
    let mut whole = BytesMut::from(first);
    whole.extend_from_slice(&second);
    while let Some(piece) = data(&mut body).await? {
        whole.extend_from_slice(&piece);
    }
    Ok(whole.freeze())
}

/// The next piece of data that is not empty; trailers are passed over.
async fn data(body: &mut Metered) -> Result<Option<Bytes>, Fault> {
    while let Some(frame) = body.frame().await {
        match frame?.into_data() {
            Ok(data) if !data.is_empty() => return Ok(Some(data)),
            _ => {}
        }
    }
    Ok(None)
}

/// A request's body in whatever state it is.
pub(super) struct Intake {
    incoming: Option<Metered>,
    gathered: Option<Bytes>,
    meter: Rc<Meter>,
}

impl Intake {
    pub(super) fn new(body: Incoming, meter: Rc<Meter>) -> Self {
        let incoming = (!body.is_end_stream()).then(|| Metered {
            body,
            meter: Rc::clone(&meter),
            limit: u64::MAX,
            pause: Duration::MAX,
            alarm: None,
            waiting: false,
            trailers: (usize::MAX, usize::MAX),
            id_header: None,
            guarded: None,
            sent: Vec::new(),
        });
        Self {
            incoming,
            gathered: None,
            meter,
        }
    }

    /// Keeps out of the trailers the header with the request's id, and those that say who asks.
    pub(super) fn keep_out(&mut self, id_header: &HeaderName, guarded: &Arc<GuardedHeaders>) {
        if let Some(body) = &mut self.incoming {
            body.id_header = Some(id_header.clone());
            body.guarded = Some(Arc::clone(guarded));
        }
    }

    /// How the body fares.
    pub(super) fn meter(&self) -> &Rc<Meter> {
        &self.meter
    }

    /// The body, if it was read.
    pub(super) fn body(&self) -> Option<&[u8]> {
        self.gathered.as_deref()
    }

    /// The same, shared.
    pub(super) fn bytes(&self) -> Option<Bytes> {
        self.gathered.clone()
    }

    /// Bounds what is read from now on; a declared length that is too much is refused at once, as is
    /// a body that was read already and is too long.
    pub(super) fn bound(&mut self, limit: u64, listener: &ListenerSettings) -> Result<(), Refusal> {
        if self.meter.bytes() > limit {
            return Err(Fault::TooLarge.into());
        }
        if let Some(body) = &mut self.incoming {
            body.limit = limit;
            body.pause = listener.idle_timeout;
            body.trailers = (listener.header_count, listener.header_size);
            if body.size_hint().lower() > limit {
                return Err(Fault::TooLarge.into());
            }
        }
        Ok(())
    }

    /// Reads the whole body, unless it was read already. Memory is bounded by [`Self::bound`].
    pub(super) async fn gather(&mut self) -> Result<(), Refusal> {
        let gathered = match self.incoming.take() {
            Some(body) => collect(body).await?,
            None => return self.gather_nothing(),
        };
        self.gathered = Some(gathered);
        Ok(())
    }

    fn gather_nothing(&mut self) -> Result<(), Refusal> {
        self.gathered.get_or_insert_default();
        Ok(())
    }

    /// Reads what is left and throws it away, so that the connection can be used further.
    pub(super) async fn discard(&mut self, listener: &ListenerSettings) -> Result<(), Refusal> {
        if self.incoming.is_some() {
            let limit = self.incoming.as_ref().map_or(0, |body| body.limit);
            self.bound(
                limit.min(listener.body_size.max(self.meter.bytes())),
                listener,
            )?;
        }
        self.drain().await
    }

    /// Whether nothing of it is left to be read.
    pub(super) fn is_done(&self) -> bool {
        self.incoming.is_none()
    }

    /// Reads what is left within the present bound and throws it away.
    pub(super) async fn drain(&mut self) -> Result<(), Refusal> {
        if let Some(mut body) = self.incoming.take() {
            while let Some(frame) = body.frame().await {
                frame?;
            }
        }
        Ok(())
    }

    /// The body for a server.
    pub(super) fn upload(&mut self) -> Upload {
        match (self.incoming.take(), &self.gathered) {
            (Some(body), _) => Upload::Stream(body),
            (None, Some(bytes)) if !bytes.is_empty() => Upload::Whole(Some(bytes.clone())),
            (None, _) => Upload::Empty,
        }
    }
}
