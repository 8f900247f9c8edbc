//! TLS to servers of upstreams.

use std::path::Path;

use tempfile::TempDir;

use super::authority::{Authority, SecureBackend};
use super::support::{Backend, Gated, wait_for, with_listener};

/// A spec that passes everything on to this server.
fn spec(server: &str, more: &str) -> String {
    with_listener(&format!(
        "upstream \"back\" {{\n server \"{server}\"\n{more}\n}}\nroute \"all\" public=#true {{\n match prefix=\"/\"\n proxy \"back\"\n}}"
    ))
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn start(folder: TempDir, spec: &str) -> Gated {
    std::fs::write(folder.path().join("gate.kdl"), spec).unwrap();
    Gated::start_in(folder, "gate.kdl", &[])
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

#[test]
fn a_server_is_asked_over_tls_by_its_name_and_connections_are_reused() {
    let authority = Authority::new();
    let backend = SecureBackend::start(authority.issue(&["api.internal"], 4000).server(None), true);
    let folder = folder();
    write(folder.path(), "ca.pem", &authority.pem());
    let spec = spec(
        &format!("https://{}", backend.address),
        "tls ca=\"ca.pem\" name=\"api.internal\"",
    );
    let gated = start(folder, &spec);
    for _ in 0..5 {
        let answer = gated.get("/");
        assert_eq!((answer.status, answer.text().as_str()), (200, "ok"));
    }
    let shaken = backend.shaken();
    assert_eq!(shaken.len(), 1, "{shaken:?}");
    assert_eq!(shaken[0].name.as_deref(), Some("api.internal"));
    assert_eq!(shaken[0].version, rustls::ProtocolVersion::TLSv1_3);
    assert_eq!(backend.requests(), 5);
}

#[test]
fn sessions_are_resumed_and_the_host_is_the_name() {
    let authority = Authority::new();
    let backend = SecureBackend::start(authority.issue(&["127.0.0.1"], 4000).server(None), false);
    let folder = folder();
    write(folder.path(), "ca.pem", &authority.pem());
    let spec = spec(&format!("https://{}", backend.address), "tls ca=\"ca.pem\"");
    let gated = start(folder, &spec);
    for _ in 0..4 {
        assert_eq!(gated.get("/").status, 200);
    }
    let shaken = backend.shaken();
    assert_eq!(shaken.len(), 4);
    assert_eq!(shaken[0].name, None, "an address is no name (RFC 6066)");
    assert!(!shaken[0].resumed);
    assert!(
        shaken[1..].iter().any(|shaken| shaken.resumed),
        "{shaken:?}"
    );
}

#[test]
fn what_cannot_be_trusted_is_502_with_the_reason_and_gets_no_request() {
    let (authority, other) = (Authority::new(), Authority::new());
    let cases = [
        (authority.issue(&["api.internal"], 2001), "has expired"),
        (
            other.issue(&["api.internal"], 4000),
            "nobody who is trusted",
        ),
        (
            authority.issue(&["b.internal"], 4000),
            "not for `api.internal`",
        ),
    ];
    for (issued, reason) in cases {
        let backend = SecureBackend::start(issued.server(None), true);
        let folder = folder();
        write(folder.path(), "ca.pem", &authority.pem());
        let spec = spec(
            &format!("https://{}", backend.address),
            "tls ca=\"ca.pem\" name=\"api.internal\"",
        );
        let gated = start(folder, &spec);
        // The second is not even tried, and told alike.
        assert_eq!(gated.get("/").status, 502);
        assert_eq!(gated.get("/").status, 502);
        let line = gated.logged(&["no answer from an upstream", reason]);
        assert!(line.contains(&backend.address.to_string()), "{line}");
        assert_eq!(backend.requests(), 0);
    }
}

#[test]
fn without_a_ca_only_authorities_of_the_system_count() {
    let authority = Authority::new();
    let backend = SecureBackend::start(authority.issue(&["127.0.0.1"], 4000).server(None), true);
    let folder = folder();
    write(folder.path(), "roots.pem", &authority.pem());
    let text = spec(&format!("https://{}", backend.address), "");
    write(folder.path(), "gate.kdl", &text);
    let mut command = super::support::command(folder.path(), "gate.kdl", &[]);
    command.env("SSL_CERT_FILE", folder.path().join("roots.pem"));
    let gated = Gated::start_by(folder, command);
    assert_eq!(gated.get("/").status, 200);

    let folder = self::folder();
    write(folder.path(), "roots.pem", &Authority::new().pem());
    write(folder.path(), "gate.kdl", &text);
    let mut command = super::support::command(folder.path(), "gate.kdl", &[]);
    command.env("SSL_CERT_FILE", folder.path().join("roots.pem"));
    let gated = Gated::start_by(folder, command);
    assert_eq!(gated.get("/").status, 502);
    assert_eq!(backend.requests(), 1);
}

#[test]
fn unverified_is_told_at_every_start() {
    let backend = SecureBackend::start(Authority::new().issue(&["x"], 2001).server(None), true);
    let gated = start(
        folder(),
        &spec(
            &format!("https://{}", backend.address),
            "tls verify=#false minimum=\"1.3\"",
        ),
    );
    assert_eq!(gated.get("/").status, 200);
    gated.logged(&["WARN", "not verified", "back"]);
}

#[test]
fn an_old_version_is_refused() {
    let authority = Authority::new();
    let issued = authority.issue(&["127.0.0.1"], 4000);
    let config = issued.old_server();
    let backend = SecureBackend::start(config, true);
    let tls = |minimum: &str| {
        let folder = folder();
        write(folder.path(), "ca.pem", &authority.pem());
        let tls = format!("tls ca=\"ca.pem\" minimum=\"{minimum}\"");
        start(folder, &spec(&format!("https://{}", backend.address), &tls))
    };
    assert_eq!(tls("1.2").get("/").status, 200);
    assert_eq!(tls("1.3").get("/").status, 502);
    assert_eq!(backend.requests(), 1);
}

#[test]
fn a_certificate_is_shown_to_servers_that_ask_for_one() {
    let authority = Authority::new();
    let issued = authority.issue(&["127.0.0.1"], 4000);
    let backend = SecureBackend::start(issued.server(Some(&authority)), true);
    let with = |more: &str| {
        let folder = folder();
        write(folder.path(), "ca.pem", &authority.pem());
        authority.issue(&["me"], 4000).write(folder.path(), "me");
        let tls = format!("tls {{\n ca \"ca.pem\"\n {more}\n}}");
        start(folder, &spec(&format!("https://{}", backend.address), &tls))
    };
    let gated = with("certificate \"me.pem\" key=\"me.key\"");
    assert_eq!(gated.get("/").status, 200);
    assert!(backend.shaken()[0].client);
    assert_eq!(with("").get("/").status, 502);
    assert_eq!(backend.requests(), 1);
}

#[test]
fn new_files_are_taken_and_broken_ones_refused() {
    let (before, after) = (Authority::new(), Authority::new());
    let old = SecureBackend::start(before.issue(&["127.0.0.1"], 4000).server(None), true);
    let folder = folder();
    write(folder.path(), "ca.pem", &before.pem());
    let gated = start(
        folder,
        &spec(&format!("https://{}", old.address), "tls ca=\"ca.pem\""),
    );
    assert_eq!(gated.get("/").status, 200);

    write(gated.folder(), "ca.pem", "nonsense");
    gated.logged(&["bundle.refused", "`ca.pem` holds no certificate"]);
    assert_eq!(gated.get("/").status, 200);

    // Another authority: connections that stand under the old one are not used any more.
    write(gated.folder(), "ca.pem", &after.pem());
    let refused = wait_for(|| (gated.get("/").status == 502).then_some(()));
    assert!(refused.is_some());
    write(gated.folder(), "ca.pem", &before.pem());
    let back = wait_for(|| (gated.get("/").status == 200).then_some(()));
    assert!(back.is_some());
}

#[test]
fn a_server_that_does_not_speak_tls_gets_nothing() {
    let backend = Backend::each(|client| {
        let mut first = [0; 1];
        let _ = std::io::Read::read_exact(&mut client.stream, &mut first);
        assert_eq!(first, [22], "a handshake, and nothing in the clear");
        client.send("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
    });
    let gated = start(folder(), &spec(&format!("https://{backend}"), ""));
    assert_eq!(gated.get("/").status, 502);
    gated.logged(&["no answer from an upstream", "does not speak TLS"]);
}

#[test]
fn a_replica_does_not_start_without_its_files() {
    let folder = folder();
    let text = spec("https://127.0.0.1:1", "tls ca=\"none.pem\"");
    write(folder.path(), "gate.kdl", &text);
    let output = super::support::command(folder.path(), "gate.kdl", &[])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        told.contains("upstream `back`: the file `none.pem` cannot be read: there is no such file"),
        "{told}"
    );
}
