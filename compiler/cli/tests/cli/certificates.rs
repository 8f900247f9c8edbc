//! `gatec cert`

use super::Folder;

#[test]
fn cert_dev_makes_a_certificate_and_keeps_the_authority() {
    let folder = Folder::of(&[(
        "gate.kdl",
        "listener \"web\" bind=\"127.0.0.1:8443\" {\n    tls {\n        certificate \"certs/dev.pem\" key=\"certs/dev.key\"\n        client-certificate \"require\" ca=\"certs/dev-ca.pem\"\n    }\n}\nroute \"a\" public=#true {\n    match \"/\"\n    respond 200\n}\n",
    )]);
    insta::assert_snapshot!(folder.run(&["cert", "dev"]));
    let authority = folder.read("certs/dev-ca.pem");
    let first = folder.read("certs/dev.pem");
    let told = folder.run(&["check", "--deny-warnings"]);
    assert!(told.contains("[exit 0]"), "{told}");

    let again = folder.run(&[
        "cert",
        "dev",
        "--host",
        "*.Shop.test",
        "--host",
        "10.0.0.1",
        "--host",
        "localhost",
    ]);
    let wanted = "a certificate for *.shop.test, 10.0.0.1, localhost, 127.0.0.1, ::1";
    assert!(
        again.contains(wanted) && again.contains("kept  certs/dev-ca.pem"),
        "{again}"
    );
    assert_eq!(folder.read("certs/dev-ca.pem"), authority);
    assert_ne!(folder.read("certs/dev.pem"), first);
    let told = folder.run(&["check", "--deny-warnings"]);
    assert!(told.contains("[exit 0]"), "{told}");
    chain_holds(&folder, "shop");
}

/// Another implementation finds that the authority vouches for the certificate.
fn chain_holds(folder: &Folder, host: &str) {
    let done = std::process::Command::new("openssl")
        .args([
            "verify",
            "-x509_strict",
            "-verify_hostname",
            &format!("{host}.shop.test"),
        ])
        .args(["-CAfile", "certs/dev-ca.pem", "certs/dev.pem"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_the_keys() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::of(&[]);
    folder.run(&["cert", "dev", "--dir", "a/b"]);
    for key in ["a/b/dev.key", "a/b/dev-ca.key"] {
        let metadata = std::fs::metadata(folder.path().join(key)).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600, "{key}");
    }
}

#[test]
fn cert_dev_writes_over_nothing_of_others() {
    let ours = Folder::of(&[]);
    ours.run(&["cert", "dev"]);
    let (certificate, key) = (ours.read("certs/dev.pem"), ours.read("certs/dev.key"));
    for files in [
        &[("certs/dev.pem", "mine"), ("certs/dev.key", "mine")][..],
        &[("certs/dev.key", key.as_str())],
        &[
            ("certs/dev-ca.pem", &certificate),
            ("certs/dev-ca.key", &key),
        ],
    ] {
        let folder = Folder::of(files);
        let told = folder.run(&["cert", "dev"]);
        assert!(
            told.contains("[exit 2]") && told.contains("nothing was written"),
            "{told}"
        );
        for (name, text) in files {
            assert_eq!(&folder.read(name), text);
        }
        assert_eq!(
            std::fs::read_dir(folder.path().join("certs"))
                .unwrap()
                .count(),
            files.len()
        );
    }
    let told = ours.run(&["cert", "dev", "--host", "https://a.test"]);
    assert!(
        told.contains("`https://a.test` is no host or address"),
        "{told}"
    );
}
