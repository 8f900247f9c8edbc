//! Keys that signatures are verified with. A key is only ever used with an algorithm of its own kind:
//! that is what stands between a public key and being taken for a shared secret.

use std::fmt;

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{self, ParsedPublicKey, RsaParameters, RsaPublicKeyComponents};
use x509_cert::der::asn1::{ObjectIdentifier, UintRef};
use x509_cert::der::{Decode, Reader, SliceReader};
use x509_cert::spki::SubjectPublicKeyInfoRef;

use crate::{Algorithm, Problem};

/// A key that signatures are verified with.
#[derive(Clone)]
pub enum Key {
    /// RSA, from 2048 to 8192 bits.
    Rsa(RsaPublicKeyComponents<Vec<u8>>),
    /// ECDSA on P-256.
    P256(ParsedPublicKey),
    /// ECDSA on P-384.
    P384(ParsedPublicKey),
    /// Ed25519.
    Ed25519(ParsedPublicKey),
    /// A shared secret.
    Secret(Vec<u8>),
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.kind())
    }
}

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// Bits of RSA keys that are taken.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

impl Key {
    /// What kind of key it is, for people.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "RSA",
            Self::P256(_) => "ECDSA (P-256)",
            Self::P384(_) => "ECDSA (P-384)",
            Self::Ed25519(_) => "Ed25519",
            Self::Secret(_) => "a shared secret",
        }
    }

    /// A shared secret.
    ///
    /// # Errors
    /// It is empty.
    pub fn secret(bytes: &[u8]) -> Result<Self, Problem> {
        match bytes.is_empty() {
            true => Err(Problem::whole("is empty")),
            false => Ok(Self::Secret(bytes.to_owned())),
        }
    }

    /// An RSA key from its modulus and exponent, both big-endian.
    pub(crate) fn rsa(modulus: &[u8], exponent: &[u8]) -> Result<Self, String> {
        let strip = |bytes: &[u8]| -> Vec<u8> {
            bytes
                .iter()
                .copied()
                .skip_while(|byte| *byte == 0)
                .collect()
        };
        let (n, e) = (strip(modulus), strip(exponent));
        let bits = n.len() * 8 - n.first().map_or(0, |first| first.leading_zeros() as usize);
        if !RSA_BITS.contains(&bits) {
            return Err(format!("an RSA key of {bits} bits; 2048 to 8192 are taken"));
        }
        if e.is_empty() || e.len() > 8 || e.last().is_none_or(|last| last % 2 == 0) || e == [1] {
            return Err("an RSA key whose exponent is none".to_owned());
        }
        Ok(Self::Rsa(RsaPublicKeyComponents { n, e }))
    }

    /// A key on P-256 from its point, uncompressed.
    pub(crate) fn p256(point: &[u8]) -> Result<Self, String> {
        ParsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point)
            .map(Self::P256)
            .map_err(|_| "a key that is no point of P-256".to_owned())
    }

    /// A key on P-384 from its point, uncompressed.
    pub(crate) fn p384(point: &[u8]) -> Result<Self, String> {
        ParsedPublicKey::new(&signature::ECDSA_P384_SHA384_FIXED, point)
            .map(Self::P384)
            .map_err(|_| "a key that is no point of P-384".to_owned())
    }

    /// An Ed25519 key from its 32 bytes.
    pub(crate) fn ed25519(bytes: &[u8]) -> Result<Self, String> {
        ParsedPublicKey::new(&signature::ED25519, bytes)
            .map(Self::Ed25519)
            .map_err(|_| "a key that is no point of Ed25519".to_owned())
    }

    /// A public key as certificates and `PUBLIC KEY` blocks hold it (RFC 5280, section 4.1.2.7).
    pub(crate) fn from_spki(der: &[u8]) -> Result<Self, String> {
        let unreadable = |_| "a public key that cannot be read".to_owned();
        let info = SubjectPublicKeyInfoRef::from_der(der).map_err(unreadable)?;
        let bytes = info
            .subject_public_key
            .as_bytes()
            .ok_or("a public key that cannot be read")?;
        match info.algorithm.oid {
            RSA => {
                let (n, e) = rsa_parts(bytes).map_err(unreadable)?;
                Self::rsa(&n, &e)
            }
            EC => match info.algorithm.parameters_oid() {
                Ok(P256) => Self::p256(bytes),
                Ok(P384) => Self::p384(bytes),
                _ => Err("an ECDSA key on another curve than P-256 and P-384".to_owned()),
            },
            ED25519 => Self::ed25519(bytes),
            _ => Err(
                "a key of a kind that is not taken: RSA, ECDSA (P-256, P-384) and Ed25519 are"
                    .to_owned(),
            ),
        }
    }

    /// Whether it can be used with an algorithm.
    pub fn takes(&self, algorithm: Algorithm) -> bool {
        use Algorithm as A;
        match self {
            Self::Rsa(_) => matches!(
                algorithm,
                A::RS256 | A::RS384 | A::RS512 | A::PS256 | A::PS384 | A::PS512
            ),
            Self::P256(_) => algorithm == A::ES256,
            Self::P384(_) => algorithm == A::ES384,
            Self::Ed25519(_) => algorithm == A::EdDSA,
            Self::Secret(_) => algorithm.is_symmetric(),
        }
    }

    /// Whether something was signed with it. Never with an algorithm of another kind.
    pub fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        if !self.takes(algorithm) {
            return false;
        }
        match self {
            Self::Rsa(key) => rsa_parameters(algorithm)
                .is_some_and(|parameters| key.verify(parameters, message, signature).is_ok()),
            Self::P256(key) | Self::P384(key) | Self::Ed25519(key) => {
                key.verify_sig(message, signature).is_ok()
            }
            Self::Secret(secret) => {
                let hash = match algorithm {
                    Algorithm::HS384 => hmac::HMAC_SHA384,
                    Algorithm::HS512 => hmac::HMAC_SHA512,
                    _ => hmac::HMAC_SHA256,
                };
                hmac::verify(&hmac::Key::new(hash, secret), message, signature).is_ok()
            }
        }
    }
}

fn rsa_parameters(algorithm: Algorithm) -> Option<&'static RsaParameters> {
    Some(match algorithm {
        Algorithm::RS256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        Algorithm::RS384 => &signature::RSA_PKCS1_2048_8192_SHA384,
        Algorithm::RS512 => &signature::RSA_PKCS1_2048_8192_SHA512,
        Algorithm::PS256 => &signature::RSA_PSS_2048_8192_SHA256,
        Algorithm::PS384 => &signature::RSA_PSS_2048_8192_SHA384,
        Algorithm::PS512 => &signature::RSA_PSS_2048_8192_SHA512,
        _ => return None,
    })
}

/// Modulus and exponent (RFC 8017, section A.1.1).
fn rsa_parts(der: &[u8]) -> x509_cert::der::Result<(Vec<u8>, Vec<u8>)> {
    let mut reader = SliceReader::new(der)?;
    let parts = reader.sequence(|inner| {
        let modulus = UintRef::decode(inner)?.as_bytes().to_owned();
        let exponent = UintRef::decode(inner)?.as_bytes().to_owned();
        Ok((modulus, exponent))
    })?;
    reader.finish(parts)
}
