//! Proves who is asking: at once where that is cheap, or else in whatever time it takes.

use std::collections::HashMap;
use std::sync::Arc;

use gated_engine::principal::Principal;
use gated_engine::program::CredentialPlace;
use gated_engine::request::Request;
use gated_engine::session::SessionValue;
use gated_identity::{
    Asked, Claims, Denied, JwtVerifier, LARGEST_TOKEN, Passwords, Proved, Verified, basic,
    credential,
};

use super::cache::{self, With};
use super::source::{Fetched, Source};
use super::{Asking, Identities, Method, Proof, TokenKeys, now};

/// How long a password that was right counts without being looked at again, in milliseconds.
const REMEMBER_PASSWORD: i64 = 300_000;

impl From<Denied> for Proof {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Missing => Self::Missing,
            Denied::Refused(reason) => Self::Refused(reason),
            Denied::UnknownKey => Self::Refused(UNKNOWN_KEY.into()),
        }
    }
}

impl From<Result<Arc<Principal>, Denied>> for Proof {
    fn from(proved: Result<Arc<Principal>, Denied>) -> Self {
        proved.map_or_else(Self::from, Self::Proved)
    }
}

impl From<Proved> for Proof {
    fn from(proved: Proved) -> Self {
        proved.map(Arc::new).into()
    }
}

const UNKNOWN_KEY: &str = "the token is signed with a key that the issuer does not name";

impl Identities {
    /// Proves it without waiting; `None`: it must be waited for.
    pub(crate) fn at_once(&self, identity: u32, asking: &Asking<'_>) -> Option<Proof> {
        let ready = self.get(identity)?;
        let request = asking.request;
        match &ready.method {
            Method::Basic(_) => self.password_at_once(identity, request),
            Method::Key(place, keys, claims) => {
                let proof = match credential(place, request) {
                    Ok(None) => Proof::Missing,
                    Err(denied) => denied.into(),
                    Ok(Some(key)) => {
                        let with = self.with(identity, 0);
                        remembered(with, &key, now(), |now| {
                            keys.verify(identity, &key, claims, now)
                        })
                        .into()
                    }
                };
                Some(proof)
            }
            Method::Jwt(verifier, keys) => self.token_at_once(identity, verifier, keys, request),
            Method::Header(header) => Some(header.prove(request.headers, asking.peer).into()),
            Method::Hmac(verifier) => {
                let bodiless = !verifier.covers_body();
                self.signature_at_once(bodiless, asking, |asked| {
                    verifier.prove(asked, &self.memory.replays, now())
                })
            }
            Method::Message(verifier) => {
                let bodiless = !verifier.covers_body();
                self.signature_at_once(bodiless, asking, |asked| {
                    verifier.prove(asked, &self.memory.replays, now())
                })
            }
            Method::Certificate(which) => Some(match asking.certificate {
                None => Proof::Missing,
                Some(names) => {
                    let claims = &ready.identity.claims;
                    names.prove(identity, *which, claims).into()
                }
            }),
            Method::Session(claims) => Some(in_session(identity, claims, request)),
            Method::Anonymous(_) => Some(Proof::Missing),
        }
    }

    /// Proves it, waiting where that is needed. Where [`Identities::needs_body`] says so, the body must
    /// be given.
    pub(crate) async fn prove(
        &self,
        identity: u32,
        asking: &Asking<'_>,
        body: Option<&[u8]>,
    ) -> Proof {
        if let Some(proof) = self.at_once(identity, asking) {
            return proof;
        }
        let asked = asked(asking, body);
        match self.get(identity).map(|ready| &ready.method) {
            Some(Method::Basic(passwords)) => {
                self.password(identity, passwords, asking.request).await
            }
            Some(Method::Jwt(verifier, TokenKeys::Fetched(source))) => {
                self.token_anew(identity, verifier, source, asking.request)
                    .await
            }
            Some(Method::Hmac(verifier)) => {
                verifier.prove(&asked, &self.memory.replays, now()).into()
            }
            Some(Method::Message(verifier)) => {
                verifier.prove(&asked, &self.memory.replays, now()).into()
            }
            _ => Proof::Missing,
        }
    }

    /// A signature that covers the body waits for it, unless there is no signature at all.
    fn signature_at_once(
        &self,
        bodiless: bool,
        asking: &Asking<'_>,
        prove: impl Fn(&Asked<'_>) -> Proved,
    ) -> Option<Proof> {
        if bodiless {
            return Some(prove(&asked(asking, None)).into());
        }
        // Without the body nothing is found good, so nothing is remembered as taken either.
        match prove(&asked(asking, None)) {
            Err(Denied::Missing) => Some(Proof::Missing),
            _ => None,
        }
    }
}

/// Whose session it is. A route has one session at most, and the checks see to it that it is the identity's.
fn in_session(identity: u32, claims: &Claims, request: &Request<'_>) -> Proof {
    let Some(session) = request.session else {
        return Proof::Missing;
    };
    let Some(id) = session.subject().map(SessionValue::text) else {
        return Proof::Missing;
    };
    let texts: HashMap<&str, String> = session
        .named_values()
        .map(|(name, value)| (name, value.text()))
        .collect();
    let claims = claims.of_texts(|name| texts.get(name).map(String::as_str));
    let proved = claims.map(|claims| Principal {
        identity,
        id,
        claims,
    });
    proved.into()
}

fn asked<'a>(asking: &'a Asking<'_>, body: Option<&'a [u8]>) -> Asked<'a> {
    Asked {
        request: asking.request,
        uri: asking.request.uri,
        body,
    }
}

/// Names and passwords.
impl Identities {
    fn password_at_once(&self, identity: u32, request: &Request<'_>) -> Option<Proof> {
        let (name, password) = match basic(request.headers) {
            Ok(None) => return Some(Proof::Missing),
            Err(denied) => return Some(denied.into()),
            Ok(Some(both)) => both,
        };
        let print = self.password_print(&name, &password);
        cache::find(self.with(identity, 0), &print, now()).map(Proof::Proved)
    }

    async fn password(
        &self,
        identity: u32,
        passwords: &Arc<Passwords>,
        request: &Request<'_>,
    ) -> Proof {
        let Ok(Some((name, password))) = basic(request.headers) else {
            return Proof::Missing;
        };
        let print = self.password_print(&name, &password);
        let Some(fits) = self.memory.verify(passwords, name.clone(), password).await else {
            return Proof::Away;
        };
        if !fits {
            return Proof::Refused("the name is not known, or the password is wrong".into());
        }
        // A password says nothing but who it is.
        let claims = self.get(identity).map(|ready| &ready.identity.claims);
        let claims = Claims::new(claims.map_or(&[], Vec::as_slice)).of_texts(|_| None);
        let principal = match claims {
            Err(denied) => return denied.into(),
            Ok(claims) => Arc::new(Principal {
                identity,
                id: name,
                claims,
            }),
        };
        let until = now() + REMEMBER_PASSWORD;
        cache::keep(self.with(identity, 0), &print, &principal, until);
        Proof::Proved(principal)
    }

    /// Passwords are not kept, only what stands for them in this process.
    fn password_print(&self, name: &str, password: &[u8]) -> [u8; 32] {
        cache::print(&[&self.memory.salt, name.as_bytes(), password])
    }
}

/// Signed tokens.
impl Identities {
    fn token_at_once(
        &self,
        identity: u32,
        verifier: &JwtVerifier,
        keys: &TokenKeys,
        request: &Request<'_>,
    ) -> Option<Proof> {
        let token = match token(verifier.place(), request) {
            Ok(None) => return Some(Proof::Missing),
            Err(denied) => return Some(denied.into()),
            Ok(Some(token)) => token,
        };
        let fetched = match keys {
            TokenKeys::Known(keys) => {
                let with = self.with(identity, 0);
                return Some(verify(verifier, keys, with, &token).into());
            }
            TokenKeys::Fetched(source) => source.keys(),
        };
        let Some(fetched) = fetched else {
            return Some(Proof::Away);
        };
        let with = self.with(identity, fetched.revision);
        match verify(verifier, &fetched.keys, with, &token) {
            Token::UnknownKey => None,
            settled => Some(settled.into()),
        }
    }

    /// The token is signed with a key that is not known: has the keys fetched anew.
    async fn token_anew(
        &self,
        identity: u32,
        verifier: &JwtVerifier,
        source: &Source,
        request: &Request<'_>,
    ) -> Proof {
        let Ok(Some(token)) = token(verifier.place(), request) else {
            return Proof::Missing;
        };
        let known = source.keys().map_or(u64::MAX, |known| known.revision);
        let Some(fetched): Option<Arc<Fetched>> = source.fetch_anew(known).await else {
            return Token::UnknownKey.into();
        };
        let with = self.with(identity, fetched.revision);
        verify(verifier, &fetched.keys, with, &token).into()
    }

    /// What the credentials of an identity are checked with.
    fn with(&self, identity: u32, revision: u64) -> With {
        With {
            serial: self.serial,
            identity,
            revision,
        }
    }
}

/// What came of a token.
enum Token {
    Good(Arc<Principal>),
    Denied(Denied),
    UnknownKey,
}

impl From<Token> for Proof {
    fn from(token: Token) -> Self {
        match token {
            Token::Good(principal) => Self::Proved(principal),
            Token::Denied(denied) => denied.into(),
            Token::UnknownKey => Denied::UnknownKey.into(),
        }
    }
}

/// The token of a request. One that is too large is refused before anything is done with it.
fn token<'a>(
    place: &CredentialPlace,
    request: &'a Request<'_>,
) -> Result<Option<std::borrow::Cow<'a, str>>, Denied> {
    match credential(place, request)? {
        Some(token) if token.len() > LARGEST_TOKEN => {
            Err(Denied::refused("the token is larger than 8 KiB"))
        }
        token => Ok(token),
    }
}

fn verify(verifier: &JwtVerifier, keys: &gated_identity::KeySet, with: With, token: &str) -> Token {
    match remembered(with, token, now(), |now| verifier.verify(token, keys, now)) {
        Err(Denied::UnknownKey) => Token::UnknownKey,
        Err(denied) => Token::Denied(denied),
        Ok(principal) => Token::Good(principal),
    }
}

/// Who was proved by a credential lately; or else it is verified, and remembered if it is good.
fn remembered(
    with: With,
    credential: &str,
    now: i64,
    verify: impl FnOnce(i64) -> Result<Verified, Denied>,
) -> Result<Arc<Principal>, Denied> {
    let credential = credential.as_bytes();
    if let Some(principal) = cache::find(with, credential, now) {
        return Ok(principal);
    }
    let verified = verify(now)?;
    let principal = Arc::new(verified.principal);
    cache::keep(with, credential, &principal, verified.until);
    Ok(principal)
}
