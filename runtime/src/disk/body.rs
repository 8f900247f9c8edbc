//! A file's bytes on their way out, read piece by piece as the client takes them: nothing is read
//! before somebody asks for it. Each piece is one visit to a blocking thread, so that a slow reader
//! holds no thread.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use gated_engine::files::Content;
use http_body::{Body, Frame, SizeHint};

use super::budget::{self, Room};

/// A piece being read.
type Reading = Pin<Box<dyn Future<Output = io::Result<(File, Bytes)>>>>;

/// A part of a body.
enum Part {
    /// Written as it is.
    Text(Bytes),
    /// Bytes of the file.
    File(Range<u64>),
}

/// The body of an answer that comes from the disk.
pub(crate) struct FileBody {
    file: Option<File>,
    reading: Option<Reading>,
    /// Whether nothing was read yet.
    first: bool,
    parts: VecDeque<Part>,
    left: u64,
}

impl FileBody {
    /// The bytes of `content` of a file of that length.
    pub(super) fn new(file: File, length: u64, content: Content) -> Self {
        let parts: VecDeque<Part> = match content {
            Content::Nothing => VecDeque::new(),
            Content::Whole => VecDeque::from([Part::File(0..length)]),
            Content::Part(range) => VecDeque::from([Part::File(range)]),
            Content::Parts(multipart) => {
                let tail = Part::Text(multipart.tail.into());
                multipart
                    .parts
                    .into_iter()
                    .flat_map(|(head, range)| [Part::Text(head.into()), Part::File(range)])
                    .chain([tail])
                    .collect()
            }
        };
        let left = parts.iter().map(Part::length).sum();
        Self {
            file: Some(file),
            reading: None,
            first: true,
            parts,
            left,
        }
    }

    /// Bytes that are left.
    pub(super) fn length(&self) -> u64 {
        self.left
    }

    /// The same without any bytes (HEAD).
    pub(super) fn empty(self) -> Self {
        Self {
            parts: VecDeque::new(),
            left: 0,
            ..self
        }
    }

    fn deliver(&mut self, bytes: Bytes) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.left = self.left.saturating_sub(bytes.len() as u64);
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }

    /// Ends with an error; nothing more comes after it.
    fn fail(&mut self, error: io::Error) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.parts.clear();
        Poll::Ready(Some(Err(error)))
    }
}

impl Part {
    fn length(&self) -> u64 {
        match self {
            Self::Text(text) => text.len() as u64,
            Self::File(range) => range.end.saturating_sub(range.start),
        }
    }
}

/// Reads the piece of a file from `start` on, when it is its turn.
async fn read_in_turn(file: File, start: u64, room: Room) -> io::Result<(File, Bytes)> {
    let permit = budget::visit().await;
    let read = tokio::task::spawn_blocking(move || {
        // Held also if nobody waits for the piece any more.
        let _permit = permit;
        read(file, start, room)
    });
    read.await.map_err(io::Error::other)?
}

/// Fewer bytes than the file is said to have is an error: it was cut short, and the client must not
/// take what it got for the whole.
fn read(mut file: File, start: u64, mut room: Room) -> io::Result<(File, Bytes)> {
    file.seek(SeekFrom::Start(start))?;
    file.read_exact(room.as_mut())?;
    Ok((file, room.into()))
}

impl Body for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = &mut *self;
        loop {
            if let Some(reading) = &mut this.reading {
                let read = ready!(reading.as_mut().poll(context));
                this.reading = None;
                return match read {
                    Ok((file, bytes)) => {
                        this.file = Some(file);
                        this.deliver(bytes)
                    }
                    Err(error) => this.fail(error),
                };
            }
            match this.parts.pop_front() {
                None => return Poll::Ready(None),
                Some(Part::Text(text)) => return this.deliver(text),
                Some(Part::File(range)) if range.is_empty() => {}
                Some(Part::File(range)) => {
                    let Some(file) = this.file.take() else {
                        return this.fail(io::ErrorKind::BrokenPipe.into());
                    };
                    let first = std::mem::replace(&mut this.first, false);
                    // Made here, so that memory is had from and given back on the same thread.
                    let room = Room::next(first, range.end - range.start);
                    let length = room.length() as u64;
                    if range.start + length < range.end {
                        this.parts
                            .push_front(Part::File(range.start + length..range.end));
                    }
                    let start = range.start;
                    this.reading = Some(Box::pin(read_in_turn(file, start, room)));
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
