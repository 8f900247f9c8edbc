//! nginx: locations, one worker process.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use rustix::process::Signal;

use super::{Peer, found, write};
use crate::peers::place::Place;
use crate::peers::service::{ANSWER, Act, MARK, Service, Transport};

pub(super) struct Nginx;

impl Peer for Nginx {
    fn name(&self) -> &'static str {
        "nginx"
    }

    fn program(&self) -> Option<PathBuf> {
        found("nginx")
    }

    fn version(&self) -> &'static str {
        "-v"
    }

    fn file(&self) -> &'static str {
        "nginx.conf"
    }

    fn configure(&self, place: &Place, service: &Service, target: &Path) -> Result<(), String> {
        write(target, &config(place, service))
    }

    fn arguments(&self, place: &Place, config: &Path) -> Vec<String> {
        let folder = place.folder.display().to_string();
        let config = config.display().to_string();
        ["-p", &folder, "-e", "error.log", "-c", &config]
            .map(str::to_owned)
            .to_vec()
    }

    fn reload(&self) -> Signal {
        Signal::HUP
    }
}

/// Limits on requests per connection are lifted and bodies streamed, as the other peers do it.
const HEAD: &str = "
daemon off; user root; worker_processes 1; worker_rlimit_nofile 20000; pid nginx.pid;
error_log error.log crit;
events { worker_connections 19000; }
http {
  access_log off; default_type application/json; sendfile on; tcp_nopush on;
  keepalive_requests 100000000; client_max_body_size 16m;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  proxy_http_version 1.1; proxy_set_header Connection \"\";
  proxy_request_buffering off; proxy_max_temp_file_size 0;
";

fn config(place: &Place, service: &Service) -> String {
    let mut text = HEAD.to_owned();
    let upstream = place.upstream;
    text += &format!(
        "  upstream up {{ server {upstream}; keepalive 64; keepalive_requests 100000000; }}\n"
    );
    text += &format!("  server {{\n    {}\n", listen(place, service));
    if let Some(mark) = service.mark {
        text += &format!("    location = {MARK} {{ return 200 '{mark}'; }}\n");
    }
    match service.act {
        Act::Answer | Act::Template => {
            text += &format!("    location / {{ return 200 '{ANSWER}'; }}\n");
        }
        Act::Proxy { routes: None } => text += "    location / { proxy_pass http://up; }\n",
        Act::Proxy { routes: Some(n) } => {
            for i in 0..n {
                let _ = writeln!(text, "    location /svc{i}/ {{ proxy_pass http://up; }}");
            }
        }
    }
    text + "  }\n}\n"
}

fn listen(place: &Place, service: &Service) -> String {
    let address = place.address;
    match service.transport {
        Transport::Plain => format!("listen {address} backlog=4096;"),
        Transport::Http2 => format!("listen {address} http2 backlog=4096;"),
        Transport::Tls(key) => format!(
            "listen {address} ssl backlog=4096; ssl_session_cache shared:s:10m; ssl_certificate {}; ssl_certificate_key {};",
            place.certificate(key).display(),
            place.key(key).display()
        ),
    }
}
