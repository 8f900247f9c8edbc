//! HTTP message signatures (RFC 9421): which parts of a request were signed stands in
//! `Signature-Input`, the signatures in `Signature`, both structured fields (RFC 9651).

mod base;
mod components;
mod digest;

use gated_engine::principal::Principal;
use gated_engine::program::{Claim, MessageSignature};
use sfv::{BareItem, Dictionary, InnerList, ListEntry, Parser};

use crate::replay::Seen;
use crate::{Algorithm, Asked, Claims, Denied, Key, Proved, Replays};

/// Most signatures of a request that are looked at.
const MOST_SIGNATURES: usize = 4;

/// Most parts of a request that one signature covers.
const MOST_COMPONENTS: usize = 64;

/// Seconds that a clock may be ahead.
const AHEAD: i64 = 30;

/// How signatures of an identity are checked.
#[derive(Debug, Clone)]
pub struct MessageVerifier {
    identity: u32,
    keys: Vec<(String, Key)>,
    covers: Vec<String>,
    tag: Option<String>,
    /// Seconds.
    window: i64,
    claims: Claims,
}

impl MessageVerifier {
    /// An identity by its index, and the keys by their ids.
    pub fn new(
        identity: u32,
        signature: &MessageSignature,
        claims: &[Claim],
        keys: Vec<(String, Key)>,
    ) -> Self {
        Self {
            identity,
            keys,
            covers: signature.covers.clone(),
            tag: signature.tag.clone(),
            window: i64::try_from(signature.window_ms / 1_000).unwrap_or(i64::MAX),
            claims: Claims::new(claims),
        }
    }

    /// Whether the body must be held against what is signed.
    pub fn covers_body(&self) -> bool {
        self.covers.iter().any(|name| name == "content-digest")
    }

    /// Who signed a request, at a time in milliseconds since 1970.
    ///
    /// # Errors
    /// [`Denied`]
    pub fn prove(&self, asked: &Asked<'_>, replays: &Replays, now: i64) -> Proved {
        let inputs = dictionary(asked, "signature-input")?;
        let signatures = dictionary(asked, "signature")?;
        let (inputs, signatures) = match (inputs, signatures) {
            (None, None) => return Err(Denied::Missing),
            (Some(inputs), Some(signatures)) => (inputs, signatures),
            _ => {
                return Err(Denied::refused(
                    "of `signature` and `signature-input` only one is there",
                ));
            }
        };
        let mut last = Denied::refused("no signature is by a key that is known");
        for (label, input) in inputs.iter().take(MOST_SIGNATURES) {
            let (ListEntry::InnerList(input), Some(ListEntry::Item(signature))) =
                (input, signatures.get(label))
            else {
                return Err(Denied::refused("a signature is malformed"));
            };
            let Some(signature) = signature.bare_item.as_byte_sequence() else {
                return Err(Denied::refused("a signature is malformed"));
            };
            match self.one(asked, input, signature, replays, now) {
                Ok(principal) => return Ok(principal),
                Err(Denied::UnknownKey) => {}
                Err(denied) => last = denied,
            }
        }
        Err(last)
    }

    fn one(
        &self,
        asked: &Asked<'_>,
        input: &InnerList,
        signature: &[u8],
        replays: &Replays,
        now: i64,
    ) -> Proved {
        let parameters = Parameters::read(input)?;
        let (id, key) = self.key(&parameters)?;
        let until = self.check(&parameters, input, now)?;
        if self.covers_body() && asked.body.is_none() {
            // Nothing is found good, and no nonce taken, before the body is there to be looked at.
            return Err(Denied::refused("the body was not read"));
        }
        let base = base::of(asked, input)?;
        let verified = algorithms(key, &parameters)?
            .into_iter()
            .any(|algorithm| key.verifies(algorithm, base.as_bytes(), signature));
        if !verified {
            return Err(Denied::refused("the signature is wrong"));
        }
        match (covered(input, "content-digest"), asked.body) {
            (true, Some(body)) => digest::hold_against(asked, body)?,
            // Nothing is found good, and no nonce remembered, before the body is there to be held against it.
            (true, None) if self.covers_body() => {
                return Err(Denied::refused("the body is not there yet"));
            }
            _ => {}
        }
        if let Some(nonce) = &parameters.nonce {
            let parts = [b"nonce".as_slice(), id.as_bytes(), nonce.as_bytes()];
            match replays.see(&parts, until, now) {
                Seen::First => {}
                Seen::Again => return Err(Denied::refused("the signature was taken before")),
                Seen::Full => {
                    return Err(Denied::refused("there is no room to remember signatures"));
                }
            }
        }
        Ok(Principal {
            identity: self.identity,
            id: id.to_owned(),
            claims: self.claims.none()?,
        })
    }

    fn key(&self, parameters: &Parameters) -> Result<(&str, &Key), Denied> {
        let wanted = parameters.key_id.as_deref();
        let found = self.keys.iter().find(|(id, _)| Some(id.as_str()) == wanted);
        found
            .map(|(id, key)| (id.as_str(), key))
            .ok_or(Denied::UnknownKey)
    }

    /// Checks all but the signature itself; gives until when it is good, in milliseconds since 1970.
    fn check(&self, parameters: &Parameters, input: &InnerList, now: i64) -> Result<i64, Denied> {
        if input.items.len() > MOST_COMPONENTS {
            return Err(Denied::refused("the signature covers too much"));
        }
        let missing = self.covers.iter().find(|name| !covered(input, name));
        if let Some(name) = missing {
            return Err(Denied::refused(format!(
                "the signature does not cover `{name}`"
            )));
        }
        if self.tag.is_some() && parameters.tag != self.tag {
            return Err(Denied::refused(
                "the signature is for another purpose (`tag`)",
            ));
        }
        let now = now.div_euclid(1_000);
        let created = parameters.created.ok_or(Denied::refused(
            "the signature does not say when it was made",
        ))?;
        if created > now.saturating_add(AHEAD) {
            return Err(Denied::refused("the signature was made in the future"));
        }
        let until = created.saturating_add(self.window);
        let until = parameters
            .expires
            .map_or(until, |expires| until.min(expires));
        if now > until {
            return Err(Denied::refused("the signature is too old"));
        }
        Ok(until.saturating_add(1).saturating_mul(1_000))
    }
}

/// A structured field of a request; `None`: it is not there.
fn dictionary(asked: &Asked<'_>, name: &str) -> Result<Option<Dictionary>, Denied> {
    let Some(text) = components::field(asked, name)? else {
        return Ok(None);
    };
    let parsed = Parser::new(&text).parse::<Dictionary>();
    parsed
        .map(Some)
        .map_err(|_| Denied::refused(format!("the header `{name}` is malformed")))
}

fn covered(input: &InnerList, name: &str) -> bool {
    input.items.iter().any(|item| {
        item.bare_item
            .as_string()
            .is_some_and(|text| text.as_str() == name)
    })
}

/// The algorithms that a signature may be of: the one that it names, which must be one of the key's, or
/// all of the key's.
fn algorithms(key: &Key, parameters: &Parameters) -> Result<Vec<Algorithm>, Denied> {
    const ALL: [Algorithm; 6] = [
        Algorithm::PS512,
        Algorithm::RS256,
        Algorithm::HS256,
        Algorithm::ES256,
        Algorithm::ES384,
        Algorithm::EdDSA,
    ];
    let all = ALL.into_iter().filter(|one| key.takes(*one));
    let Some(named) = &parameters.algorithm else {
        return Ok(all.collect());
    };
    let named = Algorithm::of_messages(named);
    let fitting: Vec<_> = all.filter(|one| Some(*one) == named).collect();
    match fitting.is_empty() {
        true => Err(Denied::refused(
            "the signature's algorithm is none of the key's",
        )),
        false => Ok(fitting),
    }
}

/// What a signature says about itself.
#[derive(Debug, Default)]
struct Parameters {
    created: Option<i64>,
    expires: Option<i64>,
    nonce: Option<String>,
    algorithm: Option<String>,
    key_id: Option<String>,
    tag: Option<String>,
}

impl Parameters {
    fn read(input: &InnerList) -> Result<Self, Denied> {
        let mut all = Self::default();
        for (name, value) in &input.params {
            let time = || value.as_integer().map(i64::from);
            let text = || value.as_string().map(|text| text.as_str().to_owned());
            let understood = match name.as_str() {
                "created" => fill(&mut all.created, time()),
                "expires" => fill(&mut all.expires, time()),
                "nonce" => fill(&mut all.nonce, text()),
                "alg" => fill(&mut all.algorithm, text()),
                "keyid" => fill(&mut all.key_id, text()),
                "tag" => fill(&mut all.tag, text()),
                // Signed with the rest, and of no meaning here.
                _ => true,
            };
            if !understood {
                return Err(Denied::refused(format!(
                    "`{}` of the signature is malformed",
                    name.as_str()
                )));
            }
        }
        Ok(all)
    }
}

fn fill<T>(place: &mut Option<T>, value: Option<T>) -> bool {
    *place = value;
    place.is_some()
}

/// A flag among the parameters of a part.
fn flag(value: Option<&BareItem>) -> bool {
    value.is_some()
}

#[cfg(test)]
mod tests;
