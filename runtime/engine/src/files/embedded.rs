//! Answers from a folder whose files lie in the bundle.

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method};

use crate::bundle::Bundle;
use crate::program::{ArchivedFile, ArchivedFiles, ArchivedFolder, Blob};

use super::multipart::Multipart;
use super::negotiate::{self, Encoding};
use super::path::FilePath;
use super::reply::{Content, Reply, Representation, reply};

/// What a folder has for a request.
#[expect(
    clippy::large_enum_variant,
    reason = "made once for a request and taken apart at once; a box would cost more than it saves"
)]
pub(crate) enum Answer {
    /// A reply, with its body (empty for what is not 200 or 206).
    File(Reply, Bytes),
    /// A folder was asked for without the slash at its end.
    AddSlash,
    /// There is no such file.
    Missing,
}

/// Answers GET or HEAD for a path.
pub(crate) fn answer(
    bundle: &Bundle,
    folder: &ArchivedFolder,
    files: &ArchivedFiles,
    path: &FilePath,
    method: &Method,
    headers: &HeaderMap,
) -> Answer {
    let (file, by_accept) = match find(folder, files, path) {
        Place::File(file) => (Some(file), false),
        Place::AddSlash => return Answer::AddSlash,
        Place::Missing => (fallback(folder, files, path, headers), true),
    };
    match file {
        Some(file) => {
            let offer = offer(folder, files, file, headers);
            send(bundle, files, &offer, by_accept, method, headers)
        }
        None => Answer::Missing,
    }
}

enum Place<'b> {
    File(&'b ArchivedFile),
    AddSlash,
    Missing,
}

fn find<'b>(folder: &'b ArchivedFolder, files: &ArchivedFiles, path: &FilePath) -> Place<'b> {
    if !path.folder
        && let Some(file) = file(folder, &path.path)
    {
        return Place::File(file);
    }
    let index = files.index.iter().find_map(|name| match &*path.path {
        "" => file(folder, name),
        parent => file(folder, &format!("{parent}/{name}")),
    });
    match index {
        Some(file) if path.folder => Place::File(file),
        Some(_) => Place::AddSlash,
        None => Place::Missing,
    }
}

fn file<'b>(folder: &'b ArchivedFolder, path: &str) -> Option<&'b ArchivedFile> {
    let index = folder
        .files
        .binary_search_by(|file| file.path.as_str().cmp(path))
        .ok()?;
    folder.files.get(index)
}

/// The single page that stands for every page of an application; an asset that is missing stays
/// missing, or a script would get HTML.
fn fallback<'b>(
    folder: &'b ArchivedFolder,
    files: &ArchivedFiles,
    path: &FilePath,
    headers: &HeaderMap,
) -> Option<&'b ArchivedFile> {
    let name = files.fallback.as_ref()?;
    (!path.has_extension() && negotiate::takes_html(headers))
        .then(|| file(folder, name))
        .flatten()
}

/// A file in the encoding that the client would rather have.
struct Offer<'b> {
    /// The file before it was encoded.
    plain: &'b ArchivedFile,
    chosen: &'b ArchivedFile,
    encoding: Option<Encoding>,
    varies: bool,
}

fn offer<'b>(
    folder: &'b ArchivedFolder,
    files: &ArchivedFiles,
    file: &'b ArchivedFile,
    headers: &HeaderMap,
) -> Offer<'b> {
    let siblings = siblings(folder, files, file);
    let available: Vec<Encoding> = siblings.iter().map(|(encoding, _)| *encoding).collect();
    let encoding = negotiate::encoding(headers, &available);
    let chosen = siblings
        .iter()
        .find(|(sibling, _)| Some(*sibling) == encoding)
        .map_or(file, |(_, sibling)| *sibling);
    Offer {
        plain: file,
        chosen,
        encoding,
        varies: !siblings.is_empty(),
    }
}

fn send(
    bundle: &Bundle,
    files: &ArchivedFiles,
    offer: &Offer<'_>,
    by_accept: bool,
    method: &Method,
    headers: &HeaderMap,
) -> Answer {
    let representation = Representation {
        length: offer.chosen.body.length.to_native(),
        content_type: &offer.plain.content_type,
        etag: &offer.chosen.etag,
        last_modified: None,
        encoding: offer.encoding,
        varies: offer.varies,
        by_accept,
        cache_control: files.cache_control.as_deref(),
    };
    let reply = reply(method, headers, &representation);
    let body = body(bundle, offer.chosen, &reply.content);
    Answer::File(reply, body)
}

/// The encoded forms of a file that lie beside it.
fn siblings<'b>(
    folder: &'b ArchivedFolder,
    files: &ArchivedFiles,
    plain: &ArchivedFile,
) -> Vec<(Encoding, &'b ArchivedFile)> {
    if !files.precompressed {
        return Vec::new();
    }
    Encoding::ALL
        .into_iter()
        .filter_map(|encoding| {
            let path = format!("{}{}", plain.path, encoding.suffix());
            Some((encoding, file(folder, &path)?))
        })
        .collect()
}

fn body(bundle: &Bundle, file: &ArchivedFile, content: &Content) -> Bytes {
    let whole = || {
        bundle.body(Blob {
            offset: file.body.offset.to_native(),
            length: file.body.length.to_native(),
        })
    };
    match content {
        Content::Nothing => Bytes::new(),
        Content::Whole => whole(),
        Content::Part(part) => slice(&whole(), part),
        Content::Parts(parts) => join(&whole(), parts),
    }
}

fn join(whole: &Bytes, parts: &Multipart) -> Bytes {
    let mut body = BytesMut::new();
    for (head, part) in &parts.parts {
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(&slice(whole, part));
    }
    body.extend_from_slice(parts.tail.as_bytes());
    body.freeze()
}

/// A part, without copying it.
fn slice(whole: &Bytes, part: &std::ops::Range<u64>) -> Bytes {
    let end = usize::try_from(part.end).map_or(whole.len(), |end| end.min(whole.len()));
    let start = usize::try_from(part.start).map_or(end, |start| start.min(end));
    whole.slice(start..end)
}
