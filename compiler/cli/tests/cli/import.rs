//! `gatec import nox`

use super::Folder;

const NOX: &str = r#"server:
  host: "0.0.0.0"
  port: 9090
  workers: 2
  tls: true
logging:
  level: "warning"
  format: "json"
plugins:
  enabled: ["auth", "session", "mock"]
  config:
    auth:
      strategy: "bearer"
    cache: {}
mock:
  scenarios:
    - name: "User API"
      routes:
        - path: "/users/:id"
          method: "get"
          delay: 100
          response:
            status: 201
            headers:
              Content-Type: "application/json"
              X-Who: "{{session.user}}"
            body: |
              {"id": "{{path.id}}", "host": "{{request.host}}"}
        - path: "/users/{name}"
          response: {body: "twice"}
        - path: "/files/*"
          response:
            body: {a: [1, 2.5, null]}
"#;

#[test]
fn what_can_be_carried_over_is_and_the_rest_is_named() {
    let folder = Folder::of(&[("nox.yaml", NOX)]);
    insta::assert_snapshot!(folder.run(&["import", "nox", "nox.yaml"]));
    insta::assert_snapshot!(
        folder
            .output(&["import", "nox", "nox.yaml", "--to", "yaml"], "")
            .stdout
    );
}

#[test]
fn what_is_imported_checks_clean() {
    let folder = Folder::of(&[("nox.yaml", NOX)]);
    for file in ["gate.kdl", "gate.yaml"] {
        assert!(
            folder
                .run(&["import", "nox", "nox.yaml", "-o", file])
                .contains("[exit 0]")
        );
        let told = folder.run(&["check", "--deny-warnings", file]);
        assert!(told.contains("[exit 0]"), "{told}");
        let told = folder.run(&["why", "GET", "/users/7", "-f", file]);
        assert!(
            told.contains("answers 201 Created") && told.contains("path.id = 7"),
            "{told}"
        );
    }
}

#[test]
fn a_file_of_another_kind_is_refused() {
    let folder = Folder::of(&[("a.yaml", "mock: 3\nserver: [1]\n")]);
    insta::assert_snapshot!(folder.run(&["import", "nox", "a.yaml"]));
}
