//! A response's body going out: from memory, from a server or from the disk, and counted.

use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use bytes::Bytes;
use gated_engine::decide::{Form, Ready, is_bodiless};
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use http_body::{Body, Frame, SizeHint};

use super::record::Record;
use crate::disk::FileBody;
use crate::encode::EncodedBody;
use crate::http1::{Flow, Pipe};
use crate::proxy::{BoxError, Relay};
use crate::snapshot::View;

/// A response's body.
pub(crate) enum Download {
    /// None.
    Empty,
    /// In memory.
    Whole(Option<Bytes>),
    /// The body of an answer that was made ready.
    Ready(ReadyAnswer),
    /// Comes from a server.
    Upstream(Box<Relay>),
    /// Comes from the disk.
    Disk(FileBody),
    /// Another of these, encoded as it is sent.
    Encoded(Box<EncodedBody<Self>>),
}

/// A route's ready answer. It is found through the worker's own view: to share its bytes would have
/// all workers count on the same counter.
pub(crate) struct ReadyAnswer {
    view: Rc<View>,
    route: u32,
    form: Form,
    /// Its body is out.
    taken: bool,
}

impl ReadyAnswer {
    pub(super) fn new(view: Rc<View>, route: u32, form: Form) -> Self {
        let mut answer = Self {
            view,
            route,
            form,
            taken: false,
        };
        answer.taken = answer.body().is_empty();
        answer
    }

    fn ready(&self) -> Option<&Ready> {
        let ready = self.view.snapshot()?.bundle.ready(self.route)?;
        Some(ready.form(self.form))
    }

    /// What is left of the body.
    fn body(&self) -> &[u8] {
        match self.ready() {
            Some(ready) if !self.taken => &ready.body,
            _ => &[],
        }
    }

    fn take(&mut self) -> Option<Bytes> {
        if std::mem::replace(&mut self.taken, true) {
            return None;
        }
        self.ready().map(|ready| ready.body.clone())
    }
}

impl<B: Into<Bytes>> From<B> for Download {
    fn from(bytes: B) -> Self {
        let bytes = bytes.into();
        if bytes.is_empty() {
            Self::Empty
        } else {
            Self::Whole(Some(bytes))
        }
    }
}

impl Download {
    /// Whether it comes from a server, and is not encoded on the way.
    pub(super) fn is_upstream(&self) -> bool {
        matches!(self, Self::Upstream(_))
    }

    /// Passes on what the client still sends.
    fn push(&mut self, context: &mut Context<'_>) {
        match self {
            Self::Upstream(relay) => relay.push(context),
            Self::Encoded(body) => body.inner().push(context),
            _ => {}
        }
    }

    /// Whether the lines that an answer was made ready with have this header.
    pub(super) fn has_line(&self, name: &HeaderName) -> bool {
        match self {
            Self::Ready(answer) => answer
                .ready()
                .is_some_and(|ready| ready.headers.contains_key(name)),
            _ => false,
        }
    }

    /// What is sent of it for HEAD: nothing, but the length is told as for GET (RFC 9110, section
    /// 9.3.2), which for 1xx, 204 and 304 is not at all (section 8.6).
    pub(super) fn head(self, status: StatusCode, headers: &mut HeaderMap) -> Self {
        let length = match &self {
            Self::Upstream(_) | Self::Encoded(_) => None,
            _ if is_bodiless(status) => None,
            own => own.size_hint().exact(),
        };
        if let (Some(length), false) = (length, headers.contains_key(CONTENT_LENGTH)) {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
        Self::Empty
    }
}

impl Body for Download {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match self.get_mut() {
            Self::Empty => Poll::Ready(None),
            Self::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Self::Ready(answer) => Poll::Ready(answer.take().map(|bytes| Ok(Frame::data(bytes)))),
            Self::Upstream(relay) => Pin::new(&mut **relay).poll_frame(context),
            Self::Disk(file) => Pin::new(file).poll_frame(context).map_err(Into::into),
            Self::Encoded(body) => Pin::new(&mut **body).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Whole(bytes) => bytes.is_none(),
            Self::Ready(answer) => answer.taken,
            Self::Upstream(relay) => relay.is_end_stream(),
            Self::Disk(file) => file.is_end_stream(),
            Self::Encoded(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Empty => SizeHint::with_exact(0),
            Self::Whole(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
            }
            Self::Ready(answer) => SizeHint::with_exact(answer.body().len() as u64),
            Self::Upstream(relay) => relay.size_hint(),
            Self::Disk(file) => file.size_hint(),
            Self::Encoded(body) => body.size_hint(),
        }
    }
}

impl Flow for Download {
    fn pourable(&self) -> u64 {
        match self {
            Self::Upstream(relay) => relay.pourable(),
            _ => 0,
        }
    }

    fn poll_pour(
        &mut self,
        pipe: &mut Pipe,
        context: &mut Context<'_>,
    ) -> Poll<Result<usize, BoxError>> {
        match self {
            Self::Upstream(relay) => relay.poll_pour(pipe, context),
            _ => Poll::Ready(Ok(0)),
        }
    }
}

/// A body whose record is written when it is out, or given up.
pub(crate) struct Tracked {
    body: Download,
    record: Box<Record>,
}

impl Tracked {
    pub(super) fn new(body: Download, mut record: Box<Record>) -> Self {
        record.complete = body.is_end_stream();
        Self { body, record }
    }

    /// The begin of the head of an answer that was made ready, as HTTP/1.1 writes it.
    pub(crate) fn made_head(&self) -> Option<&[u8]> {
        match &self.body {
            Download::Ready(answer) => answer.ready().map(|ready| ready.head.as_ref()),
            _ => None,
        }
    }

    /// The header with the request's id.
    pub(crate) fn id(&self) -> Option<(&HeaderName, &HeaderValue)> {
        self.record.id_line()
    }

    /// Whether it answers HEAD: then its own length says nothing about what GET would get.
    pub(crate) fn is_to_head(&self) -> bool {
        self.record.is_head()
    }

    /// When the request began.
    pub(crate) fn begun(&self) -> Instant {
        self.record.started
    }

    /// Hands out a body that was made ready and is no longer than `most`, so that it is copied and
    /// not shared; it counts as sent then.
    pub(crate) fn take_ready(&mut self, most: usize, copy: impl FnOnce(&[u8])) -> bool {
        let Download::Ready(answer) = &mut self.body else {
            return false;
        };
        let body = answer.body();
        if body.len() > most {
            return false;
        }
        copy(body);
        self.record.sent += body.len() as u64;
        answer.taken = true;
        self.record.complete = true;
        true
    }

    /// It did not get through to the client.
    pub(crate) fn cut(&mut self, why: &dyn std::fmt::Display) {
        tracing::debug!(%why, id = self.record.id_text(), "a response was cut short");
        self.record.complete = false;
    }

    /// Passes on what the client still sends while its own side takes nothing.
    pub(crate) fn push(&mut self, context: &mut Context<'_>) {
        self.body.push(context);
    }

    fn note_piece(&mut self, length: usize) {
        self.record.sent += length as u64;
        self.record.complete = self.body.is_end_stream();
    }

    fn note_broken(&mut self, error: &BoxError) {
        self.record.tell_broken(error);
        self.record.complete = false;
    }
}

impl Flow for Tracked {
    fn pourable(&self) -> u64 {
        self.body.pourable()
    }

    fn poll_pour(
        &mut self,
        pipe: &mut Pipe,
        context: &mut Context<'_>,
    ) -> Poll<Result<usize, BoxError>> {
        let poured = ready!(self.body.poll_pour(pipe, context));
        match &poured {
            Ok(count) => self.note_piece(*count),
            Err(error) => self.note_broken(error),
        }
        Poll::Ready(poured)
    }
}

impl Body for Tracked {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        match &frame {
            Some(Ok(frame)) => self.note_piece(frame.data_ref().map_or(0, Bytes::len)),
            Some(Err(error)) => self.note_broken(error),
            None => self.record.complete = true,
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
