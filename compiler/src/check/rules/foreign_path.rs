//! R114: a path is written in the syntax of another program.

use gatec_syntax::{Diagnostic, Rule, Severity};

use crate::check::Context;
use crate::check::walk::matches;

/// The rule of R114.
pub(crate) const RULE: Rule = Rule {
    code: "R114",
    name: "foreign-path-syntax",
    severity: Severity::Warning,
    summary: "a path is written in the syntax of another program",
    explanation: r##"A path is text but for whole segments: `{name}` takes one segment, `{name:int}` one of a type, `{name...}` and `**` at the end all that remains, `*` one segment without a name. So `:id`, `<id>`, `[id]`, `.*` and
`*.php` are taken as they stand, and the route would answer only requests for that very text. A regular expression is written with `path-regex`. A prefix takes all that remains anyway: a `*` at its end asks for
one more segment."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "user" public=#true {
    match "GET" "/users/:id"
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "user" public=#true {
    match "GET" "/users/{id}"
    respond 200
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, ordinal, matched) in matches(context.spec) {
        if let Some(regex) = &matched.path_regex {
            let at = ["routes", name, "match", &ordinal, "path-regex"];
            found.extend(modifier(context, &at, regex.as_str()));
        }
        let path = matched.path.as_ref().map(|path| ("path", path.as_str()));
        let prefix = matched
            .prefix
            .as_ref()
            .map(|path| ("prefix", path.as_str()));
        for (key, text) in path.into_iter().chain(prefix) {
            let at = ["routes", name, "match", &ordinal, key];
            found.extend(finding(context, &at, text, key == "prefix"));
        }
    }
}

/// The `~` and `~*` that nginx puts before an expression.
fn modifier(context: &Context<'_>, at: &[&str], text: &str) -> Option<Diagnostic> {
    let rest = text.strip_prefix('~')?;
    let (flag, rest) = match rest.strip_prefix('*') {
        Some(rest) => ("(?i)", rest),
        None => ("", rest),
    };
    let rest = rest.trim_start();
    let end = if rest.ends_with('$') { "" } else { ".*" };
    let rest = rest.trim_end_matches('$');
    let meant = match rest.strip_prefix('^') {
        Some(rest) => format!("{flag}{rest}{end}"),
        None => format!("{flag}/.*{rest}{end}"),
    };
    let found = Diagnostic::warning(
        RULE.code,
        context.value(at),
        format!("the `~` of `{text}` is taken as a part of the path"),
    );
    Some(
        found
            .label("an expression stands alone here")
            .help(format!("it is for the whole path: `{meant}`")),
    )
}

fn finding(context: &Context<'_>, at: &[&str], text: &str, is_prefix: bool) -> Option<Diagnostic> {
    let span = context.value(at);
    if let Some(shorter) = text.strip_suffix("/*").filter(|_| is_prefix) {
        let shorter = if shorter.is_empty() { "/" } else { shorter };
        let found = Diagnostic::warning(
            RULE.code,
            span,
            format!("`{text}` asks for one segment more, which a prefix takes anyway"),
        )
        .label("`*` is one whole segment here")
        .help("where that segment is meant to be there, give it a name, such as `{any}`");
        return Some(mended(context, found, text, shorter));
    }
    let (foreign, meant) = text
        .split('/')
        .find_map(|segment| Some((segment, meant(segment)?)))?;
    let found = Diagnostic::warning(
        RULE.code,
        span,
        format!("`{foreign}` in `{text}` is taken as it stands: only that very text fits"),
    );
    Some(match meant {
        Meant::Regex => found
            .label("not a pattern here")
            .help(format!("write `path-regex={:?}`", regex(text))),
        Meant::Parameter(_) => {
            let whole = text.split('/').map(|segment| match self::meant(segment) {
                Some(Meant::Parameter(parameter)) => parameter,
                _ => segment.to_owned(),
            });
            let whole = whole.collect::<Vec<_>>().join("/");
            mended(context, found.label("not a parameter here"), text, &whole)
        }
    })
}

/// Offers the other text where the path stands in the source as it is.
fn mended(context: &Context<'_>, found: Diagnostic, text: &str, other: &str) -> Diagnostic {
    let span = found.span;
    let written = context.sources.slice(span);
    let sound = gatec_schema::value::parse_path(other).is_ok();
    match sound && written.matches(text).count() == 1 {
        true => found.offer(
            format!("write `{other}`"),
            span,
            written.replace(text, other),
        ),
        false => found,
    }
}

/// What a segment that is plain text here means elsewhere.
#[derive(Debug, PartialEq, Eq)]
enum Meant {
    /// A parameter, in our own words.
    Parameter(String),
    /// A regular expression or a pattern with `*`.
    Regex,
}

fn meant(segment: &str) -> Option<Meant> {
    if segment.starts_with('{') || segment == "*" || segment == "**" {
        return None;
    }
    parameter(segment)
        .map(Meant::Parameter)
        .or_else(|| is_regex(segment).then_some(Meant::Regex))
}

/// `:id`, `<id>`, `<int:id>`, `[id]` and `[...rest]` as a parameter of ours.
pub(in crate::check) fn parameter(segment: &str) -> Option<String> {
    let between = |open, close| segment.strip_prefix(open)?.strip_suffix(close);
    if let Some(name) = segment.strip_prefix(':') {
        return is_name(name).then(|| format!("{{{name}}}"));
    }
    if let Some(inner) = between('<', '>') {
        let (kind, name) = inner.split_once(':').unwrap_or(("", inner));
        return is_name(name).then(|| match kind {
            "int" | "uuid" => format!("{{{name}:{kind}}}"),
            "path" => format!("{{{name}...}}"),
            _ => format!("{{{name}}}"),
        });
    }
    let inner = between('[', ']')?;
    match inner.strip_prefix("...") {
        Some(name) => is_name(name).then(|| format!("{{{name}...}}")),
        None => is_name(inner).then(|| format!("{{{inner}}}")),
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

fn is_regex(segment: &str) -> bool {
    let group = segment.contains('(') && segment.contains('|') && segment.contains(')');
    let class = segment.contains('[') && segment.contains("]+");
    segment.contains('*')
        || segment.contains(".+")
        || segment.starts_with('^')
        || segment.ends_with('$')
        || group
        || class
}

/// The whole path as a regular expression; a `*` that repeats nothing takes what a segment holds.
fn regex(text: &str) -> String {
    let text = text.trim_start_matches('^').trim_end_matches('$');
    let is_glob = !text.contains(".*") && !text.contains(")*") && !text.contains("]*");
    match is_glob && text.contains('*') {
        true => text.replace('.', r"\.").replace('*', "[^/]*"),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_parameter_elsewhere() {
        for (segment, ours) in [
            (":id", Some("{id}")),
            ("<id>", Some("{id}")),
            ("<int:id>", Some("{id:int}")),
            ("<path:rest>", Some("{rest...}")),
            ("[id]", Some("{id}")),
            ("[...slug]", Some("{slug...}")),
            (":", None),
            ("12:30", None),
            ("[0-9]", None),
            ("id", None),
        ] {
            assert_eq!(parameter(segment).as_deref(), ours, "{segment}");
        }
    }

    #[test]
    fn only_what_is_surely_a_pattern_is_told() {
        for pattern in [".*", "*.php", "[0-9]+", "(a|b)", "x$", "^x", "a*"] {
            assert_eq!(meant(pattern), Some(Meant::Regex), "{pattern}");
        }
        for plain in [
            "Products(1)",
            "a.b",
            "$metadata",
            "v1.0",
            "*",
            "**",
            "{id}",
            "a:b",
            "@x",
            "a[1]",
        ] {
            assert_eq!(meant(plain), None, "{plain}");
        }
        assert_eq!(regex("/a/*.php"), r"/a/[^/]*\.php");
        assert_eq!(regex("/rx/.*"), "/rx/.*");
    }
}
