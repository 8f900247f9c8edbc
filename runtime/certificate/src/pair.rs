//! A certificate with its key, ready to be shown to clients (or, as a client, to servers).

use std::sync::Arc;

use rustls::SignatureAlgorithm;
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;

use crate::{Facts, Problem};

/// How a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// RSA.
    Rsa,
    /// ECDSA.
    Ecdsa,
    /// Ed25519 and the like.
    Other,
}

impl Algorithm {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rsa => "RSA",
            Self::Ecdsa => "ECDSA",
            Self::Other => "EdDSA",
        }
    }
}

/// A certificate with its key.
#[derive(Debug, Clone)]
pub struct Pair {
    /// What the handshake wants.
    pub certified: Arc<CertifiedKey>,
    /// What the certificate says.
    pub facts: Facts,
    /// How the key signs.
    pub algorithm: Algorithm,
}

/// Why a certificate and a key make no pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mismatch {
    /// The certificate cannot be used.
    Certificate(Problem),
    /// The key cannot be used.
    Key(Problem),
    /// The key is another certificate's.
    Foreign,
}

impl Pair {
    /// Brings a certificate, with those after it, and a key together.
    ///
    /// # Errors
    /// The key does not fit, or one of them cannot be used.
    pub fn new(
        chain: Vec<CertificateDer<'static>>,
        key: &PrivateKeyDer<'_>,
    ) -> Result<Self, Mismatch> {
        let first = chain
            .first()
            .ok_or(Mismatch::Certificate(Problem::NoCertificate))?;
        let facts = Facts::of(first).map_err(Mismatch::Certificate)?;
        let key = any_supported_type(key).map_err(|_| Mismatch::Key(Problem::Unsupported))?;
        let algorithm = match key.algorithm() {
            SignatureAlgorithm::RSA => Algorithm::Rsa,
            SignatureAlgorithm::ECDSA => Algorithm::Ecdsa,
            _ => Algorithm::Other,
        };
        let certified = CertifiedKey::new(chain, key);
        match certified.keys_match() {
            Ok(()) | Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::Unknown)) => {}
            Err(rustls::Error::InconsistentKeys(_)) => return Err(Mismatch::Foreign),
            Err(error) => {
                return Err(Mismatch::Certificate(Problem::Certificate(told(&error))));
            }
        }
        Ok(Self {
            certified: Arc::new(certified),
            facts,
            algorithm,
        })
    }

    /// The same from PEM texts.
    ///
    /// # Errors
    /// [`Mismatch`]
    pub fn from_pem(certificate: &[u8], key: &[u8]) -> Result<Self, Mismatch> {
        let chain = crate::chain(certificate).map_err(Mismatch::Certificate)?;
        let key = crate::key(key).map_err(Mismatch::Key)?;
        Self::new(chain, &key)
    }
}

/// What the library has no words of its own for.
fn told(error: &rustls::Error) -> String {
    let text = error.to_string();
    match text.contains("UnsupportedCertVersion") {
        true => "it is of X.509 version 1, which names no host and which clients refuse; issue it again with extensions (`subjectAltName`)".to_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    fn made(names: &[&str]) -> (String, String) {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let made = rcgen::generate_simple_self_signed(names).unwrap();
        (made.cert.pem(), made.signing_key.serialize_pem())
    }

    #[test]
    fn a_pair_tells_its_names_and_times() {
        let (certificate, key) = made(&["b.example", "*.a.example", "127.0.0.1"]);
        let pair = Pair::from_pem(certificate.as_bytes(), key.as_bytes()).unwrap();
        let names: Vec<String> = pair.facts.names.iter().map(ToString::to_string).collect();
        assert_eq!(names, ["b.example", "*.a.example"]);
        assert_eq!(
            pair.facts.addresses,
            ["127.0.0.1".parse::<std::net::IpAddr>().unwrap()]
        );
        assert_eq!(pair.facts.title(), "b.example");
        assert_eq!(pair.algorithm, Algorithm::Ecdsa);
        assert!(pair.facts.not_before < SystemTime::now());
        assert!(pair.facts.not_after > SystemTime::now());
    }

    #[test]
    fn an_old_version_is_told_in_words() {
        let told = |text: &str| super::told(&rustls::Error::General(text.to_owned()));
        assert!(told("Other(UnsupportedCertVersion)").contains("`subjectAltName`"));
        assert!(told("odd").contains("odd"));
    }

    #[test]
    fn what_is_wrong_is_told_apart() {
        let (certificate, key) = made(&["a.example"]);
        let (other, _) = made(&["a.example"]);
        let pair = |certificate: &str, key: &str| {
            Pair::from_pem(certificate.as_bytes(), key.as_bytes()).unwrap_err()
        };
        assert_eq!(pair(&other, &key), Mismatch::Foreign);
        assert_eq!(
            pair("hello", &key),
            Mismatch::Certificate(Problem::NoCertificate)
        );
        assert_eq!(pair(&certificate, ""), Mismatch::Key(Problem::NoKey));
        let half = &certificate[..certificate.len() / 2];
        assert!(matches!(
            pair(half, &key),
            Mismatch::Certificate(Problem::Pem(_))
        ));
        let encrypted =
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
        assert_eq!(
            pair(&certificate, encrypted),
            Mismatch::Key(Problem::Encrypted)
        );
        let old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
        assert_eq!(pair(&certificate, old), Mismatch::Key(Problem::Encrypted));
        let nonsense = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(matches!(
            pair(nonsense, &key),
            Mismatch::Certificate(Problem::Certificate(_))
        ));
    }
}
