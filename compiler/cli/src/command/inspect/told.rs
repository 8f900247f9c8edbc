//! What is in a bundle, in words and as JSON.

use std::fmt::Write;

use gated_engine::program::{
    ArchivedAction, ArchivedCertificateFiles, ArchivedListener, ArchivedRoute, ArchivedServer,
};
use serde_json::{Value, json};

use crate::Terminal;
use crate::command::why::match_words;
use crate::spec::{self, Served};

use super::effective::Replaced;
use super::limits;

/// For people.
pub(super) fn human(served: &Served, replaced: &[Replaced], terminal: &Terminal<'_>) -> String {
    let mut text = String::new();
    head(served, terminal, &mut text);
    let sections = served.bundle.sections();
    let rows = sections
        .iter()
        .map(|(name, _, length)| vec![name.clone(), spec::size(*length)])
        .collect();
    table("sections", rows, terminal, &mut text);
    let program = served.bundle.program();
    let listeners = program.listeners.iter().map(|one| {
        vec![
            one.name.to_string(),
            one.bind.to_string(),
            protocols(one).join(" "),
            security(one),
        ]
    });
    table("listeners", listeners.collect(), terminal, &mut text);
    let upstreams = program.upstreams.iter().map(|one| {
        vec![
            one.name.to_string(),
            one.servers
                .iter()
                .map(server)
                .collect::<Vec<_>>()
                .join(", "),
        ]
    });
    table("upstreams", upstreams.collect(), terminal, &mut text);
    let routes = program.routes.iter().map(|route| {
        vec![
            route.name.to_string(),
            matches(served, route).join("; "),
            action(served, route),
        ]
    });
    table("routes", routes.collect(), terminal, &mut text);
    if !program.limits.is_empty() {
        table("limits", limits::rows(program), terminal, &mut text);
    }
    if !program.secrets.is_empty() {
        let secrets = program.secrets.iter().map(|name| vec![name.to_string()]);
        table(
            "secrets the replica must have",
            secrets.collect(),
            terminal,
            &mut text,
        );
    }
    let replaced = replaced.iter().map(|one| {
        vec![
            one.path.clone(),
            format!("{} -> {}", one.before, one.after),
            one.place.clone(),
        ]
    });
    table(
        "replaced by the profile",
        replaced.collect(),
        terminal,
        &mut text,
    );
    text
}

fn head(served: &Served, terminal: &Terminal<'_>, text: &mut String) {
    let manifest = served.bundle.manifest();
    let _ = write!(text, "{}", terminal.paint("1", &manifest.name));
    if !manifest.profile.is_empty() {
        let _ = write!(text, " (profile {})", manifest.profile);
    }
    let _ = writeln!(text, "\n  digest    sha256:{}", served.bundle.digest());
    let _ = writeln!(text, "  size      {}", spec::size(served.size));
    let _ = writeln!(
        text,
        "  format    {}, by compiler {}, for runtime {} or newer",
        manifest.format, manifest.compiler, manifest.min_runtime
    );
    if !manifest.required_features.is_empty() {
        let _ = writeln!(
            text,
            "  needs     {}",
            manifest.required_features.join(", ")
        );
    }
    let _ = writeln!(text, "  holds     {}", spec::counts(&served.bundle));
}

/// Columns side by side, each as wide as its widest cell; the last one is left as it is.
fn table(title: &str, rows: Vec<Vec<String>>, terminal: &Terminal<'_>, text: &mut String) {
    if rows.is_empty() {
        return;
    }
    let width = |column: usize| {
        let widths = rows
            .iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count());
        widths.max().unwrap_or(0).min(60)
    };
    let widths: Vec<usize> = (0..rows.iter().map(Vec::len).max().unwrap_or(0))
        .map(width)
        .collect();
    let _ = writeln!(text, "\n{}", terminal.paint("1", title));
    for row in &rows {
        let filled = row.iter().zip(&widths).filter(|(_, width)| **width > 0);
        let cells: Vec<String> = filled
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        let _ = writeln!(text, "  {}", cells.join("  ").trim_end());
    }
}

/// How a listener is secured, in words.
fn security(listener: &ArchivedListener) -> String {
    if let Some(port) = listener.redirect_to_https.as_ref() {
        return format!("redirects to https, port {port}");
    }
    let Some(tls) = listener.tls.as_ref() else {
        return String::new();
    };
    let files: Vec<&str> = tls
        .certificates
        .iter()
        .map(|pair| pair.file.as_str())
        .collect();
    let oldest = if tls.only_tls13 { "1.3" } else { "1.2" };
    let mut text = format!("TLS from {oldest}: {}", files.join(", "));
    if let Some(clients) = tls.clients.as_ref() {
        let may = if clients.required { "must" } else { "may" };
        let _ = write!(text, "; clients {may} show one from {}", clients.ca);
    }
    if let Some(hsts) = tls.hsts.as_ref() {
        let _ = write!(text, "; HSTS {hsts}");
    }
    text
}

fn listener_json(listener: &ArchivedListener) -> Value {
    let pair = |pair: &ArchivedCertificateFiles| json!({ "file": pair.file.as_str(), "key": pair.key.as_str() });
    let tls = listener.tls.as_ref().map(|tls| {
        let clients = tls.clients.as_ref();
        json!({
            "certificates": tls.certificates.iter().map(pair).collect::<Vec<_>>(),
            "minimum": if tls.only_tls13 { "1.3" } else { "1.2" },
            "clients": clients.map(|clients| json!({ "ca": clients.ca.as_str(), "required": clients.required })),
            "hsts": tls.hsts.as_ref().map(|hsts| hsts.as_str()),
        })
    });
    let redirect = listener.redirect_to_https.as_ref();
    json!({
        "name": listener.name.as_str(),
        "bind": listener.bind.as_str(),
        "protocols": protocols(listener),
        "tls": tls,
        "redirect_to_https": redirect.map(|port| port.to_native()),
    })
}

fn protocols(listener: &ArchivedListener) -> Vec<&'static str> {
    let spoken = [(listener.http1, "http1"), (listener.http2, "http2")];
    spoken
        .into_iter()
        .filter(|(speaks, _)| *speaks)
        .map(|(_, name)| name)
        .collect()
}

fn server(server: &ArchivedServer) -> String {
    match server.weight.to_native() {
        1 => format!("http://{}{}", server.authority, server.base_path),
        weight => format!(
            "http://{}{} (weight {weight})",
            server.authority, server.base_path
        ),
    }
}

/// What a route takes, where the spec is at hand; a bundle holds the matches as tables.
fn matches(served: &Served, route: &ArchivedRoute) -> Vec<String> {
    let written = served
        .spec
        .as_ref()
        .and_then(|spec| spec.routes.get(route.name.as_str()));
    match written {
        Some(route) if route.matches.is_empty() => vec!["every request".to_owned()],
        Some(route) => route.matches.iter().map(match_words).collect(),
        None => Vec::new(),
    }
}

fn action(served: &Served, route: &ArchivedRoute) -> String {
    match &route.action {
        ArchivedAction::Respond(respond) => format!("respond {}", respond.status),
        ArchivedAction::Proxy(number) => {
            let program = served.bundle.program();
            let proxy = program.proxies.get(number.to_native() as usize);
            let upstream =
                proxy.and_then(|proxy| program.upstreams.get(proxy.upstream.to_native() as usize));
            format!(
                "proxy {}",
                upstream.map_or("", |upstream| upstream.name.as_str())
            )
        }
        ArchivedAction::Files(_) => "files".to_owned(),
        ArchivedAction::Redirect(redirect) => format!("redirect {}", redirect.status),
    }
}

/// For programs.
pub(super) fn json(served: &Served, replaced: &[Replaced]) -> String {
    let program = served.bundle.program();
    let sections: Vec<Value> = served
        .bundle
        .sections()
        .into_iter()
        .map(|(name, offset, length)| json!({ "name": name, "offset": offset, "length": length }))
        .collect();
    let listeners: Vec<Value> = program.listeners.iter().map(listener_json).collect();
    let upstreams: Vec<Value> = program
        .upstreams
        .iter()
        .map(|one| json!({ "name": one.name.as_str(), "servers": one.servers.iter().map(server).collect::<Vec<_>>() }))
        .collect();
    let routes: Vec<Value> = program
        .routes
        .iter()
        .map(|one| json!({ "name": one.name.as_str(), "matches": matches(served, one), "action": action(served, one) }))
        .collect();
    let replaced: Vec<Value> = replaced
        .iter()
        .map(|one| json!({ "path": one.path, "before": one.before, "after": one.after, "place": one.place }))
        .collect();
    let value = json!({
        "digest": served.bundle.digest().to_string(),
        "size": served.size,
        "manifest": served.bundle.manifest(),
        "sections": sections,
        "listeners": listeners,
        "upstreams": upstreams,
        "routes": routes,
        "limits": limits::json(program),
        "secrets": program.secrets.iter().map(|name| name.as_str()).collect::<Vec<_>>(),
        "replaced": replaced,
    });
    format!("{value:#}\n")
}
