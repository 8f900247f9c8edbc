//! Identities on files and on a server of keys that are made for the test.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Mutex;

use gated_engine::program::{Claim, ClaimKind, Identity, IdentityMethod, Jwt, JwtKeys, Network};
use gated_identity::{Algorithm, NewKey, Signer, new_pair};
use http::{HeaderMap, Method as Verb, Uri, Version};

use super::read::Ingredients;
use super::*;
use crate::shared::lock;
use crate::snapshot::Unfit;
use crate::tls::{Disk, Roots};

fn identity(name: &str, method: IdentityMethod) -> Identity {
    Identity {
        name: name.to_owned(),
        realm: "a \"gate\"".to_owned(),
        method,
        claims: Vec::new(),
    }
}

fn jwt(keys: JwtKeys) -> IdentityMethod {
    IdentityMethod::Jwt(Box::new(Jwt {
        issuer: None,
        audience: Vec::new(),
        keys,
        algorithms: Vec::new(),
        leeway_ms: 0,
        subject: "sub".to_owned(),
        required: Vec::new(),
        typ: None,
        place: CredentialPlace::Bearer,
        refresh_ms: 1_000,
        stale_ms: 0,
    }))
}

fn read(
    root: &Path,
    all: Vec<Identity>,
    memory: &Arc<Memory>,
) -> (Result<Identities, Unfit>, Disk) {
    let mut disk = Disk::new(root);
    let secrets = HashMap::from([("short".to_owned(), "abc".to_owned())]);
    let read = Identities::read(
        all,
        &mut Ingredients {
            disk: &mut disk,
            roots: &mut Roots::default(),
            secrets: &secrets,
            memory,
        },
    );
    (read, disk)
}

/// Proves it as a request does.
fn prove(identities: &Identities, headers: &[(&str, &str)]) -> (bool, Proof) {
    let uri: Uri = "/".parse().unwrap();
    let mut map = HeaderMap::new();
    map.insert("host", HeaderValue::from_static("a"));
    for (name, value) in headers {
        let name: http::HeaderName = name.parse().unwrap();
        map.append(name, value.parse().unwrap());
    }
    let peer = "127.0.0.1".parse().unwrap();
    let request = Request::normalise(&Verb::GET, &uri, Version::HTTP_11, &map, "http").unwrap();
    let asking = Asking {
        request: &request,
        peer,
        certificate: None,
    };
    match identities.at_once(0, &asking) {
        Some(proof) => (true, proof),
        None => {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            (false, runtime.block_on(identities.prove(0, &asking, None)))
        }
    }
}

fn id(proof: &Proof) -> String {
    match proof {
        Proof::Proved(principal) => principal.id.clone(),
        other => format!("{other:?}"),
    }
}

#[test]
fn a_wrong_file_is_told_with_its_line_and_is_watched() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("users"), "# x\nann:plain\n").unwrap();
    let told = |method: IdentityMethod| {
        let (read, disk) = read(
            folder.path(),
            vec![identity("staff", method)],
            &Arc::default(),
        );
        (read.err().unwrap().to_string(), disk.paths().count())
    };
    let (why, watched) = told(IdentityMethod::Basic("users".into()));
    assert!(
        why.starts_with("identity `staff`: the file `users`, line 2: what follows `:` is no hash"),
        "{why}"
    );
    assert_eq!(watched, 1);
    let (why, watched) = told(IdentityMethod::Bearer("none".into()));
    assert!(
        why.contains("the file `none` cannot be read: there is no such file"),
        "{why}"
    );
    assert_eq!(watched, 1);
    let (why, _) = told(jwt(JwtKeys::File("users".into())));
    assert!(
        why.contains("the file `users` holds no public key"),
        "{why}"
    );
    let (why, _) = told(jwt(JwtKeys::Secret("short".into())));
    assert!(why.contains("the secret `short` has 3 bytes"), "{why}");
}

#[test]
fn a_password_is_looked_at_once_and_again_with_a_new_file() {
    let folder = tempfile::tempdir().unwrap();
    let users = folder.path().join("users");
    let memory = Arc::default();
    let made = htpasswd("correct");
    std::fs::write(&users, format!("ann:{made}\n")).unwrap();
    let all = || vec![identity("staff", IdentityMethod::Basic("users".into()))];
    let identities = read(folder.path(), all(), &memory).0.unwrap();
    let right = [("authorization", "Basic YW5uOmNvcnJlY3Q=")];
    let wrong = [("authorization", "Basic YW5uOndyb25n")];
    let (at_once, proof) = prove(&identities, &right);
    assert_eq!((at_once, id(&proof).as_str()), (false, "ann"));
    let (at_once, proof) = prove(&identities, &right);
    assert_eq!((at_once, id(&proof).as_str()), (true, "ann"));
    for _ in 0..2 {
        let (at_once, proof) = prove(&identities, &wrong);
        assert!(!at_once && matches!(proof, Proof::Refused(_)));
    }
    assert!(matches!(prove(&identities, &[]), (true, Proof::Missing)));
    std::fs::write(&users, format!("ann:{}\n", htpasswd("other"))).unwrap();
    let identities = read(folder.path(), all(), &memory).0.unwrap();
    let (at_once, proof) = prove(&identities, &right);
    assert!(!at_once && matches!(proof, Proof::Refused(_)), "{proof:?}");
}

/// A line's hash with the least cost there is.
fn htpasswd(password: &str) -> String {
    gated_identity::hash_password(password, 4).unwrap()
}

#[test]
fn headers_of_proxies_are_taken_out_of_what_others_send() {
    let network = |text: &str, bits: u8| Network {
        address: u128::from(text.parse::<std::net::Ipv4Addr>().unwrap().to_ipv6_mapped()),
        bits,
    };
    let method = IdentityMethod::Header("x-forwarded-user".into(), vec![network("10.0.0.0", 104)]);
    let mut staff = identity("staff", method);
    staff.claims.push(Claim {
        name: "groups".into(),
        kind: ClaimKind::Texts,
        from: vec!["x-groups".into()],
        role: false,
        optional: true,
    });
    let folder = tempfile::tempdir().unwrap();
    let identities = read(folder.path(), vec![staff], &Arc::default()).0.unwrap();
    let take = |peer: &str| {
        let mut headers = HeaderMap::new();
        for name in [
            "x-forwarded-user",
            "x-groups",
            "x_groups",
            "x_forwarded-user",
            "x-other",
        ] {
            headers.insert(name, HeaderValue::from_static("ann"));
        }
        let mut trailers = headers.clone();
        identities.guarded().clean_trailers(&mut trailers);
        assert_eq!(
            trailers.len(),
            1,
            "no proxy says who asks when that is settled"
        );
        let back = identities
            .guarded()
            .take(&mut headers, peer.parse().unwrap());
        assert_eq!(headers.len(), 1);
        back.len()
    };
    assert_eq!(take("10.1.1.1"), 2);
    assert_eq!(take("127.0.0.1"), 0);
    let none = identities.challenges([0].into_iter(), true);
    assert!(none.is_empty());
}

#[test]
fn clients_are_told_what_they_need() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("none"), "").unwrap();
    let all = vec![
        identity("a", IdentityMethod::Basic("none".into())),
        identity("b", IdentityMethod::Bearer("none".into())),
        identity(
            "c",
            IdentityMethod::ApiKey("none".into(), CredentialPlace::Header("k".into())),
        ),
        identity("d", IdentityMethod::Bearer("none".into())),
        identity("e", IdentityMethod::Anonymous),
    ];
    let identities = read(folder.path(), all, &Arc::default()).0.unwrap();
    let lines = |refused| {
        let lines = identities.challenges(0..5, refused);
        lines
            .iter()
            .map(|line| line.to_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        lines(false),
        [
            "Basic realm=\"a \\\"gate\\\"\", charset=\"UTF-8\"",
            "Bearer realm=\"a \\\"gate\\\"\"",
            "ApiKey realm=\"a \\\"gate\\\"\"",
        ]
    );
    assert!(lines(true)[1].ends_with(", error=\"invalid_token\""));
    assert!(identities.anonymous(4).is_some() && identities.anonymous(0).is_none());
}

#[test]
fn keys_in_files_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let made = NewKey::make("job", &[], None).unwrap();
    std::fs::write(folder.path().join("keys"), &made.line).unwrap();
    let place = CredentialPlace::Cookie("key".into());
    let all = vec![identity("k", IdentityMethod::ApiKey("keys".into(), place))];
    let identities = read(folder.path(), all, &Arc::default()).0.unwrap();
    let cookie = format!("a=b; key={}", made.key);
    let (at_once, proof) = prove(&identities, &[("cookie", &cookie)]);
    assert_eq!((at_once, id(&proof).as_str()), (true, "job"));
    let twice = format!("key={0}; key={0}", made.key);
    let (_, proof) = prove(&identities, &[("cookie", &twice)]);
    assert!(matches!(proof, Proof::Refused(_)));
}

/// Answers with whatever is in it, or closes every connection.
fn serve(content: Arc<Mutex<Option<String>>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/keys?secret=x", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let mut socket = socket.unwrap();
            let Some(body) = lock(&content).clone() else {
                continue;
            };
            let mut request = [0; 4096];
            let count = socket.read(&mut request).unwrap();
            let etag = format!("\"{}\"", body.len());
            let text = String::from_utf8_lossy(&request[..count]).into_owned();
            let answer = match text.contains(&format!("if-none-match: {etag}")) {
                true => "HTTP/1.1 304 Not Modified\r\n\r\n".to_owned(),
                false => format!(
                    "HTTP/1.1 200 OK\r\netag: {etag}\r\ncontent-length: {}\r\n\r\n{body}",
                    body.len()
                ),
            };
            let _ = socket.write_all(answer.as_bytes());
        }
    });
    url
}

fn wait_for(what: impl Fn() -> bool) {
    let begun = std::time::Instant::now();
    while !what() {
        assert!(begun.elapsed().as_secs() < 30, "it never came");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[test]
fn keys_at_a_url_serve_while_they_can_be_had() {
    let (private, public) = new_pair().unwrap();
    let set = gated_identity::public_set(&[("one", public.as_bytes())]).unwrap();
    let content = Arc::new(Mutex::new(None));
    let url = serve(Arc::clone(&content));
    let folder = tempfile::tempdir().unwrap();
    let memory: Arc<Memory> = Arc::default();
    let all = || vec![identity("j", jwt(JwtKeys::Url(url.clone())))];
    let identities = read(folder.path(), all(), &memory).0.unwrap();
    let signer = Signer::from_pem(private.as_bytes()).unwrap();
    let claims = serde_json::json!({"sub": "ann", "exp": 4_000_000_000_i64});
    let token = |kid: &str| {
        let claims = claims.as_object().unwrap();
        let token = signer.token(Algorithm::ES256, None, Some(kid), claims);
        format!("Bearer {}", token.unwrap())
    };
    let ask = |identities: &Identities, kid: &str| {
        id(&prove(identities, &[("authorization", &token(kid))]).1)
    };
    wait_for(|| identities.sources().next().unwrap().facts().failed > 0);
    assert_eq!(ask(&identities, "one"), "Away");
    *lock(&content) = Some(set);
    wait_for(|| ask(&identities, "one") == "ann");
    assert!(ask(&identities, "two").contains("does not name"));
    let facts = || identities.sources().next().unwrap().facts();
    assert!(facts().url.ends_with("/keys"), "no query: {}", facts().url);
    // Fetched anew by their tag, they are the same.
    let fetched = facts().fetched;
    wait_for(|| facts().fetched > fetched);
    assert_eq!(ask(&identities, "one"), "ann");
    // Another snapshot has them at once.
    let other = read(folder.path(), all(), &memory).0.unwrap();
    assert_eq!(ask(&other, "one"), "ann");
    // Others come with the next fetch, and the old ones are gone, whatever was proved before.
    let (_, public) = new_pair().unwrap();
    *lock(&content) = gated_identity::public_set(&[("other", public.as_bytes())]);
    wait_for(|| ask(&identities, "one") != "ann");
    // Away for longer than they may be stale.
    *lock(&content) = None;
    wait_for(|| ask(&identities, "one") == "Away");
}
