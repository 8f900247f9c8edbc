//! Identities: how requests prove who is asking.

use gatec_schema as schema;
use gatec_schema::value::{HeaderName, Network};
use gatec_schema::{Identity, Spec};
use gated_engine::program::{
    self, CertificateName, Claim, ClaimKind, CredentialPlace, HmacSignature, IdentityMethod,
    JwtKeys, MessageKey, SignedPart,
};

use super::settings::network;

/// Every identity, sorted by name.
pub(super) fn identities(spec: &Spec) -> Vec<program::Identity> {
    let mut identities: Vec<_> = spec
        .identities
        .iter()
        .map(|(name, identity)| program::Identity {
            name: name.clone(),
            realm: identity
                .realm
                .clone()
                .unwrap_or_else(|| spec.gateway.name.clone()),
            method: method(spec, identity),
            claims: identity
                .claims
                .iter()
                .map(|(name, one)| claim(name, one, identity))
                .collect(),
        })
        .collect();
    identities.sort_by(|one, other| one.name.cmp(&other.name));
    identities
}

/// The type of a claim as the engine names it.
pub(crate) fn claim_kind(kind: schema::ClaimType) -> ClaimKind {
    match kind {
        schema::ClaimType::String => ClaimKind::Text,
        schema::ClaimType::Long => ClaimKind::Long,
        schema::ClaimType::Bool => ClaimKind::Bool,
        schema::ClaimType::Strings => ClaimKind::Texts,
        schema::ClaimType::Longs => ClaimKind::Longs,
        schema::ClaimType::Datetime => ClaimKind::Datetime,
        schema::ClaimType::Ip => ClaimKind::Ip,
        schema::ClaimType::Decimal => ClaimKind::Decimal,
    }
}

fn claim(name: &str, claim: &schema::Claim, identity: &Identity) -> Claim {
    let from = claim.from.as_deref().unwrap_or(name);
    let from = match (&identity.jwt, &identity.header) {
        (Some(_), _) => from.split('.').map(str::to_owned).collect(),
        (_, Some(_)) => vec![from.to_ascii_lowercase()],
        _ => vec![from.to_owned()],
    };
    Claim {
        name: name.to_owned(),
        kind: claim_kind(claim.kind),
        from,
        role: claim.role,
        optional: claim.optional,
    }
}

fn method(spec: &Spec, identity: &Identity) -> IdentityMethod {
    if let Some(session) = &identity.session {
        return IdentityMethod::Session(super::sessions::number(spec, session).unwrap_or(u32::MAX));
    }
    if let Some(basic) = &identity.basic {
        return IdentityMethod::Basic(basic.file.as_str().to_owned());
    }
    if let Some(bearer) = &identity.bearer {
        return IdentityMethod::Bearer(bearer.file.as_str().to_owned());
    }
    if let Some(key) = &identity.api_key {
        return IdentityMethod::ApiKey(key.file.as_str().to_owned(), place(key));
    }
    if let Some(jwt) = &identity.jwt {
        return IdentityMethod::Jwt(Box::new(token(jwt)));
    }
    if let Some(header) = &identity.header {
        return IdentityMethod::Header(lower(&header.name), networks(&header.from));
    }
    if let Some(signature) = &identity.signature {
        return IdentityMethod::Signature(Box::new(hmac(signature)));
    }
    if let Some(signature) = &identity.message_signature {
        return IdentityMethod::MessageSignature(Box::new(message(signature)));
    }
    match &identity.client_certificate {
        Some(certificate) => IdentityMethod::Certificate(certificate_name(certificate.id)),
        None => IdentityMethod::Anonymous,
    }
}

fn lower(name: &HeaderName) -> String {
    name.as_str().to_ascii_lowercase()
}

fn networks(from: &[Network]) -> Vec<program::Network> {
    from.iter().map(network).collect()
}

fn place(key: &schema::ApiKey) -> CredentialPlace {
    match (&key.header, &key.query, &key.cookie) {
        (Some(header), ..) => CredentialPlace::Header(lower(header)),
        (_, Some(query), _) => CredentialPlace::Query(query.clone()),
        (.., Some(cookie)) => CredentialPlace::Cookie(cookie.clone()),
        _ => CredentialPlace::Header("x-api-key".to_owned()),
    }
}

fn token(jwt: &schema::Jwt) -> program::Jwt {
    let keys = match (&jwt.keys, &jwt.secret) {
        (Some(keys), _) if keys.is_url() => JwtKeys::Url(keys.as_str().to_owned()),
        (Some(keys), _) => JwtKeys::File(keys.as_str().to_owned()),
        (None, Some(secret)) => JwtKeys::Secret(secret.as_str().to_owned()),
        (None, None) => JwtKeys::Secret(String::new()),
    };
    program::Jwt {
        issuer: jwt.issuer.clone(),
        audience: jwt.audience.clone(),
        keys,
        algorithms: jwt
            .algorithms
            .iter()
            .map(|one| format!("{one:?}"))
            .collect(),
        leeway_ms: jwt.leeway.as_millis(),
        subject: jwt.subject.clone(),
        required: jwt.required.clone(),
        typ: jwt.typ.as_ref().map(|typ| typ.to_ascii_lowercase()),
        place: match &jwt.cookie {
            Some(cookie) => CredentialPlace::Cookie(cookie.clone()),
            None => CredentialPlace::Bearer,
        },
        refresh_ms: jwt.refresh.as_millis(),
        stale_ms: jwt.stale.as_millis(),
    }
}

fn hmac(signature: &schema::Signature) -> HmacSignature {
    let part = |part: &schema::SignedPart| match part {
        schema::SignedPart::Timestamp => SignedPart::Timestamp,
        schema::SignedPart::Method => SignedPart::Method,
        schema::SignedPart::Url => SignedPart::Url,
        schema::SignedPart::Host => SignedPart::Host,
        schema::SignedPart::Body => SignedPart::Body,
    };
    HmacSignature {
        keys: signature
            .keys
            .iter()
            .map(|(id, key)| (id.clone(), key.secret.as_str().to_owned()))
            .collect(),
        key_header: signature.key_header.as_ref().map(lower),
        header: lower(&signature.header),
        prefix: signature.prefix.clone(),
        base64: signature.encoding == schema::SignatureEncoding::Base64,
        bits: match signature.hash {
            schema::SignatureHash::Sha256 => 256,
            schema::SignatureHash::Sha384 => 384,
            schema::SignatureHash::Sha512 => 512,
        },
        covers: signature.covers.iter().map(part).collect(),
        separator: signature.separator.clone(),
        timestamp: lower(&signature.timestamp),
        window_ms: signature.window.as_millis(),
    }
}

fn message(signature: &schema::MessageSignature) -> program::MessageSignature {
    let key = |key: &schema::MessageKey| match (&key.file, &key.secret) {
        (Some(file), _) => MessageKey::File(file.as_str().to_owned()),
        (None, secret) => MessageKey::Secret(
            secret
                .as_ref()
                .map(|secret| secret.as_str().to_owned())
                .unwrap_or_default(),
        ),
    };
    program::MessageSignature {
        keys: signature
            .keys
            .iter()
            .map(|(id, one)| (id.clone(), key(one)))
            .collect(),
        covers: signature
            .covers
            .iter()
            .map(|one| one.to_ascii_lowercase())
            .collect(),
        tag: signature.tag.clone(),
        window_ms: signature.window.as_millis(),
    }
}

fn certificate_name(name: schema::CertificateName) -> CertificateName {
    match name {
        schema::CertificateName::CommonName => CertificateName::CommonName,
        schema::CertificateName::Dns => CertificateName::Dns,
        schema::CertificateName::Uri => CertificateName::Uri,
        schema::CertificateName::Email => CertificateName::Email,
        schema::CertificateName::Fingerprint => CertificateName::Fingerprint,
    }
}
