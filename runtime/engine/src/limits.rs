//! Which limits a request comes under, and with which keys.
//!
//! A key is made from what the limit says, part by part, each with its length before it, so that no two
//! requests of different parts can come to the same key. What a request lacks is an empty part.

use std::net::{IpAddr, Ipv6Addr};

use crate::bundle::Bundle;
use crate::environment::Environment;
use crate::matcher::Found;
use crate::program::{ArchivedLimit, ArchivedLimitKey};
use crate::request::Request;
use crate::template::{self, Context};

/// The longest part of a key, in bytes; a longer one is told by its digest.
pub const LONGEST_PART: usize = 128;

/// A limit that a request comes under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Index of the limit.
    pub limit: u32,
    /// How many tokens it takes.
    pub cost: u32,
    /// Whose bucket.
    pub key: Vec<u8>,
}

/// The limits that hold on the route that was found: all of them, or only those whose keys can be made
/// before it is known who asks.
pub fn asked(
    bundle: &Bundle,
    found: &Found<'_>,
    request: &Request<'_>,
    client: IpAddr,
    environment: &dyn Environment,
    only_before_identity: bool,
) -> Vec<Asked> {
    let program = bundle.program();
    let set = bundle.limit_set(found.route);
    let context = Context::of_route(bundle, found, request, None, environment);
    let uses = set.into_iter().flat_map(|set| set.limits.iter());
    uses.filter_map(|one| {
        let limit = program.limits.get(one.0.to_native() as usize)?;
        (limit.before_identity || !only_before_identity).then(|| Asked {
            limit: one.0.to_native(),
            cost: one.1.to_native(),
            key: key(bundle, limit, found, request, client, &context),
        })
    })
    .collect()
}

fn key(
    bundle: &Bundle,
    limit: &ArchivedLimit,
    found: &Found<'_>,
    request: &Request<'_>,
    client: IpAddr,
    context: &Context<'_>,
) -> Vec<u8> {
    let mut key = Vec::with_capacity(32);
    let mut text = String::new();
    for part in limit.by.iter() {
        text.clear();
        match part {
            ArchivedLimitKey::Address => text = network(client).to_string(),
            ArchivedLimitKey::Route => text.push_str(bundle.route_name(found.route)),
            ArchivedLimitKey::Principal => {
                if let Some(principal) = request.principal {
                    text.push_str(bundle.identity_name(principal.identity));
                    text.push('/');
                    text.push_str(&principal.id);
                }
            }
            ArchivedLimitKey::Template(template) => {
                template::render(template, context, &mut text);
            }
        }
        push_part(&mut key, &text, limit.by.len() > 1);
    }
    key
}

fn push_part(key: &mut Vec<u8>, text: &str, several: bool) {
    if text.len() > LONGEST_PART {
        let digest = crate::Digest::of(text.as_bytes()).to_string();
        return push_part(key, &digest, several);
    }
    if several {
        key.extend(text.len().to_string().bytes());
        key.push(b':');
    }
    key.extend(text.bytes());
}

/// The address that a client is counted by: of IPv6 the network of 64 bits, which is what one client is
/// given, and of IPv4 in IPv6 the address in it.
#[must_use]
pub fn network(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V6(address) => {
            let high = address.to_bits() & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from_bits(high))
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cannot_be_mistaken_for_each_other() {
        let joined = |parts: [&str; 2]| {
            let mut key = Vec::new();
            for part in parts {
                push_part(&mut key, part, true);
            }
            key
        };
        assert_ne!(joined(["a", "bc"]), joined(["ab", "c"]));
        assert_ne!(joined(["a1:b", ""]), joined(["a", "b"]));
        assert!(joined([&"x".repeat(10_000), "y"]).len() < 200);
    }

    #[test]
    fn of_ipv6_the_network_counts() {
        let of = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("192.0.2.7"), "192.0.2.7");
        assert_eq!(of("::ffff:192.0.2.7"), "192.0.2.7");
    }
}
