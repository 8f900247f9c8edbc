//! `gated`: a bundle that `gatec` built, one worker, everything on but the access log.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::Signal;

use super::{Peer, write};
use crate::peers::place::Place;
use crate::peers::service::{ANSWER, Act, MARK, Service, Transport};

pub(super) struct Gated {
    server: PathBuf,
    compiler: PathBuf,
}

impl Gated {
    pub(super) fn new(programs: &Path) -> Self {
        Self {
            server: programs.join("gated"),
            compiler: programs.join("gatec"),
        }
    }

    /// Whether a listener has a key, as the compiler itself says.
    fn listener_knows(&self, key: &str) -> bool {
        let done = Command::new(&self.compiler).arg("schema").output();
        let schema = done.ok().map(|done| done.stdout).unwrap_or_default();
        serde_json::from_slice(&schema).is_ok_and(|schema: serde_json::Value| {
            let pointer = format!("/$defs/Listener/properties/{key}");
            schema.pointer(&pointer).is_some()
        })
    }
}

impl Peer for Gated {
    fn name(&self) -> &'static str {
        "gated"
    }

    fn program(&self) -> Option<PathBuf> {
        Some(self.server.clone()).filter(|file| file.is_file())
    }

    fn version(&self) -> &'static str {
        "--version"
    }

    fn cannot(&self, _place: &Place, service: &Service) -> Option<String> {
        match service.transport {
            Transport::Tls(_) if !self.listener_knows("tls") => {
                Some("a listener has no `tls` yet".to_owned())
            }
            _ => None,
        }
    }

    fn file(&self) -> &'static str {
        "gate.gateb"
    }

    fn configure(&self, place: &Place, service: &Service, target: &Path) -> Result<(), String> {
        let spec = place.file("gate.kdl");
        write(&spec, &config(place, service))?;
        let mut build = Command::new(&self.compiler);
        build.arg("build").arg(&spec).arg("-o").arg(target);
        let done = build
            .output()
            .map_err(|error| format!("`gatec build` did not start: {error}"))?;
        match done.status.success() {
            true => Ok(()),
            false => Err(format!(
                "`gatec build` failed: {}",
                String::from_utf8_lossy(&done.stderr).trim()
            )),
        }
    }

    fn arguments(&self, place: &Place, config: &Path) -> Vec<String> {
        let config = config.display().to_string();
        let management = place.side.to_string();
        [
            "run",
            &config,
            "--workers",
            "1",
            "--management",
            &management,
        ]
        .map(str::to_owned)
        .to_vec()
    }

    fn reload(&self) -> Signal {
        Signal::HUP
    }
}

fn config(place: &Place, service: &Service) -> String {
    let mut text = format!(
        "gateway \"peers\" workers=1\nlog access=\"off\"\n{}\nupstream \"up\" {{\n    server \"http://{}\"\n}}\n",
        listener(place, service),
        place.upstream
    );
    if let Some(mark) = service.mark {
        text += &respond("mark", &format!("\"{MARK}\""), &mark.to_string());
    }
    match service.act {
        Act::Answer => text += &respond("answer", "prefix=\"/\"", ANSWER),
        Act::Template => {
            let body = ANSWER.replace("a fixed answer", "an answer to {{ path.name }}");
            text += &respond("hello", "\"/hello/{name}\"", &body);
        }
        Act::Proxy { routes: None } => text += &pass("all", "/"),
        Act::Proxy { routes: Some(n) } => {
            for i in 0..n {
                text += &pass(&format!("r{i}"), &format!("/svc{i}"));
            }
        }
    }
    text
}

fn listener(place: &Place, service: &Service) -> String {
    let address = place.address;
    match service.transport {
        Transport::Plain | Transport::Http2 => format!("listener \"web\" bind=\"{address}\""),
        Transport::Tls(key) => format!(
            "listener \"web\" bind=\"{address}\" {{\n    tls {{\n        certificate \"{}\" key=\"{}\"\n    }}\n}}",
            place.certificate(key).display(),
            place.key(key).display()
        ),
    }
}

fn respond(name: &str, matched: &str, body: &str) -> String {
    format!(
        "route \"{name}\" public=#true {{\n    match {matched}\n    respond 200 {{\n        header \"content-type\" \"application/json\"\n        body #\"{body}\"#\n    }}\n}}\n"
    )
}

fn pass(name: &str, prefix: &str) -> String {
    let mut text = String::new();
    let _ = write!(
        text,
        "route \"{name}\" public=#true {{\n    match prefix=\"{prefix}\"\n    proxy \"up\"\n}}\n"
    );
    text
}
