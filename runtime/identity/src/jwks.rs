//! The keys that tokens are signed with: a JSON Web Key Set (RFC 7517), public keys in PEM, or a secret.

use base64::Engine;
use serde_json::{Map, Value};

use crate::credentials::BASE64_URL;
use crate::{Algorithm, Key, Problem, json, pem};

/// Largest set, in bytes.
const LARGEST: usize = 1 << 20;

/// Most keys in a set.
const MOST_KEYS: usize = 100;

/// Most keys that are tried for one token.
const MOST_TRIED: usize = 8;

/// The keys that tokens are signed with.
#[derive(Debug, Clone, Default)]
pub struct KeySet(Vec<Member>);

#[derive(Debug, Clone)]
struct Member {
    id: Option<String>,
    key: Key,
    /// The only algorithm that it is for.
    only: Option<Algorithm>,
}

impl KeySet {
    /// Reads a file: a key set, or PEM.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn from_file(bytes: &[u8]) -> Result<Self, Problem> {
        match bytes.trim_ascii_start().first() {
            Some(b'{') => Self::from_json(bytes),
            _ => {
                let keys = pem::public_keys(bytes)?.into_iter();
                Ok(Self(keys.map(Member::nameless).collect()))
            }
        }
    }

    /// A shared secret, which must be as long as an algorithm asks.
    ///
    /// # Errors
    /// It is too short.
    pub fn from_secret(secret: &str, algorithms: &[Algorithm]) -> Result<Self, Problem> {
        let asked = algorithms.iter().map(|one| one.secret_bytes()).max();
        let asked = asked.unwrap_or(Algorithm::HS256.secret_bytes());
        if secret.len() < asked {
            return Err(Problem::whole(format!(
                "has {} bytes; tokens are only safe with {asked} random ones or more (`openssl rand -hex {asked}`)",
                secret.len()
            )));
        }
        Ok(Self(vec![Member::nameless(Key::secret(
            secret.as_bytes(),
        )?)]))
    }

    /// Reads a key set. Keys of unknown kinds, and those that are not for signatures, are passed over.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Problem> {
        if bytes.len() > LARGEST {
            return Err(Problem::whole("is larger than 1 MiB"));
        }
        let set = json::object(bytes).map_err(Problem::whole)?;
        let keys = match set.get("keys") {
            Some(Value::Array(keys)) => keys,
            _ => return Err(Problem::whole("is no key set: it has no list `keys`")),
        };
        if keys.len() > MOST_KEYS {
            return Err(Problem::whole(format!("holds more than {MOST_KEYS} keys")));
        }
        let mut all = Vec::new();
        for (index, key) in keys.iter().enumerate() {
            let wrong = |why: String| Problem::whole(format!("its key {}: {why}", index + 1));
            all.extend(member(key).map_err(wrong)?);
        }
        if all.is_empty() {
            return Err(Problem::whole(
                "holds no key that is taken: RSA from 2048 bits on, ECDSA (P-256, P-384) and Ed25519 are",
            ));
        }
        Ok(Self(all))
    }

    /// The keys for a token, or `None` where it names one that is not there.
    pub(crate) fn fitting(&self, algorithm: Algorithm, id: Option<&str>) -> Option<Vec<&Key>> {
        let named =
            |member: &&Member| id.is_none() || member.id.is_none() || member.id.as_deref() == id;
        let mut named = self.0.iter().filter(named).peekable();
        named.peek()?;
        let fits = |member: &&Member| {
            member.key.takes(algorithm) && member.only.is_none_or(|only| only == algorithm)
        };
        let keys = named.filter(fits).map(|member| &member.key);
        Some(keys.take(MOST_TRIED).collect())
    }

    /// Its keys.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.0.iter().map(|member| &member.key)
    }
}

impl Member {
    fn nameless(key: Key) -> Self {
        Self {
            id: None,
            key,
            only: None,
        }
    }
}

/// A key set with public keys on P-256 in PEM, by their names; `None`: one of them is of another kind.
pub fn public_set(keys: &[(&str, &[u8])]) -> Option<String> {
    let encode = |bytes: &[u8]| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
    let member = |(id, pem): &(&str, &[u8])| {
        let Some(Key::P256(key)) = pem::public_keys(pem).ok()?.into_iter().next() else {
            return None;
        };
        let (_, point) = key.as_ref().split_last_chunk::<64>()?;
        let (x, y) = point.split_at(32);
        Some(serde_json::json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": id,
            "x": encode(x), "y": encode(y),
        }))
    };
    let keys = keys.iter().map(member).collect::<Option<Vec<_>>>()?;
    Some(serde_json::json!({ "keys": keys }).to_string())
}

/// Reads a key; `None`: it is none that tokens are verified with.
fn member(value: &Value) -> Result<Option<Member>, String> {
    let Value::Object(key) = value else {
        return Err("is no object".to_owned());
    };
    let text = |name: &str| key.get(name).and_then(Value::as_str);
    if text("kty") == Some("oct") {
        return Err("is a shared secret (`oct`), which has no place in a key set".to_owned());
    }
    if key.contains_key("d") {
        return Err("is a private key (`d`); whoever reads it can sign".to_owned());
    }
    let only = match text("alg").map(Algorithm::named) {
        Some(None) => return Ok(None),
        known => known.flatten(),
    };
    let verifies = |operations: &Value| {
        let Value::Array(all) = operations else {
            return false;
        };
        all.iter().any(|one| one.as_str() == Some("verify"))
    };
    if text("use").is_some_and(|purpose| purpose != "sig")
        || !key.get("key_ops").is_none_or(verifies)
    {
        return Ok(None);
    }
    let made = match (text("kty"), text("crv")) {
        (Some("RSA"), _) => Key::rsa(&bytes(key, "n")?, &bytes(key, "e")?),
        (Some("EC"), Some("P-256")) => Key::p256(&point(key, 32)?),
        (Some("EC"), Some("P-384")) => Key::p384(&point(key, 48)?),
        (Some("OKP"), Some("Ed25519")) => Key::ed25519(&bytes(key, "x")?),
        _ => return Ok(None),
    }?;
    if only.is_some_and(|only| !made.takes(only)) {
        return Err("its `alg` is for keys of another kind".to_owned());
    }
    Ok(Some(Member {
        id: text("kid").map(str::to_owned),
        key: made,
        only,
    }))
}

fn bytes(key: &Map<String, Value>, name: &str) -> Result<Vec<u8>, String> {
    key.get(name)
        .and_then(Value::as_str)
        .and_then(|text| BASE64_URL.decode(text).ok())
        .ok_or(format!("its `{name}` is missing or no base64url"))
}

/// A point, uncompressed.
fn point(key: &Map<String, Value>, size: usize) -> Result<Vec<u8>, String> {
    let (x, y) = (bytes(key, "x")?, bytes(key, "y")?);
    if x.len() != size || y.len() != size {
        return Err("its point is of another size than its curve's".to_owned());
    }
    Ok([&[4], x.as_slice(), y.as_slice()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_set_is_refused() {
        let wrong = |text: &str| KeySet::from_json(text.as_bytes()).unwrap_err().to_string();
        assert_eq!(wrong("x"), "is no JSON");
        assert_eq!(wrong("{}"), "is no key set: it has no list `keys`");
        assert!(wrong(r#"{"keys":[]}"#).starts_with("holds no key that is taken"));
        assert!(
            wrong(r#"{"keys":[{"kty":"EC","crv":"secp256k1"},{"kty":"RSA","use":"enc"}]}"#)
                .starts_with("holds no key")
        );
        assert!(
            wrong(r#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#).contains("key 1: is a shared secret")
        );
        assert!(wrong(r#"{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}"#).contains("17 bits"));
        assert!(
            wrong(r#"{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}"#)
                .contains("another size")
        );
        assert!(
            wrong(r#"{"keys":[{"kty":"EC","crv":"P-256","d":"AA","y":"AA"}]}"#)
                .contains("private key")
        );
        assert!(wrong(r#"{"keys":[],"keys":[]}"#).contains("member twice"));
        assert!(wrong(&format!("{{\"keys\":[{}1]}}", "1,".repeat(100))).contains("more than 100"));
        let short = KeySet::from_secret("short", &[]).unwrap_err().to_string();
        assert!(short.starts_with("has 5 bytes"), "{short}");
        let private = rcgen::KeyPair::generate().unwrap().serialize_pem();
        let told = KeySet::from_file(private.as_bytes())
            .unwrap_err()
            .to_string();
        assert!(told.starts_with("holds a private key"), "{told}");
    }

    #[test]
    fn public_keys_come_from_certificates_too() {
        let made = rcgen::generate_simple_self_signed(vec!["a".to_owned()]).unwrap();
        let of_certificate = KeySet::from_file(made.cert.pem().as_bytes()).unwrap();
        let of_key = KeySet::from_file(made.signing_key.public_key_pem().as_bytes()).unwrap();
        for set in [of_certificate, of_key] {
            assert!(matches!(set.keys().next(), Some(Key::P256(_))));
        }
    }
}
