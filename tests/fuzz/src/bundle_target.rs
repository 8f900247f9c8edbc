//! Reading a bundle: no file may cost a panic, whatever it says.
//!
//! Random bytes never carry right digests. So the first byte says what the rest is: a file as it
//! stands, or one section of a bundle whose other sections are sound; its digests are then put right,
//! and what loads is asked for routes, decisions and answers.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::time::SystemTime;

use gated_engine::authorise::Question;
use gated_engine::bundle::{RawSections, assemble};
use gated_engine::decide::{
    Decision, ProxyPlan, decide, error_response, needs_body, transform_response,
};
use gated_engine::matcher::{Found, Routing};
use gated_engine::principal::{ClaimValue, Principal};
use gated_engine::request::Request;
use gated_engine::{Bundle, Digest, FixedEnvironment};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, Version, header};

const MANIFEST: &[u8] = br#"{"format":4,"name":"","profile":"","compiler":"","min_runtime":"","required_features":[],"counts":{}}"#;
const PROGRAM: &[u8] = include_bytes!("../corpus/bundle/program-shop")
    .split_at(1)
    .1;
const BODIES: &[u8] = &[b'x'; 4096];
const TESTS: &[u8] = b"{}";
const SOURCE_MAP: &[u8] = &[0; 8];

/// Loads a bundle; one that loads is then used.
pub fn bundle(data: &[u8]) {
    if let Some(bundle) = loaded(data) {
        exercise(&bundle);
    }
}

fn loaded(data: &[u8]) -> Option<Bundle> {
    let (mode, data) = data.split_first()?;
    let mut sections = RawSections {
        manifest: MANIFEST,
        program: PROGRAM,
        bodies: BODIES,
        tests: TESTS,
        source_map: SOURCE_MAP,
    };
    match mode {
        b'p' => sections.program = data,
        b'm' => sections.manifest = data,
        b't' => sections.tests = data,
        b's' => sections.source_map = data,
        _ => return Bundle::load(data.to_vec().into()).ok(),
    }
    Bundle::load(assemble(&sections).ok()?.into()).ok()
}

fn exercise(bundle: &Bundle) {
    assert_eq!(bundle.digest(), Digest::of(bundle.file()));
    let end = bundle
        .sections()
        .last()
        .map(|(_, offset, length)| offset + length);
    assert_eq!(end, Some(bundle.file().len() as u64));
    bundle.source_map();
    let own = bundle.program().matcher.paths.iter().take(8);
    let own: Vec<&str> = own.map(|entry| entry.path.as_str()).collect();
    let general = [
        "/",
        "/hello/ann?q=1",
        "/users/7",
        "/site/docs",
        "/site/a.js",
    ];
    for target in own.into_iter().chain(general) {
        for method in [Method::GET, Method::POST] {
            ask(bundle, &method, target);
        }
    }
    let environment = FixedEnvironment::new(1, BTreeMap::new());
    for status in [StatusCode::NOT_FOUND, StatusCode::BAD_GATEWAY] {
        error_response(bundle, status, None, &environment);
    }
}

fn ask(bundle: &Bundle, method: &Method, target: &str) {
    const BODY: &[u8] = br#"{"name": "ann", "items": [{"a": 1}, {"a": "b"}]}"#;
    let Ok(uri) = target.parse::<Uri>() else {
        return;
    };
    let headers = HeaderMap::from_iter([
        (header::HOST, HeaderValue::from_static("shop.example")),
        (header::COOKIE, HeaderValue::from_static("session=1")),
        (header::RANGE, HeaderValue::from_static("bytes=0-0,2-3")),
        (header::ACCEPT_ENCODING, HeaderValue::from_static("br")),
    ]);
    let request = Request::normalise(method, &uri, Version::HTTP_11, &headers, "http");
    let Ok(request) = request else {
        return;
    };
    bundle.nearest(&request, Some(BODY), 3);
    let Routing::Found(found) = bundle.route(&request, Some(BODY)) else {
        return;
    };
    needs_body(bundle, &found);
    authorise(bundle, &request, &found);
    if let Some(ready) = bundle.ready(found.route) {
        ready.form(ready.choose(request.headers));
    }
    let environment = FixedEnvironment::new(1, BTreeMap::new());
    let decision = decide(bundle, &found, &request, Some(BODY), &environment);
    if let Decision::Proxy(ProxyPlan { path_and_query, .. }) = decision {
        assert!(path_and_query.starts_with('/'), "{path_and_query}");
    }
    let mut headers = HeaderMap::new();
    transform_response(
        bundle,
        &found,
        &request,
        Some(BODY),
        &environment,
        &mut headers,
    );
}

/// Puts a request of somebody with every claim, and of somebody with none, to the guard of its route.
fn authorise(bundle: &Bundle, request: &Request<'_>, found: &Found<'_>) {
    let Some(guard) = bundle.guard(found.route) else {
        return;
    };
    for arm in guard.arms.iter() {
        let number = arm.identity.to_native();
        let Some(identity) = bundle.program().identities.get(number as usize) else {
            continue;
        };
        let texts = || ClaimValue::Texts(vec!["admin".to_owned(), "staff".to_owned()]);
        for claim in [Some(texts()), Some(ClaimValue::Long(7)), None] {
            let principal = Principal {
                identity: number,
                id: "ann".to_owned(),
                claims: vec![claim; identity.claims.len()],
            };
            let question = Question {
                principal: &principal,
                identity,
                request,
                found,
                client: IpAddr::V4(Ipv4Addr::LOCALHOST),
                now: SystemTime::UNIX_EPOCH,
            };
            bundle.authorise(guard, &question);
            bundle.explain_decision(arm, &question);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sections that a seed is made of, by the letter that stands before each.
    const SECTIONS: [(&str, u8); 2] = [("program", b'p'), ("manifest", b'm')];

    /// Makes the corpus anew from bundles that lie in a folder, named by their files: `shop.gateb` becomes
    /// `file-shop`, `program-shop` and so on. The specs are those in `seeds`, and `examples/shop`.
    #[test]
    #[ignore = "writes the corpus: GATEC_BUNDLES=folder cargo test -p gatec-fuzz renew -- --ignored"]
    fn renew() {
        let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/bundle");
        let folder = std::env::var("GATEC_BUNDLES").unwrap();
        for path in std::fs::read_dir(folder).unwrap() {
            let path = path.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap();
            let file = std::fs::read(&path).unwrap();
            let bundle = Bundle::load(file.clone().into()).unwrap();
            let write = |kind: &str, letter: u8, bytes: &[u8]| {
                let seed = [&[letter], bytes].concat();
                std::fs::write(corpus.join(format!("{kind}-{name}")), seed).unwrap();
            };
            write("file", b'f', &file);
            for (section, offset, length) in bundle.sections() {
                let (from, length) = (offset as usize, length as usize);
                if let Some((name, letter)) = SECTIONS.iter().find(|(own, _)| *own == section) {
                    write(name, *letter, &file[from..from + length]);
                }
            }
        }
    }

    /// Seeds without guards would leave most of what decides to chance.
    #[test]
    fn a_seed_has_identities_and_guards() {
        assert!(loaded(include_bytes!("../corpus/bundle/source-map-shop")).is_some());
        let bundle = loaded(include_bytes!("../corpus/bundle/file-guards")).unwrap();
        let program = bundle.program();
        assert!(program.identities.len() > 5 && program.guards.len() > 2);
        assert!(program.terms.len() > 20);
    }

    /// If the format changes, the corpus must be made anew, or the fuzzer would start from nothing.
    #[test]
    fn the_corpus_is_of_this_format() {
        let file = [b"p".as_slice(), PROGRAM].concat();
        assert!(loaded(&file).is_some());
        assert!(loaded(include_bytes!("../corpus/bundle/file-shop")).is_some());
    }
}
