//! Answers from a folder whose files lie in the bundle.

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method};
use smallvec::SmallVec;

use crate::bundle::Bundle;
use crate::compression::{self, Encodings};
use crate::program::{
    ArchivedBlob, ArchivedCompression, ArchivedFile, ArchivedFiles, ArchivedFolder,
};

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

/// A folder of the bundle as a route serves it.
pub(crate) struct Site<'b> {
    pub(crate) folder: &'b ArchivedFolder,
    pub(crate) files: &'b ArchivedFiles,
    /// How the route's answers are compressed; `None`: they are not.
    pub(crate) compression: Option<&'b ArchivedCompression>,
}

/// Answers GET or HEAD for a path.
pub(crate) fn answer(
    bundle: &Bundle,
    site: &Site<'_>,
    path: &FilePath,
    method: &Method,
    headers: &HeaderMap,
) -> Answer {
    let (folder, files) = (site.folder, site.files);
    let (file, by_accept) = match find(folder, files, path) {
        Place::File(file) => (Some(file), false),
        Place::AddSlash => return Answer::AddSlash,
        Place::Missing => (fallback(folder, files, path, headers), true),
    };
    match file {
        Some(file) => {
            let offer = offer(site, file, headers);
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
    chosen: Form<'b>,
    encoding: Option<Encoding>,
    varies: bool,
}

/// The bytes of a file in one encoding.
#[derive(Clone, Copy)]
struct Form<'b> {
    etag: &'b str,
    body: &'b ArchivedBlob,
}

impl<'b> Form<'b> {
    fn of(file: &'b ArchivedFile) -> Self {
        Self {
            etag: &file.etag,
            body: &file.body,
        }
    }
}

/// The encoded forms of a file, those first that are rather sent.
type Forms<'b> = SmallVec<[(Encoding, Form<'b>); 3]>;

fn offer<'b>(site: &Site<'b>, file: &'b ArchivedFile, headers: &HeaderMap) -> Offer<'b> {
    let forms = forms(site, file);
    let available: Encodings = forms.iter().map(|(encoding, _)| *encoding).collect();
    let encoding = negotiate::encoding(headers, &available);
    let chosen = forms
        .iter()
        .find(|(form, _)| Some(*form) == encoding)
        .map_or(Form::of(file), |(_, form)| *form);
    Offer {
        plain: file,
        chosen,
        encoding,
        varies: !forms.is_empty(),
    }
}

/// What lies beside the file comes before what was made with the bundle.
fn forms<'b>(site: &Site<'b>, file: &'b ArchivedFile) -> Forms<'b> {
    let mut forms = siblings(site.folder, site.files, file);
    let Some(compression) = site.compression else {
        return forms;
    };
    let order = compression::encodings(compression);
    if is_covered(compression, file) {
        for made in file.encoded.iter() {
            let encoding = Encoding::from(&made.encoding);
            let known = forms.iter().any(|(known, _)| *known == encoding);
            if !known && order.contains(&encoding) {
                let form = Form {
                    etag: &made.etag,
                    body: &made.body,
                };
                forms.push((encoding, form));
            }
        }
    }
    let place = |encoding| order.iter().position(|one| *one == encoding);
    forms.sort_by_key(|(encoding, _)| place(*encoding).unwrap_or(order.len()));
    forms
}

/// Whether a file is compressed on this route: another may serve the same folder otherwise.
fn is_covered(compression: &ArchivedCompression, file: &ArchivedFile) -> bool {
    file.body.length.to_native() >= compression.min_size.to_native()
        && compression::covers_type(compression, &file.content_type)
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
        etag: offer.chosen.etag,
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
) -> Forms<'b> {
    if !files.precompressed {
        return Forms::new();
    }
    Encoding::ALL
        .into_iter()
        .filter_map(|encoding| {
            let path = format!("{}{}", plain.path, encoding.suffix());
            Some((encoding, Form::of(file(folder, &path)?)))
        })
        .collect()
}

fn body(bundle: &Bundle, form: Form<'_>, content: &Content) -> Bytes {
    let whole = || bundle.blob(form.body);
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
