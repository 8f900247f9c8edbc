//! What an editor can do about a finding, besides the mends that findings carry.

use gatec_compiler::load::Format;

use crate::names::{self, Name, Role};
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
    let missing = name.role == Role::Use && name.key.section == "upstreams" && !known(&name.key);
    missing.then(|| Action {
        title: format!("declare the upstream `{}`", name.key.name),
        edits: vec![declaration(view, &found, &name.key.name)],
    })
}

/// The text of an upstream, behind the last one there is or at the end.
fn declaration(view: &View, found: &[Name], name: &str) -> TextEdit {
    let declared = found
        .iter()
        .filter(|name| name.key.section == "upstreams" && name.role == Role::Declaration);
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
    let entry = match view.format {
        Format::Kdl => kdl_entry(name),
        Format::Yaml => yaml_entry(name, indent),
    };
    let text = match (behind, view.format) {
        (Some(_), Format::Kdl) => format!("\n\n{entry}"),
        (Some(_), Format::Yaml) => format!("\n{entry}"),
        (None, format) => {
            let section = if format == Format::Yaml {
                "upstreams:\n"
            } else {
                ""
            };
            format!("{}{section}{entry}\n", gap(&view.text))
        }
    };
    TextEdit { at: at..at, text }
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

fn kdl_entry(name: &str) -> String {
    let name = rename::quoted(name);
    format!("upstream {name} {{\n    server \"http://127.0.0.1:9000\"\n}}")
}

fn yaml_entry(name: &str, indent: usize) -> String {
    let key = match rename::is_plain(name) {
        true => name.to_owned(),
        false => rename::quoted(name),
    };
    let pad = " ".repeat(indent);
    format!("{pad}{key}:\n{pad}  servers:\n{pad}    - url: http://127.0.0.1:9000")
}

/// Silences a code for the node or entry that begins in the line of an offset.
pub fn ignore(view: &View, offset: usize, code: &str) -> Action {
    let line = view.lines.line(view.lines.line_of(offset));
    let words = view.slice(&line);
    let indent: String = words.chars().take_while(|c| c.is_whitespace()).collect();
    let mark = match view.format {
        Format::Kdl => "//",
        Format::Yaml => "#",
    };
    Action {
        title: format!("ignore {code} here"),
        edits: vec![TextEdit {
            at: line.start..line.start,
            text: format!("{indent}{mark} gatec: ignore {code} \n"),
        }],
    }
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
