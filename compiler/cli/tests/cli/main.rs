//! Each subcommand as a user sees it: the command, its exit code, what it prints.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod broken;
mod caching;
mod certificates;
mod explaining;
mod formats;
mod identities;
mod import;
mod mending;
mod mistakes;
mod policies;
mod testing;
mod watching;
mod writing;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// A folder with files in it, in which commands are run, with a cache of its own.
struct Folder {
    files: tempfile::TempDir,
    cache: tempfile::TempDir,
}

impl Folder {
    fn of(files: &[(&str, &str)]) -> Self {
        let folder = Self {
            files: tempfile::tempdir().unwrap(),
            cache: tempfile::tempdir().unwrap(),
        };
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        folder
    }

    fn path(&self) -> &Path {
        self.files.path()
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// Runs `gatec` and writes down what came of it.
    fn run(&self, arguments: &[&str]) -> String {
        self.run_with(arguments, "")
    }

    fn run_with(&self, arguments: &[&str], input: &str) -> String {
        let output = self.output(arguments, input);
        let mut text = format!("$ gatec {}\n[exit {}]\n", arguments.join(" "), output.code);
        for (name, stream) in [("stdout", output.stdout), ("stderr", output.stderr)] {
            if !stream.is_empty() {
                text.push_str(&format!("--- {name}\n{stream}"));
            }
        }
        text.lines()
            .map(|line| format!("{}\n", line.trim_end()))
            .collect()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gatec"));
        command
            .args(arguments)
            .current_dir(self.path())
            .env_remove("NO_COLOR")
            .env("TERM", "xterm")
            .env("GATEC_CACHE_DIR", self.cache.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn output(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = self.command(arguments).spawn().unwrap();
        // A command that reads no input may be gone already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Output {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

struct Output {
    code: i32,
    stdout: String,
    stderr: String,
}

/// A small gateway with everything the commands tell about.
const SHOP: &str = r##"gateway "shop"

listener "web" bind="127.0.0.1:8080"

upstream "orders" {
    server "http://127.0.0.1:9000" weight=2
    server "http://127.0.0.1:9001"
}

route "order" public=#true {
    match "GET" "/orders/{id:int}"
    proxy "orders" path="/v1/orders/{{ path.id }}"
}

route "any-order" public=#true {
    match "/orders/{name}"
    respond 404 "no such order"
}

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200 {
        header "content-type" "application/json"
        body #"{"greeting": "Hello {{ path.name }}"}"#
    }
}

route "hello-admin" public=#true {
    match "GET" "/hello/{name}" {
        header "x-admin" "yes"
    }
    respond 200 "hello, admin"
}

route "old" public=#true {
    match "/old"
    redirect 301 "/hello/you"
}

test "greets" {
    request "GET" "/hello/ann"
    expect 200 route="hello" {
        json #"{"greeting": "Hello ann"}"#
    }
}

test "passes orders on" {
    request "/orders/7"
    expect route="order" upstream="orders" upstream-path="/v1/orders/7"
}

profile "prod" {
    listener "web" bind="0.0.0.0:80"
}
"##;
