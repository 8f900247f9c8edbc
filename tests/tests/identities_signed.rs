//! Who is asking, proved by signing: client certificates, HMAC, and HTTP message signatures made by another
//! library.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use gatec_tests::{Answer, Replica, curl, free_port, python_program, root, wait_for};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use serde_json::Value;

const POLICIES: &str =
    "policies {\n    cedar \"permit (principal is Peer, action, resource);\"\n}\n";

/// An authority for certificates.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn write(&self, folder: &Path, file: &str) {
        std::fs::write(folder.join(file), self.0.pem()).unwrap();
    }

    /// Writes a certificate and its key, as `name.pem` and `name.key`.
    fn issue(&self, folder: &Path, name: &str, hosts: &[&str]) {
        let hosts: Vec<String> = hosts.iter().map(|&host| host.to_owned()).collect();
        let mut params = CertificateParams::new(hosts).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        std::fs::write(folder.join(format!("{name}.pem")), certificate.pem()).unwrap();
        std::fs::write(folder.join(format!("{name}.key")), key.serialize_pem()).unwrap();
    }
}

fn listener(name: &str, port: u16, clients: &str) -> String {
    format!(
        "listener \"{name}\" bind=\"127.0.0.1:{port}\" {{\n    tls {{\n        certificate \"web.pem\" key=\"web.key\"\n        {clients}\n    }}\n}}\n"
    )
}

/// Asks with the certificate of a client, if any; all connections go through one process of curl, so that
/// sessions are resumed where a listener takes them.
fn ask(folder: &Path, client: Option<&str>, ports: &[u16]) -> Vec<u16> {
    let mut command = Command::new("curl");
    command.args(["-s", "--max-time", "10", "--cacert"]);
    command.arg(folder.join("ca.pem"));
    if let Some(name) = client {
        command
            .arg("--cert")
            .arg(folder.join(format!("{name}.pem")));
        command.arg("--key").arg(folder.join(format!("{name}.key")));
    }
    command.args(["-H", "Connection: close", "-w", "%{http_code}\n"]);
    for port in ports {
        command.args(["-o", "/dev/null"]);
        command.arg(format!("https://localhost:{port}/"));
    }
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.parse().unwrap()).collect()
}

#[test]
fn a_client_certificate_counts_where_its_listener_verified_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (clients, others) = (Authority::new("clients"), Authority::new("others"));
    let servers = Authority::new("servers");
    servers.write(folder, "ca.pem");
    clients.write(folder, "clients.pem");
    others.write(folder, "others.pem");
    servers.issue(folder, "web", &["localhost"]);
    clients.issue(folder, "ann", &[]);
    clients.issue(folder, "eve", &[]);
    others.issue(folder, "ann-of-others", &[]);
    let (asking, open) = (free_port(), free_port());
    let spec = |ca: &str| {
        let clients = format!("client-certificate \"request\" ca=\"{ca}\"");
        let listeners = listener("asking", asking, &clients) + &listener("open", open, "");
        format!(
            "{listeners}identity \"peer\" {{\n    client-certificate \"common-name\"\n}}\n\
             policies {{\n    cedar \"permit (principal == Peer::\\\"ann\\\", action, resource);\"\n}}\n\
             route \"home\" {{\n    match \"/\"\n    identity \"peer\"\n    respond 200 \"welcome\"\n}}\n"
        )
    };
    let path = folder.join("gate.kdl");
    std::fs::write(&path, spec("clients.pem")).unwrap();
    let replica = Replica::start(&path, &[]);
    assert_eq!(ask(folder, Some("ann"), &[asking]), [200]);
    assert_eq!(
        ask(folder, Some("eve"), &[asking]),
        [403],
        "no policy lets her in"
    );
    assert_eq!(ask(folder, None, &[asking]), [403], "nobody is proved");
    assert_eq!(
        ask(folder, Some("ann-of-others"), &[asking]),
        [0],
        "no handshake"
    );
    // A listener that asks for none takes none, also where a session begun at the other is offered.
    assert_eq!(
        ask(folder, Some("ann"), &[asking, open, asking, open]),
        [200, 403, 200, 403]
    );
    assert!(!replica.log().contains("panicked"));
}

/// A connection outlives the settings it began with; a certificate on it does not.
#[test]
fn a_client_certificate_counts_no_longer_once_others_vouch_for_clients() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (clients, others) = (Authority::new("clients"), Authority::new("others"));
    clients.write(folder, "clients.pem");
    clients.write(folder, "ca.pem");
    clients.issue(folder, "web", &["localhost"]);
    clients.issue(folder, "ann", &[]);
    let port = free_port();
    let tls = listener(
        "asking",
        port,
        "client-certificate \"request\" ca=\"clients.pem\"",
    );
    let path = folder.join("gate.kdl");
    let spec = format!(
        "{tls}identity \"peer\" {{\n    client-certificate \"common-name\"\n}}\n{POLICIES}\
         route \"home\" {{\n    match \"/\"\n    identity \"peer\"\n    respond 200 \"welcome\"\n}}\n"
    );
    std::fs::write(&path, spec).unwrap();
    let _replica = Replica::start(&path, &[]);
    let script = root().join("tests/fixtures/identities/kept.py");
    let mut kept = Command::new(python_program("python"))
        .arg(script)
        .args([&port.to_string(), "ca.pem", "ann.pem", "ann.key"])
        .current_dir(folder)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = std::io::BufReader::new(kept.stdout.take().unwrap());
    let mut next = || {
        let mut line = String::new();
        std::io::BufRead::read_line(&mut said, &mut line).unwrap();
        line.trim().to_owned()
    };
    assert_eq!(next(), "200");
    others.write(folder, "clients.pem");
    wait_for("the other authority", 20, || {
        ask(folder, Some("ann"), &[port]) == [0]
    });
    drop(kept.stdin.take());
    assert_eq!(next(), "403");
    assert!(kept.wait().unwrap().success());
}

/// A replica whose one route wants a signature.
struct Gate {
    replica: Replica,
    url: String,
    _folder: tempfile::TempDir,
}

impl Gate {
    fn start(port: u16, identity: &str, files: &[(String, &str)], secret: (&str, &str)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let path = folder.path().join("gate.kdl");
        let spec = format!(
            "listener \"web\" bind=\"127.0.0.1:{port}\"\n\nidentity \"peer\" {{\n    {identity}\n}}\n\n{POLICIES}\n\
             route \"in\" {{\n    match prefix=\"/\"\n    identity \"peer\"\n    respond 200 \"welcome\"\n}}\n"
        );
        std::fs::write(&path, spec).unwrap();
        Self {
            replica: Replica::start(&path, &[secret]),
            url: format!("http://127.0.0.1:{port}"),
            _folder: folder,
        }
    }

    fn post(&self, path: &str, headers: &[String], body: &str) -> Answer {
        let url = format!("{}{path}", self.url);
        post(&url, headers, body)
    }
}

fn post(url: &str, headers: &[String], body: &str) -> Answer {
    let mut arguments = vec!["-X", "POST", "--data-binary", body];
    for header in headers {
        arguments.extend(["-H", header]);
    }
    arguments.push(url);
    curl(&arguments)
}

/// `openssl dgst -hmac`, so that no code of ours signs.
fn hmac(secret: &str, message: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("message");
    std::fs::write(&file, message).unwrap();
    let output = Command::new("openssl")
        .args(["dgst", "-sha256", "-hmac", secret, "-hex"])
        .arg(&file)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.trim().rsplit(' ').next().unwrap().to_owned()
}

#[test]
fn a_webhook_is_taken_once_and_while_it_is_fresh() {
    const SECRET: &str = "a-secret-of-32-bytes-for-webhooks";
    let identity = "signature header=\"x-signature\" prefix=\"sha256=\" window=\"1m\" {\n        \
         key \"shop\" secret=(secret)\"webhook-key\"\n        \
         covers \"timestamp\" \"method\" \"url\" \"body\"\n    }";
    let secret = ("GATED_SECRET_WEBHOOK_KEY", SECRET);
    let gate = Gate::start(free_port(), identity, &[], secret);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now = now.as_secs();
    let signed = |time: u64, path: &str, body: &str| {
        let signature = hmac(SECRET, &format!("{time}\nPOST\n{path}\n{body}"));
        vec![
            format!("x-timestamp: {time}"),
            format!("x-signature: sha256={signature}"),
        ]
    };
    let good = signed(now, "/in?a=1", "paid");
    let taken = gate.post("/in?a=1", &good, "paid");
    assert_eq!(taken.status, 200, "{taken:?} {}", gate.replica.log());
    for (what, path, headers, body) in [
        ("a replay", "/in?a=1", good.clone(), "paid"),
        (
            "an old time",
            "/in",
            signed(now - 120, "/in", "paid"),
            "paid",
        ),
        (
            "a time to come",
            "/in",
            signed(now + 120, "/in", "paid"),
            "paid",
        ),
        ("another body", "/in", signed(now, "/in", "paid"), "void"),
        ("another path", "/out", signed(now, "/in", "paid"), "paid"),
        (
            "another query",
            "/in?a=2",
            signed(now, "/in?a=1", "paid"),
            "paid",
        ),
    ] {
        let answer = gate.post(path, &headers, body);
        assert_eq!(answer.status, 401, "{what}: {answer:?}");
    }
    // The time is among what is signed.
    let mut later = signed(now, "/in", "later");
    later[0] = format!("x-timestamp: {}", now + 1);
    assert_eq!(gate.post("/in", &later, "later").status, 401);
    assert_eq!(gate.post("/in", &[], "paid").status, 401);
    assert_eq!(
        gate.post("/in", &signed(now, "/in", "more"), "more").status,
        200
    );
    assert!(
        gate.replica
            .log()
            .contains("the signature was taken before")
    );
    assert!(gate.replica.log().contains("the signature is too old"));
}

#[test]
fn message_signatures_of_another_library_are_verified() {
    let port = free_port();
    let output = Command::new(python_program("python"))
        .arg(root().join("tests/fixtures/identities/sign.py"))
        .arg(format!("http://127.0.0.1:{port}"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let made: Value = serde_json::from_slice(&output.stdout).unwrap();
    let public = made["public"].as_object().unwrap();
    let files: Vec<(String, &str)> = public
        .iter()
        .map(|(kid, pem)| (format!("{kid}.pem"), pem.as_str().unwrap()))
        .collect();
    let keys: String = public
        .keys()
        .map(|kid| format!("        key \"{kid}\" file=\"{kid}.pem\"\n"))
        .collect();
    let identity = format!(
        "message-signature window=\"5m\" {{\n{keys}        key \"shared\" secret=(secret)\"shared\"\n        \
         covers \"@method\" \"@authority\" \"@path\" \"@query\" \"content-digest\"\n    }}"
    );
    let secret = ("GATED_SECRET_SHARED", made["secret"].as_str().unwrap());
    let gate = Gate::start(port, &identity, &files, secret);
    let requests = made["requests"].as_object().unwrap();
    assert!(requests.len() > 15);
    for (name, request) in requests {
        let headers: Vec<String> = request["headers"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.as_str().unwrap()))
            .collect();
        let url = request["url"].as_str().unwrap();
        let answer = post(url, &headers, request["body"].as_str().unwrap());
        let expected = if request["taken"] == true { 200 } else { 401 };
        assert_eq!(
            answer.status,
            expected,
            "{name}: {request:#}\n{}",
            gate.replica.log()
        );
    }
}
