//! TLS as another implementation sees it: the `openssl` program of the system.

use std::process::{Command, Stdio};

use super::authority::Authority;
use super::support::Gated;
use super::tls_client::simple;

/// What `openssl s_client` says of a connection that is closed at once.
fn s_client(gated: &Gated, arguments: &[&str]) -> String {
    let address = gated.web().to_string();
    let ca = gated.folder().join("ca.pem");
    let done = Command::new("openssl")
        .args(["s_client", "-connect", &address, "-servername", "a.test"])
        .args(["-verify_return_error", "-CAfile"])
        .arg(ca)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("openssl is there: `cargo xtask test` installs it");
    let said = [done.stdout, done.stderr].concat();
    String::from_utf8_lossy(&said).into_owned()
}

#[test]
fn old_versions_are_refused_and_both_new_ones_spoken() {
    let authority = Authority::new();
    let gated = simple(&authority, "");
    for (version, spoken) in [
        // Old versions need old ciphers allowed, or openssl would refuse them itself.
        ("-tls1", None),
        ("-tls1_1", None),
        ("-tls1_2", Some("TLSv1.2")),
        ("-tls1_3", Some("TLSv1.3")),
    ] {
        let arguments: &[&str] = match spoken {
            None => &[version, "-cipher", "DEFAULT@SECLEVEL=0"],
            Some(_) => &[version],
        };
        let said = s_client(&gated, arguments);
        match spoken {
            Some(name) => {
                assert!(said.contains(&format!("New, {name}, Cipher is")), "{said}");
                assert!(said.contains("Verify return code: 0 (ok)"), "{said}");
            }
            None => assert!(said.contains("alert"), "{version}: {said}"),
        }
    }
    let gated = simple(&authority, "minimum \"1.3\"");
    assert!(s_client(&gated, &["-tls1_2"]).contains("alert protocol version"));
    assert!(s_client(&gated, &["-tls1_3"]).contains("New, TLSv1.3"));
}

#[test]
fn the_protocol_is_agreed_on() {
    let authority = Authority::new();
    let gated = simple(&authority, "");
    let only_one = simple(&authority, "");
    let text = std::fs::read_to_string(only_one.folder().join("gate.kdl")).unwrap();
    only_one.write(&text.replace(" tls {", " protocols \"http1\"\n tls {"));
    assert_eq!(only_one.reload(), 200);
    for (gated, offered, agreed) in [
        (&gated, "h2,http/1.1", "ALPN protocol: h2"),
        (&gated, "http/1.1,h2", "ALPN protocol: h2"),
        (&gated, "http/1.1", "ALPN protocol: http/1.1"),
        (&gated, "spdy/1", "alert no application protocol"),
        (&only_one, "h2,http/1.1", "ALPN protocol: http/1.1"),
        (&only_one, "h2", "alert no application protocol"),
    ] {
        let said = s_client(gated, &["-alpn", offered]);
        assert!(said.contains(agreed), "{offered}: {said}");
    }
    assert!(s_client(&gated, &[]).contains("No ALPN negotiated"));
}

#[test]
fn sessions_are_resumed_with_and_without_tickets() {
    let authority = Authority::new();
    let gated = simple(&authority, "");
    for arguments in [&["-tls1_2"][..], &["-tls1_2", "-no_ticket"]] {
        let said = s_client(&gated, &[arguments, &["-reconnect"]].concat());
        assert_eq!(said.matches("Reused, TLSv1.2").count(), 5, "{said}");
    }
    // In TLS 1.3 a ticket comes after the handshake, so it is kept for the next connection.
    let kept = gated.folder().join("session");
    let kept = kept.to_str().unwrap();
    let address = gated.web().to_string();
    let ask = |option: &str| {
        let script = format!(
            "(printf 'GET /hello HTTP/1.1\\r\\nhost: a.test\\r\\nconnection: close\\r\\n\\r\\n'; sleep 1) | openssl s_client -connect {address} -servername a.test -tls1_3 -ign_eof {option} {kept}"
        );
        let done = Command::new("sh").args(["-c", &script]).output().unwrap();
        String::from_utf8_lossy(&done.stdout).into_owned()
    };
    assert!(ask("-sess_out").contains("New, TLSv1.3"));
    let said = ask("-sess_in");
    assert!(said.contains("Reused, TLSv1.3"), "{said}");
    assert!(said.contains("hello"), "{said}");
}

#[test]
fn a_client_certificate_is_asked_for_and_its_authority_named() {
    let authority = Authority::new();
    let gated = simple(&authority, "client-certificate \"require\" ca=\"ca.pem\"");
    authority
        .issue(&["client.test"], 4000)
        .write(gated.folder(), "client");
    let at = |name: &str| gated.folder().join(name).display().to_string();
    let (certificate, key) = (at("client.pem"), at("client.key"));
    let said = s_client(&gated, &["-tls1_2"]);
    assert!(said.contains("alert"), "{said}");
    let said = s_client(&gated, &["-tls1_2", "-cert", &certificate, "-key", &key]);
    assert!(
        said.contains("Acceptable client certificate CA names"),
        "{said}"
    );
    assert!(said.contains("New, TLSv1.2"), "{said}");
}

#[test]
fn every_form_of_key_is_read() {
    let authority = Authority::new();
    let gated = simple(&authority, "");
    let openssl = |arguments: &str| {
        let done = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(gated.folder())
            .output()
            .unwrap();
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
    };
    // PKCS#8 first, then the older form of each.
    for (make, old, first_line) in [
        (
            "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out new.key",
            "rsa -traditional -in new.key -out old.key",
            "-----BEGIN RSA PRIVATE KEY-----",
        ),
        (
            "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out new.key",
            "ec -in new.key -out old.key",
            "-----BEGIN EC PRIVATE KEY-----",
        ),
    ] {
        openssl(make);
        openssl(old);
        openssl(
            "req -x509 -key new.key -days 30 -subj /CN=a.test -addext subjectAltName=DNS:a.test -out a.test.pem",
        );
        let text = std::fs::read_to_string(gated.folder().join("old.key")).unwrap();
        assert!(text.starts_with(first_line), "{text}");
        for key in ["new.key", "old.key"] {
            std::fs::copy(gated.folder().join(key), gated.folder().join("a.test.key")).unwrap();
            assert_eq!(gated.reload(), 200);
            let file = gated.folder().join("a.test.pem");
            let said = s_client(&gated, &["-CAfile", file.to_str().unwrap()]);
            assert!(said.contains("Verify return code: 0 (ok)"), "{key}: {said}");
        }
    }
}
