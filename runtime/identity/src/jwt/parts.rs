//! A token taken apart: header, claims and signature, each in base64url, with dots between.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::{Algorithm, Reason, json};

/// Longest name of a key.
const LONGEST_KEY_ID: usize = 256;

/// A token of which nothing is known to be true yet.
pub(super) struct Parts<'t> {
    pub(super) algorithm: Algorithm,
    pub(super) key_id: Option<String>,
    pub(super) typ: Option<String>,
    /// What was signed.
    pub(super) signed: &'t [u8],
    pub(super) signature: Vec<u8>,
    claims: &'t str,
}

impl<'t> Parts<'t> {
    pub(super) fn read(token: &'t str) -> Result<Self, Reason> {
        let mut parts = token.split('.');
        let (Some(header), Some(claims), Some(signature)) =
            (parts.next(), parts.next(), parts.next())
        else {
            return Err("the token is malformed".into());
        };
        if parts.next().is_some() {
            return Err("the token has more than three parts".into());
        }
        let signed = header.len() + 1 + claims.len();
        let decoded = decode(header)?;
        let header = json::object(&decoded).map_err(|why| format!("the token's header {why}"))?;
        let text = |name: &str| match header.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(Reason::from(format!(
                "`{name}` of the token's header is no text"
            ))),
        };
        let named = text("alg")?.ok_or("the token names no algorithm")?;
        let algorithm =
            Algorithm::named(&named).ok_or("the token's algorithm is none that is taken")?;
        must_be_understood(&header)?;
        let key_id = text("kid")?;
        if key_id.as_ref().is_some_and(|id| id.len() > LONGEST_KEY_ID) {
            return Err("`kid` of the token is too long".into());
        }
        Ok(Self {
            algorithm,
            key_id,
            typ: text("typ")?,
            signed: token.get(..signed).unwrap_or_default().as_bytes(),
            signature: decode(signature)?,
            claims,
        })
    }

    /// The claims; to be asked for only once the signature is known to be good.
    pub(super) fn claims(&self) -> Result<Map<String, Value>, Reason> {
        let decoded = decode(self.claims)?;
        json::object(&decoded).map_err(|why| format!("what the token claims {why}").into())
    }
}

/// Whatever the header says must be understood, is not (RFC 7515, section 4.1.11; RFC 7797).
fn must_be_understood(header: &Map<String, Value>) -> Result<(), Reason> {
    let empty = |value: &Value| value.as_array().is_some_and(Vec::is_empty);
    let plain = |value: &Value| *value == Value::Bool(true);
    if !header.get("crit").is_none_or(empty) || !header.get("b64").is_none_or(plain) {
        return Err("the token asks for something that is not understood (`crit`)".into());
    }
    Ok(())
}

fn decode(part: &str) -> Result<Vec<u8>, Reason> {
    URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| "the token is malformed".into())
}
