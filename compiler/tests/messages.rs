//! The same mistakes in KDL and in YAML: the same codes, each at its own line and column.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    reason = "a test may fail"
)]

mod common;

use common::{compile, shown};
use gatec_compiler::load::Format;

const KDL: &str = r#"gateway "shop" mod="development"
listener "web" {
    limits header-count=0 body-size=16
}
log level="inof"
upstream "orders" {
    server "10.0.0.11:9000"
}
route "a" public="true" timeout="5" {
    match "get" "orders/{id" {
        header "x accept" "json"
    }
    respond "200"
    respnd 200
}
route "a" {
    match "GET" "/x" "/y" path="/z"
    redirect 200 "/there"
}
error-page 200 "fine"
routes "b" {
    respond 99
}
"#;

const YAML: &str = r#"gateway: {name: shop, mod: development}
listeners:
  web:
    limits: {header-count: 0, body-size: 16}
log:
  level: inof
upstreams:
  orders:
    servers:
      - url: 10.0.0.11:9000
routes:
  a:
    public: "true"
    timeout: "5"
    match:
      - method: get
        path: orders/{id
        headers:
          x accept: json
    respond:
      status: "200"
    respnd: {}
  a:
    match:
      - path: /x
        path: /z
    redirect: {status: 200, to: /there}
error-pages:
  200: {body: fine}
route:
  b: {respond: {status: 99}}
"#;

#[test]
fn mistakes_in_kdl() {
    let front = compile(KDL, Format::Kdl);
    insta::assert_snapshot!(shown(&front.sources, &front.diagnostics));
}

#[test]
fn mistakes_in_yaml() {
    let front = compile(YAML, Format::Yaml);
    insta::assert_snapshot!(shown(&front.sources, &front.diagnostics));
}

/// What is offered as certain mends what it is offered for.
#[test]
fn fixes_mend() {
    for (text, format) in [(KDL, Format::Kdl), (YAML, Format::Yaml)] {
        let front = compile(text, format);
        let mut count = 0;
        for finding in front
            .diagnostics
            .iter()
            .filter(|finding| finding.fix.is_some())
        {
            let mut mended = text.to_owned();
            for edit in &finding.fix.as_ref().unwrap().edits {
                mended.replace_range(edit.span.range(), &edit.text);
            }
            let after = compile(&mended, format);
            let still = after
                .diagnostics
                .iter()
                .any(|other| other.code == finding.code && other.span.start == finding.span.start);
            assert!(!still, "{finding:?}\n{mended}");
            count += 1;
        }
        assert!(count >= 4, "{count}");
    }
}

/// A mistake costs the smallest part around it; everything else is in the spec.
#[test]
fn the_rest_of_the_spec_is_kept() {
    let front = compile(KDL, Format::Kdl);
    let route = &front.spec.routes["a"];
    assert!(!route.public, "a wrong value is left out");
    assert!(route.respond.is_some());
    assert_eq!(route.matches.len(), 1);
    assert_eq!(front.spec.gateway.name, "shop");
    assert!(
        front.spec.listeners.is_empty(),
        "without its address there is no listener"
    );
    assert!(
        front.spec.upstreams.is_empty(),
        "without a server there is no upstream"
    );
    assert!(
        front.spec.routes.contains_key("b"),
        "`routes` was surely meant as `route`"
    );
    assert_eq!(
        front
            .document
            .root
            .get("routes")
            .unwrap()
            .as_object()
            .unwrap()
            .entries
            .len(),
        2
    );
}

/// The document keeps names whose values are wrong, and its lists number their items as the spec does.
#[test]
fn the_document_keeps_every_name() {
    let text = r#"
upstream "u" {
    server "wrong"
}
route "a" public=#true {
    match "wrong" 5
    match "GET" path=5
    match "/right"
    request {
        remove "not a name" "x-a"
    }
    proxy "u" {
        timeout "5"
    }
}
"#;
    let front = compile(text, Format::Kdl);
    let places = gatec_compiler::Places::new(&front.document);
    assert!(front.spec.upstreams.is_empty());
    assert!(places.written(&["upstreams", "u"]));
    let remove = &front.spec.routes["a"].request.remove;
    assert_eq!(remove.len(), 1);
    let first = places.value(&["routes", "a", "request", "remove", "0"]);
    assert_eq!(front.sources.slice(first), "\"x-a\"");
    assert!(places.written(&["routes", "a", "proxy", "timeout"]));
    assert_eq!(front.spec.routes["a"].proxy.as_ref().unwrap().timeout, None);
}

/// Ten thousand mistakes are neither slow nor drown the reader.
#[test]
fn many_mistakes_are_cut_short() {
    let mut text = String::new();
    for number in 0..10_000 {
        text.push_str(&format!(
            "route \"r{number}\" {{\n    respond \"x\"\n    nonsense {number}\n}}\n"
        ));
    }
    let front = compile(&text, Format::Kdl);
    assert_eq!(front.diagnostics.len(), 1_000);
    let help = front.diagnostics.last().unwrap().help.as_deref().unwrap();
    assert!(help.contains("19000 more"), "{help}");
    assert_eq!(front.spec.routes.len(), 10_000);
}

#[test]
fn what_people_write_elsewhere_is_mended() {
    let kdl = r#"listener "web" bind="127.0.0.1:8080" {
    limits header-size=8192 body-size="8kb"
}
upstream "orders" { server "localhost:9000"; }
route "a" public=#true timeout="10 sec" body-limit="10 MB" method="GET" {
    match "GET" "/a"
    proxy "orders" timeout=10
}
"#;
    let yaml = r#"listeners: {web: {bind: "127.0.0.1:8080"}}
routes:
  a:
    match: {method: GET, path: /x}
    timeout: 10 sec
    respond:
      headers: {x-a: {{ query.a | default("b") }}}
      body: {{ path.x }}
  b:
    match:
      method: GET
      path: /y
    respond: 200
  c:
    match: GET /z
    method: GET
    redirect: {to: {{ url }}}
"#;
    let kdl = compile(kdl, Format::Kdl);
    let yaml = compile(yaml, Format::Yaml);
    insta::assert_snapshot!(format!(
        "{}\n{}",
        shown(&kdl.sources, &kdl.diagnostics),
        shown(&yaml.sources, &yaml.diagnostics)
    ));
}

/// To let anybody use a route is offered in each way of writing it, and never done unasked.
#[test]
fn a_route_is_opened_where_somebody_chooses_to() {
    let kdl = "listener \"web\" bind=\":8080\"\n";
    let yaml = "listeners: {web: {bind: \":8080\"}}\nroutes:\n";
    for (format, head, route, opened) in [
        (
            Format::Kdl,
            kdl,
            "route \"a\" {\n    match \"/\"\n    respond 200\n}\n",
            "route \"a\" public=#true {",
        ),
        (
            Format::Kdl,
            kdl,
            "route a timeout=\"5s\" { match \"/\"; respond 200; public #false; }\n",
            "public #true;",
        ),
        (
            Format::Kdl,
            kdl,
            "route \"a\" public=#false { match \"/\"; respond 200; }\n",
            "public=#true {",
        ),
        (
            Format::Yaml,
            yaml,
            "  a:\n    match: [{path: /}]\n    respond: {status: 200}\n",
            "  a:\n    public: true\n    match:",
        ),
        (
            Format::Yaml,
            yaml,
            "  \"a\": {match: [{path: /}], respond: {status: 200}}\n",
            "  \"a\": {public: true, match:",
        ),
        (
            Format::Yaml,
            yaml,
            "  a:\n    match: [{path: /}]\n    respond: {status: 200}\n    public: false\n",
            "    public: true\n",
        ),
    ] {
        let mut text = format!("{head}{route}");
        let found = checked(&text, format);
        let [only] = found.as_slice() else {
            panic!("{text}\n{found:?}")
        };
        let fix = only.fix.as_ref().unwrap();
        assert_eq!((only.code, fix.certain), ("R101", false));
        for edit in &fix.edits {
            text.replace_range(edit.span.range(), &edit.text);
        }
        assert!(text.contains(opened), "{text}");
        assert!(checked(&text, format).is_empty(), "{text}");
    }
}

/// Keys with a colon, as YAML has them, are mended into KDL that checks clean.
#[test]
fn colons_behind_keys_are_mended() {
    let text = r#"listener: "web" bind: "127.0.0.1:8080"
upstream "u" { server: "http://127.0.0.1:9000"; }
route "a" public: true { match: "/a"; respond: 200; }
route "b" { public: true; match path: "/b"; proxy: "u" timeout: 5s; }
route "c" { public:true
    match method: "GET" path: "/c"
    respond { status: 204; }
}
route "d" public:true timeout: "2s" priority: 2 { match "/d"; respond status:200; }
route "e" public: #true { match "/e"; respond 200 body: (env)"WORD"; }
route "f" public: #true { match "/f"; respond 200 body: hello; }
"#;
    let mut mended = text.to_owned();
    for _ in 0..5 {
        let found = checked(&mended, Format::Kdl);
        let mut edits: Vec<_> = found.iter().flat_map(|one| one.certain_fix()).collect();
        edits.sort_by_key(|fix| fix.edits[0].span.start);
        let mut before = usize::MAX;
        for fix in edits.into_iter().rev() {
            let edit = &fix.edits[0];
            if (edit.span.end as usize) < before {
                before = edit.span.start as usize;
                mended.replace_range(edit.span.range(), &edit.text);
            }
        }
    }
    let left = checked(&mended, Format::Kdl);
    assert!(left.is_empty(), "{mended}{left:?}");
    insta::assert_snapshot!(mended);
}

fn checked(text: &str, format: Format) -> Vec<gatec_syntax::Diagnostic> {
    let input = common::text_in(std::path::Path::new("."), text, format);
    gatec_compiler::check(input, &common::options()).diagnostics
}
