//! Who is asking, proved to a live replica: tokens made by another library, passwords by `htpasswd`,
//! keys by `gatec`, and a server of keys that changes, goes away and comes back.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use gatec_tests::{Answer, Replica, curl, free_port, gatec, python_program, root, wait_for};
use serde_json::Value;

/// Keys and tokens, made by another library.
fn made() -> Value {
    let script = root().join("tests/fixtures/identities/tokens.py");
    let output = Command::new(python_program("python"))
        .arg(script)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A server of keys; without content it closes every connection.
struct Keys {
    content: Arc<Mutex<Option<String>>>,
    port: u16,
}

impl Keys {
    fn serve(content: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let content = Arc::new(Mutex::new(Some(content.to_owned())));
        let shared = Arc::clone(&content);
        std::thread::spawn(move || {
            for socket in listener.incoming() {
                let content = shared.lock().unwrap().clone();
                if let (Ok(socket), Some(content)) = (socket, content) {
                    let _ = answer(socket, &content);
                }
            }
        });
        Self { content, port }
    }

    fn set(&self, content: Option<&str>) {
        *self.content.lock().unwrap() = content.map(str::to_owned);
    }
}

fn answer(mut socket: TcpStream, content: &str) -> std::io::Result<()> {
    let mut request = [0; 4096];
    let _ = socket.read(&mut request)?;
    let length = content.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    );
    socket.write_all(head.as_bytes())?;
    socket.write_all(content.as_bytes())
}

/// A replica with one route, `/`, that takes one identity, whose policies let everybody in who is known.
struct Gate {
    replica: Replica,
    url: String,
    folder: tempfile::TempDir,
}

impl Gate {
    fn start(identity: &str, files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let port = free_port();
        let path = folder.path().join("gate.kdl");
        let spec = format!(
            "listener \"web\" bind=\"127.0.0.1:{port}\"\n\nidentity \"staff\" {{\n    {identity}\n}}\n\n\
             policies {{\n    cedar \"permit (principal is Staff, action, resource);\"\n}}\n\n\
             route \"home\" {{\n    match \"/\"\n    identity \"staff\"\n    respond 200 \"welcome\"\n}}\n"
        );
        std::fs::write(&path, spec).unwrap();
        Self {
            replica: Replica::start(&path, &[]),
            url: format!("http://127.0.0.1:{port}/"),
            folder,
        }
    }

    fn ask(&self, arguments: &[&str]) -> Answer {
        curl(&[arguments, &[self.url.as_str()]].concat())
    }

    fn ask_with(&self, token: &str) -> Answer {
        self.ask(&["-H", &format!("Authorization: Bearer {token}")])
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn metric(&self, line: &str) -> bool {
        self.replica.management("/metrics").body.contains(line)
    }
}

const CLAIMS: &str = "claim \"roles\" type=\"set<string>\" role=#true optional=#true";

fn by_url(keys: &Keys, more: &str) -> String {
    format!(
        "jwt issuer=\"https://id.example\" audience=\"shop\" keys=\"http://127.0.0.1:{}/jwks.json\" {more}\n    {CLAIMS}",
        keys.port
    )
}

/// Holds every token against a gate: the good ones get in, and no others.
fn hold_tokens(gate: &Gate, made: &Value) {
    let tokens = made["tokens"].as_object().unwrap();
    assert!(tokens.len() > 20);
    for (name, token) in tokens {
        let answer = gate.ask_with(token.as_str().unwrap());
        if name.starts_with("good") {
            assert_eq!(
                (answer.status, answer.body.as_str()),
                (200, "welcome"),
                "{name}"
            );
            continue;
        }
        assert_eq!(answer.status, 401, "{name}: {answer:?}");
        let challenge = answer.header("www-authenticate").unwrap();
        assert!(
            challenge.starts_with("Bearer realm="),
            "{name}: {challenge}"
        );
        assert!(
            challenge.ends_with("error=\"invalid_token\""),
            "{name}: {challenge}"
        );
    }
    let log = gate.replica.log();
    assert!(log.contains("a credential was refused"), "{log}");
    let good = tokens["good"].as_str().unwrap();
    assert!(!log.contains(good), "a token is in the log");
}

#[test]
fn forged_and_stale_tokens_are_refused_with_keys_at_a_url() {
    let made = made();
    let keys = Keys::serve(made["first"].as_str().unwrap());
    let gate = Gate::start(&by_url(&keys, ""), &[]);
    let good = made["tokens"]["good"].as_str().unwrap();
    wait_for("the keys", 20, || gate.ask_with(good).status == 200);
    hold_tokens(&gate, &made);
    let none = gate.ask(&[]);
    assert_eq!(none.status, 401);
    let challenge = none.header("www-authenticate").unwrap();
    assert!(!challenge.contains("error="), "{challenge}");
    assert!(gate.metric("gated_authentications_total{identity=\"staff\",outcome=\"refused\"}"));
    assert!(gate.metric("gated_key_fetches_total{url=\"http://127.0.0.1:"));
}

#[test]
fn forged_and_stale_tokens_are_refused_with_a_key_in_a_file() {
    let made = made();
    let identity = format!(
        "jwt issuer=\"https://id.example\" audience=\"shop\" keys=\"public.pem\"\n    {CLAIMS}"
    );
    let gate = Gate::start(
        &identity,
        &[("public.pem", made["public"].as_str().unwrap())],
    );
    // A key without a name fits every name, so only that attack is none here.
    let mut others = made.clone();
    others["tokens"]
        .as_object_mut()
        .unwrap()
        .remove("wrong kid");
    others["tokens"]["good"] = made["tokens"]["wrong kid"].clone();
    others["tokens"]["expired too"] = made["tokens"]["expired"].clone();
    hold_tokens(&gate, &others);
}

#[test]
fn a_key_that_changes_while_it_runs_is_taken() {
    let made = made();
    let keys = Keys::serve(made["first"].as_str().unwrap());
    let gate = Gate::start(&by_url(&keys, "refresh=\"1h\""), &[]);
    let (good, rotated) = (
        made["tokens"]["good"].as_str().unwrap(),
        made["rotated"].as_str().unwrap(),
    );
    wait_for("the keys", 20, || gate.ask_with(good).status == 200);
    assert_eq!(gate.ask_with(rotated).status, 401);
    keys.set(made["second"].as_str());
    // Unknown keys have the set fetched anew, but not more often than every ten seconds.
    wait_for("the new key", 30, || gate.ask_with(rotated).status == 200);
    assert_eq!(
        gate.ask_with(good).status,
        401,
        "what was proved with the old key is forgotten"
    );
}

#[test]
fn keys_serve_for_a_while_where_their_server_is_away() {
    let made = made();
    let keys = Keys::serve(made["first"].as_str().unwrap());
    keys.set(None);
    let gate = Gate::start(&by_url(&keys, "refresh=\"1s\" stale=\"3s\""), &[]);
    let good = made["tokens"]["good"].as_str().unwrap();
    let away = gate.ask_with(good);
    assert_eq!(away.status, 503, "the replica starts without keys");
    assert_eq!(away.header("retry-after"), Some("1"));
    assert_eq!(
        gate.ask(&[]).status,
        401,
        "without a token no key is needed"
    );
    keys.set(made["first"].as_str());
    wait_for("the keys", 20, || gate.ask_with(good).status == 200);
    let failed = |gate: &Gate| {
        let page = gate.replica.management("/metrics").body;
        let line = page
            .lines()
            .find(|line| line.contains("outcome=\"failed\"") && line.contains("key_fetches"));
        line.and_then(|line| line.rsplit(' ').next()?.parse::<u64>().ok())
            .unwrap()
    };
    let before = failed(&gate);
    keys.set(None);
    wait_for("a fetch that fails", 20, || failed(&gate) > before);
    assert_eq!(
        gate.ask_with(good).status,
        200,
        "the keys are stale and serve"
    );
    wait_for("the end of the keys", 30, || {
        gate.ask_with(good).status == 503
    });
    keys.set(made["first"].as_str());
    wait_for("the keys again", 60, || gate.ask_with(good).status == 200);
}

#[test]
fn passwords_are_those_that_htpasswd_wrote() {
    let htpasswd = |password: &str| {
        let output = Command::new("htpasswd")
            .args(["-nbBC", "5", "ann", password])
            .output()
            .expect("htpasswd is installed; `cargo xtask test` sees to that");
        String::from_utf8(output.stdout).unwrap()
    };
    let users = htpasswd("correct horse");
    let gate = Gate::start("basic \"users\"", &[("users", &users)]);
    for _ in 0..2 {
        assert_eq!(gate.ask(&["-u", "ann:correct horse"]).status, 200);
        for wrong in ["ann:wrong", "bob:correct horse", "ann:", ":correct horse"] {
            assert_eq!(gate.ask(&["-u", wrong]).status, 401, "{wrong}");
        }
    }
    let none = gate.ask(&[]);
    let challenge = none.header("www-authenticate").unwrap();
    assert!(challenge.starts_with("Basic realm=\""), "{challenge}");
    assert!(challenge.ends_with("charset=\"UTF-8\""), "{challenge}");
    std::fs::write(gate.path().join("users"), htpasswd("battery")).unwrap();
    wait_for("the new password", 20, || {
        gate.ask(&["-u", "ann:battery"]).status == 200
    });
    assert_eq!(gate.ask(&["-u", "ann:correct horse"]).status, 401);
    // A file that is wrong changes nothing.
    std::fs::write(gate.path().join("users"), "ann:plain\n").unwrap();
    wait_for("the refusal", 20, || gate.replica.refusals() == 1);
    // Told by the compiler or by the replica, whichever looks first.
    wait_for("its line in the log", 20, || {
        let log = gate.replica.log();
        log.contains("`users`") && log.contains("line 1")
    });
    assert_eq!(gate.ask(&["-u", "ann:battery"]).status, 200);
}

#[test]
fn a_key_is_good_until_it_is_revoked() {
    let gate = Gate::start("api-key \"keys.txt\" query=\"key\"", &[("keys.txt", "")]);
    assert_eq!(gate.ask(&[]).status, 401);
    let made = gatec(gate.path(), ["key", "new", "job", "--file", "keys.txt"]);
    let key = made.stdout.trim();
    let url = format!("{}?key={key}", gate.url);
    wait_for("the key", 20, || curl(&[&url]).status == 200);
    let twice = format!("{url}&key={key}");
    assert_eq!(curl(&[&twice]).status, 401, "two keys are none");
    assert!(!gate.replica.log().contains(key), "the key is in the log");
    gatec(gate.path(), ["key", "revoke", "job", "--file", "keys.txt"]);
    wait_for("the revocation", 20, || curl(&[&url]).status == 401);
}

#[test]
fn only_a_named_proxy_says_who_asks() {
    let named = Gate::start("header \"x-forwarded-user\" { from \"127.0.0.0/8\"; }", &[]);
    assert_eq!(named.ask(&["-H", "X-Forwarded-User: ann"]).status, 200);
    let none = named.ask(&[]);
    assert_eq!(
        none.status, 403,
        "nothing that a client could send would help"
    );
    assert_eq!(none.header("www-authenticate"), None);
    let other = Gate::start("header \"x-forwarded-user\" { from \"10.0.0.0/8\"; }", &[]);
    assert_eq!(other.ask(&["-H", "X-Forwarded-User: ann"]).status, 403);
}
