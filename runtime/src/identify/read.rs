//! Makes identities ready: their files are read, secrets looked up, and the fetching of keys begins.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use gated_engine::principal::Principal;
use gated_engine::program::{self, IdentityMethod, Jwt, JwtKeys, MessageKey, MessageSignature};
use gated_identity::{
    Claims, HeaderIdentity, HmacVerifier, JwtVerifier, Key, KeySet, Keys, MessageVerifier,
    Passwords, Problem,
};

use super::{GuardedHeaders, Identities, Memory, Method, Ready, TokenKeys};
use crate::snapshot::Unfit;
use crate::tls::{Disk, Roots};

/// What identities are made of.
pub(crate) struct Ingredients<'a> {
    pub(crate) disk: &'a mut Disk,
    pub(crate) roots: &'a mut Roots,
    pub(crate) secrets: &'a HashMap<String, String>,
    pub(crate) memory: &'a Arc<Memory>,
}

impl Identities {
    /// Makes identities ready.
    ///
    /// # Errors
    /// A file cannot be read or is wrong, or a secret is.
    pub(crate) fn read(
        identities: Vec<program::Identity>,
        with: &mut Ingredients<'_>,
    ) -> Result<Self, Unfit> {
        // All files are read whatever is wrong with one, so that all are watched.
        let all: Vec<_> = (0..)
            .zip(identities)
            .map(|(index, identity)| {
                let method = method(index, &identity, with);
                let method = method.map_err(|why| Unfit::File {
                    why: format!("identity `{}`: {why}", identity.name),
                    watched: Vec::new(),
                })?;
                Ok(Ready { identity, method })
            })
            .collect();
        let all = all.into_iter().collect::<Result<Vec<_>, Unfit>>()?;
        Ok(Self {
            guarded: Arc::new(GuardedHeaders::of(&all)),
            serial: with.memory.serial(),
            memory: Arc::clone(with.memory),
            all,
        })
    }
}

fn method(
    index: u32,
    identity: &program::Identity,
    with: &mut Ingredients<'_>,
) -> Result<Method, String> {
    let claims = &identity.claims;
    Ok(match &identity.method {
        IdentityMethod::Basic(file) => {
            let passwords = text(file, with, Passwords::parse)?;
            Method::Basic(Arc::new(passwords))
        }
        IdentityMethod::Bearer(file) => {
            let keys = text(file, with, Keys::parse)?;
            let place = program::CredentialPlace::Bearer;
            Method::Key(place, keys, Claims::new(claims))
        }
        IdentityMethod::ApiKey(file, place) => {
            let keys = text(file, with, Keys::parse)?;
            Method::Key(place.clone(), keys, Claims::new(claims))
        }
        IdentityMethod::Jwt(jwt) => {
            let verifier = Box::new(JwtVerifier::new(index, jwt, claims));
            let keys = token_keys(jwt, &verifier, with)?;
            Method::Jwt(verifier, keys)
        }
        IdentityMethod::Header(name, proxies) => {
            Method::Header(HeaderIdentity::new(index, name, proxies, claims))
        }
        IdentityMethod::Signature(signature) => {
            let secret = |name: &str| with.secrets.get(name).cloned();
            let verifier = HmacVerifier::new(index, signature, claims, secret)
                .map_err(|problem| problem.to_string())?;
            Method::Hmac(Box::new(verifier))
        }
        IdentityMethod::MessageSignature(signature) => {
            let keys = message_keys(signature, with)?;
            Method::Message(Box::new(MessageVerifier::new(
                index, signature, claims, keys,
            )))
        }
        IdentityMethod::Certificate(name) => Method::Certificate(*name),
        IdentityMethod::Session(_) => Method::Session(Claims::new(claims)),
        IdentityMethod::Anonymous => Method::Anonymous(Arc::new(Principal {
            identity: index,
            id: "anonymous".to_owned(),
            claims: claims.iter().map(|_| None).collect(),
        })),
    })
}

/// Reads a file of lines.
fn text<T>(
    path: &str,
    with: &mut Ingredients<'_>,
    parse: impl Fn(&str) -> Result<T, Problem>,
) -> Result<T, String> {
    let bytes = with.disk.read(path)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| format!("the file `{path}` is no text"))?;
    parse(text).map_err(|problem| wrong(path, &problem))
}

fn wrong(path: &str, problem: &Problem) -> String {
    match problem.line {
        Some(_) => format!("the file `{path}`, {problem}"),
        None => format!("the file `{path}` {problem}"),
    }
}

fn token_keys(
    jwt: &Jwt,
    verifier: &JwtVerifier,
    with: &mut Ingredients<'_>,
) -> Result<TokenKeys, String> {
    match &jwt.keys {
        JwtKeys::Url(url) => {
            let refresh = Duration::from_millis(jwt.refresh_ms);
            let stale = Duration::from_millis(jwt.stale_ms);
            let source = with.memory.source(url, refresh, stale, with.roots)?;
            Ok(TokenKeys::Fetched(source))
        }
        JwtKeys::File(path) => {
            let bytes = with.disk.read(path)?;
            let keys = KeySet::from_file(&bytes).map_err(|problem| wrong(path, &problem))?;
            Ok(TokenKeys::Known(keys))
        }
        JwtKeys::Secret(name) => {
            let secret = with.secrets.get(name).map_or("", String::as_str);
            let keys = KeySet::from_secret(secret, verifier.algorithms())
                .map_err(|problem| format!("the secret `{name}` {problem}"))?;
            Ok(TokenKeys::Known(keys))
        }
    }
}

fn message_keys(
    signature: &MessageSignature,
    with: &mut Ingredients<'_>,
) -> Result<Vec<(String, Key)>, String> {
    let all: Vec<Result<_, String>> = signature
        .keys
        .iter()
        .map(|(id, key)| {
            let key = match key {
                MessageKey::File(path) => {
                    let bytes = with.disk.read(path)?;
                    let set = KeySet::from_file(&bytes).map_err(|problem| wrong(path, &problem))?;
                    set.keys().next().cloned()
                }
                MessageKey::Secret(name) => {
                    let secret = with.secrets.get(name).map_or("", String::as_str);
                    let key = Key::secret(secret.as_bytes());
                    Some(key.map_err(|problem| format!("the secret `{name}` {problem}"))?)
                }
            };
            Ok(key.map(|key| (id.clone(), key)))
        })
        .collect();
    let all = all.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(all.into_iter().flatten().collect())
}
