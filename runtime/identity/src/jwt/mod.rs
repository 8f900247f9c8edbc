//! Signed tokens (RFC 7519, RFC 7515), with the care that RFC 8725 asks for: the size is bounded before
//! anything is decoded, the algorithm is one of the key's own kind, and nothing of what a token says is
//! looked at before its signature is found good.

mod check;
mod parts;

use std::borrow::Cow;

use gated_engine::principal::Principal;
use gated_engine::program::{Claim, CredentialPlace, Jwt};

use crate::claims::Place;
use crate::{Algorithm, Claims, Denied, KeySet};
use parts::Parts;

/// Longest token, in bytes.
pub const LARGEST_TOKEN: usize = 8 << 10;

/// How tokens of an identity are checked.
#[derive(Debug, Clone)]
pub struct JwtVerifier {
    identity: u32,
    place: CredentialPlace,
    algorithms: Vec<Algorithm>,
    issuer: Option<String>,
    audience: Vec<String>,
    /// Milliseconds.
    leeway: i64,
    subject: Place,
    required: Vec<(String, Place)>,
    typ: Option<String>,
    claims: Claims,
}

/// A token that was found good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Who is asking.
    pub principal: Principal,
    /// Until when, in milliseconds since 1970.
    pub until: i64,
}

impl JwtVerifier {
    /// An identity by its index.
    pub fn new(identity: u32, jwt: &Jwt, claims: &[Claim]) -> Self {
        let required = jwt.required.iter();
        let named = jwt.algorithms.iter();
        Self {
            identity,
            place: jwt.place.clone(),
            algorithms: named.filter_map(|name| Algorithm::named(name)).collect(),
            issuer: jwt.issuer.clone(),
            audience: jwt.audience.clone(),
            leeway: i64::try_from(jwt.leeway_ms).unwrap_or(i64::MAX / 4),
            subject: Place::dotted(&jwt.subject),
            required: required
                .map(|name| (name.clone(), Place::dotted(name)))
                .collect(),
            typ: jwt.typ.clone(),
            claims: Claims::new(claims),
        }
    }

    /// Where a request has its token.
    pub fn place(&self) -> &CredentialPlace {
        &self.place
    }

    /// The algorithms taken; none: those of each key, and `HS256` with a secret.
    pub fn algorithms(&self) -> &[Algorithm] {
        &self.algorithms
    }

    /// Who signed a token, at a time in milliseconds since 1970.
    ///
    /// # Errors
    /// [`Denied`]
    pub fn verify(&self, token: &str, keys: &KeySet, now: i64) -> Result<Verified, Denied> {
        if token.len() > LARGEST_TOKEN {
            return Err(Denied::refused("the token is larger than 8 KiB"));
        }
        let parts = Parts::read(token).map_err(Denied::Refused)?;
        let algorithm = self.algorithm(parts.algorithm)?;
        let kid = parts.key_id.as_deref();
        let Some(fitting) = keys.fitting(algorithm, kid) else {
            return Err(Denied::UnknownKey);
        };
        if fitting.is_empty() {
            return Err(Denied::refused(format!(
                "no key of the issuer is for `{}`",
                algorithm.name()
            )));
        }
        self.check_type(parts.typ.as_deref())?;
        let signed = |key: &&crate::Key| key.verifies(algorithm, parts.signed, &parts.signature);
        if !fitting.iter().any(signed) {
            return Err(match kid {
                Some(_) => Denied::refused("the signature is wrong"),
                // With no name given, a key that is new may be the one.
                None => Denied::UnknownKey,
            });
        }
        let claims = parts.claims().map_err(Denied::Refused)?;
        self.check(&claims, now)
    }

    fn algorithm(&self, named: Algorithm) -> Result<Algorithm, Denied> {
        let taken = match self.algorithms.is_empty() {
            // Of the algorithms with a secret only one goes without saying.
            true => !named.is_symmetric() || named == Algorithm::HS256,
            false => self.algorithms.contains(&named),
        };
        match taken {
            true => Ok(named),
            false => Err(Denied::refused(format!(
                "the algorithm `{}` is none of those taken",
                named.name()
            ))),
        }
    }

    /// The type in the header, where one is asked for; `application/` before it may be left out
    /// (RFC 7515, section 4.1.9).
    fn check_type(&self, typ: Option<&str>) -> Result<(), Denied> {
        let Some(asked) = &self.typ else {
            return Ok(());
        };
        let plain = |typ: &str| {
            let typ = typ.to_ascii_lowercase();
            typ.strip_prefix("application/")
                .map_or(typ.clone(), str::to_owned)
        };
        match typ.map(plain) == Some(plain(asked)) {
            true => Ok(()),
            false => Err(Denied::Refused(Cow::Borrowed(
                "the token is of another type",
            ))),
        }
    }
}

#[cfg(test)]
mod tests;
