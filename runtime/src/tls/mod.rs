//! TLS: who we are to clients and servers, and who they must prove to be.
//!
//! Keys and certificates are files beside the bundle, read when a snapshot is prepared. So a file that
//! changed comes in like any other change: put in place whole or refused whole, while connections that
//! are open keep what they began with.

mod certificates;
mod client;
mod disk;
mod expiry;
mod pair;
mod reason;
mod server;
mod suites;
mod tickets;
mod unverified;

pub(crate) use certificates::Certificates;
pub(crate) use client::{ClientTls, Roots, client_of_the_system};
pub(crate) use disk::Disk;
pub(crate) use expiry::{Shown, Vigil, announce_replaced};
pub(crate) use reason::reason;
pub(crate) use server::ServerTls;
pub(crate) use tickets::Tickets;
