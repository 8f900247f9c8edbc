//! Settings, listeners and upstreams.

use std::net::SocketAddr;

use crate::headers;
use crate::program::{ArchivedListener, ArchivedProgram, ArchivedServer, ArchivedUpstream};

use super::{Check, header_name, must};

pub(super) fn check(program: &ArchivedProgram) -> Check {
    let settings = &program.settings;
    if !settings.request_id_header.is_empty() {
        let name = settings.request_id_header.as_str();
        header_name(name)?;
        must(headers::may_hold_request_id(name), || {
            format!("`{name}` has a meaning of its own and cannot hold the request id")
        })?;
    }
    if let Some(management) = settings.management.as_ref() {
        address(management)?;
    }
    word(
        &settings.log_level,
        &["", "error", "warn", "info", "debug", "trace"],
    )?;
    word(&settings.log_format, &["", "auto", "pretty", "json"])?;
    word(&settings.access_log, &["", "all", "errors", "off"])?;
    program.listeners.iter().try_for_each(listener)?;
    program.upstreams.iter().try_for_each(upstream)
}

fn listener(listener: &ArchivedListener) -> Check {
    must(listener.http1 || listener.http2, || {
        format!("listener `{}` speaks no protocol", listener.name)
    })?;
    if let Some(tls) = listener.tls.as_ref() {
        must(!tls.certificates.is_empty(), || {
            format!(
                "listener `{}` speaks TLS without a certificate",
                listener.name
            )
        })?;
        if let Some(hsts) = tls.hsts.as_ref() {
            must(http::HeaderValue::from_str(hsts).is_ok(), || {
                format!("`{hsts}` is no header value")
            })?;
        }
    }
    if let Some(proxies) = listener.proxy_protocol.as_ref() {
        must(
            proxies.from.iter().all(|network| network.bits <= 128),
            || format!("listener `{}` trusts what is no network", listener.name),
        )?;
    }
    address(&listener.bind)
}

fn upstream(upstream: &ArchivedUpstream) -> Check {
    must(upstream.http1 || upstream.http2, || {
        format!("upstream `{}` speaks no protocol", upstream.name)
    })?;
    let told_how = |server: &&ArchivedServer| server.secure && upstream.tls.is_none();
    let unsecured = upstream
        .servers
        .iter()
        .find(told_how)
        .map_or(Ok(()), |server| {
            Err(format!("how `{}` is secured is not said", server.authority))
        });
    upstream
        .servers
        .iter()
        .try_for_each(server)
        .and(unsecured)
        .map_err(|problem| format!("upstream `{}`: {problem}", upstream.name))
}

fn server(server: &ArchivedServer) -> Check {
    must(!server.host.is_empty(), || {
        "a server without a name".to_owned()
    })?;
    must(
        server.authority.parse::<http::uri::Authority>().is_ok(),
        || format!("`{}` is no host", server.authority),
    )?;
    let base = server.base_path.as_str();
    must(
        base.is_empty() || (base.starts_with('/') && !base.ends_with('/')),
        || format!("`{base}` is no base path"),
    )
}

fn address(text: &str) -> Check {
    must(text.parse::<SocketAddr>().is_ok(), || {
        format!("`{text}` is no address")
    })
}

fn word(word: &str, known: &[&str]) -> Check {
    must(known.contains(&word), || {
        format!("`{word}` is none of {}", known.join(", "))
    })
}
