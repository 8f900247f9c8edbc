//! Certificates and keys as they lie in files: PEM text becomes chains and keys, a key is held against
//! its certificate, and a certificate tells its names and how long it is good for.
//!
//! The compiler checks with it and the replica serves with it, so both say the same about a file. It
//! reads no file itself and knows no clock.

mod authorities;
mod facts;
mod names;
mod pair;
mod pem;

pub use authorities::authorities;
pub use facts::Facts;
pub use names::{Name, Names};
pub use pair::{Algorithm, Mismatch, Pair};
pub use pem::{chain, key};

/// What is wrong with a file. Reads on after the file's name: "`a.pem` …".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// PEM that ends early, or is no base64.
    #[error("is no whole PEM: {0}")]
    Pem(String),
    /// There is no block of a certificate.
    #[error("holds no certificate (`-----BEGIN CERTIFICATE-----`)")]
    NoCertificate,
    /// There is no block of a key.
    #[error("holds no key (`-----BEGIN PRIVATE KEY-----`, or the same with `RSA` or `EC`)")]
    NoKey,
    /// There is a key, and a password protects it.
    #[error("holds a key that is encrypted, and nobody could type its password")]
    Encrypted,
    /// A certificate that cannot be read.
    #[error("holds a certificate that cannot be read: {0}")]
    Certificate(String),
    /// A kind of key that is not supported.
    #[error(
        "holds a key of a kind that is not supported: RSA from 2048 bits on, ECDSA (P-256, P-384, P-521) and Ed25519 are"
    )]
    Unsupported,
}
