//! What holds for the gateway as a whole, its listeners and its upstreams.

use gatec_schema::value::Url;
use gatec_schema::{
    AccessLog, ClientCertificateMode, Hsts, LogFormat, LogLevel, Protocol, ProxyProtocolMode, Spec,
    Tls, TlsVersion, UpstreamProtocol,
};
use gated_engine::program::{
    CertificateFiles, ClientCertificates, Listener, ListenerTls, Network, Pool, ProxyProtocol,
    Server, Settings, Upstream, UpstreamTls,
};

use crate::Places;

pub(super) fn settings(spec: &Spec, places: &Places<'_>, compression: Option<u32>) -> Settings {
    let gateway = &spec.gateway;
    Settings {
        name: gateway.name.clone(),
        workers: gateway.workers,
        development: gateway.mode == gatec_schema::Mode::Development,
        request_id_header: gateway.request_id_header.as_str().to_ascii_lowercase(),
        drain_ms: gateway.drain.as_millis(),
        management: spec
            .management
            .enabled
            .then(|| spec.management.bind.socket().to_string()),
        management_given: places.written(&["management", "bind"]),
        log_level: level(spec.log.level).to_owned(),
        log_format: format(spec.log.format).to_owned(),
        access_log: access(spec.log.access).to_owned(),
        compression,
    }
}

fn level(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Error => "error",
        LogLevel::Warn => "warn",
        LogLevel::Info => "info",
        LogLevel::Debug => "debug",
        LogLevel::Trace => "trace",
    }
}

fn format(format: LogFormat) -> &'static str {
    match format {
        LogFormat::Auto => "auto",
        LogFormat::Pretty => "pretty",
        LogFormat::Json => "json",
    }
}

fn access(access: AccessLog) -> &'static str {
    match access {
        AccessLog::All => "all",
        AccessLog::Errors => "errors",
        AccessLog::Off => "off",
    }
}

/// The listeners, sorted by name.
pub(super) fn listeners(spec: &Spec) -> Vec<Listener> {
    let mut listeners: Vec<_> = spec
        .listeners
        .iter()
        .map(|(name, given)| listener(name, given))
        .collect();
    listeners.sort_by(|left, right| left.name.cmp(&right.name));
    listeners
}

fn listener(name: &str, given: &gatec_schema::Listener) -> Listener {
    let limits = &given.limits;
    Listener {
        name: name.to_owned(),
        bind: given.bind.socket().to_string(),
        http1: given.protocols.contains(&Protocol::Http1),
        http2: given.protocols.contains(&Protocol::Http2),
        tls: given.tls.as_ref().map(listener_tls),
        redirect_to_https: given.redirect_to_https.as_ref().map(|https| https.port),
        header_size: limits.header_size.bytes(),
        header_count: limits.header_count,
        uri_size: limits.uri_size.bytes(),
        body_size: limits.body_size.bytes(),
        header_timeout_ms: limits.header_timeout.as_millis(),
        idle_timeout_ms: limits.idle_timeout.as_millis(),
        connections: limits.connections,
        requests: limits.requests.unwrap_or(0),
        backlog: limits.backlog,
        proxy_protocol: proxy_protocol(&given.proxy_protocol),
    }
}

fn proxy_protocol(given: &gatec_schema::ProxyProtocol) -> Option<ProxyProtocol> {
    let required = match given.mode {
        ProxyProtocolMode::Off => return None,
        ProxyProtocolMode::Optional => false,
        ProxyProtocolMode::Require => true,
    };
    Some(ProxyProtocol {
        required,
        from: given.from.iter().map(network).collect(),
    })
}

/// The addresses of a network.
pub(super) fn network(network: &gatec_schema::value::Network) -> Network {
    let (address, bits) = network.parts();
    Network { address, bits }
}

fn listener_tls(given: &Tls) -> ListenerTls {
    let pairs = given.certificates.iter().map(|pair| CertificateFiles {
        file: pair.file.to_string(),
        key: pair.key.to_string(),
    });
    let clients = &given.client_certificate;
    let required = match clients.mode {
        ClientCertificateMode::Off => None,
        ClientCertificateMode::Request => Some(false),
        ClientCertificateMode::Require => Some(true),
    };
    ListenerTls {
        certificates: pairs.collect(),
        only_tls13: given.minimum == TlsVersion::Tls13,
        clients: required.map(|required| ClientCertificates {
            ca: clients
                .ca
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            required,
        }),
        hsts: given.hsts.as_ref().map(hsts),
    }
}

/// The header's value (RFC 6797, section 6.1).
fn hsts(given: &Hsts) -> String {
    let mut value = format!("max-age={}", given.max_age.get().as_secs());
    if given.subdomains {
        value.push_str("; includeSubDomains");
    }
    if given.preload {
        value.push_str("; preload");
    }
    value
}

/// The names of the upstreams in the order in which they are numbered.
pub(super) fn upstream_names(spec: &Spec) -> Vec<&str> {
    let mut names: Vec<&str> = spec.upstreams.keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

pub(super) fn upstreams(spec: &Spec) -> Vec<Upstream> {
    let upstream = |name: &str| {
        spec.upstreams.get(name).map(|given| Upstream {
            name: name.to_owned(),
            servers: given
                .servers
                .iter()
                .map(|given| server(&given.url, given.weight))
                .collect(),
            connect_timeout_ms: given.timeout.connect.as_millis(),
            request_timeout_ms: given.timeout.request.as_millis(),
            idle_timeout_ms: given.timeout.idle.as_millis(),
            http1: given.protocol != UpstreamProtocol::Http2,
            http2: given.protocol != UpstreamProtocol::Http1,
            pool: pool(&given.pool),
            tls: is_secure(given).then(|| tls(given.tls.as_ref())),
        })
    };
    upstream_names(spec)
        .into_iter()
        .filter_map(upstream)
        .collect()
}

fn is_secure(upstream: &gatec_schema::Upstream) -> bool {
    upstream.servers.iter().any(|server| server.url.is_secure())
}

fn pool(given: &gatec_schema::Pool) -> Pool {
    Pool {
        idle: given.idle,
        idle_timeout_ms: given.idle_timeout.as_millis(),
        lifetime_ms: given.lifetime.as_millis(),
        requests: given.requests,
    }
}

fn tls(given: Option<&gatec_schema::UpstreamTls>) -> UpstreamTls {
    let given = given.cloned().unwrap_or_default();
    UpstreamTls {
        ca: given.ca.map(String::from),
        name: given.name.map(|name| name.normal()),
        certificate: given.certificate.map(|pair| CertificateFiles {
            file: pair.file.into(),
            key: pair.key.into(),
        }),
        only_tls13: given.minimum == TlsVersion::Tls13,
        verify: given.verify,
    }
}

fn server(url: &Url, weight: u32) -> Server {
    let Some(url) = url.parsed() else {
        return Server {
            host: String::new(),
            port: 80,
            secure: false,
            authority: String::new(),
            base_path: String::new(),
            weight,
        };
    };
    let written = url.host_str().unwrap_or("");
    let host = written
        .trim_start_matches('[')
        .trim_end_matches(']')
        .to_owned();
    let authority = match url.port() {
        Some(port) => format!("{written}:{port}"),
        None => written.to_owned(),
    };
    Server {
        host,
        port: url.port_or_known_default().unwrap_or(80),
        secure: url.scheme() == "https",
        authority,
        base_path: url.path().trim_end_matches('/').to_owned(),
        weight,
    }
}
