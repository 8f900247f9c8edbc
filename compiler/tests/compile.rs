//! From a text to a bundle that the engine serves from.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::path::Path;
use std::sync::Arc;

use gatec_compiler::load::{Format, Input, Options, front};
use gatec_compiler::lower::{Inputs, Lowered, lower};
use gatec_compiler::{Compiled, Places, check, compile};
use gated_engine::Bundle;
use gated_engine::program::{Action, Blob, Body};

fn options() -> Options {
    Options {
        environment: Arc::new(|name| (name == "REGION").then(|| "north".to_owned())),
        ..Options::default()
    }
}

fn text(base: &Path, text: &str, format: Format) -> Input {
    let name = match format {
        Format::Kdl => "gate.kdl",
        Format::Yaml => "gate.yaml",
    };
    Input::Text {
        name: name.to_owned(),
        text: text.to_owned(),
        format,
        base: base.to_owned(),
    }
}

fn clean(compiled: &Compiled) -> Bundle {
    assert_eq!(compiled.diagnostics, []);
    Bundle::load(compiled.bundle.clone().unwrap()).unwrap()
}

const SPEC: &str = r##"
gateway "shop"

listener "web" bind="127.0.0.1:8080"

management "127.0.0.1:0"

upstream "orders" {
    server "http://10.0.0.11:9000/base/" weight=2
    server "http://[::1]"
}

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200 body=#"{"greeting": "Hello {{ path.name }}", "from": "{{ env.REGION }}"}"#
    response {
        set "x-a" "{{ query.a | default(\"1\") }}"
        cookie "sid" "{{ uuid }}" max-age="1h"
    }
}

route "order" public=#true {
    match "GET" "/orders/{id:int}"
    match method="POST" prefix="/orders" host="*.Shop.example" {
        header "X-Kind" contains="a"
        query "page" "1"
        body json-path="$.user" equals="ann"
        body json=#"{"b": 1, "a": [1, 2]}"# ignore-extra=#true
        body schema="order.schema.json"
    }
    request {
        set "authorization" "Bearer {{ secret(\"key\") }}"
    }
    proxy "orders" path="/v1{{ path }}" timeout="2s"
}

route "static" public=#true {
    match prefix="/static"
    files "./site" strip-prefix="/static" cache-control="no-cache"
}

route "file" public=#true {
    match "GET" "/file"
    respond 200 body-file="hello.json"
}

route "old" public=#true {
    match path-regex="/old/(?<rest>.*)"
    redirect 301 "/hello/{{ path.rest }}"
}

error-page "404" "nothing at {{ path }}"
error-page "4xx" "{{ error.status }}"

test "hello" {
    request "GET" "/hello/ann"
    expect 200
}
"##;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let put = |path: &str, content: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    };
    put("site/index.html", "<h1>Hello</h1>");
    put("site/deep/copy.html", "<h1>Hello</h1>");
    put("site/.git/config", "secret");
    put("site/.well-known/x.txt", "x");
    put("hello.json", "{\"hello\": true}");
    put("order.schema.json", "{\"type\": \"object\"}");
    folder
}

#[test]
fn a_spec_becomes_a_bundle() {
    let folder = folder();
    let compiled = compile(text(folder.path(), SPEC, Format::Kdl), &options());
    let bundle = clean(&compiled);
    let program = lowered(folder.path()).program;
    let mut summary: Vec<String> = vec![format!("{:#?}", bundle.manifest())];
    summary.push(format!("{:#?}", program.settings));
    summary.push(format!("{:#?}", program.upstreams));
    summary.push(format!("{:#?}", program.routes));
    summary.push(format!("{:#?}", program.proxies));
    summary.push(format!("{:#?}", program.matcher.matches));
    summary.push(format!("{:#?}", program.folders));
    summary.push(format!("{:#?}", program.error_pages));
    summary.push(format!(
        "{:?}",
        (program.patterns, program.schemas, program.secrets)
    ));
    summary.push(String::from_utf8(bundle.tests().to_vec()).unwrap());
    insta::assert_snapshot!(
        summary
            .join("\n")
            .replace(env!("CARGO_PKG_VERSION"), "VERSION")
    );
    assert_eq!(compiled.source_map.files, ["gate.kdl"]);
    assert_eq!(compiled.source_map.routes[0], (0, 13, 7));
    assert!(compiled.watched.iter().any(|path| path.ends_with("site")));
}

/// The program and the bodies that go into the bundle.
fn lowered(base: &Path) -> Lowered {
    let front = front(text(base, SPEC, Format::Kdl), &options());
    assert_eq!(front.diagnostics, []);
    lower(Inputs {
        spec: &front.spec,
        root: &front.root,
        rulebook: &front.rulebook,
        places: &Places::new(&front.document),
        environment: &|name| (options().environment)(name),
        encode: true,
    })
}

#[test]
fn the_same_spec_gives_the_same_bytes_anywhere() {
    let (one, two) = (folder(), folder());
    let build = |base: &Path| {
        compile(text(base, SPEC, Format::Kdl), &options())
            .bundle
            .unwrap()
    };
    assert_eq!(build(one.path()), build(two.path()));
    std::fs::write(one.path().join("gate.kdl"), format!("// moved\n\n{SPEC}")).unwrap();
    let from_file = compile(Input::File(one.path().join("gate.kdl")), &options());
    assert_eq!(from_file.bundle.unwrap(), build(two.path()));
}

#[test]
fn kdl_and_yaml_of_one_spec_give_the_same_bundle() {
    let folder = folder();
    let kdl = compile(text(folder.path(), SPEC, Format::Kdl), &options());
    let yaml = gatec_compiler::convert::to_yaml(&kdl.document);
    let from_yaml = compile(text(folder.path(), &yaml, Format::Yaml), &options());
    assert_eq!(from_yaml.diagnostics, [], "{yaml}");
    assert_eq!(from_yaml.bundle.unwrap(), kdl.bundle.unwrap());
}

#[test]
fn equal_bodies_lie_in_the_bundle_once() {
    let folder = folder();
    let Lowered { program, bodies } = lowered(folder.path());
    let content = |blob: Blob| {
        let start = usize::try_from(blob.offset).unwrap();
        &bodies[start..start + usize::try_from(blob.length).unwrap()]
    };
    let files = &program.folders[0].files;
    let paths: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, [".well-known/x.txt", "deep/copy.html", "index.html"]);
    assert_eq!(files[1].body, files[2].body);
    assert_eq!(content(files[2].body), b"<h1>Hello</h1>");
    let Action::Respond(respond) = &program.routes[3].action else {
        panic!()
    };
    let Body::Bytes(blob) = respond.body else {
        panic!("{:?}", respond.body)
    };
    assert_eq!(content(blob), b"{\"hello\": true}");
}

#[test]
fn errors_make_no_bundle_and_all_are_told() {
    let folder = folder();
    let wrong = r#"
listener "web" bind="127.0.0.1:8080"
route "a" {
    match "GET" "/a"
    respond 200 body="{{ pth.x }}"
}
route "b" public=#true {
    match "GET" "/b"
    proxy "nowhere"
}
route "c" public=#true {
    match "GET" "/b"
    respond 200
}
"#;
    let compiled = compile(text(folder.path(), wrong, Format::Kdl), &options());
    assert!(compiled.has_errors() && compiled.bundle.is_none());
    let codes: Vec<_> = compiled
        .diagnostics
        .iter()
        .map(|found| found.code)
        .collect();
    assert_eq!(codes, ["R101", "T102", "U101", "R105"]);
}

#[test]
fn every_profile_is_checked_and_nothing_is_told_twice() {
    let folder = folder();
    let spec = r#"
listener "web" bind="127.0.0.1:8080"
upstream "unused" {
    server "http://127.0.0.1:1"
}
route "a" public=#true {
    match "GET" "/a"
    respond 200
}
profile "prod" {
    listener "more" bind=":8080"
}
"#;
    let checked = check(text(folder.path(), spec, Format::Kdl), &options());
    let found: Vec<_> = checked
        .diagnostics
        .iter()
        .map(|found| (found.code, found.message.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (
                "U102",
                "no route passes requests on to the upstream `unused`"
            ),
            (
                "U103",
                "listener `web` and listener `more` both want port 8080 of `127.0.0.1` (under the profile `prod`)"
            ),
        ]
    );
    assert!(checked.bundle.is_none() && checked.profiles == ["prod"]);
}

#[test]
fn json_paths_that_the_engine_refuses_are_found() {
    for (condition, words) in [
        (r#"json-path="$[" present=#true"#, "\"$[\""),
        (r#"json-path="$.." present=#true"#, "\"$..\""),
        (r#"json-path="$.a b" equals="1""#, "\"$.a b\""),
        (r#"json-path="$[?(@.a" equals="1""#, "\"$[?(@.a\""),
        (r#"json="{}" ignore="$.x y""#, "\"$.x y\""),
    ] {
        let spec = format!(
            "listener \"web\" bind=\"127.0.0.1:0\"\nroute \"a\" public=#true {{\n    match \"POST\" \"/a\" {{\n        body {condition}\n    }}\n    respond 200\n}}\n"
        );
        let compiled = compile(text(Path::new("."), &spec, Format::Kdl), &options());
        let found: Vec<_> = compiled
            .diagnostics
            .iter()
            .map(|found| (found.code, compiled.sources.slice(found.span)))
            .collect();
        assert_eq!(found, [("S121", words)], "{condition}");
        assert!(compiled.bundle.is_none());
    }
}

fn codes(spec: &str, format: Format) -> Vec<&'static str> {
    let compiled = compile(text(Path::new("."), spec, format), &options());
    let codes = compiled.diagnostics.iter().map(|found| found.code);
    codes.collect()
}

#[test]
fn one_mistake_does_not_make_others() {
    // What could not be read may have held the listener and the routes.
    let lost = codes("listener \"web\" bind=\"127.0.0.1:0\n", Format::Kdl);
    assert!(lost.iter().all(|code| code.starts_with('K')), "{lost:?}");
    assert!(!lost.is_empty());
    // The line with the action is not read.
    let spec = "listeners:\n  web:\n    bind: 127.0.0.1:0\nroutes:\n  a:\n    public: true\n    match:\n      - path: /a\n    respond: status: 200\n  b:\n    public: true\n    match:\n      - path: /b\n    respond: {status: 200}\n";
    let lost = codes(spec, Format::Yaml);
    assert!(lost.iter().all(|code| code.starts_with('K')), "{lost:?}");
    assert!(!lost.is_empty());
}

#[test]
fn one_mistake_does_not_hide_another() {
    let spec = |path: &str, extra: &str| {
        format!(
            "listener \"web\" bind=\"127.0.0.1:0\"\nroute \"a\" public=#true {{\n    match \"GET\" \"{path}\"\n    respond 200 body=\"{{{{ path.naem }}}}\" {extra}\n}}\n"
        )
    };
    assert_eq!(codes(&spec("/a/{name}", ""), Format::Kdl), ["T104"]);
    assert_eq!(
        codes(&spec("/a/{name}", "colour=1"), Format::Kdl),
        ["T104", "S101"]
    );
    assert_eq!(codes(&spec("/a/x{naem}", ""), Format::Kdl), ["S119"]);
}

#[test]
fn actions_that_cannot_be_carried_out_are_found() {
    let spec = |action: &str| {
        format!(
            "listener \"web\" bind=\"127.0.0.1:0\"\nupstream \"u\" {{ server \"http://127.0.0.1:9\"; }}\nroute \"p\" public=#true {{ match \"/p\"; proxy \"u\"; }}\nroute \"a\" public=#true {{\n    match \"GET\" \"/a\"\n    {action}\n}}\n"
        )
    };
    for wrong in [
        "respond 304 \"x\"",
        "redirect \"\"",
        "proxy \"u\" path=\"x/y\"",
    ] {
        assert_eq!(codes(&spec(wrong), Format::Kdl), ["U122"], "{wrong}");
    }
    for wrong in [
        "redirect \"/a b\"",
        "redirect \"/a b/{{ query.a }}\"",
        "redirect \"https://bücher.example{{ url }}\"",
        "proxy \"u\" path=\"/é/{{ query.a }}\"",
        "respond 302 { header \"location\" \"/<{{ query.a }}>\"; }",
    ] {
        assert_eq!(codes(&spec(wrong), Format::Kdl), ["U123"], "{wrong}");
    }
    for right in [
        "respond 304",
        "redirect \"/{{ query.a }}\"",
        "redirect \"/a%20b?c={{ query.a | default(\\\"é b\\\") }}#d\"",
        "proxy \"u\" path=\"{{ url }}\"",
    ] {
        assert_eq!(codes(&spec(right), Format::Kdl), [""; 0], "{right}");
    }
}
