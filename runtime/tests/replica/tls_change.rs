//! Certificates that change on the disk while a replica serves.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::authority::Authority;
use super::support::{Gated, wait_for};
use super::tls_client::{Secure, client, der, folder, simple, spec, start};

/// The certificate that a new client is shown.
fn shown(gated: &Gated, authority: &Authority) -> Vec<u8> {
    let config = Arc::new(client(authority, None));
    Secure::connect(gated.web(), "a.test", &config)
        .unwrap()
        .shown()
}

/// Waits until new clients are shown this certificate.
fn becomes(gated: &Gated, authority: &Authority, pem: &str) {
    let wanted = der(pem);
    wait_for(|| (shown(gated, authority) == wanted).then_some(()))
        .unwrap_or_else(|| panic!("the old one is still shown: {:#?}", gated.log()));
}

#[test]
fn a_new_certificate_is_taken_under_load_without_a_failed_request() {
    let authority = Authority::new();
    let gated = simple(&authority, "");
    let over = AtomicBool::new(false);
    let config = Arc::new(client(&authority, None));
    let mut kept = Secure::connect(gated.web(), "a.test", &config).unwrap();
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..4)
            .map(|index| {
                let (over, gated, authority) = (&over, &gated, &authority);
                scope.spawn(move || {
                    let mut asked = 0;
                    while !over.load(Ordering::Relaxed) {
                        let config = Arc::new(client(authority, None));
                        let mut secure = Secure::connect(gated.web(), "a.test", &config).unwrap();
                        for _ in 0..index {
                            assert_eq!(secure.get("a.test", "/hello").unwrap().status, 200);
                            asked += 1;
                        }
                    }
                    asked
                })
            })
            .collect();
        for _ in 0..3 {
            let next = authority.issue(&["a.test"], 4000);
            next.write(gated.folder(), "a.test");
            becomes(&gated, &authority, &next.certificate);
            assert_eq!(kept.get("a.test", "/hello").unwrap().status, 200);
        }
        over.store(true, Ordering::Relaxed);
        let asked: usize = clients.into_iter().map(|one| one.join().unwrap()).sum();
        assert!(asked > 0);
    });
    gated.logged(&["certificate.replaced", "a.test.pem"]);
}

#[test]
fn a_half_written_pair_is_refused_and_the_old_one_serves_on() {
    let authority = Authority::new();
    let gated = simple(&authority, "");
    let first = shown(&gated, &authority);
    let digest = gated.digest();
    let next = authority.issue(&["a.test"], 4000);

    std::fs::write(gated.folder().join("a.test.pem"), &next.certificate).unwrap();
    let line = gated.logged(&["bundle.refused"]);
    assert!(line.contains("a.test.key"), "{line}");
    assert_eq!(shown(&gated, &authority), first);
    let status = gated.status();
    assert!(
        status["refused"][0].to_string().contains("does not fit"),
        "{status}"
    );
    assert_eq!(gated.digest(), digest);

    std::fs::write(gated.folder().join("a.test.key"), &next.key).unwrap();
    becomes(&gated, &authority, &next.certificate);
    assert!(gated.status()["refused"][0]["resolved_at"].is_string());
}

#[test]
fn a_bundle_finds_its_certificates_beside_it_and_tells_what_is_wrong_with_them() {
    let authority = Authority::new();
    let folder = folder(&authority, &[&["a.test"]]);
    build(
        folder.path(),
        &spec("certificate \"a.test.pem\" key=\"a.test.key\""),
    );
    let gated = Gated::start_in(folder, "gate.gateb", &[]);
    let first = shown(&gated, &authority);
    let next = authority.issue(&["a.test"], 4000);

    std::fs::write(gated.folder().join("a.test.key"), &next.key).unwrap();
    let line = gated.logged(&["bundle.refused"]);
    for words in [
        "listener `web`",
        "`a.test.key`",
        "does not fit",
        "`a.test.pem`",
    ] {
        assert!(line.contains(words), "{line}");
    }
    assert_eq!(shown(&gated, &authority), first);
    std::fs::write(gated.folder().join("a.test.pem"), "-----BEGIN CERT").unwrap();
    gated.logged(&["bundle.refused", "`a.test.pem` is no whole PEM"]);
    std::fs::write(gated.folder().join("a.test.pem"), &next.certificate).unwrap();
    becomes(&gated, &authority, &next.certificate);
}

/// Puts the bundle of a spec into a folder, as `gate.gateb`.
fn build(folder: &Path, spec: &str) {
    let input = gatec_compiler::load::Input::Text {
        name: "gate.kdl".to_owned(),
        text: spec.to_owned(),
        format: gatec_compiler::load::Format::Kdl,
        base: folder.to_owned(),
    };
    let compiled = gatec_compiler::compile(input, &gatec_compiler::load::Options::default());
    std::fs::write(folder.join("gate.gateb"), compiled.bundle.unwrap()).unwrap();
}

#[test]
fn a_mistake_in_the_spec_does_not_keep_a_new_certificate_out() {
    let authority = Authority::new();
    let gated = simple(&authority, "");
    gated.write("route \"unfinished\" {");
    gated.logged(&["bundle.refused"]);
    let next = authority.issue(&["a.test"], 4000);
    next.write(gated.folder(), "a.test");
    becomes(&gated, &authority, &next.certificate);
    let config = Arc::new(client(&authority, None));
    let mut secure = Secure::connect(gated.web(), "a.test", &config).unwrap();
    assert_eq!(secure.get("a.test", "/hello").unwrap().body, "hello");
}

#[cfg(unix)]
#[test]
fn a_volume_that_swaps_its_link_is_followed() {
    use std::os::unix::fs::symlink;
    let authority = Authority::new();
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (one, two) = (
        authority.issue(&["a.test"], 4000),
        authority.issue(&["a.test"], 4000),
    );
    for (version, pair) in [("..one", &one), ("..two", &two)] {
        let inner = at("volume").join(version);
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::write(inner.join("tls.crt"), &pair.certificate).unwrap();
        std::fs::write(inner.join("tls.key"), &pair.key).unwrap();
    }
    symlink("..one", at("volume/..data")).unwrap();
    for file in ["tls.crt", "tls.key"] {
        symlink(format!("..data/{file}"), at("volume").join(file)).unwrap();
    }
    let volume = at("volume");
    let shown_path = volume.display().to_string();
    let tls = format!("certificate \"{shown_path}/tls.crt\" key=\"{shown_path}/tls.key\"");
    let gated = start(folder, &spec(&tls));
    assert_eq!(shown(&gated, &authority), der(&one.certificate));
    symlink("..two", volume.join("..new")).unwrap();
    std::fs::rename(volume.join("..new"), volume.join("..data")).unwrap();
    becomes(&gated, &authority, &two.certificate);
}

#[test]
fn a_replica_does_not_start_without_a_good_certificate() {
    let (authority, other) = (Authority::new(), Authority::new());
    let starts = |prepare: &dyn Fn(&Path)| {
        let folder = folder(&authority, &[&["a.test"]]);
        let text = spec("certificate \"a.test.pem\" key=\"a.test.key\"");
        std::fs::write(folder.path().join("gate.kdl"), &text).unwrap();
        prepare(folder.path());
        let mut command = Command::new(env!("CARGO_BIN_EXE_gated"));
        command.args(["run", "gate.kdl", "--management", "off"]);
        let done = command.current_dir(folder.path()).output().unwrap();
        assert!(!done.status.success());
        String::from_utf8(done.stderr).unwrap()
    };
    let missing = starts(&|folder| std::fs::remove_file(folder.join("a.test.pem")).unwrap());
    let wanted = "listener `web`: the file `a.test.pem` cannot be read: there is no such file";
    assert!(missing.contains(wanted), "{missing}");
    let foreign = starts(&|folder| {
        let key = other.issue(&["a.test"], 4000).key;
        std::fs::write(folder.join("a.test.key"), key).unwrap();
    });
    assert!(
        foreign.contains("the key in `a.test.key` does not fit the certificate in `a.test.pem`"),
        "{foreign}"
    );
}

#[test]
fn the_end_of_a_certificate_is_told() {
    let authority = Authority::new();
    let folder = folder(&authority, &[&["a.test"]]);
    authority
        .issue(&["old.test"], 2020)
        .write(folder.path(), "old.test");
    let tls = "certificate \"a.test.pem\" key=\"a.test.key\"\ncertificate \"old.test.pem\" key=\"old.test.key\"";
    let gated = start(folder, &spec(tls));
    let line = gated.logged(&["\"WARN\"", "a certificate has expired"]);
    assert!(
        line.contains("old.test.pem") && !line.contains("a.test.pem\""),
        "{line}"
    );
    let page = gated.manage("/metrics").text();
    let end = |name: &str| {
        let wanted = format!(
            "gated_certificate_expiry_timestamp_seconds{{listener=\"web\",name=\"{name}\"}} "
        );
        let line = page.lines().find_map(|line| line.strip_prefix(&wanted));
        line.unwrap_or_else(|| panic!("{page}"))
            .parse::<f64>()
            .unwrap()
    };
    assert_eq!(end("old.test"), 1_609_372_800.0);
    assert!(end("a.test") > 60_000_000_000.0);
    let status = gated.status();
    assert_eq!(status["certificates"][1]["names"][0], "old.test");
    assert_eq!(
        status["certificates"][1]["not_after"],
        "2020-12-31T00:00:00Z"
    );
}
