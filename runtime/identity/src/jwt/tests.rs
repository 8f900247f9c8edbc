//! Tokens that are good, and the many ways in which they are not.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gated_engine::principal::ClaimValue;
use gated_engine::program::{ClaimKind, JwtKeys};
use serde_json::{Map, Value, json};

use super::*;
use crate::mint::new_rsa_pair;
use crate::{Signer, new_pair};

const NOW: i64 = 1_000_000_000;

fn settings() -> Jwt {
    Jwt {
        issuer: Some("https://id.example".into()),
        audience: vec!["shop".into()],
        keys: JwtKeys::File(String::new()),
        algorithms: Vec::new(),
        leeway_ms: 30_000,
        subject: "sub".into(),
        required: Vec::new(),
        typ: None,
        place: CredentialPlace::Bearer,
        refresh_ms: 0,
        stale_ms: 0,
    }
}

fn claim(name: &str, kind: ClaimKind, from: &[&str], optional: bool) -> Claim {
    Claim {
        name: name.into(),
        kind,
        from: from.iter().map(|level| (*level).to_owned()).collect(),
        role: false,
        optional,
    }
}

fn good() -> Value {
    json!({
        "iss": "https://id.example",
        "aud": ["other", "shop"],
        "sub": "ann",
        "exp": NOW / 1000 + 60,
        "realm": {"roles": ["b", "a"]},
        "https://x.example/level": 3,
    })
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn reason(verified: Result<Verified, Denied>) -> String {
    match verified.unwrap_err() {
        Denied::Refused(reason) => reason.into_owned(),
        other => format!("{other:?}"),
    }
}

/// A token with any header and any claims, signed with HMAC.
fn raw(header: &str, claims: &str, secret: &[u8]) -> String {
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(claims)
    );
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret);
    let tag = aws_lc_rs::hmac::sign(&key, signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
}

#[test]
fn every_algorithm_verifies_what_it_signed_and_nothing_else() {
    let (rsa_private, rsa_public) = new_rsa_pair();
    let (ec_private, ec_public) = new_pair().unwrap();
    let verifier = JwtVerifier::new(0, &settings(), &[]);
    for (private, public) in [(&rsa_private, &rsa_public), (&ec_private, &ec_public)] {
        let signer = Signer::from_pem(private.as_bytes()).unwrap();
        let keys = KeySet::from_file(public.as_bytes()).unwrap();
        for algorithm in signer.algorithms() {
            let token = signer
                .token(*algorithm, None, None, &object(good()))
                .unwrap();
            let verified = verifier.verify(&token, &keys, NOW).unwrap();
            assert_eq!(verified.principal.id, "ann");
            assert_eq!(verified.until, NOW + 90_000);
            let broken = format!("{}A{}", &token[..60], &token[61..]);
            assert!(verifier.verify(&broken, &keys, NOW).is_err());
        }
    }
    for algorithm in [Algorithm::HS384, Algorithm::HS512] {
        let secret = "s".repeat(64);
        let keys = KeySet::from_secret(&secret, &[algorithm]).unwrap();
        let signer = Signer::Secret(secret.into_bytes());
        let token = signer
            .token(algorithm, None, None, &object(good()))
            .unwrap();
        assert_eq!(
            reason(verifier.verify(&token, &keys, NOW)),
            format!(
                "the algorithm `{}` is none of those taken",
                algorithm.name()
            )
        );
        let mut named = settings();
        named.algorithms = vec![algorithm.name().to_owned()];
        let verifier = JwtVerifier::new(0, &named, &[]);
        assert!(verifier.verify(&token, &keys, NOW).is_ok());
    }
}

#[test]
fn a_public_key_is_never_a_secret_and_none_is_no_algorithm() {
    let (_, public) = new_rsa_pair();
    let keys = KeySet::from_file(public.as_bytes()).unwrap();
    let verifier = JwtVerifier::new(0, &settings(), &[]);
    let claims = good().to_string();
    let forged = raw(r#"{"alg":"HS256"}"#, &claims, public.as_bytes());
    assert_eq!(
        reason(verifier.verify(&forged, &keys, NOW)),
        "no key of the issuer is for `HS256`"
    );
    for name in ["none", "None", "NONE", "", "ES256K", "RS1"] {
        let header = json!({"alg": name}).to_string();
        for token in [
            raw(&header, &claims, b""),
            format!(
                "{}.{}.",
                URL_SAFE_NO_PAD.encode(&header),
                URL_SAFE_NO_PAD.encode(&claims)
            ),
        ] {
            assert_eq!(
                reason(verifier.verify(&token, &keys, NOW)),
                "the token's algorithm is none that is taken"
            );
        }
    }
}

#[test]
fn what_a_token_says_is_checked() {
    let secret = "s".repeat(32);
    let keys = KeySet::from_secret(&secret, &[]).unwrap();
    let signer = Signer::Secret(secret.into_bytes());
    let mut asked = settings();
    asked.required = vec!["realm.roles".into()];
    asked.typ = Some("at+jwt".into());
    let verifier = JwtVerifier::new(
        4,
        &asked,
        &[
            claim("roles", ClaimKind::Texts, &["realm", "roles"], false),
            claim(
                "level",
                ClaimKind::Long,
                &["https://x", "example/level"],
                false,
            ),
            claim("email", ClaimKind::Text, &["email"], true),
        ],
    );
    let verify = |change: &dyn Fn(&mut Map<String, Value>), typ: Option<&str>| {
        let mut claims = object(good());
        change(&mut claims);
        let token = signer.token(Algorithm::HS256, typ, None, &claims).unwrap();
        verifier.verify(&token, &keys, NOW)
    };
    let principal = verify(&|_| {}, Some("application/AT+jwt"))
        .unwrap()
        .principal;
    let roles = ["a", "b"].map(str::to_owned).to_vec();
    assert_eq!(principal.identity, 4);
    assert_eq!(
        principal.claims,
        [
            Some(ClaimValue::Texts(roles)),
            Some(ClaimValue::Long(3)),
            None
        ]
    );
    assert_eq!(
        reason(verify(&|_| {}, None)),
        "the token is of another type"
    );
    let set = |name: &'static str, value: Value| {
        move |claims: &mut Map<String, Value>| {
            match &value {
                Value::Null => claims.remove(name),
                value => claims.insert(name.to_owned(), value.clone()),
            };
        }
    };
    let seconds = NOW / 1000;
    for (name, value, expected) in [
        ("exp", Value::Null, "the token never expires"),
        ("exp", json!("soon"), "`exp` of the token is no time"),
        ("exp", json!(seconds - 30), "the token has expired"),
        ("exp", json!(1e300), ""),
        ("exp", json!(seconds - 29), ""),
        ("nbf", json!(seconds + 31), "the token is not valid yet"),
        ("nbf", json!(seconds + 30), ""),
        (
            "iat",
            json!(seconds + 31),
            "the token was issued in the future",
        ),
        ("iss", Value::Null, "the token is by another issuer"),
        (
            "iss",
            json!("https://id.example/"),
            "the token is by another issuer",
        ),
        (
            "iss",
            json!(["https://id.example"]),
            "the token is by another issuer",
        ),
        ("aud", Value::Null, "the token is for another audience"),
        ("aud", json!("shop"), ""),
        ("aud", json!(["bank"]), "the token is for another audience"),
        (
            "aud",
            json!([["shop"]]),
            "the token is for another audience",
        ),
        ("sub", Value::Null, "the token does not say who is asking"),
        ("sub", json!(""), "the token does not say who is asking"),
        ("sub", json!(7), "the token does not say who is asking"),
        (
            "realm",
            json!({"roles": null}),
            "the claim `realm.roles` is missing",
        ),
        (
            "realm",
            json!({"roles": [1]}),
            "the claim `roles` is no `set<string>`",
        ),
        (
            "https://x.example/level",
            Value::Null,
            "the claim `level` is missing",
        ),
        (
            "https://x.example/level",
            json!("3"),
            "the claim `level` is no `long`",
        ),
        ("email", json!(1), "the claim `email` is no `string`"),
        ("email", json!("a@b"), ""),
    ] {
        let verified = verify(&set(name, value.clone()), Some("at+jwt"));
        match expected {
            "" => assert!(verified.is_ok(), "{name} {value}: {verified:?}"),
            expected => assert_eq!(reason(verified), expected, "{name} {value}"),
        }
    }
}

#[test]
fn odd_tokens_are_refused() {
    let secret = [b's'; 32];
    let keys = KeySet::from_secret(&"s".repeat(32), &[]).unwrap();
    let verifier = JwtVerifier::new(0, &settings(), &[]);
    let claims = good().to_string();
    let verify = |token: &str| reason(verifier.verify(token, &keys, NOW));
    let twice = claims.replacen("{", "{\"sub\":\"bob\",", 1);
    let nested = claims.replacen("{", "{\"x\":[{\"y\":1,\"y\":2}],", 1);
    for (header, claims, expected) in [
        (
            r#"{"alg":"HS256","alg":"HS256"}"#,
            &claims,
            "the token's header has a member twice",
        ),
        (
            r#"{"alg":"HS256","crit":["exp"]}"#,
            &claims,
            "the token asks for something that is not understood (`crit`)",
        ),
        (
            r#"{"alg":"HS256","b64":false}"#,
            &claims,
            "the token asks for something that is not understood (`crit`)",
        ),
        (
            r#"{"alg":"HS256","kid":7}"#,
            &claims,
            "`kid` of the token's header is no text",
        ),
        (r#"{"typ":"JWT"}"#, &claims, "the token names no algorithm"),
        (
            r#"["HS256"]"#,
            &claims,
            "the token's header is no JSON object",
        ),
        (
            r#"{"alg":"HS256"}"#,
            &twice,
            "what the token claims has a member twice",
        ),
        (
            r#"{"alg":"HS256"}"#,
            &nested,
            "what the token claims has a member twice",
        ),
        (
            r#"{"alg":"HS256"}"#,
            &"[".repeat(4000),
            "what the token claims is nested too deep",
        ),
    ] {
        assert_eq!(verify(&raw(header, claims, &secret)), expected);
    }
    let token = raw(r#"{"alg":"HS256","crit":[]}"#, &claims, &secret);
    assert!(verifier.verify(&token, &keys, NOW).is_ok());
    assert_eq!(verify(&"x".repeat(9000)), "the token is larger than 8 KiB");
    assert_eq!(verify("a.b"), "the token is malformed");
    assert_eq!(verify(&format!("{token}=")), "the token is malformed");
    assert_eq!(
        verify(&format!("{token}.a.b")),
        "the token has more than three parts"
    );
}

#[test]
fn a_key_is_picked_by_its_name() {
    let (private, public) = new_pair().unwrap();
    let (other, _) = new_pair().unwrap();
    let spki = crate::pem::public_keys(public.as_bytes()).unwrap();
    assert!(matches!(spki[0], crate::Key::P256(_)));
    let jwk = |public: &str, kid: &str| {
        let der: Vec<u8> = base64::engine::general_purpose::STANDARD
            .decode(
                public
                    .lines()
                    .filter(|line| !line.starts_with('-'))
                    .collect::<String>(),
            )
            .unwrap();
        let point = &der[der.len() - 64..];
        json!({"kty": "EC", "crv": "P-256", "kid": kid, "use": "sig", "alg": "ES256",
            "x": URL_SAFE_NO_PAD.encode(&point[..32]), "y": URL_SAFE_NO_PAD.encode(&point[32..])})
    };
    let set = json!({"keys": [jwk(&public, "one"), {"kty": "odd"}]}).to_string();
    let keys = KeySet::from_file(set.as_bytes()).unwrap();
    let verifier = JwtVerifier::new(0, &settings(), &[]);
    let verify = |private: &str, kid: Option<&str>| {
        let signer = Signer::from_pem(private.as_bytes()).unwrap();
        let token = signer
            .token(Algorithm::ES256, None, kid, &object(good()))
            .unwrap();
        verifier.verify(&token, &keys, NOW)
    };
    assert!(verify(&private, Some("one")).is_ok());
    assert!(verify(&private, None).is_ok());
    assert_eq!(verify(&private, Some("two")), Err(Denied::UnknownKey));
    assert_eq!(verify(&other, None), Err(Denied::UnknownKey));
    assert_eq!(
        reason(verify(&other, Some("one"))),
        "the signature is wrong"
    );
}
