//! HTTP message signatures: whatever stands in the headers, nothing is taken that nobody signed.

use gated_engine::program::MessageSignature;
use gated_engine::request::Request;
use gated_identity::{Asked, Key, MessageVerifier, Replays};
use http::{HeaderMap, HeaderValue, Method, Uri, Version, header};

/// Takes the first line of the data for `Signature-Input`, the second for `Signature`, and the third for
/// another header.
///
/// # Panics
/// Where a signature is taken.
pub fn signature(data: &[u8]) {
    let mut headers = HeaderMap::new();
    headers.insert(header::HOST, HeaderValue::from_static("example.com"));
    let names = ["signature-input", "signature", "content-digest"];
    for (name, line) in names.into_iter().zip(data.split(|byte| *byte == b'\n')) {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(name, value);
        }
    }
    let Ok(secret) = Key::secret(b"a secret that nobody knows") else {
        return;
    };
    let settings = MessageSignature {
        keys: Vec::new(),
        covers: Vec::new(),
        tag: None,
        window_ms: 300_000,
    };
    let verifier = MessageVerifier::new(0, &settings, &[], vec![("a".to_owned(), secret)]);
    let uri = Uri::from_static("/foo?param=Value&Pet=dog");
    let method = Method::POST;
    let request = Request::normalise(&method, &uri, Version::HTTP_11, &headers, "https");
    let Ok(request) = request else { return };
    let asked = Asked {
        request: &request,
        uri: &uri,
        body: Some(b"{}"),
    };
    let proved = verifier.prove(&asked, &Replays::default(), 1_618_884_473_000);
    assert!(proved.is_err(), "{proved:?}");
}
