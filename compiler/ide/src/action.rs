//! What an editor can do about a finding, besides the mends that findings carry.

use gatec_compiler::load::Format;

use crate::names::{self, IDENTITIES, Name, Role};
use crate::view::View;
use crate::{Lines, TextEdit, rename};

/// Something that can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What it does, in the imperative.
    pub title: String,
    /// How, in this text.
    pub edits: Vec<TextEdit>,
}

/// Declares what a name at an offset means, where nothing in the workspace does.
pub fn declare(view: &View, offset: usize, known: &dyn Fn(&names::Key) -> bool) -> Option<Action> {
    let found = names::names(view);
    let name = names::name_at(&found, offset)?;
    if name.role == Role::Use && name.key.section == IDENTITIES && !known(&name.key) {
        return declare_identity(view, &name.key.name);
    }
    let missing = name.role == Role::Use && name.key.section == "upstreams" && !known(&name.key);
    if !missing {
        return None;
    }
    if let Some(url) = address(&name.key.name) {
        return declare_address(view, &found, name, &url, known);
    }
    let entry = Entry::upstream(&name.key.name, SERVER);
    let edit = declaration(view, &found, &entry)?;
    Some(Action {
        title: format!("declare the upstream `{}`", name.key.name),
        edits: vec![edit],
    })
}

/// Where a new upstream is until somebody says where it is.
const SERVER: &str = "http://127.0.0.1:9000";

/// The URL of a server, where one was written in the place of a name.
fn address(name: &str) -> Option<String> {
    let host = name.split('/').next().unwrap_or_default();
    let port = host.rsplit_once(':').map_or("", |(_, port)| port);
    let is_port = !port.is_empty() && port.bytes().all(|digit| digit.is_ascii_digit());
    match name.starts_with("http://") || name.starts_with("https://") {
        true => Some(name.to_owned()),
        false => is_port.then(|| format!("http://{name}")),
    }
}

/// Declares an upstream with this address, and names it where the address stands.
fn declare_address(
    view: &View,
    found: &[Name],
    name: &Name,
    url: &str,
    known: &dyn Fn(&names::Key) -> bool,
) -> Option<Action> {
    let is_free = |new: &String| {
        let key = names::Key {
            name: new.clone(),
            ..name.key.clone()
        };
        !known(&key)
    };
    let numbered = (2..100).map(|number| format!("backend-{number}"));
    let new = std::iter::once("backend".to_owned())
        .chain(numbered)
        .find(is_free)?;
    let declared = declaration(view, found, &Entry::upstream(&new, url))?;
    Some(Action {
        title: format!("declare the upstream `{new}` with this address"),
        edits: vec![rename::edit(view, name, &new), declared],
    })
}

/// Declares an identity in a spec, as one that proves itself with a signed token.
pub fn declare_identity(view: &View, name: &str) -> Option<Action> {
    let edit = declaration(view, &names::names(view), &Entry::identity(name))?;
    Some(Action {
        title: format!("declare the identity `{name}`"),
        edits: vec![edit],
    })
}

/// A new entry of one of the root's maps, in both languages.
struct Entry {
    section: &'static str,
    kdl: String,
    /// Its key and the lines below it, each with its own indentation.
    yaml: (String, Vec<String>),
}

impl Entry {
    fn upstream(name: &str, url: &str) -> Self {
        let (quoted, shown) = (rename::quoted(name), rename::quoted(url));
        Self {
            section: "upstreams",
            kdl: format!("upstream {quoted} {{\n    server {shown}\n}}"),
            yaml: (
                yaml_key(name),
                vec!["servers:".to_owned(), format!("  - url: {url}")],
            ),
        }
    }

    fn identity(name: &str) -> Self {
        let (issuer, keys) = ("https://id.example", "https://id.example/jwks.json");
        let quoted = rename::quoted(name);
        Self {
            section: IDENTITIES,
            kdl: format!(
                "identity {quoted} {{\n    jwt issuer=\"{issuer}\" audience=\"shop\" keys=\"{keys}\"\n    claim \"sub\"\n}}"
            ),
            yaml: (
                yaml_key(name),
                [
                    "jwt:".to_owned(),
                    format!("  issuer: {issuer}"),
                    "  audience: [shop]".to_owned(),
                    format!("  keys: {keys}"),
                    "claims:".to_owned(),
                    "  sub: {}".to_owned(),
                ]
                .into(),
            ),
        }
    }

    fn written(&self, format: Format, indent: usize) -> String {
        if format == Format::Kdl {
            return self.kdl.clone();
        }
        let pad = " ".repeat(indent);
        let (key, lines) = &self.yaml;
        let below = lines.iter().map(|line| format!("\n{pad}  {line}"));
        format!("{pad}{key}:{}", below.collect::<String>())
    }
}

/// The text of an entry, behind the last one there is or at the end; none where a section is there
/// whose form it does not fit.
fn declaration(view: &View, found: &[Name], entry: &Entry) -> Option<TextEdit> {
    let section = view.document.root.entry(entry.section);
    let section = section.filter(|_| view.format == Format::Yaml);
    if let Some(section) = section {
        let value = view.slice(&section.node.span.range()).trim_start();
        let is_empty = section
            .node
            .as_object()
            .is_none_or(|object| object.entries.is_empty());
        if is_empty || value.starts_with(['{', '*']) {
            return None;
        }
    }
    let declared = found
        .iter()
        .filter(|name| name.key.section == entry.section && name.role == Role::Declaration);
    let last = declared.max_by_key(|name| name.at.start);
    let behind = last.and_then(|last| {
        let whole = view
            .at(last.at.start)
            .into_iter()
            .filter(|place| place.path.len() == 2);
        let end = whole
            .filter_map(|place| place.whole())
            .map(|whole| whole.end)
            .max()?;
        Some(
            view.lines
                .line(view.lines.line_of(end.saturating_sub(1)))
                .end,
        )
    });
    let at = behind.unwrap_or(view.text.len());
    let indent = last.map_or(2, |last| indent(&view.lines, last.at.start));
    let written = entry.written(view.format, indent);
    let text = match (behind, view.format) {
        (Some(_), Format::Kdl) => format!("\n\n{written}"),
        (Some(_), Format::Yaml) => format!("\n{written}"),
        (None, format) => {
            let section = match format {
                Format::Yaml => format!("{}:\n", entry.section),
                Format::Kdl => String::new(),
            };
            format!("{}{section}{written}\n", gap(&view.text))
        }
    };
    Some(TextEdit { at: at..at, text })
}

fn indent(lines: &Lines, offset: usize) -> usize {
    let line = lines.line(lines.line_of(offset));
    offset - line.start
}

/// What parts the end of a text from what is put behind it.
fn gap(text: &str) -> &'static str {
    match (text.is_empty(), text.ends_with('\n')) {
        (true, _) => "",
        (_, true) => "\n",
        _ => "\n\n",
    }
}

fn yaml_key(name: &str) -> String {
    match rename::is_plain(name) {
        true => name.to_owned(),
        false => rename::quoted(name),
    }
}

/// Silences a code for the node or entry that holds an offset, in a line of its own above it.
pub fn ignore(view: &View, offset: usize, code: &str) -> Action {
    let line = view
        .lines
        .line(first_line(view, view.lines.line_of(offset)));
    let words = view.slice(&line);
    let indent: String = words.chars().take_while(|c| c.is_whitespace()).collect();
    let mark = match view.format {
        Format::Kdl => "//",
        Format::Yaml => "#",
    };
    let end = if view.text.contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    Action {
        title: format!("ignore {code} here"),
        edits: vec![TextEdit {
            at: line.start..line.start,
            text: format!("{indent}{mark} gatec: ignore {code}{end}"),
        }],
    }
}

/// The line above which a comment is one: not within a text over several lines, and not behind a line that
/// goes on in the next.
fn first_line(view: &View, mut number: usize) -> usize {
    while number > 0 {
        let start = view.lines.line(number).start;
        let around = view.at(start).into_iter().find_map(|place| {
            let value = place.node.span.range();
            let is_text = place.node.as_object().is_none() && place.node.as_array().is_none();
            let whole = place
                .whole()
                .filter(|_| is_text && value.start < start && start < value.end)?;
            Some(view.lines.line_of(whole.start))
        });
        let above = view.slice(&view.lines.line(number - 1)).trim_end();
        let goes_on = view.format == Format::Kdl && above.ends_with('\\');
        match around {
            Some(first) if first < number => number = first,
            _ if goes_on => number -= 1,
            _ => break,
        }
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(text: &str, format: Format, at: &str) -> String {
        let view = View::new(text.into(), format);
        let action = declare(&view, text.find(at).unwrap(), &|_| false).unwrap();
        let mut out = text.to_owned();
        for edit in action.edits {
            out.replace_range(edit.at, &edit.text);
        }
        out
    }

    #[test]
    fn an_upstream_is_declared_behind_the_others() {
        let kdl = "upstream \"a\" {\n    server \"http://127.0.0.1:1\"\n}\n\nroute \"r\" {\n    proxy \"b\"\n}\n";
        let out = declared(kdl, Format::Kdl, "\"b\"");
        assert!(
            out.contains("}\n\nupstream \"b\" {\n    server \"http://127.0.0.1:9000\"\n}\n\nroute"),
            "{out}"
        );
    }

    #[test]
    fn an_address_becomes_an_upstream() {
        let kdl = "upstream \"backend\" { server \"http://127.0.0.1:1\"; }\n\nroute \"r\" {\n    proxy \"10.0.0.1:9000\"\n}\n";
        let view = View::new(kdl.into(), Format::Kdl);
        let at = kdl.find("\"10.").unwrap();
        let known = |key: &names::Key| key.name == "backend";
        let mut edits = declare(&view, at, &known).unwrap().edits;
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.at.start));
        let mut out = kdl.to_owned();
        for edit in edits {
            out.replace_range(edit.at, &edit.text);
        }
        assert!(out.contains("    proxy \"backend-2\"\n"), "{out}");
        let declared = "upstream \"backend-2\" {\n    server \"http://10.0.0.1:9000\"\n}";
        assert!(out.contains(declared), "{out}");
    }

    #[test]
    fn a_comment_is_never_put_into_a_text() {
        let put = |text: &str, format, at: &str| {
            let view = View::new(text.into(), format);
            let action = ignore(&view, text.find(at).unwrap(), "T111");
            let mut out = text.to_owned();
            out.replace_range(action.edits[0].at.clone(), &action.edits[0].text);
            out
        };
        let yaml =
            "routes:\n  a:\n    respond:\n      body: |\n        one\n        {{ path.id }}\n";
        let out = put(yaml, Format::Yaml, "{{ path");
        assert!(
            out.contains("      # gatec: ignore T111\n      body: |\n        one\n"),
            "{out}"
        );
        let kdl = "route \"a\" {\n    respond 200 {\n        body \"\"\"\n        {{ path.id }}\n        \"\"\"\n    }\n}\n";
        let out = put(kdl, Format::Kdl, "{{ path");
        assert!(
            out.contains("        // gatec: ignore T111\n        body \"\"\"\n"),
            "{out}"
        );
        let out = put("upstream \\\n    \"a\" {\n}\n", Format::Kdl, "\"a\"");
        assert!(out.starts_with("// gatec: ignore T111\nupstream"), "{out}");
    }

    #[test]
    fn an_upstream_is_not_declared_where_its_form_does_not_fit() {
        for text in [
            "upstreams: {a: {servers: [{url: 'http://x'}]}}\nroutes:\n  r:\n    proxy:\n      upstream: b\n",
            "upstreams:\nroutes:\n  r:\n    proxy:\n      upstream: b\n",
        ] {
            let view = View::new(text.into(), Format::Yaml);
            assert_eq!(
                declare(&view, text.rfind("b\n").unwrap(), &|_| false),
                None,
                "{text}"
            );
        }
    }

    #[test]
    fn an_upstream_is_declared_where_there_is_none() {
        let kdl = "route \"r\" {\n    proxy \"b\"\n}\n";
        let out = declared(kdl, Format::Kdl, "\"b\"");
        assert!(
            out.ends_with("}\n\nupstream \"b\" {\n    server \"http://127.0.0.1:9000\"\n}\n"),
            "{out}"
        );
        let yaml = "routes:\n  r:\n    proxy:\n      upstream: b\n";
        let out = declared(yaml, Format::Yaml, "b\n");
        assert!(
            out.ends_with("upstreams:\n  b:\n    servers:\n      - url: http://127.0.0.1:9000\n"),
            "{out}"
        );
        let view = View::new(out.as_str().into(), Format::Yaml);
        let names = names::names(&view);
        assert_eq!(names::declared(&names, "upstreams"), ["b"]);
    }
}
