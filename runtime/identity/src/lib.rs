//! Who is asking: what a request brings to prove it is read and checked, and becomes a principal.
//!
//! Nothing here has a socket, a clock or a disk: the time, the texts of files, secrets and the request
//! are handed in. So the replica checks requests, and the compiler checks files, with the very same
//! code. Whatever a client sends is bounded in size before work is done for it.

mod algorithm;
mod certificate;
mod challenge;
mod claims;
mod credentials;
mod header;
mod hmac;
mod htpasswd;
mod json;
mod jwks;
mod jwt;
mod key;
mod keys;
mod message;
mod mint;
mod pem;
mod problem;
mod replay;

use std::borrow::Cow;

use gated_engine::principal::Principal;
use gated_engine::request::Request;
use http::Uri;

pub use algorithm::Algorithm;
pub use certificate::CertificateNames;
pub use challenge::challenge;
pub use claims::Claims;
pub use credentials::{basic, credential};
pub use header::HeaderIdentity;
pub use hmac::HmacVerifier;
pub use htpasswd::{Passwords, hash_password};
pub use jwks::{KeySet, public_set};
pub use jwt::{JwtVerifier, LARGEST_TOKEN, Verified};
pub use key::Key;
pub use keys::{Keys, Line, NewKey, revoke};
pub use message::MessageVerifier;
pub use mint::{Signer, new_pair};
pub use problem::Problem;
pub use replay::Replays;

/// Why a credential is not taken: for the log, never for the client. It quotes no credential.
pub type Reason = Cow<'static, str>;

/// Nobody is proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Denied {
    /// The request brings no credential of that kind.
    Missing,
    /// It brings one that is not taken.
    Refused(Reason),
    /// It is signed with a key that is not known, but may be by whoever gives out the keys.
    UnknownKey,
}

impl Denied {
    /// A credential is not taken.
    pub fn refused(reason: impl Into<Reason>) -> Self {
        Self::Refused(reason.into())
    }
}

/// Whether two credentials are the same, in a time that tells nothing of where they differ.
pub fn is_same(one: &[u8], other: &[u8]) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(one, other).is_ok()
}

/// Who is asking, if that is proved.
pub type Proved = Result<Principal, Denied>;

/// A request as it came, and in its normal form.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Its normal form.
    pub request: &'a Request<'a>,
    /// Its target as it was sent.
    pub uri: &'a Uri,
    /// Its body, where that was read.
    pub body: Option<&'a [u8]>,
}
