//! `gatec why` also answers where `gatec check` refuses: what shadows a dead route must be seen to be
//! mended.

use gatec_tests::gatec;

const SPEC: &str = r#"gateway "s"
listener "w" bind="127.0.0.1:8080"
route "a" public=#true {
    match "GET" "/a/{id}"
    respond 200 "a"
}
route "b" public=#true {
    match "GET" "/a/{other}"
    respond 200 "b"
}
"#;

#[test]
fn a_dead_route_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("gate.kdl"), SPEC).unwrap();
    let check = gatec(folder.path(), ["check"]);
    assert!(
        check.code == 1 && check.stdout.contains("R105"),
        "{check:?}"
    );
    let why = gatec(folder.path(), ["why", "GET", "/a/1", "--route", "b"]);
    assert_eq!(why.code, 0, "{why:?}");
    assert!(why.stdout.contains("taken by `a`"), "{}", why.stdout);
    assert!(why.stdout.contains("declared first"), "{}", why.stdout);
    assert!(why.stderr.contains("R105"), "{}", why.stderr);
    let build = gatec(folder.path(), ["build", "gate.kdl", "-o", "out.gateb"]);
    assert_eq!(build.code, 1);
    assert!(!folder.path().join("out.gateb").exists());
}

#[test]
fn a_large_file_is_compared_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let route = |n: usize| {
        format!("route \"r{n}\" public=#true {{\n  match \"GET\" \"/r{n}\"\n  respond 200\n}}\n")
    };
    let text: String = (0..10_000).map(route).collect();
    std::fs::write(folder.path().join("gate.kdl"), text).unwrap();
    assert_eq!(gatec(folder.path(), ["fmt", "--check", "gate.kdl"]).code, 1);
}
