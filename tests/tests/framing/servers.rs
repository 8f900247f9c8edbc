//! The servers behind the gateway, and what their logs say. Each passes whole requests on to a third,
//! which tells how long the body really was.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use gatec_tests::{Apache, Nginx, free_port};

/// A request as a server logged it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// The target as it came.
    pub(crate) target: String,
    pub(crate) status: u16,
    /// `Content-Length`.
    pub(crate) length: u64,
}

/// nginx and Apache side by side.
pub(crate) struct Servers {
    folder: tempfile::TempDir,
    pub(crate) nginx_port: u16,
    pub(crate) apache_port: u16,
    _nginx: Nginx,
    _apache: Apache,
}

const NGINX: &str = r#"user root;
daemon off;
worker_processes 1;
pid nginx.pid;
error_log error.log crit;
events {}
http {
    log_format seen '$http_x_request_id\t$request\t$status\t$http_content_length';
    server {
        listen 127.0.0.1:PORT;
        access_log nginx.log seen;
        location / {
            proxy_pass http://127.0.0.1:INNER;
            proxy_http_version 1.1;
        }
    }
    server {
        listen 127.0.0.1:INNER;
        access_log inner.log seen;
        location / {
            return 200 "ok";
        }
    }
}
"#;

const APACHE: &str = r#"ServerRoot FOLDER
ServerName localhost
Listen 127.0.0.1:PORT
PidFile apache.pid
ErrorLog apache-error.log
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule env_module /usr/lib/apache2/modules/mod_env.so
LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
User www-data
Group www-data
AllowEncodedSlashes NoDecode
SetEnv proxy-sendcl 1
ProxyPass / http://127.0.0.1:INNER/ nocanon
LogFormat "%{X-Request-Id}i\t%r\t%>s\t-" seen
CustomLog apache.log seen
"#;

impl Servers {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (inner, nginx_port, apache_port) = (free_port(), free_port(), free_port());
        let write = |name: &str, text: &str, port: u16| {
            let text = text
                .replace("PORT", &port.to_string())
                .replace("INNER", &inner.to_string())
                .replace("FOLDER", &folder.path().display().to_string());
            std::fs::write(folder.path().join(name), text).unwrap();
        };
        write("nginx.conf", NGINX, nginx_port);
        write("apache.conf", APACHE, apache_port);
        let url = |port: u16| format!("http://127.0.0.1:{port}/started");
        Self {
            nginx_port,
            apache_port,
            _nginx: Nginx::start(folder.path(), "nginx.conf", &url(nginx_port)),
            _apache: Apache::start(&folder.path().join("apache.conf"), &url(apache_port)),
            folder,
        }
    }

    fn log(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What `nginx`, `apache` or `inner` logged, by request id.
    pub(crate) fn seen(&self, server: &str) -> HashMap<String, Vec<Seen>> {
        read(&self.log(&format!("{server}.log")))
    }
}

fn read(path: &Path) -> HashMap<String, Vec<Seen>> {
    let mut all: HashMap<String, Vec<Seen>> = HashMap::new();
    let text = String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned();
    for line in text.lines() {
        let mut parts = line.split('\t');
        let mut next = || parts.next().unwrap_or_default();
        let (id, first, status, length) = (next(), next(), next(), next());
        if first.contains(" /started ") {
            continue;
        }
        let mut words = first.split(' ');
        all.entry(id.to_owned()).or_default().push(Seen {
            method: words.next().unwrap_or_default().to_owned(),
            target: words.next().unwrap_or_default().to_owned(),
            status: status.parse().unwrap_or(0),
            length: length.parse().unwrap_or(0),
        });
    }
    all
}
