//! Answers from files, within the bundle or on the disk.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::bundle::Bundle;
use crate::environment::Environment;
use crate::files::path::FilePath;
use crate::files::{self, ALLOW, Answer, Reply, Site};
use crate::program::{ArchivedCompression, ArchivedFiles, ArchivedFilesRoot, ArchivedFolder};
use crate::request::Request;

use super::{Decision, DiskPlan, Forms, Response, error_response, headers};

pub(super) fn files<'b>(
    bundle: &'b Bundle,
    files: &'b ArchivedFiles,
    compression: Option<&'b ArchivedCompression>,
    request: &Request<'_>,
    environment: &dyn Environment,
) -> Decision<'b> {
    let error = |status| error_response(bundle, status, Some(request), environment);
    if !files::is_allowed(request.method) {
        let mut response = error(StatusCode::METHOD_NOT_ALLOWED);
        let allow = HeaderValue::from_static(ALLOW);
        response.headers.insert(header::ALLOW, allow);
        return Decision::Respond(response);
    }
    let strip = usize::from(files.strip_segments.to_native());
    let Some(path) = FilePath::decode(&request.path, strip) else {
        return Decision::Respond(error(StatusCode::NOT_FOUND));
    };
    let folder = match &files.root {
        ArchivedFilesRoot::Disk(root) => {
            return Decision::Disk(DiskPlan {
                root,
                path: path.path,
                folder: path.folder,
                files,
                compression,
            });
        }
        ArchivedFilesRoot::Folder(folder) => folder_of(bundle, folder.to_native()),
    };
    let answer = match folder {
        Some(folder) => {
            let site = Site {
                folder,
                files,
                compression,
            };
            let (method, headers) = (request.method, request.headers);
            files::answer(bundle, &site, &path, method, headers)
        }
        None => Answer::Missing,
    };
    Decision::Respond(match answer {
        Answer::File(reply, body) => file_response(reply, body, error),
        Answer::AddSlash => add_slash(request),
        Answer::Missing => {
            let mut response = error(StatusCode::NOT_FOUND);
            if files.fallback.is_some() && !path.has_extension() {
                // Another client would get the page that stands for all of them.
                let vary = HeaderValue::from_static("accept");
                response.headers.append(header::VARY, vary);
            }
            response
        }
    })
}

fn folder_of(bundle: &Bundle, folder: u32) -> Option<&ArchivedFolder> {
    let index = usize::try_from(folder).ok()?;
    bundle.program().folders.get(index)
}

/// Errors (412, 416) are put into words as all errors are.
fn file_response(reply: Reply, body: Bytes, error: impl Fn(StatusCode) -> Response) -> Response {
    if !reply.status.is_client_error() {
        return Response {
            status: reply.status,
            headers: reply.headers,
            body,
            forms: Forms::Settled,
        };
    }
    let mut response = error(reply.status);
    response.headers.extend(reply.headers);
    response
}

/// Sends the client to the same path with a slash behind it, so that relative links on the page lead
/// where they should. The path is in normal form: it begins with one slash, never with two.
fn add_slash(request: &Request<'_>) -> Response {
    let location = match request.query {
        Some(query) => format!("{}/?{query}", request.path),
        None => format!("{}/", request.path),
    };
    Response {
        status: StatusCode::PERMANENT_REDIRECT,
        headers: HeaderMap::from_iter([(header::LOCATION, headers::plain_value(&location))]),
        body: Bytes::new(),
        forms: Forms::Settled,
    }
}
