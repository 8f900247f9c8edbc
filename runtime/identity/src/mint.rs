//! Tokens for development: what an issuer does, in small.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    self, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    Ed25519KeyPair, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rustls::pki_types::PrivateKeyDer;
use serde_json::{Map, Value, json};

use crate::Algorithm;

/// A key that tokens are signed with.
pub enum Signer {
    /// RSA.
    Rsa(RsaKeyPair),
    /// ECDSA on P-256.
    P256(EcdsaKeyPair),
    /// ECDSA on P-384.
    P384(EcdsaKeyPair),
    /// Ed25519.
    Ed25519(Ed25519KeyPair),
    /// A shared secret.
    Secret(Vec<u8>),
}

impl Signer {
    /// Reads a private key in PEM: PKCS#8, PKCS#1 or SEC1.
    ///
    /// # Errors
    /// What is wrong with it; reads on after the file's name.
    pub fn from_pem(pem: &[u8]) -> Result<Self, String> {
        let key = gated_certificate::key(pem).map_err(|problem| problem.to_string())?;
        let unsupported = || gated_certificate::Problem::Unsupported.to_string();
        match &key {
            PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der())
                .map(Self::Rsa)
                .map_err(|_| unsupported()),
            PrivateKeyDer::Sec1(der) => {
                let der = der.secret_sec1_der();
                let p256 =
                    || EcdsaKeyPair::from_private_key_der(&ECDSA_P256_SHA256_FIXED_SIGNING, der);
                let p384 =
                    || EcdsaKeyPair::from_private_key_der(&ECDSA_P384_SHA384_FIXED_SIGNING, der);
                p256()
                    .map(Self::P256)
                    .or_else(|_| p384().map(Self::P384))
                    .map_err(|_| unsupported())
            }
            PrivateKeyDer::Pkcs8(der) => {
                Self::from_pkcs8(der.secret_pkcs8_der()).ok_or_else(unsupported)
            }
            _ => Err(unsupported()),
        }
    }

    fn from_pkcs8(der: &[u8]) -> Option<Self> {
        let p256 = || EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der);
        let p384 = || EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, der);
        let rsa = || RsaKeyPair::from_pkcs8(der).ok().map(Self::Rsa);
        let ed25519 = || Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).ok();
        p256()
            .map(Self::P256)
            .or_else(|_| p384().map(Self::P384))
            .ok()
            .or_else(|| ed25519().map(Self::Ed25519))
            .or_else(rsa)
    }

    /// The algorithms that it can sign with, the usual one first.
    pub fn algorithms(&self) -> &'static [Algorithm] {
        use Algorithm as A;
        match self {
            Self::Rsa(_) => &[A::RS256, A::RS384, A::RS512, A::PS256, A::PS384, A::PS512],
            Self::P256(_) => &[A::ES256],
            Self::P384(_) => &[A::ES384],
            Self::Ed25519(_) => &[A::EdDSA],
            Self::Secret(_) => &[A::HS256, A::HS384, A::HS512],
        }
    }

    /// A signed token.
    ///
    /// # Errors
    /// The key cannot sign with that algorithm.
    pub fn token(
        &self,
        algorithm: Algorithm,
        typ: Option<&str>,
        key_id: Option<&str>,
        claims: &Map<String, Value>,
    ) -> Result<String, String> {
        let mut header = json!({"alg": algorithm.name(), "typ": typ.unwrap_or("JWT")});
        if let (Some(id), Value::Object(header)) = (key_id, &mut header) {
            header.insert("kid".to_owned(), Value::from(id));
        }
        let claims = Value::Object(claims.clone()).to_string();
        let signed = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header.to_string()),
            URL_SAFE_NO_PAD.encode(claims)
        );
        let signature = self
            .sign(algorithm, signed.as_bytes())
            .ok_or(format!("this key cannot sign with `{}`", algorithm.name()))?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Option<Vec<u8>> {
        if !self.algorithms().contains(&algorithm) {
            return None;
        }
        let random = SystemRandom::new();
        match self {
            Self::Rsa(pair) => {
                let encoding: &dyn signature::RsaEncoding = match algorithm {
                    Algorithm::RS256 => &signature::RSA_PKCS1_SHA256,
                    Algorithm::RS384 => &signature::RSA_PKCS1_SHA384,
                    Algorithm::RS512 => &signature::RSA_PKCS1_SHA512,
                    Algorithm::PS256 => &signature::RSA_PSS_SHA256,
                    Algorithm::PS384 => &signature::RSA_PSS_SHA384,
                    _ => &signature::RSA_PSS_SHA512,
                };
                let mut made = vec![0; pair.public_modulus_len()];
                pair.sign(encoding, &random, message, &mut made).ok()?;
                Some(made)
            }
            Self::P256(pair) | Self::P384(pair) => {
                Some(pair.sign(&random, message).ok()?.as_ref().to_vec())
            }
            Self::Ed25519(pair) => Some(pair.sign(message).as_ref().to_vec()),
            Self::Secret(secret) => {
                let hash = match algorithm {
                    Algorithm::HS384 => hmac::HMAC_SHA384,
                    Algorithm::HS512 => hmac::HMAC_SHA512,
                    _ => hmac::HMAC_SHA256,
                };
                let key = hmac::Key::new(hash, secret);
                Some(hmac::sign(&key, message).as_ref().to_vec())
            }
        }
    }
}

/// A fresh pair of keys on P-256 in PEM: the private one (PKCS#8), and the public one.
///
/// # Errors
/// The system gives no random numbers.
pub fn new_pair() -> Result<(String, String), String> {
    use signature::KeyPair;
    let failed = |_| "the system gives no random numbers".to_owned();
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(failed)?;
    let private = pair.to_pkcs8v1().map_err(failed)?;
    let public = pair.public_key().as_der().map_err(failed)?;
    Ok((
        block("PRIVATE KEY", private.as_ref()),
        block("PUBLIC KEY", public.as_ref()),
    ))
}

/// A block of PEM (RFC 7468).
fn block(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut all = format!("-----BEGIN {label}-----\n");
    for line in text.as_bytes().chunks(64) {
        all.push_str(&String::from_utf8_lossy(line));
        all.push('\n');
    }
    all.push_str(&format!("-----END {label}-----\n"));
    all
}

/// A fresh RSA key in PEM, for tests: private, and public.
#[cfg(test)]
pub(crate) fn new_rsa_pair() -> (String, String) {
    use signature::KeyPair;
    let pair = RsaKeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).unwrap();
    let private: aws_lc_rs::encoding::Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let public: aws_lc_rs::encoding::PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
    (
        block("PRIVATE KEY", private.as_ref()),
        block("PUBLIC KEY", public.as_ref()),
    )
}
