//! The shop's table of who may do what, held against the spec's own tests and against a live replica: each
//! row has the same answer three times.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use gatec_tests::{Replica, copy, curl, free_port, gatec, python_program, root};
use serde_json::{Value, json};

const COLUMNS: &str = "name,method,path,who,sub,roles,level,client,at,status";

/// A line of `access.csv`: no field has a comma or a quote in it.
#[derive(Debug)]
struct Row {
    name: String,
    method: String,
    path: String,
    /// The identity; empty: nobody.
    who: String,
    sub: String,
    roles: Vec<String>,
    level: Option<i64>,
    /// Where the client is; empty: 127.0.0.1.
    client: String,
    /// When it asks. A live replica has its own clock, so such a row is tried offline only.
    at: String,
    status: u16,
}

impl Row {
    fn of(line: &str) -> Self {
        let fields: Vec<&str> = line.split(',').collect();
        let [
            name,
            method,
            path,
            who,
            sub,
            roles,
            level,
            client,
            at,
            status,
        ] = <[&str; 10]>::try_from(fields).unwrap();
        Self {
            name: name.to_owned(),
            method: method.to_owned(),
            path: path.to_owned(),
            who: who.to_owned(),
            sub: sub.to_owned(),
            roles: roles.split_whitespace().map(str::to_owned).collect(),
            level: (!level.is_empty()).then(|| level.parse().unwrap()),
            client: client.to_owned(),
            at: at.to_owned(),
            status: status.parse().unwrap(),
        }
    }

    fn is_live(&self) -> bool {
        self.at.is_empty()
    }

    /// What its token says; `None`: it has none.
    fn claims(&self) -> Option<Value> {
        let mut claims = match self.who.as_str() {
            "" => return None,
            "staff" => json!({ "aud": "shop-staff", "roles": self.roles }),
            _ => json!({ "aud": "shop" }),
        };
        claims["sub"] = json!(self.sub);
        if let Some(level) = self.level {
            claims["level"] = json!(level);
        }
        Some(claims)
    }

    /// The same as a test of the spec, as `gatec fmt` lays it out.
    fn as_test(&self) -> String {
        let mut text = format!("\ntest \"{}\" {{\n", self.name);
        write!(text, "    request \"{}\" \"{}\"", self.method, self.path).unwrap();
        for (key, value) in [("client", &self.client), ("at", &self.at)] {
            if !value.is_empty() {
                write!(text, " {key}=\"{value}\"").unwrap();
            }
        }
        if self.who.is_empty() {
            text.push('\n');
        } else {
            writeln!(text, " {{\n        {}\n    }}", self.as_principal()).unwrap();
        }
        write!(text, "    expect {}\n}}\n", self.status).unwrap();
        text
    }

    fn as_principal(&self) -> String {
        let mut text = format!("as \"{}\" sub=\"{}\"", self.who, self.sub);
        if let [role] = self.roles.as_slice() {
            write!(text, " roles=\"{role}\"").unwrap();
        }
        if let Some(level) = self.level {
            write!(text, " level={level}").unwrap();
        }
        if self.roles.len() > 1 {
            let roles = self.roles.join("\" \"");
            write!(text, " {{\n            roles \"{roles}\"\n        }}").unwrap();
        }
        text
    }
}

fn shop() -> PathBuf {
    root().join("examples/shop")
}

fn table() -> Vec<Row> {
    let text = std::fs::read_to_string(shop().join("access.csv")).unwrap();
    let (head, lines) = text.split_once('\n').unwrap();
    assert_eq!(head, COLUMNS);
    let rows: Vec<Row> = lines.lines().map(Row::of).collect();
    assert!(rows.len() >= 30, "the table has {} rows", rows.len());
    rows
}

/// A token for each row that has one, in their order.
fn tokens(rows: &[Row]) -> Vec<Option<String>> {
    let claims: Vec<Option<Value>> = rows.iter().map(Row::claims).collect();
    let given: Vec<&Value> = claims.iter().flatten().collect();
    let mut child = Command::new(python_program("python"))
        .arg(root().join("tests/fixtures/access/mint.py"))
        .arg(shop().join("keys/development-only.key"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input
        .write_all(&serde_json::to_vec(&given).unwrap())
        .unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let made: Vec<String> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(made.len(), given.len());
    let mut made = made.into_iter();
    claims
        .iter()
        .map(|claims| claims.as_ref().and_then(|_| made.next()))
        .collect()
}

/// What the replica answers.
fn ask(port: u16, row: &Row, token: Option<&str>) -> u16 {
    let url = format!("http://127.0.0.1:{port}{}", row.path);
    let authorization = token.map(|token| format!("Authorization: Bearer {token}"));
    let mut arguments = vec!["-X", row.method.as_str()];
    if let Some(authorization) = &authorization {
        arguments.extend(["-H", authorization.as_str()]);
    }
    if !row.client.is_empty() {
        arguments.extend(["--interface", row.client.as_str()]);
    }
    arguments.push(&url);
    curl(&arguments).status
}

#[test]
fn the_tests_of_the_shop_are_its_table() {
    let mut expected =
        "// Made from access.csv, which is also held against a live replica: change that one.\n"
            .to_owned();
    for row in table() {
        expected.push_str(&row.as_test());
    }
    let written = std::fs::read_to_string(shop().join("tests/access.kdl")).unwrap();
    assert_eq!(written, expected);
}

#[test]
fn each_row_is_answered_so_offline() {
    let ran = gatec(&shop(), ["test", "--format", "json", "gate.kdl"]);
    let results: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    for row in table() {
        let mut results = results.iter();
        let result = results.find(|result| result["name"] == row.name.as_str());
        assert_eq!(result.unwrap()["passed"], true, "{row:?}\n{result:?}");
    }
}

#[test]
fn each_row_is_answered_so_by_a_replica() {
    let folder = tempfile::tempdir().unwrap();
    copy(&shop(), folder.path());
    let port = free_port();
    let spec = folder.path().join("gate.kdl");
    let text = std::fs::read_to_string(&spec).unwrap();
    let text = text.replace("127.0.0.1:8080", &format!("127.0.0.1:{port}"));
    std::fs::write(&spec, text).unwrap();
    let rows = table();
    let tokens = tokens(&rows);
    let replica = Replica::start(&spec, &[]);
    let mut wrong = Vec::new();
    for (row, token) in rows.iter().zip(&tokens) {
        if row.is_live() {
            let status = ask(port, row, token.as_deref());
            if status != row.status {
                wrong.push(format!("{status} to {row:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.join("\n"), replica.log());
    assert!(rows.iter().filter(|row| !row.is_live()).count() <= 3);
}
