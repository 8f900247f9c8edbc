//! What happens to a request.

use rkyv::{Archive, Deserialize, Serialize};

use super::Template;
use crate::files::negotiate::Encoding;

/// What happens to the requests of a route.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub enum Action {
    /// Answered from the bundle.
    Respond(Box<Respond>),
    /// Passed on: index into the program's proxies.
    Proxy(u32),
    /// Answered from files.
    Files(Box<Files>),
    /// Sent elsewhere.
    Redirect(Box<Redirect>),
}

/// An answer from the bundle.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub struct Respond {
    /// The status; 0 (error pages only): the error's own.
    pub status: u16,
    /// Headers in the order written, names in lower case.
    pub headers: Vec<HeaderTemplate>,
    /// The body.
    pub body: Body,
    /// The same body encoded, where that is really smaller, those first that are rather sent; absent:
    /// it was not tried.
    pub encoded: Option<Vec<EncodedBody>>,
}

/// A body in an encoding.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub struct EncodedBody {
    /// The encoding.
    pub encoding: Encoding,
    /// The encoded bytes.
    pub body: Blob,
}

/// A body.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub enum Body {
    /// None.
    Empty,
    /// Bytes in the bundle's section of bodies.
    Bytes(Blob),
    /// Made anew for each request.
    Template(Template),
}

/// A range of bytes in the bundle's section of bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub struct Blob {
    /// First byte, from the section's start.
    pub offset: u64,
    /// Number of bytes.
    pub length: u64,
}

/// A header with its value.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub struct HeaderTemplate {
    /// The name in lower case.
    pub name: String,
    /// The value.
    pub value: Template,
}

/// Changes to headers, done in this order.
#[derive(Debug, Clone, Default, PartialEq, Archive, Serialize, Deserialize)]
pub struct Transform {
    /// Names taken out, in lower case.
    pub remove: Vec<String>,
    /// Headers put in the place of what was there.
    pub set: Vec<HeaderTemplate>,
    /// Headers added.
    pub add: Vec<HeaderTemplate>,
}

/// Passes the request on.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub struct Proxy {
    /// Index into the program's upstreams.
    pub upstream: u32,
    /// The path to ask for; absent: the request's own.
    pub path: Option<Template>,
    /// Number of leading segments to take off.
    pub strip_segments: u16,
    /// `Host` to send; absent: the server's authority.
    pub host: Option<Template>,
    /// Milliseconds to the end of the answer's headers; absent: the upstream's; 0: no bound.
    pub timeout_ms: Option<u64>,
}

/// Answers from files.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub struct Files {
    /// Where the files are.
    pub root: FilesRoot,
    /// Names looked for in a folder.
    pub index: Vec<String>,
    /// Sent for a page that does not exist (a path relative to the root, without a leading slash).
    pub fallback: Option<String>,
    /// Number of leading segments to take off.
    pub strip_segments: u16,
    /// Whether encoded siblings are sent.
    pub precompressed: bool,
    /// The `Cache-Control` header.
    pub cache_control: Option<String>,
}

/// Where the files of a route are.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub enum FilesRoot {
    /// In the bundle: index into the program's folders.
    Folder(u32),
    /// On the replica's disk: a path, relative to the replica's root for live files.
    Disk(String),
}

/// A folder whose files lie in the bundle.
#[derive(Debug, Clone, Default, PartialEq, Archive, Serialize, Deserialize)]
pub struct Folder {
    /// The files, sorted by path (bytewise).
    pub files: Vec<File>,
}

/// A file in the bundle.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub struct File {
    /// Path relative to the folder, with `/` between parts and none in front.
    pub path: String,
    /// `Content-Type`.
    pub content_type: String,
    /// Strong entity tag with its quotes, made from the contents.
    pub etag: String,
    /// The contents.
    pub body: Blob,
    /// The contents encoded, where that is really smaller and a route sends it.
    pub encoded: Vec<EncodedFile>,
}

/// A file's contents in an encoding.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub struct EncodedFile {
    /// The encoding.
    pub encoding: Encoding,
    /// Strong entity tag with its quotes, made from the encoded bytes.
    pub etag: String,
    /// The encoded bytes.
    pub body: Blob,
}

/// Sends the client elsewhere.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub struct Redirect {
    /// The status.
    pub status: u16,
    /// The `Location` header.
    pub to: Template,
}
