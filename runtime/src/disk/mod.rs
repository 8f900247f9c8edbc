//! Files from the replica's own disk.
//!
//! Every name is opened below the route's folder through a capability (`cap-std`): no path and no
//! symlink leads out of it, also not one that is put there between a check and its use. Reading the
//! disk may block, so it is done on threads kept for that, never on a worker.

mod body;
mod budget;
mod find;

use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use gated_engine::compression;
use gated_engine::decide::DiskPlan;
use gated_engine::files::negotiate::Encoding;
use gated_engine::files::path::FilePath;
use gated_engine::files::{self, Content, Reply, Representation, content_type, negotiate};
use gated_engine::program::ArchivedCompression;
use gated_engine::request::Request;
use http::header::{ALLOW, CONTENT_LENGTH, IF_RANGE, LOCATION, RANGE, RETRY_AFTER, VARY};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};

pub(crate) use body::FileBody;
use find::{Found, Opened};

/// The answer from the disk.
pub(crate) enum Answer {
    /// A file, or a part of it.
    File(Response<FileBody>),
    /// The folder is named with a slash at its end.
    Redirect(Response<()>),
    /// An error page is due, with these headers.
    Failed(StatusCode, HeaderMap),
}

/// What to look for; sent to the thread that looks.
#[derive(Debug, Clone)]
struct Search {
    root: std::path::PathBuf,
    path: FilePath,
    index: Vec<String>,
    fallback: Option<String>,
    precompressed: bool,
}

/// Answers from a folder. `base` is what the folder is relative to.
pub(crate) async fn answer(base: &Path, plan: &DiskPlan<'_>, request: &Request<'_>) -> Answer {
    if !files::is_allowed(request.method) {
        let mut headers = HeaderMap::new();
        headers.insert(ALLOW, HeaderValue::from_static(files::ALLOW));
        return Answer::Failed(StatusCode::METHOD_NOT_ALLOWED, headers);
    }
    let search = search(base, plan, request);
    let permit = budget::visit().await;
    let finding = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        find::find(&search)
    });
    match finding.await {
        Ok(Ok(Found::File(candidates))) => send(plan, request, candidates),
        Ok(Ok(Found::AddSlash)) => add_slash(request),
        Ok(Ok(Found::Missing)) => Answer::Failed(StatusCode::NOT_FOUND, vary_of_missing(plan)),
        Ok(Err(error)) => {
            tracing::warn!(%error, folder = plan.root, path = plan.path, "cannot read a file");
            unreadable(&error)
        }
        Err(_) => Answer::Failed(StatusCode::INTERNAL_SERVER_ERROR, HeaderMap::new()),
    }
}

/// The answer where the disk, and not the name, is at fault.
fn unreadable(error: &std::io::Error) -> Answer {
    let mut headers = HeaderMap::new();
    if !find::is_exhausted(error) {
        return Answer::Failed(StatusCode::INTERNAL_SERVER_ERROR, headers);
    }
    headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    Answer::Failed(StatusCode::SERVICE_UNAVAILABLE, headers)
}

/// Where another client would get the page that stands for all others, caches must know.
fn vary_of_missing(plan: &DiskPlan<'_>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let path = FilePath {
        path: plan.path.clone(),
        folder: plan.folder,
    };
    if plan.files.fallback.is_some() && !path.has_extension() {
        headers.insert(VARY, HeaderValue::from_static("accept"));
    }
    headers
}

fn search(base: &Path, plan: &DiskPlan<'_>, request: &Request<'_>) -> Search {
    let path = FilePath {
        path: plan.path.clone(),
        folder: plan.folder,
    };
    let takes_fallback = !path.has_extension() && negotiate::takes_html(request.headers);
    Search {
        root: base.join(plan.root),
        index: plan
            .files
            .index
            .iter()
            .map(|name| name.as_str().to_owned())
            .collect(),
        fallback: plan
            .files
            .fallback
            .as_ref()
            .filter(|_| takes_fallback)
            .map(|name| name.as_str().to_owned()),
        precompressed: plan.files.precompressed,
        path,
    }
}

fn send(plan: &DiskPlan<'_>, request: &Request<'_>, candidates: find::Candidates) -> Answer {
    let available: Vec<Encoding> = candidates
        .encoded
        .iter()
        .map(|(encoding, _)| *encoding)
        .collect();
    // What is compressed on its way out differs as well, in parts and where it did not change too.
    let covered = plan.compression.is_some_and(|compression| {
        compression::covers_type(compression, content_type::of(&candidates.name))
            && candidates.plain.length >= compression.min_size.to_native()
    });
    let varies = covered || !available.is_empty();
    let encoding = negotiate::encoding(request.headers, &available);
    let find::Candidates {
        name,
        plain,
        fallback,
        encoded,
    } = candidates;
    let file = encoded
        .into_iter()
        .find(|(offered, _)| Some(*offered) == encoding)
        .map_or(plain, |(_, file)| file);
    let etag = etag(&file, encoding);
    let representation = Representation {
        length: file.length,
        content_type: content_type::of(&name),
        etag: &etag,
        last_modified: file.modified,
        encoding,
        varies,
        by_accept: fallback,
        cache_control: plan.files.cache_control.as_deref(),
    };
    let whole = plan
        .compression
        .filter(|_| covered)
        .and_then(|compression| without_range(request.headers, compression));
    let headers = whole.as_ref().unwrap_or(request.headers);
    let reply = files::reply(request.method, headers, &representation);
    respond(file, reply, request.method)
}

/// The headers of a request without its range, where the client goes on with what it got compressed on
/// the way: it names that by the file's date, but would get a part of the plain bytes (RFC 9110,
/// section 13.1.5).
fn without_range(asked: &HeaderMap, compression: &ArchivedCompression) -> Option<HeaderMap> {
    if !asked.contains_key(IF_RANGE) {
        return None;
    }
    compression::chosen(asked, &compression::encodings(compression))?;
    let mut headers = asked.clone();
    headers.remove(RANGE);
    Some(headers)
}

fn respond(file: Opened, reply: Reply, method: &Method) -> Answer {
    let Reply {
        status,
        headers,
        content,
    } = reply;
    if matches!(content, Content::Nothing) && (status.is_client_error() || status.is_server_error())
    {
        return Answer::Failed(status, headers);
    }
    let body = FileBody::new(file.file, file.length, content);
    let length = body.length();
    let mut response = Response::new(if *method == Method::HEAD {
        body.empty()
    } else {
        body
    });
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    if status != StatusCode::NOT_MODIFIED {
        response
            .headers_mut()
            .insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    Answer::File(response)
}

/// A tag from length and time of change, to the nanosecond: what is written at the same instant with
/// the same length is taken to be the same, hence a weak one.
fn etag(file: &Opened, encoding: Option<Encoding>) -> String {
    let nanoseconds = file
        .modified
        .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
        .map_or(0, |since| since.as_nanos());
    let suffix = encoding.map_or("", Encoding::token);
    format!("W/\"{:x}-{nanoseconds:x}{suffix}\"", file.length)
}

fn add_slash(request: &Request<'_>) -> Answer {
    let mut location = format!("{}/", request.path);
    if let Some(query) = request.query {
        location.push('?');
        location.push_str(query);
    }
    let mut response = Response::new(());
    *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
    match HeaderValue::try_from(location) {
        Ok(location) => {
            response.headers_mut().insert(LOCATION, location);
            Answer::Redirect(response)
        }
        Err(_) => Answer::Failed(StatusCode::NOT_FOUND, HeaderMap::new()),
    }
}

/// Opens the folder that everything is looked for below.
fn open_root(path: &Path) -> std::io::Result<Dir> {
    Dir::open_ambient_dir(path, ambient_authority())
}
