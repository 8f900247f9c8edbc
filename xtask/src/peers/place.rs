//! Where a peer runs: a folder of its own, free ports, and the upstream that it passes requests to.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;

use super::service::Key;

/// What a peer's configuration refers to.
#[derive(Debug, Clone)]
pub struct Place {
    /// The peer's own folder.
    pub folder: PathBuf,
    /// The folder with certificates and keys.
    pub certificates: PathBuf,
    /// Where it listens.
    pub address: SocketAddr,
    /// A second free address, for a peer that needs one.
    pub side: SocketAddr,
    /// The upstream.
    pub upstream: SocketAddr,
    /// The folder of `gated` and `gatec`.
    pub programs: PathBuf,
}

impl Place {
    /// A file in the peer's folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The certificate of this kind, PEM.
    pub fn certificate(&self, key: Key) -> PathBuf {
        self.certificates.join(format!("{}.crt", key.file()))
    }

    /// Its key, PEM.
    pub fn key(&self, key: Key) -> PathBuf {
        self.certificates.join(format!("{}.key", key.file()))
    }

    /// Certificate and key in one file, PEM.
    pub fn both(&self, key: Key) -> PathBuf {
        self.certificates.join(format!("{}.pem", key.file()))
    }
}

/// An address of this machine that nobody listens on.
///
/// # Errors
/// When there is none.
pub fn free() -> Result<SocketAddr, String> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map_err(|error| format!("no free port: {error}"))
}
