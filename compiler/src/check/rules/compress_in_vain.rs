//! U150: compression that saves nothing.

use gatec_schema::value::MediaRange;
use gatec_schema::{Compress, Route};
use gatec_syntax::{Diagnostic, Rule, Severity};

use crate::check::Context;

/// The rule of U150.
pub(crate) const RULE: Rule = Rule {
    code: "U150",
    name: "compress-in-vain",
    severity: Severity::Warning,
    summary: "`compress` asks for work that saves nothing",
    explanation: r##"Images, films, archives and `woff2` fonts are compressed already: to compress them again takes time on both sides and makes them no smaller. A body of a few bytes grows by it, and a redirect has
none. An encoding that is named twice counts once, where it stands first; and beside `#false` nothing else has an effect."##,
    wrong: r##"gateway "shop" {
    compress "zstd" "gzip" {
        types "text/*" "application/json" "image/png"
    }
}

listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
    right: r##"gateway "shop" {
    compress "zstd" "gzip" {
        types "text/*" "application/json" "image/svg+xml"
    }
}

listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
};

/// Below this, the headers that say how a body is encoded weigh more than what is saved.
const LEAST: u64 = 128;

/// Media types that are compressed in themselves.
const COMPRESSED: &[&str] = &[
    "application/gzip",
    "application/x-gzip",
    "application/zip",
    "application/zstd",
    "application/x-7z-compressed",
    "application/x-bzip2",
    "application/x-rar-compressed",
    "application/vnd.rar",
    "application/x-xz",
    "application/java-archive",
    "font/woff",
    "font/woff2",
    "image/avif",
    "image/gif",
    "image/heic",
    "image/jpeg",
    "image/jxl",
    "image/png",
    "image/webp",
];

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let gateway = &context.spec.gateway.compress;
    if let Some(compress) = gateway {
        look(context, &["gateway", "compress"], compress, found);
    }
    for (name, route) in context.sound_routes() {
        let path = ["routes", name, "compress"];
        if let Some(compress) = &route.compress {
            look(context, &path, compress, found);
            if let (true, Some(why)) = (compress.enabled, without_body(route)) {
                let message = format!("route `{name}` has nothing to compress: {why}");
                found.push(
                    warning(context, &path, message)
                        .label("no effect")
                        .help("leave it out"),
                );
            }
        }
    }
}

fn warning(context: &Context<'_>, path: &[&str], message: String) -> Diagnostic {
    Diagnostic::warning(RULE.code, context.key(path), message)
}

fn look(context: &Context<'_>, path: &[&str], given: &Compress, found: &mut Vec<Diagnostic>) {
    let at = |key, place: usize| {
        let place = place.to_string();
        context.value(&[path, &[key, place.as_str()]].concat())
    };
    if !given.enabled {
        let others =
            given.min_size.is_some() || !given.encodings.is_empty() || !given.types.is_empty();
        if others {
            let message = "nothing is compressed, so what else is said has no effect".to_owned();
            found.push(
                warning(context, path, message)
                    .label("switched off")
                    .help("leave out the rest, or the `#false`"),
            );
        }
        return;
    }
    for (place, encoding) in given.encodings.iter().enumerate() {
        if given
            .encodings
            .iter()
            .take(place)
            .any(|one| one == encoding)
        {
            found.push(twice(at("encodings", place), "encoding"));
        }
    }
    for (place, listed) in given.types.iter().enumerate() {
        let same = |other: &MediaRange| other.as_str().eq_ignore_ascii_case(listed.as_str());
        if given.types.iter().take(place).any(same) {
            found.push(twice(at("types", place), "media type"));
        } else if let Some(example) = compressed(listed.as_str()) {
            found.push(compressed_twice(
                at("types", place),
                listed.as_str(),
                example,
            ));
        }
    }
    if let Some(size) = given.min_size.filter(|size| size.bytes() < LEAST) {
        let message = format!(
            "bodies of {} bytes grow when they are compressed; expected at least {LEAST}",
            size.bytes()
        );
        let path = [path, &["min-size"]].concat();
        found.push(
            Diagnostic::warning(RULE.code, context.value(&path), message)
                .label("too small")
                .help("leave it out for `1KiB`"),
        );
    }
}

fn twice(span: gatec_syntax::Span, what: &str) -> Diagnostic {
    let message = format!("the same {what} stands twice");
    Diagnostic::warning(RULE.code, span, message)
        .label("stands above already")
        .help("leave it out")
}

fn compressed_twice(span: gatec_syntax::Span, listed: &str, example: &str) -> Diagnostic {
    let (message, help) = match listed.ends_with('*') {
        false => (
            format!("`{listed}` is compressed in itself, and gets no smaller"),
            "leave it out",
        ),
        true => (
            format!("`{listed}` holds what is compressed in itself, such as `{example}`"),
            "name those types that are not, such as `image/svg+xml`",
        ),
    };
    Diagnostic::warning(RULE.code, span, message)
        .label("compressed already")
        .help(help)
}

/// The compressed type that a media range holds, if it is one of those for which that is the rule.
fn compressed(listed: &str) -> Option<&'static str> {
    let listed = listed.to_ascii_lowercase();
    match listed.as_str() {
        "*/*" | "image/*" => Some("image/png"),
        "font/*" => Some("font/woff2"),
        "application/*" => Some("application/zip"),
        _ if listed.starts_with("video/") => Some("video/mp4"),
        _ if listed.starts_with("audio/") => Some("audio/mpeg"),
        _ => COMPRESSED.iter().copied().find(|one| *one == listed),
    }
}

/// Why the answers of a route have no body.
fn without_body(route: &Route) -> Option<&'static str> {
    let respond = route.respond.as_ref();
    let empty = respond.is_some_and(|respond| {
        (respond.body.is_none() && respond.body_file.is_none()) || respond.status.get() == 204
    });
    match (empty, &route.redirect) {
        (true, _) => Some("its answer has no body"),
        (_, Some(_)) => Some("a redirect has no body"),
        _ => None,
    }
}
