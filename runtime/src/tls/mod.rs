//! TLS to servers: who they must prove to be, and who we are to them.
//!
//! Keys and certificates are files beside the bundle, read when a snapshot is prepared. A file that
//! cannot be used makes the whole snapshot unfit, so that what runs serves on.

mod client;
mod disk;
mod reason;
mod unverified;

pub(crate) use client::{ClientTls, Roots};
pub(crate) use disk::Disk;
pub(crate) use reason::reason;
