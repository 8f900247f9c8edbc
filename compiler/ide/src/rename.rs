//! A new name for what has one, wherever it is written.

use gatec_compiler::load::Format;
use gatec_compiler::policy::names::{is_taken, type_name};

use crate::names::{Form, HEADERS, IDENTITIES, Name, PARAMETERS, QUERY, ROLES, ROUTES};
use crate::view::View;
use crate::{Bytes, TextEdit};

/// The bytes to be renamed, quotes left out.
pub fn bare(view: &View, name: &Name) -> Bytes {
    let text = view.slice(&name.at);
    match text.find(&name.key.name) {
        Some(at) => name.at.start + at..name.at.start + at + name.key.name.len(),
        None => name.at.clone(),
    }
}

/// What is wrong with a new name, in a sentence.
///
/// # Errors
/// When it cannot be the name of such a thing.
pub fn check(section: &str, new: &str) -> Result<(), String> {
    if new.is_empty() {
        return Err("a name cannot be empty".to_owned());
    }
    if new.chars().any(is_invisible) {
        return Err("a name holds no line breaks or other control characters".to_owned());
    }
    let fixed = match section {
        ROLES => Some("a role comes from the credentials of who is asking"),
        HEADERS => Some("a header is what clients send"),
        QUERY => Some("a query parameter is what clients send"),
        _ => None,
    };
    if let Some(why) = fixed {
        return Err(format!("{why}: it has no name here that could be changed"));
    }
    let kind = type_name(new);
    if section == IDENTITIES && is_taken(&kind) {
        return Err(format!(
            "`{new}` would be the type `{kind}` in Cedar, and that is taken"
        ));
    }
    let starts = |c: char| c.is_ascii_alphabetic() || c == '_';
    let goes_on = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if section == PARAMETERS && !(new.starts_with(starts) && new.chars().all(goes_on)) {
        return Err(format!(
            "`{new}` cannot be a path parameter: a letter or `_`, then letters, digits and `_`"
        ));
    }
    Ok(())
}

/// Whether two names of a section cannot stand side by side: they are the same, or would be the same type
/// in Cedar.
pub fn collides(section: &str, one: &str, other: &str) -> bool {
    let types = matches!(section, IDENTITIES | ROUTES);
    one == other || (types && type_name(one) == type_name(other))
}

/// Characters that end lines or turn the direction of text: KDL takes none of them.
fn is_invisible(c: char) -> bool {
    let turns =
        matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    c.is_control() || turns || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}')
}

/// The edit that gives one place the new name.
pub fn edit(view: &View, name: &Name, new: &str) -> TextEdit {
    if !matches!(name.form, Form::Spec | Form::Either) {
        return in_cedar(name, new);
    }
    let written = view.slice(&name.at);
    let text = match (name.key.section.as_str(), view.format) {
        (PARAMETERS, _) => new.to_owned(),
        (_, Format::Kdl) if !written.starts_with(['"', '#']) && is_word(new) => new.to_owned(),
        (_, Format::Kdl) => quoted(new),
        (_, Format::Yaml) if written.starts_with('\'') => format!("'{}'", new.replace('\'', "''")),
        (_, Format::Yaml) if !written.starts_with('"') && is_plain(new) => new.to_owned(),
        (_, Format::Yaml) => quoted(new),
    };
    TextEdit {
        at: name.at.clone(),
        text,
    }
}

/// The same in Cedar, where an identity and a route are types, and a name may need quotes.
fn in_cedar(name: &Name, new: &str) -> TextEdit {
    let start = match name.form {
        Form::Attribute { dot } => name.at.start.saturating_sub(dot),
        _ => name.at.start,
    };
    TextEdit {
        at: start..name.at.end,
        text: crate::cedar::names::written(&name.key.section, name.form, new),
    }
}

/// In double quotes, with escapes that KDL and YAML have alike.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Whether KDL takes it for a string without quotes.
fn is_word(text: &str) -> bool {
    let reserved = ["true", "false", "null", "inf", "-inf", "nan"];
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        && !reserved.contains(&text)
}

/// Whether YAML takes it for that string without quotes.
pub(crate) fn is_plain(text: &str) -> bool {
    let words = [
        "true", "false", "null", "True", "False", "Null", "TRUE", "FALSE", "NULL",
    ];
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        && !words.contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::names;

    fn renamed(text: &str, format: Format, section: &str, from: &str, to: &str) -> String {
        let view = View::new(text.into(), format);
        let mut out = text.to_owned();
        for name in names(&view).iter().rev() {
            if name.key.section == section && name.key.name == from {
                let edit = edit(&view, name, to);
                out.replace_range(edit.at, &edit.text);
            }
        }
        out
    }

    #[test]
    fn quotes_are_put_where_the_new_name_needs_them() {
        let kdl = "upstream up {\n    server \"http://127.0.0.1:1\"\n}\nroute \"r\" {\n    proxy \"up\"\n}\n";
        let out = renamed(kdl, Format::Kdl, "upstreams", "up", "a b");
        assert!(
            out.contains("upstream \"a b\" {") && out.contains("proxy \"a b\""),
            "{out}"
        );
        let out = renamed(kdl, Format::Kdl, "upstreams", "up", "down");
        assert!(
            out.contains("upstream down {") && out.contains("proxy \"down\""),
            "{out}"
        );
        let yaml = "upstreams:\n  up: {servers: [{url: 'http://127.0.0.1:1'}]}\nroutes:\n  r:\n    proxy: {upstream: 'up'}\n";
        let out = renamed(yaml, Format::Yaml, "upstreams", "up", "it's");
        assert!(
            out.contains("\"it's\": {") && out.contains("upstream: 'it''s'"),
            "{out}"
        );
    }

    #[test]
    fn a_parameter_is_renamed_in_path_and_templates() {
        let kdl = "route \"r\" {\n    match \"GET\" \"/a/{id:int}\"\n    respond 200 \"{{ path.id | int }}\"\n}\n";
        let out = renamed(kdl, Format::Kdl, PARAMETERS, "id", "number");
        assert!(
            out.contains("/a/{number:int}") && out.contains("{{ path.number | int }}"),
            "{out}"
        );
        assert!(check(PARAMETERS, "a b").is_err());
        assert!(check("upstreams", "a b").is_ok());
        assert!(check("upstreams", "a\u{2028}b").is_err());
    }
}
