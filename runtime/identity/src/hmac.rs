//! Signatures with a shared secret (HMAC), as webhooks carry them. What is signed is laid side by side
//! in a stated order; where the time is among it, a signature is good for a while only, and once.

use aws_lc_rs::hmac;
use base64::Engine;
use gated_engine::principal::Principal;
use gated_engine::program::{Claim, HmacSignature, SignedPart};

use crate::credentials::{BASE64, BASE64_URL, only_text};
use crate::keys::from_hex;
use crate::replay::Seen;
use crate::{Asked, Claims, Denied, Problem, Proved, Replays};

/// Longest signature as it is written.
const LONGEST: usize = 512;

/// How signatures of an identity are checked.
#[derive(Debug, Clone)]
pub struct HmacVerifier {
    identity: u32,
    signature: HmacSignature,
    keys: Vec<(String, hmac::Key)>,
    claims: Claims,
}

impl HmacVerifier {
    /// An identity by its index; `secret` looks up a secret by its name.
    ///
    /// # Errors
    /// A secret is missing or empty.
    pub fn new(
        identity: u32,
        signature: &HmacSignature,
        claims: &[Claim],
        secret: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Problem> {
        let hash = match signature.bits {
            384 => hmac::HMAC_SHA384,
            512 => hmac::HMAC_SHA512,
            _ => hmac::HMAC_SHA256,
        };
        let key = |(id, name): &(String, String)| match secret(name) {
            Some(secret) if !secret.is_empty() => {
                Ok((id.clone(), hmac::Key::new(hash, secret.as_bytes())))
            }
            _ => Err(Problem::whole(format!("the secret `{name}` is empty"))),
        };
        Ok(Self {
            identity,
            signature: signature.clone(),
            keys: signature.keys.iter().map(key).collect::<Result<_, _>>()?,
            claims: Claims::new(claims),
        })
    }

    /// Whether the body is among what is signed.
    pub fn covers_body(&self) -> bool {
        self.signature.covers.contains(&SignedPart::Body)
    }

    /// Who signed a request, at a time in milliseconds since 1970.
    ///
    /// # Errors
    /// [`Denied`]
    pub fn prove(&self, asked: &Asked<'_>, replays: &Replays, now: i64) -> Proved {
        let headers = asked.request.headers;
        let Some(given) = only_text(headers, &self.signature.header)? else {
            return Err(Denied::Missing);
        };
        let signature = self.decode(given)?;
        let until = self.until(asked, now)?;
        let named = match &self.signature.key_header {
            None => None,
            Some(header) => Some(only_text(headers, header)?.ok_or_else(|| {
                Denied::refused(format!(
                    "the header `{header}` does not say whose key it is"
                ))
            })?),
        };
        let message = self.message(asked)?;
        let mut candidates = self
            .keys
            .iter()
            .filter(|(id, _)| named.is_none_or(|named| named == id))
            .peekable();
        if candidates.peek().is_none() {
            return Err(Denied::refused("the key is not known"));
        }
        let (id, _) = candidates
            .find(|(_, key)| hmac::verify(key, &message, &signature).is_ok())
            .ok_or(Denied::refused("the signature is wrong"))?;
        if let Some(until) = until {
            // Many texts stand for the same bytes, so it is the bytes that are remembered.
            let parts = [id.as_bytes(), &signature, &message];
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
            id: id.clone(),
            claims: self.claims.none()?,
        })
    }

    fn decode(&self, given: &str) -> Result<Vec<u8>, Denied> {
        let malformed = || Denied::refused("the signature is malformed");
        if given.len() > LONGEST {
            return Err(malformed());
        }
        let text = given
            .strip_prefix(&self.signature.prefix)
            .ok_or_else(malformed)?;
        match self.signature.base64 {
            false => from_hex(text),
            true => BASE64
                .decode(text)
                .or_else(|_| BASE64_URL.decode(text))
                .ok(),
        }
        .ok_or_else(malformed)
    }

    /// Until when the signature is good; `None`: the time is not among what is signed.
    fn until(&self, asked: &Asked<'_>, now: i64) -> Result<Option<i64>, Denied> {
        if !self.signature.covers.contains(&SignedPart::Timestamp) {
            return Ok(None);
        }
        let header = &self.signature.timestamp;
        let text = only_text(asked.request.headers, header)?.ok_or_else(|| {
            Denied::refused(format!(
                "the header `{header}` does not say when it was signed"
            ))
        })?;
        let seconds = || text.parse::<i64>().ok()?.checked_mul(1_000);
        let moment = || Some(text.parse::<jiff::Timestamp>().ok()?.as_millisecond());
        let signed = seconds()
            .or_else(moment)
            .ok_or_else(|| Denied::refused(format!("the header `{header}` is no time")))?;
        let window = i64::try_from(self.signature.window_ms).unwrap_or(i64::MAX);
        if now.saturating_sub(signed).saturating_abs() > window {
            return Err(Denied::refused(
                "the signature is too old, or of the future",
            ));
        }
        Ok(Some(signed.saturating_add(window).saturating_add(1)))
    }

    /// What must have been signed.
    fn message(&self, asked: &Asked<'_>) -> Result<Vec<u8>, Denied> {
        let request = asked.request;
        let mut all = Vec::new();
        for (index, part) in self.signature.covers.iter().enumerate() {
            if index > 0 {
                all.extend_from_slice(self.signature.separator.as_bytes());
            }
            match part {
                SignedPart::Timestamp => {
                    let text = only_text(request.headers, &self.signature.timestamp)?;
                    all.extend_from_slice(text.unwrap_or_default().as_bytes());
                }
                SignedPart::Method => all.extend_from_slice(request.method.as_str().as_bytes()),
                SignedPart::Url => {
                    let target = asked
                        .uri
                        .path_and_query()
                        .map_or("/", |target| target.as_str());
                    all.extend_from_slice(target.as_bytes());
                }
                SignedPart::Host => all.extend_from_slice(request.host.as_bytes()),
                SignedPart::Body => {
                    let body = asked.body.ok_or(Denied::refused("the body was not read"))?;
                    all.extend_from_slice(body);
                }
            }
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use gated_engine::request::Request;
    use http::{HeaderMap, HeaderValue, Method, Uri, Version};

    use super::*;
    use crate::keys::hex;

    fn settings(covers: &[SignedPart]) -> HmacSignature {
        HmacSignature {
            keys: vec![("shop".into(), "s1".into()), ("bank".into(), "s2".into())],
            key_header: None,
            header: "x-signature".into(),
            prefix: "sha256=".into(),
            base64: false,
            bits: 256,
            covers: covers.to_vec(),
            separator: ".".into(),
            timestamp: "x-timestamp".into(),
            window_ms: 10_000,
        }
    }

    fn sign(secret: &str, message: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        hex(hmac::sign(&key, message.as_bytes()).as_ref())
    }

    fn prove(
        settings: &HmacSignature,
        headers: &[(&'static str, &str)],
        body: Option<&[u8]>,
        replays: &Replays,
        now: i64,
    ) -> Proved {
        let secret = |name: &str| Some(format!("secret of {name}"));
        let verifier = HmacVerifier::new(1, settings, &[], secret).unwrap();
        let uri: Uri = "/a/%2e?x=1".parse().unwrap();
        let mut map = HeaderMap::new();
        map.insert("host", HeaderValue::from_static("Shop.example:8080"));
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        let request =
            Request::normalise(&Method::POST, &uri, Version::HTTP_11, &map, "http").unwrap();
        let asked = Asked {
            request: &request,
            uri: &uri,
            body,
        };
        verifier.prove(&asked, replays, now)
    }

    #[test]
    fn what_was_signed_is_taken_once_and_in_time() {
        use SignedPart as Part;
        let all = settings(&[
            Part::Timestamp,
            Part::Method,
            Part::Url,
            Part::Host,
            Part::Body,
        ]);
        let message = "100.POST./a/%2e?x=1.shop.example.{}";
        let signature = format!("sha256={}", sign("secret of s2", message));
        let headers = [("x-signature", signature.as_str()), ("x-timestamp", "100")];
        let replays = Replays::default();
        let at = |now| prove(&all, &headers, Some(b"{}"), &replays, now);
        assert!(matches!(at(110_001), Err(Denied::Refused(_))));
        assert!(matches!(at(89_999), Err(Denied::Refused(_))));
        assert_eq!(at(110_000).unwrap().id, "bank");
        assert_eq!(
            at(110_000),
            Err(Denied::refused("the signature was taken before"))
        );
        // Written in another way it is still the same one.
        let upper = format!("sha256={}", sign("secret of s2", message).to_uppercase());
        let headers = [("x-signature", upper.as_str()), ("x-timestamp", "100")];
        assert_eq!(
            prove(&all, &headers, Some(b"{}"), &replays, 100_000),
            Err(Denied::refused("the signature was taken before"))
        );
        let wrong = [
            (
                headers.to_vec(),
                Some(b"{}x".as_slice()),
                "the signature is wrong",
            ),
            (headers.to_vec(), None, "the body was not read"),
            (vec![headers[1]], Some(b"{}"), ""),
            (
                vec![headers[0]],
                Some(b"{}"),
                "the header `x-timestamp` does not say when it was signed",
            ),
            (
                vec![headers[0], headers[0], headers[1]],
                Some(b"{}"),
                "the header `x-signature` is there twice",
            ),
            (
                vec![("x-signature", "sha256=zz"), headers[1]],
                Some(b"{}"),
                "the signature is malformed",
            ),
            (
                vec![("x-signature", "00"), headers[1]],
                Some(b"{}"),
                "the signature is malformed",
            ),
        ];
        for (headers, body, reason) in wrong {
            let denied = prove(&all, &headers, body, &Replays::default(), 100_000).unwrap_err();
            match reason {
                "" => assert_eq!(denied, Denied::Missing),
                reason => assert_eq!(denied, Denied::refused(reason)),
            }
        }
    }

    #[test]
    fn without_a_time_it_holds_for_ever_and_a_named_key_is_the_only_one_tried() {
        let mut only_body = settings(&[SignedPart::Body]);
        only_body.key_header = Some("x-key".into());
        only_body.base64 = true;
        only_body.prefix = String::new();
        let signature = BASE64.encode(from_hex(&sign("secret of s1", "hello")).unwrap());
        let replays = Replays::default();
        let by = |key: &str| {
            let headers = [("x-signature", signature.as_str()), ("x-key", key)];
            prove(&only_body, &headers, Some(b"hello"), &replays, i64::MAX)
        };
        assert_eq!(by("shop").unwrap().id, "shop");
        assert_eq!(by("shop").unwrap().id, "shop");
        assert_eq!(by("bank"), Err(Denied::refused("the signature is wrong")));
        assert_eq!(by("nobody"), Err(Denied::refused("the key is not known")));
        let empty = HmacVerifier::new(0, &only_body, &[], |_| Some(String::new()));
        assert_eq!(empty.unwrap_err().to_string(), "the secret `s1` is empty");
    }
}
