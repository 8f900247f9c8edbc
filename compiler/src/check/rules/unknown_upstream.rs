//! U101: a route passes requests on to an upstream that does not exist.

use crate::check::{Context, closest, listed};
use crate::load::Format;
use gatec_syntax::{Diagnostic, Rule, Severity, Span};
use std::path::Path;

/// The rule of U101.
pub(crate) const RULE: Rule = Rule {
    code: "U101",
    name: "unknown-upstream",
    severity: Severity::Error,
    summary: "a route passes requests on to an upstream that does not exist",
    explanation: r##"`proxy` names an upstream, and an upstream of that name has to be declared with its servers. A name that leads nowhere would answer 500."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

upstream "orders" {
    server "http://127.0.0.1:9000"
}

route "orders" public=#true {
    match "GET" "/orders"
    proxy "orders"
}

route "more" public=#true {
    match "GET" "/more"
    proxy "order"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

upstream "orders" {
    server "http://127.0.0.1:9000"
}

route "orders" public=#true {
    match "GET" "/orders"
    proxy "orders"
}

route "more" public=#true {
    match "GET" "/more"
    proxy "orders"
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, route) in &context.spec.routes {
        let Some(proxy) = &route.proxy else { continue };
        let wanted = proxy.upstream.as_str();
        let known = context.spec.upstreams.contains_key(wanted)
            || context.declared("upstreams", wanted)
            // A name with a quote too few may be this one.
            || context.open_lines.hold(wanted, context.sources);
        if !known {
            found.push(finding(
                context,
                &["routes", name, "proxy", "upstream"],
                wanted,
            ));
        }
    }
}

/// An upstream that does not exist, named at `path`.
pub(in crate::check) fn finding(context: &Context<'_>, path: &[&str], wanted: &str) -> Diagnostic {
    // Also those that are wrong in shape: they are there to be named.
    let declared = context.document.root.get("upstreams");
    let declared = declared.and_then(|node| node.as_object());
    let known = || {
        let entries = declared.iter().flat_map(|object| &object.entries);
        entries.map(|entry| entry.key.as_str())
    };
    let span = context.value(path);
    if is_address(wanted) {
        return address(context, span, wanted);
    }
    let diagnostic = Diagnostic::error(RULE.code, span, format!("there is no upstream `{wanted}`"));
    match (closest(wanted, known()), known().next().is_none()) {
        (Some(near), _) => {
            let diagnostic = diagnostic
                .label(format!("did you mean `{near}`?"))
                .help(format!("the upstreams are {}", listed(known())));
            mend(context, diagnostic, wanted, near)
        }
        (None, true) => diagnostic.label("unknown upstream").help(format!(
            "declare it: `upstream \"{wanted}\" {{ server \"http://127.0.0.1:9000\" }}`"
        )),
        (None, false) => diagnostic
            .label("unknown upstream")
            .help(format!("the upstreams are {}", listed(known()))),
    }
}

/// Whether this is an address and not a name: a URL, or a host with a port.
fn is_address(wanted: &str) -> bool {
    let port = wanted
        .split('/')
        .next()
        .and_then(|host| host.rsplit_once(':'));
    let is_port = |(host, port): (&str, &str)| {
        !host.is_empty() && !port.is_empty() && port.bytes().all(|digit| digit.is_ascii_digit())
    };
    wanted.contains("://") || port.is_some_and(is_port)
}

/// An address where an upstream is named: the one that has it, or how to declare one.
fn address(context: &Context<'_>, span: Span, wanted: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        RULE.code,
        span,
        format!("an upstream is named here, and `{wanted}` is an address"),
    )
    .label("expected the name of an upstream");
    let url = match wanted.contains("://") {
        true => wanted.to_owned(),
        false => format!("http://{wanted}"),
    };
    let has_it = context.spec.upstreams.iter().find(|(_, upstream)| {
        let servers = upstream.servers.as_slice();
        matches!(servers, [only] if only.url.as_str().trim_end_matches('/') == url.trim_end_matches('/'))
    });
    if let Some((name, _)) = has_it {
        return diagnostic
            .help(format!("the upstream `{name}` has this address"))
            .offer(format!("write `{name}`"), span, format!("{name:?}"));
    }
    let is_yaml = context
        .sources
        .get(span.source)
        .is_some_and(|source| Format::of_path(Path::new(source.name())) == Some(Format::Yaml));
    diagnostic.help(match is_yaml {
        true => format!("declare one, and name it here: `upstreams: {{backend: {{servers: [{{url: {url:?}}}]}}}}` and `upstream: backend`"),
        false => format!("declare one, and name it here: `upstream \"backend\" {{ server {url:?}; }}` and `proxy \"backend\"`"),
    })
}

/// The upstreams that U101 offers in the place of others, each of which is used but for a slip.
pub(in crate::check) fn offered<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a str> {
    let spec = context.spec;
    let wanted = spec
        .routes
        .values()
        .filter_map(|route| route.proxy.as_ref());
    wanted
        .map(|proxy| proxy.upstream.as_str())
        .filter(|wanted| !spec.upstreams.contains_key(*wanted))
        .filter_map(|wanted| closest(wanted, spec.upstreams.keys().map(String::as_str)))
}

/// Offers the near name where the wrong one stands in the text as it is.
pub(in crate::check) fn mend(
    context: &Context<'_>,
    diagnostic: Diagnostic,
    wanted: &str,
    near: &str,
) -> Diagnostic {
    let span = diagnostic.span;
    let written = context.sources.slice(span);
    match written.matches(wanted).count() == 1 && written.len() <= wanted.len() + 2 {
        true => diagnostic.fix(
            format!("write `{near}`"),
            span,
            written.replace(wanted, near),
        ),
        false => diagnostic,
    }
}
