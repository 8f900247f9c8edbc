//! Who is asking: the identities of a snapshot, ready to prove it.
//!
//! What is cheap is done at once on the worker that serves; what is slow (passwords) or must be waited
//! for (keys at a URL, the body) is done on the side. What was proved is remembered for a while, by each
//! worker for itself. Files and secrets are the snapshot's; what outlives a snapshot is in [`Memory`].

mod cache;
mod fetch;
mod guarded;
mod memory;
mod prove;
pub(crate) mod read;
mod source;

use std::net::IpAddr;
use std::sync::Arc;

use gated_engine::principal::Principal;
use gated_engine::program::{self, CertificateName, CredentialPlace};
use gated_engine::request::Request;
use gated_identity::{
    CertificateNames, Claims, HeaderIdentity, HmacVerifier, JwtVerifier, KeySet, Keys,
    MessageVerifier, Passwords, Reason,
};
use http::HeaderValue;

pub(crate) use guarded::GuardedHeaders;
pub(crate) use memory::Memory;
pub(crate) use source::{Facts, Source};

/// What came of the attempt to prove who is asking.
#[derive(Debug, Clone)]
pub(crate) enum Proof {
    /// It is proved.
    Proved(Arc<Principal>),
    /// The request brings nothing of that kind.
    Missing,
    /// It brings something that is not taken; why, for the log.
    Refused(Reason),
    /// It cannot be told at the moment: keys cannot be had, or too many passwords wait. 503.
    Away,
}

/// Whoever asks, and with what.
pub(crate) struct Asking<'a> {
    /// The request.
    pub(crate) request: &'a Request<'a>,
    /// The other end of the socket, before anything that a proxy says.
    pub(crate) peer: IpAddr,
    /// The certificate that the handshake has verified.
    pub(crate) certificate: Option<&'a CertificateNames>,
}

/// The identities of a snapshot.
pub(crate) struct Identities {
    all: Vec<Ready>,
    guarded: Arc<GuardedHeaders>,
    /// Tells what was proved with these from what was proved with others.
    serial: u64,
    memory: Arc<Memory>,
}

/// An identity, ready.
struct Ready {
    identity: program::Identity,
    method: Method,
}

/// How it is proved, with all that this needs.
enum Method {
    Basic(Arc<Passwords>),
    Key(CredentialPlace, Keys, Claims),
    Jwt(Box<JwtVerifier>, TokenKeys),
    Header(HeaderIdentity),
    Hmac(Box<HmacVerifier>),
    Message(Box<MessageVerifier>),
    Certificate(CertificateName),
    Session(Claims),
    Anonymous(Arc<Principal>),
}

/// The keys that tokens are signed with.
enum TokenKeys {
    Known(KeySet),
    Fetched(Arc<Source>),
}

impl Identities {
    /// The name of an identity.
    pub(crate) fn name(&self, identity: u32) -> &str {
        self.get(identity).map_or("", |one| &one.identity.name)
    }

    /// All names, in their order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|one| one.identity.name.as_str())
    }

    /// Whether a request's body is needed to prove it.
    pub(crate) fn needs_body(&self, identity: u32) -> bool {
        match self.get(identity).map(|one| &one.method) {
            Some(Method::Hmac(verifier)) => verifier.covers_body(),
            Some(Method::Message(verifier)) => verifier.covers_body(),
            _ => false,
        }
    }

    /// Nobody in particular, if that is who an identity stands for.
    pub(crate) fn anonymous(&self, identity: u32) -> Option<&Arc<Principal>> {
        match self.get(identity).map(|one| &one.method) {
            Some(Method::Anonymous(principal)) => Some(principal),
            _ => None,
        }
    }

    /// Whether it is proved by a session.
    pub(crate) fn by_session(&self, identity: u32) -> bool {
        let method = self.get(identity).map(|one| &one.method);
        matches!(method, Some(Method::Session(_)))
    }

    /// What a client is told that it needs, as lines of `WWW-Authenticate`, each once. `refused`: it sent
    /// something that was not taken.
    pub(crate) fn challenges(
        &self,
        identities: impl Iterator<Item = u32>,
        refused: bool,
    ) -> Vec<HeaderValue> {
        let mut all: Vec<HeaderValue> = Vec::new();
        for ready in identities.filter_map(|index| self.get(index)) {
            let line = gated_identity::challenge(&ready.identity, refused);
            let line = line.and_then(|line| HeaderValue::try_from(line).ok());
            all.extend(line.filter(|line| !all.contains(line)));
        }
        all
    }

    /// The headers that only certain proxies may set.
    pub(crate) fn guarded(&self) -> &Arc<GuardedHeaders> {
        &self.guarded
    }

    /// The keys that are fetched.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &Source> {
        self.all.iter().filter_map(|one| match &one.method {
            Method::Jwt(_, TokenKeys::Fetched(source)) => Some(source.as_ref()),
            _ => None,
        })
    }

    fn get(&self, identity: u32) -> Option<&Ready> {
        self.all.get(identity as usize)
    }
}

/// Milliseconds since 1970.
fn now() -> i64 {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
