//! `gatec key` and `gatec token`

use gated_identity::{JwtVerifier, KeySet, Keys};

use super::Folder;

const SPEC: &str = r##"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" keys="dev.pem" typ="at+jwt"
    claim "roles" type="set<string>" from="realm.roles" role=#true
    claim "level" type="long" optional=#true
}

identity "job" {
    api-key "keys.txt"
}

policies {
    cedar "permit (principal is Staff, action, resource);"
}

route "a" {
    match "GET" "/a"
    identity "staff"
    respond 200
}
"##;

#[test]
fn keys_are_made_listed_and_revoked() {
    let folder = Folder::of(&[]);
    let new = |arguments: &[&str]| {
        let all = [&["key", "new"], arguments].concat();
        folder.run(&all)
    };
    let told = new(&["job", "--claim", "roles=a,b", "--file", "keys.txt"]);
    let key = told.lines().find(|line| line.starts_with("gk_")).unwrap();
    assert!(told.contains("added to keys.txt"), "{told}");
    new(&["other", "--expires", "1d", "--file", "keys.txt"]);
    let text = folder.read("keys.txt");
    assert!(!text.contains(key), "{text}");
    let claims = gated_identity::Claims::new(&[]);
    let prove = |text: &str| Keys::parse(text).unwrap().prove(0, key, &claims, 0);
    assert_eq!(prove(&text).unwrap().id, "job");
    let listed = folder.run(&["key", "list", "--file", "keys.txt"]);
    assert!(
        listed.contains("job    line 1: good  roles=\"a,b\"\n"),
        "{listed}"
    );
    assert!(listed.contains("other  line 2: good until 2"), "{listed}");
    let revoked = folder.run(&["key", "revoke", "job", "--file", "keys.txt"]);
    assert!(revoked.contains("revoked 1 key of job"), "{revoked}");
    assert!(prove(&folder.read("keys.txt")).is_err());
    let again = folder.run(&["key", "revoke", "job", "--file", "keys.txt"]);
    assert!(
        again.contains("[exit 2]") && again.contains("has no good key of `job`"),
        "{again}"
    );
    let wrong = new(&["x", "--claim", "roles"]);
    assert!(wrong.contains("`roles` is no claim"), "{wrong}");
    let printed = new(&["x"]);
    assert!(printed.contains("\nx sha256:"), "{printed}");
}

#[test]
fn a_token_is_one_that_the_identity_takes() {
    let folder = Folder::of(&[("gate.kdl", SPEC)]);
    let token = |arguments: &[&str]| {
        let all = [&["token", "--identity", "staff"], arguments].concat();
        folder.run(&all)
    };
    let told = folder.run(&["token", "--new-key", "dev"]);
    assert!(
        told.contains("wrote dev.key, which signs, and dev.pem"),
        "{told}"
    );
    let again = folder.run(&["token", "--new-key", "dev"]);
    assert!(again.contains("`dev.key` is there already"), "{again}");
    let told = token(&[
        "--claim",
        "sub=ann",
        "--claim",
        "roles=a,b",
        "--claim",
        "level=3",
        "--key",
        "dev.key",
    ]);
    let made = told.lines().find(|line| line.starts_with("ey")).unwrap();
    let jwt = gated_engine::program::Jwt {
        issuer: Some("https://id.example".into()),
        audience: vec!["shop".into()],
        keys: gated_engine::program::JwtKeys::File(String::new()),
        algorithms: Vec::new(),
        leeway_ms: 0,
        subject: "sub".into(),
        required: vec!["realm.roles".into(), "level".into()],
        typ: Some("at+jwt".into()),
        place: gated_engine::program::CredentialPlace::Bearer,
        refresh_ms: 0,
        stale_ms: 0,
    };
    let keys = KeySet::from_file(folder.read("dev.pem").as_bytes()).unwrap();
    let now = jiff::Timestamp::now().as_millisecond();
    let verified = JwtVerifier::new(0, &jwt, &[])
        .verify(made, &keys, now)
        .unwrap();
    assert_eq!(verified.principal.id, "ann");
    for (arguments, expected) in [
        (
            vec!["--claim", "sub=ann", "--key", "dev.key"],
            "takes no token without the claim `roles`",
        ),
        (
            vec!["--claim", "level=x", "--key", "dev.key"],
            "`level=x`: expected a whole number",
        ),
        (
            vec!["--claim", "sub=a", "--claim", "roles=a"],
            "nothing says what to sign with",
        ),
        (
            vec![
                "--claim",
                "sub=a",
                "--claim",
                "roles=a",
                "--secret-file",
                "gate.kdl",
            ],
            "takes no token that is signed with this key",
        ),
        (
            vec!["--key", "dev.pem", "--claim", "sub=a", "--claim", "roles=a"],
            "`dev.pem` holds no key",
        ),
    ] {
        let told = token(&arguments);
        assert!(
            told.contains("[exit 2]") && told.contains(expected),
            "{told}"
        );
    }
    let other = folder.run(&["token", "--identity", "job", "--key", "dev.key"]);
    assert!(
        other.contains("identity `job` takes no signed tokens"),
        "{other}"
    );
    let unknown = folder.run(&["token", "--identity", "x", "--key", "dev.key"]);
    assert!(
        unknown.contains("the identities are `staff`, `job`"),
        "{unknown}"
    );
}
