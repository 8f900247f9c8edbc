//! A listener's certificates, and which one a client gets: by the host that it names (SNI, RFC 6066),
//! from the names in the certificates; among several for one host, one whose key the client can verify.

use std::collections::HashMap;
use std::sync::Arc;

use gated_certificate::{Facts, Name, Pair};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

/// A certificate with where it was read.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The file as the spec has it.
    pub(crate) file: String,
    /// What the certificate says.
    pub(crate) facts: Facts,
    certified: Arc<CertifiedKey>,
}

impl Entry {
    /// Whether both hold the same certificate.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.certified.cert.first() == other.certified.cert.first()
    }
}

/// Certificates that stand for the same, by their numbers, in the order of the spec.
type Group = Vec<usize>;

/// A listener's certificates.
#[derive(Debug)]
pub(crate) struct Certificates {
    entries: Vec<Entry>,
    hosts: HashMap<String, Group>,
    /// By what comes after `*.`.
    wildcards: HashMap<String, Group>,
    /// For clients that name no host, or one that no certificate holds.
    others: Group,
}

impl Certificates {
    /// Orders certificates by their names; the first is for all other hosts, together with those that
    /// have the same names.
    pub(crate) fn new(pairs: Vec<(String, Pair)>) -> Self {
        let mut certificates = Self {
            entries: Vec::with_capacity(pairs.len()),
            hosts: HashMap::new(),
            wildcards: HashMap::new(),
            others: Group::new(),
        };
        for (index, (file, pair)) in pairs.into_iter().enumerate() {
            for name in pair.facts.names.iter() {
                let group = match name {
                    Name::Host(host) => certificates.hosts.entry(host.clone()),
                    Name::Wildcard(rest) => certificates.wildcards.entry(rest.clone()),
                };
                group.or_default().push(index);
            }
            let first = certificates.entries.first();
            if first.is_none_or(|first| first.facts.names == pair.facts.names) {
                certificates.others.push(index);
            }
            certificates.entries.push(Entry {
                file,
                facts: pair.facts,
                certified: pair.certified,
            });
        }
        certificates
    }

    /// The certificates in the order of the spec.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Those for a host, which is in lower case.
    fn group(&self, host: &str) -> &Group {
        let host = host.strip_suffix('.').unwrap_or(host);
        let wildcard = || {
            let (_, above) = host.split_once('.')?;
            self.wildcards.get(above)
        };
        self.hosts
            .get(host)
            .or_else(wildcard)
            .unwrap_or(&self.others)
    }

    /// Whether a client that names one of two hosts gets the same certificates as one that names the
    /// other.
    pub(crate) fn are_same(&self, left: &str, right: &str) -> bool {
        self.group(left) == self.group(right)
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let group = match hello.server_name() {
            Some(host) => self.group(host),
            None => &self.others,
        };
        let keys = || {
            let entries = group.iter().filter_map(|index| self.entries.get(*index));
            entries.map(|entry| &entry.certified)
        };
        let schemes = hello.signature_schemes();
        keys()
            .find(|certified| certified.key.choose_scheme(schemes).is_some())
            .or_else(|| keys().next())
            .cloned()
    }
}

#[cfg(test)]
mod tests {
    use gated_certificate::Pair;

    use super::Certificates;

    fn pair(names: &[&str]) -> (String, Pair) {
        let owned: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let made = rcgen::generate_simple_self_signed(owned).unwrap();
        let pair = Pair::from_pem(
            made.cert.pem().as_bytes(),
            made.signing_key.serialize_pem().as_bytes(),
        );
        (names.join(","), pair.unwrap())
    }

    #[test]
    fn a_host_gets_the_certificate_that_names_it() {
        let certificates = Certificates::new(vec![
            pair(&["first.example"]),
            pair(&["*.a.example", "a.example"]),
            pair(&["b.a.example"]),
            pair(&["first.example"]),
        ]);
        for (host, wanted) in [
            ("first.example", vec![0, 3]),
            ("a.example", vec![1]),
            ("x.a.example", vec![1]),
            ("x.a.example.", vec![1]),
            ("b.a.example", vec![2]),
            ("x.y.a.example", vec![0, 3]),
            ("unknown", vec![0, 3]),
            ("", vec![0, 3]),
        ] {
            assert_eq!(certificates.group(host), &wanted, "{host}");
        }
        assert!(certificates.are_same("x.a.example", "a.example"));
        assert!(!certificates.are_same("x.a.example", "b.a.example"));
        assert!(certificates.are_same("unknown", "first.example"));
    }
}
