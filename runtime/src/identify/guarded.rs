//! Headers that only certain proxies may set. They are taken out of every request before anything looks
//! at it, and put back where the peer is one of those proxies. As trailers nobody may bring them.

use std::net::IpAddr;

use gated_identity::HeaderIdentity;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::{Method, Ready};

/// A header, and the identities whose proxies may set it.
struct Guarded {
    name: HeaderName,
    by: Vec<HeaderIdentity>,
}

/// The headers of all identities.
pub(crate) struct GuardedHeaders(Vec<Guarded>);

impl GuardedHeaders {
    /// The headers of identities.
    pub(super) fn of(all: &[Ready]) -> Self {
        let mut guarded: Vec<Guarded> = Vec::new();
        for ready in all {
            let Method::Header(identity) = &ready.method else {
                continue;
            };
            for name in identity.guarded() {
                match guarded.iter_mut().find(|known| known.name == name) {
                    Some(known) => known.by.push(identity.clone()),
                    None => guarded.push(Guarded {
                        name,
                        by: vec![identity.clone()],
                    }),
                }
            }
        }
        Self(guarded)
    }

    /// Takes the guarded headers out of a request; gives back those that the peer may set, to be put in
    /// again once the others that nobody may set are out.
    pub(crate) fn take(
        &self,
        headers: &mut HeaderMap,
        peer: IpAddr,
    ) -> Vec<(HeaderName, HeaderValue)> {
        let mut vouched = Vec::new();
        for guarded in &self.0 {
            if guarded.by.iter().any(|identity| identity.trusts(peer)) {
                let values = headers.get_all(&guarded.name).iter();
                vouched.extend(values.map(|value| (guarded.name.clone(), value.clone())));
            }
            headers.remove(&guarded.name);
        }
        self.remove_disguised(headers);
        vouched
    }

    /// Takes them out of trailers, whoever sends them: the identity was proved before these came.
    pub(crate) fn clean_trailers(&self, trailers: &mut HeaderMap) {
        for guarded in &self.0 {
            trailers.remove(&guarded.name);
        }
        self.remove_disguised(trailers);
    }

    /// Many servers behind take `_` for `-`.
    fn remove_disguised(&self, headers: &mut HeaderMap) {
        if self.0.is_empty() {
            return;
        }
        let disguised: Vec<HeaderName> = headers
            .keys()
            .filter(|name| name.as_str().contains('_') && self.is_guarded(name))
            .cloned()
            .collect();
        for name in disguised {
            headers.remove(name);
        }
    }

    fn is_guarded(&self, name: &HeaderName) -> bool {
        let plain = name.as_str().replace('_', "-");
        let mut names = self.0.iter().map(|guarded| guarded.name.as_str());
        names.any(|known| known.replace('_', "-") == plain)
    }
}
