//! A second check of what did not change, and a check of whatever did.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::{Folder, SHOP};

const SPEC: &str = r#"include "routes/*.kdl"

listener "web" bind=(env)"PLACE"

route "site" public=#true {
    match prefix="/"
    files "./site"
}

route "page" public=#true {
    match "/page"
    respond 200 {
        body-file "page.html"
    }
}
"#;

const ROUTE: &str = "route \"one\" public=#true {\n    match \"/one\"\n    respond 200\n}\n";

impl Folder {
    /// Makes everything look as if it were written so many seconds ago: what was written just now is
    /// not trusted to stay as it is.
    fn age(&self, seconds: u64) {
        age(
            self.path(),
            SystemTime::now() - Duration::from_secs(seconds),
        );
    }

    /// The only entry of the cache, if there is one.
    fn entry(&self) -> Option<Vec<u8>> {
        let entries: Vec<_> = fs::read_dir(self.cache.path()).unwrap().collect();
        assert!(entries.len() <= 1);
        let entry = entries.into_iter().next()?.unwrap();
        Some(fs::read(entry.path()).unwrap())
    }

    /// Checks, and says whether what was kept was used; what is told is right in any case.
    fn is_known(&self, more: &[&str]) -> bool {
        let before = self.entry();
        let told = self.check(more);
        assert_eq!(told, self.check(&[more, &["--no-cache"]].concat()));
        before.is_some() && self.entry() == before
    }

    fn check(&self, more: &[&str]) -> (i32, String) {
        let output = self
            .command(&[&["check", "gate.kdl"], more].concat())
            .env("PLACE", "127.0.0.1:8080")
            .output()
            .unwrap();
        let told = String::from_utf8(output.stdout).unwrap();
        (output.status.code().unwrap(), told)
    }
}

fn age(folder: &Path, time: SystemTime) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            age(&path, time);
        }
        File::open(&path).unwrap().set_modified(time).unwrap();
    }
    File::open(folder).unwrap().set_modified(time).unwrap();
}

fn shop() -> Folder {
    let folder = Folder::of(&[
        ("gate.kdl", SPEC),
        ("routes/one.kdl", ROUTE),
        ("site/index.html", "<p>hello"),
        ("page.html", "{{ url }}"),
    ]);
    folder.age(3_600);
    folder
}

/// A gateway whose findings are known, and stay known.
fn known() -> Folder {
    let folder = shop();
    assert_eq!(folder.check(&[]), (0, String::new()));
    assert!(folder.entry().is_some());
    assert!(folder.is_known(&[]) && folder.is_known(&[]));
    folder
}

/// Whether a change is noticed, and what is found then is known the next time.
fn is_noticed(folder: &Folder) {
    folder.age(60);
    assert!(!folder.is_known(&[]));
    assert!(folder.is_known(&[]));
}

#[test]
fn a_changed_file_of_the_same_size() {
    let folder = known();
    let text = folder
        .read("gate.kdl")
        .replace("respond 200", "respond 999");
    fs::write(folder.path().join("gate.kdl"), text).unwrap();
    is_noticed(&folder);
    assert_eq!(folder.check(&[]).0, 1);
}

#[test]
fn a_file_that_was_written_anew_with_what_it_held() {
    let folder = known();
    fs::write(folder.path().join("gate.kdl"), folder.read("gate.kdl")).unwrap();
    assert!(folder.is_known(&[]));
}

#[test]
fn a_changed_include() {
    let folder = known();
    fs::write(folder.path().join("routes/one.kdl"), "rout \"one\"\n").unwrap();
    is_noticed(&folder);
    let told = folder.check(&[]);
    assert!(
        told.0 == 1 && told.1.contains("routes/one.kdl:1:1"),
        "{}",
        told.1
    );
}

#[test]
fn a_new_file_that_an_include_fits() {
    let folder = known();
    fs::write(folder.path().join("routes/two.kdl"), ROUTE).unwrap();
    is_noticed(&folder);
    assert_eq!(folder.check(&[]).0, 1);
}

#[test]
fn a_file_that_is_gone() {
    let folder = known();
    fs::remove_file(folder.path().join("page.html")).unwrap();
    is_noticed(&folder);
    assert!(folder.check(&[]).1.contains("U106"));
    fs::write(folder.path().join("page.html"), "back").unwrap();
    is_noticed(&folder);
    assert_eq!(folder.check(&[]).0, 0);
}

#[test]
fn a_changed_body() {
    let folder = known();
    fs::write(folder.path().join("page.html"), "{{ ulr }}").unwrap();
    is_noticed(&folder);
    assert_eq!(folder.check(&[]).0, 1);
}

#[test]
#[cfg(unix)]
fn a_changed_site() {
    let folder = known();
    fs::create_dir(folder.path().join("site/deep")).unwrap();
    fs::write(folder.path().join("site/deep/a.txt"), "a").unwrap();
    is_noticed(&folder);
    std::os::unix::fs::symlink("../../page.html", folder.path().join("site/deep/link")).unwrap();
    is_noticed(&folder);
    assert!(folder.check(&[]).1.contains("U107"));
}

#[test]
fn a_changed_variable() {
    let folder = known();
    let check = |place: Option<&str>| {
        let mut command = folder.command(&["check", "gate.kdl", "--format", "concise"]);
        match place {
            Some(place) => command.env("PLACE", place),
            None => command.env_remove("PLACE"),
        };
        let output = command.output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let kept = folder.entry().unwrap();
    assert!(check(Some("nowhere")).contains("gate.kdl:3:21: error["));
    assert_ne!(folder.entry().unwrap(), kept);
    assert!(check(None).contains("S207"));
    assert_eq!(check(Some("127.0.0.1:8080")), "");
    // Neither values nor texts are kept.
    let kept = String::from_utf8(folder.entry().unwrap()).unwrap();
    assert!(kept.contains("PLACE") && !kept.contains("127.0.0.1"));
    assert!(!kept.contains("respond"));
}

#[test]
fn other_options() {
    let folder = Folder::of(&[("gate.kdl", SHOP)]);
    folder.age(3_600);
    let count = || fs::read_dir(folder.cache.path()).unwrap().count();
    folder.check(&[]);
    folder.check(&["--format", "json"]);
    assert_eq!(count(), 1);
    folder.check(&["--profile", "prod"]);
    assert_eq!(count(), 2);
    let told = folder.output(&["check", "./gate.kdl"], "");
    assert_eq!((told.code, count()), (0, 3));
    let told = folder.output(&["check", "-"], SHOP);
    assert_eq!((told.code, count()), (0, 4));
    let broken = SHOP.replace("respond 404", "respond 999");
    assert_eq!(folder.output(&["check", "-"], &broken).code, 1);
}

#[test]
fn a_damaged_entry() {
    let folder = known();
    let name = || {
        let mut entries = fs::read_dir(folder.cache.path()).unwrap();
        entries.next().unwrap().unwrap().path()
    };
    let sound = folder.entry().unwrap();
    let mut flipped = sound.clone();
    flipped[sound.len() / 2] ^= 1;
    for damaged in [&sound[..sound.len() / 2], &flipped, b"", b"\n", b"\xff\n{}"] {
        fs::write(name(), damaged).unwrap();
        assert!(!folder.is_known(&[]));
        assert!(folder.is_known(&[]));
    }
}

#[test]
fn findings_are_told_again_as_they_were() {
    let folder = shop();
    let text = folder.read("gate.kdl").replace("respond 200", "respnd 200");
    fs::write(folder.path().join("gate.kdl"), text).unwrap();
    fs::write(
        folder.path().join("routes/one.kdl"),
        format!("{ROUTE}rout \"x\"\n"),
    )
    .unwrap();
    folder.age(60);
    folder.check(&[]);
    for format in [
        "human",
        "concise",
        "json",
        "json-lines",
        "github",
        "gitlab",
        "sarif",
        "junit",
        "agent",
    ] {
        assert!(folder.is_known(&["--format", format]), "{format}");
    }
}

#[test]
fn what_was_written_just_now_is_not_kept() {
    let folder = shop();
    fs::write(folder.path().join("page.html"), "new").unwrap();
    folder.check(&[]);
    assert!(folder.entry().is_none());
}

#[test]
fn an_include_that_finds_nothing_is_looked_for_each_time() {
    let folder = Folder::of(&[("gate.kdl", "include \"routes/*.kdl\"\n")]);
    folder.age(60);
    assert_eq!(folder.check(&[]).0, 1);
    assert!(folder.entry().is_none());
}

#[test]
fn no_cache_keeps_nothing() {
    let folder = shop();
    folder.check(&["--no-cache"]);
    assert!(folder.entry().is_none());
}

#[test]
fn a_place_that_cannot_be_written_to_is_no_mistake() {
    let folder = shop();
    let nowhere = folder.path().join("gate.kdl/cache");
    let output = folder
        .command(&["check"])
        .env("GATEC_CACHE_DIR", nowhere)
        .env("PLACE", "127.0.0.1:8080")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "gate.kdl: no findings\n"
    );
}

#[test]
fn a_certificate_is_judged_again_before_its_end() {
    let mut parameters = rcgen::CertificateParams::new(vec!["shop.test".to_owned()]).unwrap();
    parameters.not_before = rcgen::date_time_ymd(2020, 1, 1);
    parameters.not_after = rcgen::date_time_ymd(2094, 1, 15);
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = parameters.self_signed(&key).unwrap();
    let spec = SHOP.replace(
        "listener \"web\" bind=\"127.0.0.1:8080\"\n",
        "listener \"web\" bind=\"127.0.0.1:8080\" {\n    tls {\n        certificate \"a.pem\" key=\"a.key\"\n    }\n}\n",
    );
    let folder = Folder::of(&[
        ("gate.kdl", &spec),
        ("a.pem", &certificate.pem()),
        ("a.key", &key.serialize_pem()),
    ]);
    folder.age(60);
    assert_eq!(folder.check(&[]).0, 0, "{}", folder.check(&[]).1);
    assert!(folder.is_known(&[]));
    let entry = folder.entry().unwrap();
    let body = &entry[65..];
    let entry: Value = serde_json::from_slice(body).unwrap();
    // The rule warns 14 days before the end.
    let until = Duration::from_nanos(entry["until"].as_u64().unwrap());
    let first: SystemTime = rcgen::date_time_ymd(2094, 1, 1).into();
    assert_eq!(until, first.duration_since(UNIX_EPOCH).unwrap());
    assert!(!String::from_utf8_lossy(body).contains("PRIVATE"));
}

#[test]
fn several_checks_at_once_leave_one_whole_entry() {
    let folder = shop();
    let check = |_| {
        let mut command = folder.command(&["check", "gate.kdl"]);
        command.env("PLACE", "127.0.0.1:8080").spawn().unwrap()
    };
    let running: Vec<_> = (0..8).map(check).collect();
    for child in running {
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            (output.status.code(), output.stdout.as_slice()),
            (Some(0), [].as_slice())
        );
    }
    assert!(folder.entry().is_some() && folder.is_known(&[]));
}
