//! Answers from files: which one, in which encoding, whether it changed, and which part of it
//! (RFC 9110, sections 12 to 14).
//!
//! Pure: the caller brings what lies on a disk. [`path`] turns a request's path into the name of a
//! file; [`negotiate`] picks an encoding; [`reply`] puts [`conditional`] and [`range`] together and
//! says which bytes to send under which headers. Files within a bundle and files on a disk take the
//! same way.

pub mod conditional;
pub mod content_type;
mod embedded;
pub mod multipart;
pub mod negotiate;
pub mod path;
pub mod range;
mod reply;

pub(crate) use embedded::{Answer, Site, answer};
pub use reply::{Content, Reply, Representation, reply};

use http::Method;

/// What a route of files answers; sent as `Allow` with 405.
pub const ALLOW: &str = "GET, HEAD";

/// Whether files answer this method.
pub fn is_allowed(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}
