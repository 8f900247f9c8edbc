//! The client's certificate, which the handshake has verified: what of it says who is asking.

use gated_engine::principal::Principal;
use gated_engine::program::{CertificateName, Claim};
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

use crate::{Claims, Denied, Proved};

/// The names in a client's certificate, read once for a connection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CertificateNames {
    common_name: Option<String>,
    dns: Option<String>,
    uri: Option<String>,
    email: Option<String>,
    fingerprint: String,
}

impl CertificateNames {
    /// Reads a certificate; `None`: it cannot be read.
    pub fn of(der: &[u8]) -> Option<Self> {
        let facts = gated_certificate::Facts::of(&der.into()).ok()?;
        let certificate = Certificate::from_der(der).ok()?;
        let names = certificate.tbs_certificate.get::<SubjectAltName>().ok()?;
        let names = names.map(|(_, SubjectAltName(names))| names);
        let first = |pick: fn(&GeneralName) -> Option<&str>| {
            let found = names.iter().flatten().find_map(pick);
            found.map(str::to_owned)
        };
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, der);
        Some(Self {
            common_name: Some(facts.common_name).filter(|name| !name.is_empty()),
            dns: first(|name| match name {
                GeneralName::DnsName(name) => Some(name.as_str()),
                _ => None,
            }),
            uri: first(|name| match name {
                GeneralName::UniformResourceIdentifier(uri) => Some(uri.as_str()),
                _ => None,
            }),
            email: first(|name| match name {
                GeneralName::Rfc822Name(email) => Some(email.as_str()),
                _ => None,
            }),
            fingerprint: crate::keys::hex(digest.as_ref()),
        })
    }

    /// A name.
    pub fn name(&self, which: CertificateName) -> Option<&str> {
        match which {
            CertificateName::CommonName => self.common_name.as_deref(),
            CertificateName::Dns => self.dns.as_deref(),
            CertificateName::Uri => self.uri.as_deref(),
            CertificateName::Email => self.email.as_deref(),
            CertificateName::Fingerprint => Some(&self.fingerprint),
        }
    }

    /// Who is asking.
    ///
    /// # Errors
    /// The certificate has no such name, or the identity wants claims.
    pub fn prove(&self, identity: u32, which: CertificateName, claims: &[Claim]) -> Proved {
        let id = self
            .name(which)
            .ok_or(Denied::refused("the client's certificate has no such name"))?;
        Ok(Principal {
            identity,
            id: id.to_owned(),
            claims: Claims::new(claims).none()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_certificate() {
        let mut wanted = rcgen::CertificateParams::new(vec!["a.example".to_owned()]).unwrap();
        wanted
            .distinguished_name
            .push(rcgen::DnType::CommonName, "ann");
        wanted
            .subject_alt_names
            .push(rcgen::SanType::URI("spiffe://x/ann".try_into().unwrap()));
        let made = wanted
            .self_signed(&rcgen::KeyPair::generate().unwrap())
            .unwrap();
        let names = CertificateNames::of(made.der()).unwrap();
        assert_eq!(names.name(CertificateName::CommonName), Some("ann"));
        assert_eq!(names.name(CertificateName::Dns), Some("a.example"));
        assert_eq!(names.name(CertificateName::Uri), Some("spiffe://x/ann"));
        assert_eq!(names.name(CertificateName::Email), None);
        assert_eq!(names.name(CertificateName::Fingerprint).unwrap().len(), 64);
        let principal = names.prove(1, CertificateName::Uri, &[]).unwrap();
        assert_eq!(principal.id, "spiffe://x/ann");
        assert!(names.prove(1, CertificateName::Email, &[]).is_err());
        assert_eq!(CertificateNames::of(b"x"), None);
    }
}
