//! Signed tokens: nothing that was not signed is ever taken, and what was signed is taken only if it says
//! who is asking.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gated_engine::program::{Claim, ClaimKind, CredentialPlace, Jwt, JwtKeys};
use gated_identity::{Algorithm, JwtVerifier, KeySet, Signer};
use serde_json::Value;

const SECRET: &str = "a secret of thirty-two bytes....";

/// Reads the data as a token, as the parts of one, and as what a good one says.
///
/// # Panics
/// Where a token is taken that nobody signed, or that does not say who is asking.
pub fn token(data: &[u8]) {
    let Ok(keys) = KeySet::from_secret(SECRET, &[]) else {
        return;
    };
    let verifier = verifier();
    let text = String::from_utf8_lossy(data);
    assert!(verifier.verify(&text, &keys, 0).is_err(), "{text:?}");
    let part = URL_SAFE_NO_PAD.encode(data);
    let parts = format!("{part}.{part}.{part}");
    assert!(verifier.verify(&parts, &keys, 0).is_err(), "{parts:?}");
    let Ok(Value::Object(claims)) = serde_json::from_slice(data) else {
        return;
    };
    let signer = Signer::Secret(SECRET.as_bytes().to_vec());
    let Ok(signed) = signer.token(Algorithm::HS256, None, None, &claims) else {
        return;
    };
    if let Ok(verified) = verifier.verify(&signed, &keys, 0) {
        let subject = claims.get("sub").and_then(Value::as_str);
        assert_eq!(subject, Some(verified.principal.id.as_str()));
        assert!(!verified.principal.id.is_empty() && verified.until > 0);
    }
}

fn verifier() -> JwtVerifier {
    let jwt = Jwt {
        issuer: None,
        audience: Vec::new(),
        keys: JwtKeys::Secret(String::new()),
        algorithms: Vec::new(),
        leeway_ms: 0,
        subject: "sub".to_owned(),
        required: Vec::new(),
        typ: None,
        place: CredentialPlace::Bearer,
        refresh_ms: 0,
        stale_ms: 0,
    };
    let kinds = [
        ClaimKind::Text,
        ClaimKind::Longs,
        ClaimKind::Datetime,
        ClaimKind::Ip,
        ClaimKind::Decimal,
    ];
    let claim = |kind: ClaimKind| Claim {
        name: format!("{kind:?}"),
        kind,
        from: vec!["a".to_owned(), "b".to_owned()],
        role: false,
        optional: true,
    };
    JwtVerifier::new(0, &jwt, &kinds.map(claim))
}
