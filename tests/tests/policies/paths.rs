//! Ways to write a path so that two readers read it differently: matcher and policies read one normal
//! form, so whatever is written, what the policies decide about is what the route serves.

use bytes::Bytes;
use gatec_compiler::load::{Format, Input, Options};
use gated_engine::Bundle;
use gated_engine::authorise::Question;
use gated_engine::matcher::Routing;
use gated_engine::principal::Principal;
use gated_engine::request::Request;
use http::{HeaderMap, HeaderValue, Method, Uri, Version};
use proptest::prelude::*;

/// Everybody may read orders, and what is below `/admin` nobody but by its own route.
const SPEC: &str = r###"
listener "web" bind="127.0.0.1:8080"
identity "staff" {
    jwt issuer="https://id.example" audience="a" keys="https://id.example/keys"
    claim "sub"
}
policies {
    cedar #"""
        permit (principal is Staff, action == Action::"order", resource) unless { context.path like "/admin*" };
        permit (principal is Staff, action == Action::"any", resource) unless { context.path like "/admin*" };
        permit (principal == Staff::"root", action == Action::"admin", resource);
        """#
}
route "order" {
    match "/orders/{id}"
    identity "staff"
    respond 200
}
route "admin" {
    match prefix="/admin"
    identity "staff"
    respond 200
}
route "any" {
    match prefix="/"
    identity "staff"
    respond 200
}
"###;

/// The route, the path that policies see, and whether an ordinary member of staff is let in; `None`: refused
/// with 400.
fn ask(bundle: &Bundle, path: &str, host: &str) -> Option<(String, String, bool)> {
    let uri: Uri = path.parse().ok()?;
    let mut headers = HeaderMap::new();
    headers.insert("host", HeaderValue::from_str(host).ok()?);
    let request =
        Request::normalise(&Method::GET, &uri, Version::HTTP_11, &headers, "http").ok()?;
    let Routing::Found(found) = bundle.route(&request, None) else {
        panic!("every path has a route");
    };
    let principal = Principal {
        identity: 0,
        id: "ann".to_owned(),
        claims: vec![None],
    };
    let verdict = bundle.authorise(
        bundle.guard(found.route).unwrap(),
        &Question {
            principal: &principal,
            identity: &bundle.program().identities[0],
            request: &request,
            found: &found,
            client: "127.0.0.1".parse().unwrap(),
            now: std::time::SystemTime::UNIX_EPOCH,
        },
    );
    let route = bundle.program().routes[found.route as usize]
        .name
        .to_string();
    Some((route, request.path.into_owned(), verdict.is_allowed()))
}

fn bundle() -> Bundle {
    let input = Input::Text {
        name: "gate.kdl".to_owned(),
        text: SPEC.to_owned(),
        format: Format::Kdl,
        base: std::env::temp_dir(),
    };
    let compiled = gatec_compiler::compile(input, &Options::default());
    let bytes: Option<Bytes> = compiled.bundle;
    Bundle::load(bytes.unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics))).unwrap()
}

#[test]
fn no_spelling_leads_past_a_policy() {
    let bundle = bundle();
    let told: Vec<String> = [
        "/orders/7",
        "/orders/../admin",
        "/orders/%2e%2e/admin",
        "/orders/%2E%2E%2Fadmin",
        "//admin",
        "/./admin",
        "/admin;x",
        "/admin/",
        "/admin%2F",
        "/%61dmin",
        "/orders/..;/admin",
        "/orders/..%3b/admin",
        "/orders/a%2Fb",
        "/admin%00",
        "/ADMIN",
    ]
    .into_iter()
    .map(|path| match ask(&bundle, path, "shop.example") {
        None => format!("{path}: 400"),
        Some((route, seen, allowed)) => format!(
            "{path}: {route}, seen as {seen}: {}",
            if allowed { "let in" } else { "403" }
        ),
    })
    .collect();
    insta::assert_snapshot!(told.join("\n"));
    // A dot at the end of the host is the same host.
    assert_eq!(
        ask(&bundle, "/admin", "shop.example."),
        ask(&bundle, "/admin", "shop.example")
    );
}

proptest! {
    #[test]
    fn what_is_decided_about_is_what_is_served(
        parts in prop::collection::vec(
            prop_oneof![
                Just("admin"), Just("orders"), Just(".."), Just("."), Just(""), Just("%2e%2e"), Just("%2F"),
                Just("%61dmin"), Just("admin;x"), Just("..;x"), Just("7"), Just("%2e"), Just("a%2fb"), Just("%41"),
            ],
            0..6,
        )
    ) {
        let bundle = bundle();
        let path = format!("/{}", parts.join("/"));
        if let Some((route, seen, allowed)) = ask(&bundle, &path, "a") {
            // The normal form is its own normal form, and decided alike.
            prop_assert_eq!(ask(&bundle, &seen, "a"), Some((route.clone(), seen.clone(), allowed)));
            // What is served below /admin is the guarded route, and nothing else says so.
            let below = seen == "/admin" || seen.starts_with("/admin/");
            prop_assert_eq!(route == "admin", below, "{}", seen);
            prop_assert!(!(below && allowed), "{} was let in as {}", path, seen);
        }
    }
}
