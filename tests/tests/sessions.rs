//! Sessions, tried from outside: two real replicas that share a real Redis, and clients that know nothing but
//! their cookie.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;

use gatec_tests::redis::Redis;
use gatec_tests::{Answer, Replica, curl, free_port, wait_for};
use serde_json::json;

const KEY_ONE: &str = "0123456789abcdef0123456789abcdef";
const KEY_TWO: &str = "fedcba9876543210fedcba9876543210";
const SECRETS: [(&str, &str); 2] = [
    ("GATED_SECRET_KEY_ONE", KEY_ONE),
    ("GATED_SECRET_KEY_TWO", KEY_TWO),
];

/// A replica that serves a spec on a port.
struct Gate {
    replica: Replica,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Gate {
    fn start(store: &str, session: &str, routes: &str) -> Self {
        Self::start_with(store, session, routes, &SECRETS)
    }

    fn start_with(store: &str, session: &str, routes: &str, secrets: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let spec = format!(
            "gateway \"shop\"\nlistener \"web\" bind=\"127.0.0.1:{port}\"\n{store}\n{session}\n{routes}"
        );
        let path: &Path = &folder.path().join("gate.kdl");
        std::fs::write(path, spec).unwrap();
        Self {
            replica: Replica::start(path, secrets),
            port,
            _folder: folder,
        }
    }

    fn ask(&self, method: &str, target: &str, options: &[&str]) -> Answer {
        let url = format!("http://127.0.0.1:{}{target}", self.port);
        curl(&[&["-X", method], options, &[&url]].concat())
    }

    fn with(&self, method: &str, target: &str, cookie: &str, body: &str) -> Answer {
        let cookie = format!("Cookie: {cookie}");
        self.ask(method, target, &["-H", &cookie, "-d", body])
    }

    fn login(&self, user: &str) -> String {
        let answer = self.with(
            "POST",
            "/login",
            "a=b",
            &json!({ "user": user }).to_string(),
        );
        assert_eq!(answer.status, 204, "{}", self.replica.log());
        cookie(&answer).unwrap()
    }

    fn me(&self, cookie: &str) -> serde_json::Value {
        self.with("GET", "/me", cookie, "").json()
    }
}

fn cookie(answer: &Answer) -> Option<String> {
    let line = answer.header("set-cookie")?;
    Some(line.split(';').next().unwrap_or_default().to_owned())
}

fn store(redis: &Redis) -> String {
    // A deadline that a busy machine keeps too: what is asked here is not how fast it is.
    format!(
        "store \"redis\" url=\"{}\" replicas=2 deadline=\"2s\"",
        redis.url()
    )
}

fn session(attributes: &str, keys: &[&str]) -> String {
    let mut text = format!("session \"web\" {attributes} {{\n");
    for key in keys {
        writeln!(text, "    key (secret)\"{key}\"").unwrap();
    }
    text + "    field \"user\"\n    field \"level\" type=\"long\"\n    field \"beta\" type=\"bool\"\n    field \"cart\" type=\"counter\"\n    subject \"user\"\n}"
}

const ROUTES: &str = r##"
route "login" public=#true {
    match "POST" "/login"
    session "web" renew=#true {
        set "user" "{{ body.user }}"
        set "level" "{{ body.level }}"
    }
    respond 204
}
route "cart" public=#true {
    match "POST" "/cart"
    session "web" required=#true {
        add "cart" 2
    }
    respond 200 #"{"cart": {{ session.cart }}}"#
}
route "beta" public=#true {
    match "POST" "/beta"
    session "web" {
        set "beta" "{{ body.beta }}"
    }
    respond 200 #"{"beta": {{ session.beta }}}"#
}
route "open" public=#true {
    match "POST" "/open"
    session "web" csrf=#false
    respond 204
}
route "me" public=#true {
    match "GET" "/me"
    session "web"
    respond 200 #"{"user": {{ session.user }}, "level": {{ session.level }}, "cart": {{ session.cart }}}"#
}
route "logout" public=#true {
    match "POST" "/logout"
    session "web" end=#true
    respond 204
}
"##;

#[test]
fn a_session_is_made_when_something_is_set_and_is_the_clients_alone() {
    let gate = Gate::start("", &session("", &["key-one"]), ROUTES);
    let nobody = json!({ "user": null, "level": null, "cart": null });
    let answer = gate.ask("GET", "/me", &[]);
    assert_eq!(answer.json(), nobody);
    assert_eq!(answer.header("set-cookie"), None, "nothing was set");
    let refused = gate.ask("POST", "/cart", &[]);
    assert_eq!(refused.status, 401);
    assert_eq!(
        refused.header("www-authenticate"),
        Some("Cookie realm=\"web\"")
    );

    let answer = gate.ask("POST", "/login", &["-d", r#"{"user": "ann", "level": 7}"#]);
    let line = answer.header("set-cookie").unwrap();
    let (pair, attributes) = line.split_once(';').unwrap();
    assert_eq!(attributes, " Path=/; HttpOnly; Secure; SameSite=Lax");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let (name, id) = pair.split_once('=').unwrap();
    assert_eq!((name, id.len()), ("__Host-sid", 43));
    assert_eq!(
        gate.with("POST", "/cart", pair, "").json(),
        json!({ "cart": 2 })
    );
    assert_eq!(
        gate.with("POST", "/cart", pair, "").json(),
        json!({ "cart": 4 })
    );
    let ann = json!({ "user": "ann", "level": 7, "cart": 4 });
    assert_eq!(gate.me(pair), ann);
    assert_ne!(
        cookie(&gate.ask("POST", "/login", &["-d", r#"{"user": "bob"}"#])).as_deref(),
        Some(pair)
    );

    // Of a wrong type, or too long.
    assert_eq!(
        gate.with("POST", "/beta", pair, r#"{"beta": "maybe"}"#)
            .status,
        400
    );
    let long = json!({ "user": "x".repeat(5000) }).to_string();
    assert_eq!(gate.with("POST", "/login", "a=b", &long).status, 400);
    assert_eq!(
        gate.with("POST", "/beta", pair, r#"{"beta": true}"#).json(),
        json!({ "beta": true })
    );

    let ended = gate.with("POST", "/logout", pair, "");
    assert_eq!(
        ended.header("set-cookie"),
        Some("__Host-sid=; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=0")
    );
    assert_eq!(gate.me(pair), nobody);
    assert_eq!(gate.with("POST", "/cart", pair, "").status, 401);
    assert!(!gate.replica.log().contains(id), "no id is ever logged");
}

#[test]
fn a_login_has_a_new_id_and_the_old_one_is_over() {
    let gate = Gate::start("", &session("", &["key-one"]), ROUTES);
    let planted = cookie(&gate.ask("POST", "/beta", &["-d", r#"{"beta": true}"#])).unwrap();
    let answer = gate.with("POST", "/login", &planted, r#"{"user": "ann"}"#);
    let renewed = cookie(&answer).unwrap();
    assert_ne!(renewed, planted);
    assert_eq!(gate.me(&planted)["user"], json!(null));
    assert_eq!(gate.with("POST", "/cart", &planted, "").status, 401);
    // A late request with the old id does not displace the new cookie.
    let late = gate.with("POST", "/beta", &planted, r#"{"beta": true}"#);
    assert_eq!((late.status, cookie(&late)), (409, None));
    assert_eq!(gate.me(&renewed)["user"], json!("ann"));
    // What was remembered before goes along.
    let again = gate.with("POST", "/login", &renewed, r#"{"user": "ann", "level": 3}"#);
    let again = cookie(&again).unwrap();
    assert_eq!(
        gate.me(&again),
        json!({ "user": "ann", "level": 3, "cart": null })
    );
    let metrics = gate.replica.management("/metrics").body;
    for line in [
        r#"gated_session_events_total{session="web",event="made"} 1"#,
        r#"gated_session_events_total{session="web",event="renewed"} 2"#,
    ] {
        assert!(metrics.contains(line), "{metrics}");
    }
}

#[test]
fn pages_of_other_sites_are_refused() {
    let gate = Gate::start(
        "",
        &session("", &["key-one"]).replacen("{\n", "{\n    origins \"https://app.example\"\n", 1),
        ROUTES,
    );
    let here = format!("http://127.0.0.1:{}", gate.port);
    let cookie = gate.login("ann");
    let cases: &[(&str, &[&str], u16)] = &[
        ("/cart", &[], 200),
        ("/cart", &["Sec-Fetch-Site: same-origin"], 200),
        ("/cart", &["Sec-Fetch-Site: none"], 200),
        ("/cart", &["Sec-Fetch-Site: same-site"], 403),
        ("/cart", &["Sec-Fetch-Site: cross-site"], 403),
        (
            "/cart",
            &["Sec-Fetch-Site: cross-site", "Origin: https://app.example"],
            200,
        ),
        ("/cart", &[&format!("Origin: {here}")], 200),
        ("/cart", &["Origin: https://evil.example"], 403),
        ("/cart", &["Origin: null"], 403),
        ("/cart", &[&format!("Referer: {here}/shop")], 200),
        ("/cart", &["Referer: https://evil.example/"], 403),
        ("/login", &["Sec-Fetch-Site: cross-site"], 403),
        ("/logout", &["Sec-Fetch-Site: cross-site"], 403),
        ("/open", &["Sec-Fetch-Site: cross-site"], 204),
    ];
    for (target, lines, status) in cases {
        let mut options = Vec::new();
        let cookie = format!("Cookie: {cookie}");
        for line in lines.iter().copied().chain([cookie.as_str()]) {
            options.extend(["-H", line]);
        }
        let answer = gate.ask("POST", target, &options);
        assert_eq!(answer.status, *status, "{target} {lines:?}");
    }
    let read = ["-H", "Sec-Fetch-Site: cross-site"];
    assert_eq!(gate.ask("GET", "/me", &read).status, 200);
}

#[test]
fn sessions_end_when_they_are_idle_and_when_they_are_old() {
    let idle = Gate::start("", &session("idle=\"1s\"", &["key-one"]), ROUTES);
    let old = Gate::start(
        "",
        &session("idle=\"1h\" absolute=\"2s\"", &["key-one"]),
        ROUTES,
    );
    let (left, busy) = (idle.login("ann"), old.login("bob"));
    wait_for("the idle session to end", 20, || {
        std::thread::sleep(std::time::Duration::from_millis(1300));
        idle.me(&left)["user"].is_null()
    });
    // It was asked for all the time, and ends all the same.
    wait_for("the old session to end", 20, || {
        old.me(&busy)["user"].is_null()
    });
}

#[test]
fn policies_see_the_session_and_people_are_known_by_it() {
    let routes = r##"
identity "people" {
    session "web"
}
policies {
    cedar #"""
        permit (principal is People, action == Action::"mine", resource);
        permit (principal is People, action == Action::"admin", resource)
        when { context.session has level && context.session.level > 3 };
        """#
}
route "mine" {
    match "GET" "/mine"
    identity "people"
    respond 200 "{{ principal }}"
}
route "admin" {
    match "POST" "/admin"
    identity "people"
    session "web" {
        add "cart" 1
    }
    respond 200 "{{ session.cart }}"
}
"##;
    let gate = Gate::start("", &session("", &["key-one"]), &format!("{ROUTES}{routes}"));
    let answer = gate.ask("GET", "/mine", &[]);
    assert_eq!(
        (answer.status, answer.header("www-authenticate")),
        (401, Some("Cookie realm=\"shop\""))
    );
    let low = gate.login("ann");
    let answer = gate.with("GET", "/mine", &low, "");
    assert_eq!((answer.status, answer.body.as_str()), (200, "ann"));
    assert_eq!(gate.with("POST", "/admin", &low, "").status, 403);
    assert_eq!(gate.me(&low)["cart"], json!(null), "nothing was done");
    let high = gate.with("POST", "/login", &low, r#"{"user": "ann", "level": 4}"#);
    let high = cookie(&high).unwrap();
    let answer = gate.with("POST", "/admin", &high, "");
    assert_eq!((answer.status, answer.body.as_str()), (200, "1"));
    assert_eq!(gate.with("POST", "/admin", &low, "").status, 401);
}

#[test]
fn whoever_runs_it_can_end_sessions() {
    let redis = Redis::start(&[]);
    let spec = session("on-loss=\"closed\"", &["key-one"]);
    let one = Gate::start(&store(&redis), &spec, ROUTES);
    let two = Gate::start(&store(&redis), &spec, ROUTES);
    let anns: Vec<String> = (0..3).map(|_| one.login("ann")).collect();
    let bob = two.login("bob");
    let listed = two.replica.management("/sessions/web").json();
    assert_eq!(listed["count"], json!(4));
    let wrong = ["-X", "POST", "-d", r#"{"user": "ann"}"#];
    assert_eq!(
        two.replica.manage("/sessions/web/revoke", &wrong).status,
        400
    );
    let whose = ["-X", "POST", "-d", r#"{"subject": "ann"}"#];
    let ended = two.replica.manage("/sessions/web/revoke", &whose);
    assert_eq!(ended.json(), json!({ "revoked": 3 }));
    for ann in &anns {
        assert_eq!(one.me(ann)["user"], json!(null));
        // A session that was ended is not made again by who still has its id.
        assert_eq!(one.with("POST", "/cart", ann, "").status, 401);
    }
    assert_eq!(one.me(&bob)["user"], json!("bob"));
    let listed = one.replica.management("/sessions/web").json();
    let digest = listed["sessions"][0].as_str().unwrap().to_owned();
    let path = format!("/sessions/web/{digest}");
    let ended = one.replica.manage(&path, &["-X", "DELETE"]);
    assert_eq!(ended.json(), json!({ "revoked": 1 }));
    assert_eq!(one.replica.manage(&path, &["-X", "DELETE"]).status, 404);
    assert_eq!(two.me(&bob)["user"], json!(null));
    assert_eq!(one.replica.management("/sessions/none").status, 404);
    let events = one.replica.management("/sessions").json();
    assert_eq!(events["sessions"]["web"]["events"]["revoked"], json!(1));
}

/// The keys of sessions in Redis.
fn records(redis: &Redis) -> Vec<String> {
    let keys = redis.cli(&["KEYS", "*"]);
    let of_session = |key: &&str| {
        redis
            .cli(&["HKEYS", key])
            .lines()
            .any(|field| field.ends_with("v:user"))
    };
    keys.lines().filter(of_session).map(str::to_owned).collect()
}

#[test]
fn what_lies_in_redis_is_no_use_to_who_reads_or_changes_it() {
    let redis = Redis::start(&[]);
    let spec = session("on-loss=\"closed\"", &["key-one"]);
    let gate = Gate::start(&store(&redis), &spec, ROUTES);
    let cookie = gate.login("ann-of-the-hills");
    let id = cookie.split_once('=').unwrap().1;
    let dump = |command: &[&str]| {
        let text = redis.cli(command);
        assert!(!text.contains("ann-of-the-hills") && !text.contains(id));
        text
    };
    let keys = dump(&["KEYS", "*"]);
    for key in keys.lines() {
        dump(&["HGETALL", key]);
    }
    let record = records(&redis);
    let [record] = record.as_slice() else {
        panic!("one session, not {record:?}");
    };
    let fields = redis.cli(&["HKEYS", record]);
    let field = fields
        .lines()
        .find(|field| field.ends_with("v:user"))
        .unwrap();
    redis.cli(&["HSET", record, field, "changed"]);
    let answer = gate.with("GET", "/me", &cookie, "");
    assert_eq!((answer.status, &answer.json()["user"]), (200, &json!(null)));
    assert_eq!(records(&redis), Vec::<String>::new(), "it was ended");
    assert!(gate.replica.log().contains("could not be decrypted"));
    let metrics = gate.replica.management("/metrics").body;
    assert!(metrics.contains(r#"gated_session_events_total{session="web",event="unreadable"} 1"#));
}

#[test]
fn keys_are_changed_without_ending_sessions() {
    let redis = Redis::start(&[]);
    let with = |keys: &[&str]| {
        let spec = session("on-loss=\"closed\"", keys);
        Gate::start(&store(&redis), &spec, ROUTES)
    };
    let before = with(&["key-one"]);
    let old = before.login("ann");
    let during = with(&["key-two", "key-one"]);
    assert_eq!(during.me(&old)["user"], json!("ann"));
    let new = during.login("ann");
    let after = with(&["key-two"]);
    assert_eq!(after.me(&new)["user"], json!("ann"));
    // All of a user's, whichever key was the first when they began.
    let whose = ["-X", "POST", "-d", r#"{"subject": "ann"}"#];
    let ended = during.replica.manage("/sessions/web/revoke", &whose);
    assert_eq!(ended.json(), json!({ "revoked": 2 }));
    let late = before.login("bob");
    assert_eq!(after.me(&late)["user"], json!(null), "its key is not known");
}

#[test]
fn a_key_that_is_too_short_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let spec = format!(
        "listener \"web\" bind=\"127.0.0.1:{}\"\n{}\n{ROUTES}",
        free_port(),
        session("", &["key-one"])
    );
    std::fs::write(folder.path().join("gate.kdl"), spec).unwrap();
    let output = std::process::Command::new(gatec_tests::binary("gated"))
        .args(["run", "gate.kdl", "--management", "127.0.0.1:0"])
        .env("GATED_SECRET_KEY_ONE", "hunter2")
        .current_dir(folder.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success());
    assert!(told.contains("the secret `key-one` is too short"), "{told}");
    assert!(!told.contains("hunter2"), "{told}");
}

#[test]
fn without_the_store_a_session_is_closed_or_goes_on_without() {
    let redis = Redis::start(&[]);
    let short = store(&redis).replace("2s", "100ms");
    let closed = Gate::start(&short, &session("on-loss=\"closed\"", &["key-one"]), ROUTES);
    let open = Gate::start(
        &short,
        &session("on-loss=\"anonymous\"", &["key-one"]),
        ROUTES,
    );
    let cookie = closed.login("ann");
    assert_eq!(open.me(&cookie)["user"], json!("ann"));
    // Of what is asked of a frozen store nobody knows whether it will be done.
    let lost = open.login("bob");
    redis.signal("STOP");
    assert_eq!(closed.with("GET", "/me", &cookie, "").status, 503);
    let answer = open.with("GET", "/me", &cookie, "");
    assert_eq!((answer.status, &answer.json()["user"]), (200, &json!(null)));
    for target in ["/cart", "/login", "/logout"] {
        let answer = open.with("POST", target, &lost, r#"{"user": "ann"}"#);
        assert_eq!(answer.status, 503, "{target}");
        assert!(answer.header("retry-after").is_some());
    }
    redis.signal("CONT");
    wait_for("the session to be there again", 20, || {
        open.me(&cookie)["user"] == json!("ann") && closed.me(&cookie)["user"] == json!("ann")
    });
}

#[test]
fn an_upstream_gets_what_is_passed_on_and_not_the_id() {
    let upstream = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = upstream.local_addr().unwrap();
    let routes = format!(
        "{ROUTES}\nupstream \"shop\" {{\n    server \"http://{address}\"\n}}\nroute \"shop\" public=#true {{\n    match \"GET\" \"/shop\"\n    session \"web\"\n    request {{\n        set \"x-user\" \"{{{{ session.user }}}}\"\n    }}\n    proxy \"shop\"\n}}"
    );
    let gate = Gate::start("", &session("", &["key-one"]), &routes);
    let cookie = gate.login("ann");
    let server = std::thread::spawn(move || {
        let (mut stream, _) = upstream.accept().unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        let answer = b"HTTP/1.1 204 No Content\r\n\r\n";
        stream.write_all(answer).unwrap();
        String::from_utf8(head).unwrap().to_ascii_lowercase()
    });
    let cookies = format!("Cookie: theme=dark; {cookie}");
    assert_eq!(gate.ask("GET", "/shop", &["-H", &cookies]).status, 204);
    let head = server.join().unwrap();
    assert!(head.contains("x-user: ann"), "{head}");
    assert!(head.contains("cookie: theme=dark\r\n"), "{head}");
}

/// A connection that is kept.
struct Client(BufReader<TcpStream>);

impl Client {
    fn new(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self(BufReader::new(stream))
    }

    fn post(&mut self, target: &str, cookie: &str) -> u16 {
        let request = format!(
            "POST {target} HTTP/1.1\r\nHost: shop.example\r\nCookie: {cookie}\r\nContent-Length: 0\r\n\r\n"
        );
        self.0.get_mut().write_all(request.as_bytes()).unwrap();
        let (mut status, mut length) = (0, 0);
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).unwrap();
            if let Some(rest) = line.strip_prefix("HTTP/1.1 ") {
                status = rest[..3].parse().unwrap();
            }
            if let Some(rest) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = rest.trim().parse().unwrap();
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).unwrap();
        status
    }
}

#[test]
fn two_replicas_lose_no_change_of_fifty_clients() {
    const CLIENTS: usize = 50;
    const EACH: usize = 200;
    let redis = Redis::start(&[]);
    let mut fields = "session \"web\" on-loss=\"closed\" {\n    key (secret)\"key-one\"\n    field \"total\" type=\"counter\"\n".to_owned();
    let mut routes = "route \"begin\" public=#true {\n    match \"POST\" \"/begin\"\n    session \"web\" renew=#true {\n        set \"total\" \"0\"\n    }\n    respond 204\n}\n".to_owned();
    let mut all = "{\"total\": {{ session.total }}".to_owned();
    for client in 0..CLIENTS {
        // Every other one is set, and every other one is added to.
        let (kind, change) = match client % 2 {
            0 => ("string", format!("set \"f{client}\" \"{{{{ query.v }}}}\"")),
            _ => ("counter", format!("add \"f{client}\" 1")),
        };
        writeln!(fields, "    field \"f{client}\" type=\"{kind}\"").unwrap();
        writeln!(
            routes,
            "route \"r{client}\" public=#true {{\n    match \"POST\" \"/f{client}\"\n    session \"web\" required=#true {{\n        {change}\n        add \"total\" 1\n    }}\n    respond 204\n}}"
        )
        .unwrap();
        write!(all, ", \"f{client}\": {{{{ session.f{client} }}}}").unwrap();
    }
    writeln!(
        routes,
        "route \"all\" public=#true {{\n    match \"GET\" \"/all\"\n    session \"web\" required=#true\n    respond 200 #\"{all}}}\"#\n}}"
    )
    .unwrap();
    fields.push_str("}\n");
    let gates = [0, 1].map(|_| Gate::start(&store(&redis), &fields, &routes));
    let cookie = cookie(&gates[0].ask("POST", "/begin", &[])).unwrap();
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (gates, cookie) = (&gates, &cookie);
            scope.spawn(move || {
                let mut connections = [Client::new(gates[0].port), Client::new(gates[1].port)];
                for write in 1..=EACH {
                    let target = format!("/f{client}?v={write}");
                    let connection = &mut connections[(write + client) % 2];
                    assert_eq!(connection.post(&target, cookie), 204);
                }
            });
        }
    });
    let found = gates[1].with("GET", "/all", &cookie, "").json();
    assert_eq!(found["total"], json!(CLIENTS * EACH));
    for client in 0..CLIENTS {
        let expected = match client % 2 {
            0 => json!(EACH.to_string()),
            _ => json!(EACH),
        };
        assert_eq!(found[format!("f{client}")], expected, "f{client}");
    }
}
