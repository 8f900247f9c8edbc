//! A header that a proxy in front has set. Only the word of the named proxies is taken; from anybody
//! else the header is taken out of the request, so that nobody behind believes it either.

use std::net::IpAddr;

use gated_engine::principal::Principal;
use gated_engine::program::{Claim, Network};
use http::{HeaderMap, HeaderName};

use crate::credentials::only_text;
use crate::{Claims, Denied, Proved};

/// A header that says who is asking.
#[derive(Debug, Clone)]
pub struct HeaderIdentity {
    identity: u32,
    name: String,
    proxies: Vec<Network>,
    claims: Claims,
}

impl HeaderIdentity {
    /// An identity by its index.
    pub fn new(identity: u32, name: &str, proxies: &[Network], claims: &[Claim]) -> Self {
        Self {
            identity,
            name: name.to_owned(),
            proxies: proxies.to_vec(),
            claims: Claims::new(claims),
        }
    }

    /// Whether an address is one of the proxies whose word is taken.
    pub fn trusts(&self, peer: IpAddr) -> bool {
        let address = u128::from(match peer {
            IpAddr::V4(address) => address.to_ipv6_mapped(),
            IpAddr::V6(address) => address,
        });
        let shared = |network: &Network| {
            let left = 128 - u32::from(network.bits.min(128));
            (address ^ network.address).checked_shr(left).unwrap_or(0) == 0
        };
        self.proxies.iter().any(shared)
    }

    /// The headers that nobody but those proxies may set.
    pub fn guarded(&self) -> impl Iterator<Item = HeaderName> + '_ {
        let names = std::iter::once(self.name.as_str()).chain(self.claims.names());
        names.filter_map(|name| HeaderName::try_from(name).ok())
    }

    /// Who is asking.
    ///
    /// # Errors
    /// [`Denied`]
    pub fn prove(&self, headers: &HeaderMap, peer: IpAddr) -> Proved {
        if !self.trusts(peer) {
            return Err(Denied::Missing);
        }
        let Some(id) = only_text(headers, &self.name)? else {
            return Err(Denied::Missing);
        };
        // A claim that is there twice, or is no text, is not one that is missing.
        for name in self.claims.names() {
            only_text(headers, name)?;
        }
        let claims = self
            .claims
            .of_texts(|name| only_text(headers, name).ok().flatten())?;
        Ok(Principal {
            identity: self.identity,
            id: id.to_owned(),
            claims,
        })
    }
}

#[cfg(test)]
mod tests {
    use gated_engine::program::ClaimKind;
    use http::HeaderValue;

    use super::*;

    #[test]
    fn only_the_named_proxies_are_believed() {
        let network = Network {
            address: u128::from(
                "10.0.0.0"
                    .parse::<std::net::Ipv4Addr>()
                    .unwrap()
                    .to_ipv6_mapped(),
            ),
            bits: 104,
        };
        let claim = Claim {
            name: "groups".into(),
            kind: ClaimKind::Texts,
            from: vec!["x-groups".into()],
            role: true,
            optional: true,
        };
        let identity = HeaderIdentity::new(3, "x-user", &[network], &[claim]);
        let mut headers = HeaderMap::new();
        let proxy = "10.1.2.3".parse().unwrap();
        assert_eq!(identity.prove(&headers, proxy), Err(Denied::Missing));
        headers.insert("x-user", HeaderValue::from_static("ann"));
        headers.insert("x-groups", HeaderValue::from_static("a, b"));
        let principal = identity.prove(&headers, proxy).unwrap();
        assert_eq!((principal.identity, principal.id.as_str()), (3, "ann"));
        assert!(principal.claims[0].is_some());
        for stranger in ["11.0.0.1", "::1", "::ffff:11.0.0.1"] {
            let stranger = stranger.parse().unwrap();
            assert_eq!(identity.prove(&headers, stranger), Err(Denied::Missing));
        }
        headers.append("x-user", HeaderValue::from_static("bob"));
        assert!(matches!(
            identity.prove(&headers, proxy),
            Err(Denied::Refused(_))
        ));
        assert_eq!(identity.guarded().count(), 2);
    }
}
