//! Several files, profiles, and values from outside.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    reason = "a test may fail"
)]

mod common;

use std::fs;
use std::path::Path;

use common::{options, shown};
use gatec_compiler::Front;
use gatec_compiler::load::{Input, Options, front};
use gatec_syntax::Severity;
use tempfile::TempDir;

const WEB: &str = "listener \"web\" bind=\"127.0.0.1:8080\"\n";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn load(folder: &Path, profile: Option<&str>) -> Front {
    let options = Options {
        profile: profile.map(str::to_owned),
        ..options()
    };
    front(Input::File(folder.join("gate.kdl")), &options)
}

/// Findings with the folder's own name taken out.
fn said(front: &Front, folder: &Path) -> String {
    let all = shown(&front.sources, &front.diagnostics);
    all.replace(&format!("{}/", folder.display()), "")
}

fn route(name: &str) -> String {
    format!("route \"{name}\" public=#true {{\n    match \"/{name}\"\n    respond 200\n}}\n")
}

#[test]
fn includes_stand_where_they_are_written() {
    let root = format!(
        "{}{}include \"routes/*.kdl\"\n{}",
        WEB,
        route("first"),
        route("last")
    );
    let yaml = "routes:\n  y:\n    public: true\n    respond: {body-file: ../bodies/y.json}\n";
    let folder = folder(&[
        ("gate.kdl", &root),
        ("routes/a.kdl", &(route("a") + "include \"deep/c.yaml\"\n")),
        ("routes/b.kdl", &route("b")),
        (
            "routes/deep/c.yaml",
            &yaml.replace("../bodies", "../../bodies"),
        ),
        ("routes/.hidden.kdl", "nonsense\n"),
        ("routes/notes.txt", "nonsense\n"),
    ]);
    let front = load(folder.path(), None);
    assert_eq!(said(&front, folder.path()), "");
    let names: Vec<&str> = front.spec.routes.keys().map(String::as_str).collect();
    assert_eq!(names, ["first", "a", "y", "b", "last"]);
    let file = front.spec.routes["y"]
        .respond
        .as_ref()
        .unwrap()
        .body_file
        .as_ref()
        .unwrap();
    assert_eq!(
        file.as_str(),
        "bodies/y.json",
        "relative to the root, not to the included file"
    );
    assert_eq!(front.root, folder.path());
    let watched = |path: &str| front.watched.contains(&folder.path().join(path));
    for path in ["gate.kdl", "routes/a.kdl", "routes/deep/c.yaml", "routes/"] {
        assert!(watched(path), "{path} is not watched: {:?}", front.watched);
    }
    let names: Vec<&str> = front
        .sources
        .iter()
        .map(|(_, source)| source.name())
        .collect();
    let under = |path: &str| folder.path().join(path).display().to_string();
    let expected = [
        "gate.kdl",
        "routes/a.kdl",
        "routes/deep/c.yaml",
        "routes/b.kdl",
    ]
    .map(under);
    assert_eq!(names, expected);
}

#[test]
fn a_glob_may_meet_files_that_are_in_already() {
    let root = format!("{WEB}include \"**/*.kdl\"\ninclude \"a.kdl\"\n");
    let folder = folder(&[
        ("gate.kdl", &root),
        ("a.kdl", &(route("a") + "include \"*.kdl\"\n")),
    ]);
    let front = load(folder.path(), None);
    assert_eq!(said(&front, folder.path()), "");
    assert_eq!(front.spec.routes.len(), 1);
}

#[test]
fn only_live_folders_may_be_absolute() {
    let outside = tempfile::tempdir().unwrap();
    let place = outside.path().display().to_string();
    let spec = |files: &str| {
        format!("{WEB}route \"a\" public=#true {{\n    match prefix=\"/\"\n    files {files}\n}}\n")
    };
    let codes = |files: &str, profile: Option<&str>| {
        let folder = folder(&[("gate.kdl", &spec(files))]);
        let options = Options {
            profile: profile.map(str::to_owned),
            ..options()
        };
        let input = Input::File(folder.path().join("gate.kdl"));
        let compiled = gatec_compiler::compile(input, &options);
        let codes = compiled.diagnostics.iter().map(|found| found.code);
        (codes.collect::<Vec<_>>(), compiled.bundle.is_some())
    };
    assert_eq!(
        codes(&format!("{place:?} live=#true"), None),
        (vec![], true)
    );
    assert_eq!(
        codes("\"/no/such/folder\" live=#true", None),
        (vec!["U126"], true)
    );
    assert_eq!(codes("\"none\" live=#true", None), (vec!["U126"], true));
    assert_eq!(codes(&format!("{place:?}"), None), (vec!["U107"], false));
    assert_eq!(codes("\"../x\" live=#true", None), (vec!["S210"], false));
    // A profile may make it live, or not live.
    let profile = |live: bool| {
        format!(
            "{place:?} live=#{}\n}}\nprofile \"p\" {{\n    route \"a\" {{ files live=#{live}; }}",
            !live
        )
    };
    assert_eq!(codes(&profile(true), Some("p")), (vec![], true));
    assert_eq!(codes(&profile(false), Some("p")), (vec!["U107"], false));
}

#[test]
fn json_is_read_as_yaml() {
    let json = r#"{
  "routes": {
    "a": { "public": true, "match": [{ "path": "/a" }], "respond": { "status": 204 } }
  }
}
"#;
    let root = format!("{WEB}include \"a.json\"\n");
    let folder = folder(&[("gate.kdl", &root), ("a.json", json)]);
    let front = load(folder.path(), None);
    assert!(front.diagnostics.is_empty(), "{:?}", front.diagnostics);
    assert!(front.spec.routes.contains_key("a"));
}

#[test]
fn what_is_wrong_with_includes_is_said_where_they_are_written() {
    let root = format!(
        "{WEB}include \"a.kdl\" \"routes\" \"none/*.kdl\" \"oders.kdl\" \"../x.kdl\" \"/x.kdl\" \"[.kdl\" \"latin.kdl\"\n\
         route \"a\" public=#true {{\n    respond 200\n}}\ngateway \"one\"\n"
    );
    let folder = folder(&[
        ("gate.kdl", &root),
        (
            "a.kdl",
            &(route("a") + "gateway \"two\" workers=1\ninclude \"b.kdl\"\n"),
        ),
        ("b.kdl", "include \"a.kdl\"\n"),
        ("orders.kdl", ""),
        ("routes/x.kdl", ""),
    ]);
    fs::write(folder.path().join("latin.kdl"), b"caf\xe9").unwrap();
    let front = load(folder.path(), None);
    insta::assert_snapshot!(said(&front, folder.path()));
    assert_eq!(
        front.spec.gateway.workers, 1,
        "objects are merged key by key"
    );
}

#[cfg(unix)]
#[test]
fn links_may_not_lead_out() {
    let outside = folder(&[("secret.kdl", &route("s")), ("secret.txt", "s")]);
    let root = format!(
        "{WEB}include \"in.kdl\" \"*/*.kdl\"\nroute \"a\" public=#true {{\n    respond 200 (file)\"in.txt\"\n}}\n"
    );
    let folder = folder(&[("gate.kdl", &root)]);
    let link = std::os::unix::fs::symlink::<std::path::PathBuf, std::path::PathBuf>;
    link(
        outside.path().join("secret.kdl"),
        folder.path().join("in.kdl"),
    )
    .unwrap();
    link(
        outside.path().join("secret.txt"),
        folder.path().join("in.txt"),
    )
    .unwrap();
    link(outside.path().to_owned(), folder.path().join("dir")).unwrap();
    link(folder.path().to_owned(), folder.path().join("self")).unwrap();
    let front = load(folder.path(), None);
    let codes: Vec<&str> = front
        .diagnostics
        .iter()
        .map(|finding| finding.code)
        .collect();
    assert_eq!(
        codes,
        ["S210", "S202", "S210"],
        "{}",
        said(&front, folder.path())
    );
    assert!(!front.spec.routes.contains_key("s"));
}

#[test]
fn a_root_file_that_cannot_be_read_is_a_finding() {
    let folder = folder(&[]);
    for (path, words) in [("none.kdl", "does not exist"), ("", "folder")] {
        let front = front(Input::File(folder.path().join(path)), &options());
        assert_eq!(front.diagnostics.len(), 1);
        assert_eq!(front.diagnostics[0].code, "S201");
        assert!(
            front.diagnostics[0].message.contains(words),
            "{}",
            front.diagnostics[0].message
        );
        assert!(
            front
                .sources
                .get(front.diagnostics[0].span.source)
                .is_some()
        );
    }
    let large = folder.path().join("large.kdl");
    fs::File::create(&large).unwrap().set_len(17 << 20).unwrap();
    let front = front(Input::File(large), &options());
    assert_eq!(front.diagnostics[0].code, "S204");
}

#[test]
fn a_profile_is_merged_over_the_rest() {
    let root = r#"
gateway "shop"
listener "web" bind="127.0.0.1:8080" {
    protocols "http1" "http2"
}
log level="debug" access="off"
route "a" public=#true timeout="5s" {
    match "/a"
    respond 200
}
profile "prod" {
    log level="warn"
    listener "web" {
        protocols "http1"
    }
    listener "admin" bind="127.0.0.1:9000"
    route "a" timeout=#null {
        respond body="prod"
    }
}
profile "other" {
    gateway "x" workers=(env)"NOT_SET"
    log level="nonsense"
}
"#;
    let folder = folder(&[("gate.kdl", root)]);
    let plain = load(folder.path(), None);
    assert_eq!(plain.profiles, ["prod", "other"]);
    assert_eq!(plain.spec.listeners.len(), 1);
    // The other profile is looked at too, but what it needs from outside is not missed.
    let only = "S105 gate.kdl:23:15";
    assert!(
        said(&plain, folder.path()).starts_with(only),
        "{}",
        said(&plain, folder.path())
    );

    let prod = load(folder.path(), Some("prod"));
    let spec = &prod.spec;
    assert_eq!(spec.listeners.len(), 2);
    assert_eq!(spec.listeners["web"].protocols.len(), 1);
    assert_eq!(spec.listeners["web"].bind.as_str(), "127.0.0.1:8080");
    assert_eq!(spec.routes["a"].timeout, None);
    assert_eq!(spec.routes["a"].respond.as_ref().unwrap().status.get(), 200);
    let replaced: Vec<String> = prod
        .replaced
        .iter()
        .map(|replaced| replaced.path.join("."))
        .collect();
    assert_eq!(
        replaced,
        ["log.level", "listeners.web.protocols", "routes.a.timeout"]
    );
    assert_eq!(prod.sources.slice(prod.replaced[0].old), "\"debug\"");
    assert_eq!(prod.sources.slice(prod.replaced[0].new), "\"warn\"");
    assert!(prod.document.root.get("profiles").is_none());

    let wrong = load(folder.path(), Some("pro"));
    let finding = wrong
        .diagnostics
        .iter()
        .find(|finding| finding.code == "S206")
        .unwrap();
    assert_eq!(finding.label, "did you mean `prod`?");
}

#[test]
fn profiles_of_several_files_come_together() {
    let folder = folder(&[
        (
            "gate.kdl",
            &format!("{WEB}include \"a.kdl\"\nprofile \"prod\" {{\n    log level=\"warn\"\n}}\n"),
        ),
        ("a.kdl", "profile \"prod\" {\n    log access=\"off\"\n}\n"),
    ]);
    let front = load(folder.path(), Some("prod"));
    assert_eq!(said(&front, folder.path()), "");
    assert_eq!(front.profiles, ["prod"]);
    assert_eq!(
        format!("{:?} {:?}", front.spec.log.level, front.spec.log.access),
        "Warn Off"
    );
}

#[test]
fn values_from_outside_take_the_type_that_is_expected() {
    let root = r#"
gateway (env)"NAME:-shop" workers=(env)"PORT"
listener "web" bind=(env)"BIND:-127.0.0.1:8080"
management enabled=(env)"MANAGE:-false"
upstream "u" {
    server "http://10.0.0.1:1"
}
route "a" public=(env)"EMPTY:-true" {
    match (env)"METHOD:-GET" "/a"
    request {
        set "authorization" (secret)"token"
    }
    proxy "u"
}
route "b" public=#true {
    match "/b"
    respond 200 (file)"b.txt"
}
"#;
    let folder = folder(&[
        (
            "gate.kdl",
            &root.replace("workers=(env)\"PORT\"", "workers=(env)\"N:-3\""),
        ),
        ("b.txt", "hello\n"),
    ]);
    let front = load(folder.path(), None);
    assert_eq!(said(&front, folder.path()), "");
    assert_eq!(
        (front.spec.gateway.name.as_str(), front.spec.gateway.workers),
        ("shop", 3)
    );
    assert!(!front.spec.management.enabled);
    assert!(front.spec.routes["a"].public);
    assert_eq!(front.spec.routes["a"].matches[0].method[0].as_str(), "GET");
    let template = front.spec.routes["a"].request.set["authorization"].as_str();
    assert_eq!(template, "{{ secret(\"token\") }}");
    assert_eq!(
        front.spec.routes["b"]
            .respond
            .as_ref()
            .unwrap()
            .body
            .as_ref()
            .unwrap()
            .as_str(),
        "hello\n"
    );
    assert!(front.watched.contains(&folder.path().join("b.txt")));
}

#[test]
fn what_is_wrong_with_values_from_outside() {
    let root = r#"
gateway (envv)"NAME" workers=(env)"WORD" drain=(secret)"x"
(env)listener (env)"web" bind=(env)"BIND"
upstream "u" {
    server (env)"WORD"
}
route "a" public=(env)"WORD" {
    respond 200 (file)"../b.txt"
}
route "b" public=#true {
    respond 200 (file)"none.txt" {
        header "a" (secret)"not a name"
        header "b" (vault)"x"
    }
}
route "c" public=#true {
    files "../site"
}
"#;
    let folder = folder(&[("gate.kdl", root)]);
    let front = load(folder.path(), None);
    insta::assert_snapshot!(said(&front, folder.path()));
    assert!(
        front
            .diagnostics
            .iter()
            .all(|finding| finding.severity == Severity::Error)
    );
}
