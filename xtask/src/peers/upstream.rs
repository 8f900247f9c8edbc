//! The server behind every peer: an nginx beside the load generator, the same for all.

use std::net::SocketAddr;
use std::path::Path;

use super::client;
use super::place;
use super::running::Running;
use crate::shell;

/// The upstream while it runs.
#[derive(Debug)]
pub struct Upstream {
    /// Where it is.
    pub address: SocketAddr,
    _running: Running,
}

/// Every path is answered with 1 KiB, but for these two.
pub const BIG: &str = "/big";
/// Takes a body to its end before it answers.
pub const SINK: &str = "/sink";

/// The size of what [`BIG`] answers.
pub const BIG_BYTES: usize = 1 << 20;

impl Upstream {
    /// Starts it in a folder.
    ///
    /// # Errors
    /// When nginx is not there or does not start.
    pub fn start(folder: &Path) -> Result<Self, String> {
        let address = place::free()?;
        let program =
            shell::find("nginx").ok_or("nginx is not installed, and it is the upstream")?;
        let failed = |error: std::io::Error| format!("cannot write the upstream's files: {error}");
        std::fs::create_dir_all(folder).map_err(failed)?;
        std::fs::write(folder.join("big"), vec![b'x'; BIG_BYTES]).map_err(failed)?;
        std::fs::write(folder.join("nginx.conf"), config(address)).map_err(failed)?;
        let mut command = std::process::Command::new(program);
        command.arg("-p").arg(folder);
        command.args(["-e", "error.log", "-c", "nginx.conf"]);
        let up = || client::get(address, "/").is_some_and(|(status, _)| status == 200);
        let running = Running::begin(&mut command, &folder.join("output.log"), &up)
            .map_err(|error| format!("the upstream: {error}"))?;
        Ok(Self {
            address,
            _running: running,
        })
    }
}

/// A body is read to its end because nginx buffers it before it passes the request on, to itself.
fn config(address: SocketAddr) -> String {
    let small = "x".repeat(1024);
    format!(
        "daemon off; user root; worker_processes 1; pid nginx.pid; error_log error.log crit;
events {{ worker_connections 4096; }}
http {{
  access_log off; default_type text/plain; sendfile on; tcp_nopush on;
  keepalive_requests 100000000; keepalive_timeout 1h;
  client_max_body_size 16m; client_body_buffer_size 2m;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  upstream self {{ server {address}; keepalive 64; keepalive_requests 100000000; }}
  server {{
    listen {address} backlog=4096;
    location / {{ return 200 '{small}'; }}
    location = {BIG} {{ root .; }}
    location = {SINK} {{
      proxy_http_version 1.1; proxy_set_header Connection \"\"; proxy_set_header Content-Length \"\";
      proxy_pass_request_body off; proxy_method GET; proxy_pass http://self/;
    }}
  }}
}}
"
    )
}
