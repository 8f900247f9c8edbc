//! What a client is told it needs, in `WWW-Authenticate` (RFC 9110, section 11.6.1).

use gated_engine::program::{CredentialPlace, Identity, IdentityMethod};

/// The challenge of an identity; `None`: there is nothing that a client could do better, as with
/// certificates and with headers of proxies. `refused`: it sent something that was not taken.
pub fn challenge(identity: &Identity, refused: bool) -> Option<String> {
    let realm = quoted(&identity.realm);
    let bearer = || match refused {
        true => format!("Bearer realm={realm}, error=\"invalid_token\""),
        false => format!("Bearer realm={realm}"),
    };
    Some(match &identity.method {
        IdentityMethod::Basic(_) => format!("Basic realm={realm}, charset=\"UTF-8\""),
        IdentityMethod::Bearer(_) => bearer(),
        IdentityMethod::Jwt(jwt) if jwt.place == CredentialPlace::Bearer => bearer(),
        IdentityMethod::Jwt(_) | IdentityMethod::Session(_) => format!("Cookie realm={realm}"),
        IdentityMethod::ApiKey(..) => format!("ApiKey realm={realm}"),
        IdentityMethod::Signature(_) | IdentityMethod::MessageSignature(_) => {
            format!("Signature realm={realm}")
        }
        IdentityMethod::Header(..) | IdentityMethod::Certificate(_) | IdentityMethod::Anonymous => {
            return None;
        }
    })
}

/// A quoted string (RFC 9110, section 5.6.4); what no header holds becomes `?`.
fn quoted(text: &str) -> String {
    let mut all = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => all.extend(['\\', char]),
            ' '..='~' => all.push(char),
            _ => all.push('?'),
        }
    }
    all.push('"');
    all
}
