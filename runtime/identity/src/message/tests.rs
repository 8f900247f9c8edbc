//! The examples of RFC 9421, appendix B, with the keys of its appendix B.1.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gated_engine::request::Request;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, Version};

use super::*;
use crate::pem;

const RSA_PSS: &str = "-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2
+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+
oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq
gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W
Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4
aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI
2wIDAQAB
-----END PUBLIC KEY-----
";
const P256: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf
w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==
-----END PUBLIC KEY-----
";
const ED25519: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----
";
const SHARED: &str =
    "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==";
const CONTENT_DIGEST: &str = "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:";
const CLIENT_CERT: &str = ":MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBBdXRoZW50aWNhdGUxGzAZBgNVBAMMEkxBIEludGVybWVkaWF0ZSBDQTAeFw0yMDAxMTQyMjU1MzNaFw0yMTAxMjMyMjU1MzNaMA0xCzAJBgNVBAMMAkJDMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8YnXXfaUgmnMtOXU/IncWalRhebrXmckC8vdgJ1p5Be5F/3YC8OthxM4+k1M6aEAEFcGzkJiNy6J84y7uzo9M6NyMHAwCQYDVR0TBAIwADAfBgNVHSMEGDAWgBRm3WjLa38lbEYCuiCPct0ZaSED2DAOBgNVHQ8BAf8EBAMCBsAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0RAQH/BBMwEYEPYmRjQGV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIBHda/r1vaL6G3VliL4/Di6YK0Q6bMjeSkC3dFCOOB8TAiEAx/kHSB4urmiZ0NX5r5XarmPk0wmuydBVoU4hBVZ1yhk=:";

/// The moment that the examples were signed, in milliseconds.
const NOW: i64 = 1_618_884_473_000;

/// Section, `Signature-Input` and `Signature`; of B.3 the request is another.
const EXAMPLES: [(&str, &str, &str); 6] = [
    (
        "B.2.1",
        r#"();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd""#,
        "d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtRxf8Udx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx2VjBqJzsPLMIQKhO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s++v6d4s8m0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==",
    ),
    (
        "B.2.2",
        r#"("@authority" "content-digest" "@query-param";name="Pet");created=1618884473;keyid="test-key-rsa-pss";tag="header-example""#,
        "LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE5qH7KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTlaqwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY3I5rSV2DSBVkSFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==",
    ),
    (
        "B.2.3",
        r#"("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-rsa-pss""#,
        "bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==",
    ),
    (
        "B.2.5",
        r#"("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret""#,
        "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=",
    ),
    (
        "B.2.6",
        r#"("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519""#,
        "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==",
    ),
    (
        "B.3",
        r#"("@path" "@query" "@method" "@authority" "client-cert");created=1618884473;keyid="test-key-ecc-p256""#,
        "xVMHVpawaAC/0SbHrKRs9i8I3eOs5RtTMGCWXm/9nvZzoHsIg6Mce9315T6xoklyy0yzhD9ah4JHRwMLOgmizw==",
    ),
];

/// A request that can be changed.
#[derive(Clone)]
struct Sent {
    method: Method,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Sent {
    fn example(section: &str, input: &str, signature: &str) -> Self {
        let mut headers = vec![
            (
                "host",
                if section == "B.3" {
                    "service.internal.example"
                } else {
                    "example.com"
                },
            ),
            ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
            ("content-type", "application/json"),
            ("content-length", "18"),
        ];
        match section {
            "B.3" => headers.push(("client-cert", CLIENT_CERT)),
            _ => headers.push(("content-digest", CONTENT_DIGEST)),
        }
        let (input, signature) = (format!("sig={input}"), format!("sig=:{signature}:"));
        headers.push(("signature-input", &input));
        headers.push(("signature", &signature));
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Self {
            method: Method::POST,
            target: "/foo?param=Value&Pet=dog".to_owned(),
            headers: headers.into_iter().map(owned).collect(),
            body: br#"{"hello": "world"}"#.to_vec(),
        }
    }

    fn prove(&self, verifier: &MessageVerifier, replays: &Replays, now: i64) -> Proved {
        let uri: Uri = self.target.parse().unwrap();
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let name: HeaderName = name.parse().unwrap();
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
        let request =
            Request::normalise(&self.method, &uri, Version::HTTP_11, &headers, "https").unwrap();
        let asked = Asked {
            request: &request,
            uri: &uri,
            body: Some(&self.body),
        };
        verifier.prove(&asked, replays, now)
    }

    fn set(&mut self, name: &str, change: impl Fn(&str) -> String) {
        for (known, value) in &mut self.headers {
            if known == name {
                *value = change(value);
            }
        }
    }
}

fn verifier(covers: &[&str], tag: Option<&str>) -> MessageVerifier {
    let public = |text: &str| pem::public_keys(text.as_bytes()).unwrap().remove(0);
    let keys = vec![
        ("test-key-rsa-pss".to_owned(), public(RSA_PSS)),
        ("test-key-ecc-p256".to_owned(), public(P256)),
        ("test-key-ed25519".to_owned(), public(ED25519)),
        (
            "test-shared-secret".to_owned(),
            Key::secret(&STANDARD.decode(SHARED).unwrap()).unwrap(),
        ),
    ];
    let settings = MessageSignature {
        keys: Vec::new(),
        covers: covers.iter().map(|name| (*name).to_owned()).collect(),
        tag: tag.map(str::to_owned),
        window_ms: 300_000,
    };
    MessageVerifier::new(7, &settings, &[], keys)
}

fn proved(sent: &Sent) -> Proved {
    sent.prove(&verifier(&[], None), &Replays::default(), NOW)
}

#[test]
fn every_request_of_the_rfc_verifies() {
    for (section, input, signature) in EXAMPLES {
        let principal = proved(&Sent::example(section, input, signature)).unwrap();
        assert!(
            input.contains(&format!("keyid=\"{}\"", principal.id)),
            "{section}"
        );
        assert_eq!(principal.identity, 7);
    }
}

#[test]
fn no_request_of_the_rfc_verifies_with_a_byte_changed() {
    for (section, input, signature) in EXAMPLES {
        let sent = Sent::example(section, input, signature);
        let mut changed = Vec::new();
        let mut other = sent.clone();
        other.set("signature-input", |text| {
            text.replace("1618884473", "1618884472")
        });
        changed.push(("input", other));
        for index in [0, signature.len() / 2] {
            let mut other = sent.clone();
            other.set("signature", |text| {
                let at = 5 + index;
                let swapped = if text.as_bytes()[at] == b'A' {
                    "B"
                } else {
                    "A"
                };
                format!("{}{swapped}{}", &text[..at], &text[at + 1..])
            });
            changed.push(("signature", other));
        }
        for (name, _) in &sent.headers {
            if name == "host" && input.contains("@authority") {
                let mut other = sent.clone();
                other.set("host", |host| format!("x{host}"));
                changed.push(("host", other));
            } else if input.contains(&format!("\"{name}\"")) {
                let mut other = sent.clone();
                other.set(name, |value| format!("{value}x"));
                changed.push(("header", other));
            }
        }
        if input.contains("@method") {
            let mut other = sent.clone();
            other.method = Method::PUT;
            changed.push(("method", other));
        }
        if input.contains("@path") {
            let mut other = sent.clone();
            other.target = "/fop?param=Value&Pet=dog".to_owned();
            changed.push(("path", other));
        }
        if input.contains("@query") {
            let mut other = sent.clone();
            other.target = "/foo?param=value&Pet=dof".to_owned();
            changed.push(("query", other));
        }
        if input.contains("content-digest") {
            let mut other = sent.clone();
            other.body[3] ^= 1;
            changed.push(("body", other));
        }
        for (what, sent) in changed {
            assert!(
                matches!(proved(&sent), Err(Denied::Refused(_))),
                "{section}: {what}"
            );
        }
    }
}

#[test]
fn what_the_identity_asks_for_must_be_covered() {
    let (section, input, signature) = EXAMPLES[1];
    let sent = Sent::example(section, input, signature);
    let prove =
        |covers: &[&str], tag, now| sent.prove(&verifier(covers, tag), &Replays::default(), now);
    assert!(prove(&["@authority", "@query-param"], Some("header-example"), NOW).is_ok());
    for (covers, tag, now, reason) in [
        (
            vec!["@method"],
            None,
            NOW,
            "the signature does not cover `@method`",
        ),
        (
            vec![],
            Some("other"),
            NOW,
            "the signature is for another purpose (`tag`)",
        ),
        (vec![], None, NOW + 301_000, "the signature is too old"),
        (
            vec![],
            None,
            NOW - 31_000,
            "the signature was made in the future",
        ),
    ] {
        assert_eq!(prove(&covers, tag, now), Err(Denied::refused(reason)));
    }
    let without = |name: &str| {
        let mut other = sent.clone();
        other.headers.retain(|(known, _)| known != name);
        proved(&other)
    };
    assert!(matches!(without("signature"), Err(Denied::Refused(_))));
    assert!(matches!(without("content-digest"), Err(Denied::Refused(_))));
    let mut none = sent.clone();
    none.headers
        .retain(|(known, _)| !known.starts_with("signature"));
    assert_eq!(proved(&none), Err(Denied::Missing));
}

#[test]
fn odd_inputs_are_refused() {
    let (section, input, signature) = EXAMPLES[3];
    for (from, to, reason) in [
        (
            "\"date\"",
            "\"date\" \"date\"",
            "the signature covers the same twice",
        ),
        (
            "\"date\"",
            "\"date\";sf",
            "`date` is signed with `sf`, which is not supported",
        ),
        (
            "\"date\"",
            "\"@method\";req",
            "`@method` is signed with `req`, which is not supported",
        ),
        (
            "\"date\"",
            "\"@status\"",
            "`@status` is signed, which no request has",
        ),
        (
            "\"date\"",
            "\"x-none\"",
            "the header `x-none` is signed and missing",
        ),
        (
            "\"date\"",
            "\"Date\"",
            "a header that is signed is not in lower case",
        ),
        ("\"date\"", "date", "a part that is signed has no name"),
        (
            "\"date\"",
            "\"@query-param\"",
            "`@query-param` is signed, which no request has",
        ),
        (
            ";created=1618884473",
            "",
            "the signature does not say when it was made",
        ),
        (
            ";created=1618884473",
            ";created=\"x\"",
            "`created` of the signature is malformed",
        ),
        (
            ";created",
            ";expires=1618884472;created",
            "the signature is too old",
        ),
        (
            ";created",
            ";alg=\"rsa-pss-sha512\";created",
            "the signature's algorithm is none of the key's",
        ),
        (
            "test-shared-secret",
            "other",
            "no signature is by a key that is known",
        ),
        ("(", "((", "the header `signature-input` is malformed"),
        (
            "(\"date\" \"@authority\" \"content-type\")",
            "?1",
            "a signature is malformed",
        ),
    ] {
        let changed = input.replacen(from, to, 1);
        let sent = Sent::example(section, &changed, signature);
        assert_eq!(proved(&sent), Err(Denied::refused(reason)), "{changed}");
    }
}

#[test]
fn a_nonce_is_taken_once() {
    let (section, input, signature) = EXAMPLES[0];
    let sent = Sent::example(section, input, signature);
    let (verifier, replays) = (verifier(&[], None), Replays::default());
    assert!(sent.prove(&verifier, &replays, NOW).is_ok());
    assert_eq!(
        sent.prove(&verifier, &replays, NOW + 1000),
        Err(Denied::refused("the signature was taken before"))
    );
}

#[test]
fn parameters_of_the_query_are_encoded_as_the_rfc_does() {
    // RFC 9421, section 2.2.8.
    let uri: Uri = "/p?var=this%20is%20a%20big%0Amultiline%20value&bar=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something&two=1&two=2".parse().unwrap();
    let headers = HeaderMap::from_iter([(http::header::HOST, HeaderValue::from_static("a"))]);
    let request =
        Request::normalise(&Method::GET, &uri, Version::HTTP_11, &headers, "https").unwrap();
    let asked = Asked {
        request: &request,
        uri: &uri,
        body: None,
    };
    for (name, value) in [
        ("var", "this%20is%20a%20big%0Amultiline%20value"),
        ("bar", "with%20plus%20whitespace"),
        ("fa%C3%A7ade%22%3A%20", "something"),
    ] {
        assert_eq!(components::parameter(&asked, name).unwrap(), value);
    }
    assert!(components::parameter(&asked, "two").is_err());
    assert!(components::parameter(&asked, "none").is_err());
}
