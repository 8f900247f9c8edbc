//! HAProxy: a map of path beginnings, one thread under a master.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use rustix::process::Signal;

use super::{Peer, found, write};
use crate::peers::place::Place;
use crate::peers::service::{ANSWER, Act, MARK, Service, Transport};

pub(super) struct Haproxy;

impl Peer for Haproxy {
    fn name(&self) -> &'static str {
        "haproxy"
    }

    fn program(&self) -> Option<PathBuf> {
        found("haproxy")
    }

    fn version(&self) -> &'static str {
        "-v"
    }

    fn file(&self) -> &'static str {
        "haproxy.cfg"
    }

    fn configure(&self, place: &Place, service: &Service, target: &Path) -> Result<(), String> {
        if let Act::Proxy { routes: Some(n) } = service.act {
            write(&place.file("routes.map"), &map(n))?;
        }
        write(target, &config(place, service))
    }

    fn arguments(&self, _place: &Place, config: &Path) -> Vec<String> {
        let config = config.display().to_string();
        ["-W", "-db", "-q", "-f", &config]
            .map(str::to_owned)
            .to_vec()
    }

    fn reload(&self) -> Signal {
        Signal::USR2
    }
}

/// All beginnings lead to the same backend, as all routes of the other peers to the same upstream.
fn map(routes: u32) -> String {
    (0..routes).fold(String::new(), |mut text, i| {
        let _ = writeln!(text, "/svc{i}/ up");
        text
    })
}

fn config(place: &Place, service: &Service) -> String {
    let socket = place.file("haproxy.sock");
    let mut text = format!(
        "global
  nbthread 1
  maxconn 10100
  no strict-limits
  ssl-default-bind-options ssl-min-ver TLSv1.2
  stats socket {} level admin expose-fd listeners
defaults
  mode http
  timeout connect 2s
  timeout client 75s
  timeout server 30s
  http-reuse always
frontend web
  {}
",
        socket.display(),
        bind(place, service)
    );
    if let Some(mark) = service.mark {
        text += &answer(&format!("'{mark}' if {{ path {MARK} }}"));
    }
    match service.act {
        Act::Answer | Act::Template => text += &answer(&format!("'{ANSWER}'")),
        Act::Proxy { routes: None } => text += "  default_backend up\n",
        Act::Proxy { routes: Some(_) } => {
            let map = place.file("routes.map");
            text += &format!("  use_backend %[path,map_beg({})]\n", map.display());
        }
    }
    text + &format!("backend up\n  server up {}\n", place.upstream)
}

fn answer(rest: &str) -> String {
    format!("  http-request return status 200 content-type application/json string {rest}\n")
}

fn bind(place: &Place, service: &Service) -> String {
    let address = place.address;
    match service.transport {
        Transport::Plain => format!("bind {address} backlog 4096"),
        Transport::Http2 => format!("bind {address} proto h2 backlog 4096"),
        Transport::Tls(key) => format!(
            "bind {address} ssl crt {} backlog 4096",
            place.both(key).display()
        ),
    }
}
