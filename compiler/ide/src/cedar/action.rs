//! What can be done about findings that have to do with policies.

use gatec_compiler::load::Format;
use gatec_compiler::policy::schema::action_uid;
use gatec_compiler::policy::text::PolicyText;
use gatec_syntax::{Sources, Span};

use super::about::About;
use super::members::{Owner, members, owner};
use super::scope::scope;
use super::words::{policies, words};
use crate::view::View;
use crate::{Bytes, Lines, TextEdit, rename};

/// A policy to be put in: where, in a text of the spec, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    /// An empty span: where.
    pub at: Span,
    /// The policy with the lines around it.
    pub text: String,
}

/// A policy that permits a route to its first identity, for the end of the first text of policies.
pub fn permit(about: &About<'_>, sources: &Sources, route: &str) -> Option<Permit> {
    let action = about.world().actions.get(route)?;
    let identity = action.identities.first()?;
    let kind = &about.world().principals.get(identity)?.kind;
    let policy = format!(
        "permit (principal is {kind}, action == {}, resource);",
        action_uid(route)
    );
    let text = about.rulebook()?.texts.first()?;
    let whole = sources.get(text.span.source)?.text().len();
    let is_file = text.span.start == 0 && text.span.end as usize == whole;
    match is_file {
        true => {
            let gap = match (text.text.is_empty(), text.text.ends_with('\n')) {
                (true, _) => "",
                (_, true) => "\n",
                _ => "\n\n",
            };
            Some(Permit {
                at: Span::new(text.span.source, whole, whole),
                text: format!("{gap}{policy}\n"),
            })
        }
        false => in_value(text, sources, &policy),
    }
}

/// Behind the last line of a value that has lines of its own.
fn in_value(text: &PolicyText, sources: &Sources, policy: &str) -> Option<Permit> {
    let words = text.text.trim_end();
    let last = words.rfind('\n').map_or(0, |at| at + 1);
    let span = text.span(last..words.len());
    let source = sources.get(span.source)?.text();
    let line = text.text.get(last..words.len())?;
    let several = sources.slice(text.span).contains('\n');
    if !several || line.is_empty() || sources.slice(span) != line {
        return None;
    }
    let start = span.start as usize;
    let own = source.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
    let inside = line.len() - line.trim_start().len();
    let indent = source.get(own..start)?;
    indent.trim().is_empty().then(|| Permit {
        at: Span::new(span.source, span.end as usize, span.end as usize),
        text: format!(
            "\n{indent}{}{policy}",
            line.get(..inside).unwrap_or_default()
        ),
    })
}

/// The claim that a policy asks for at a place, and the identities that lack it.
pub fn missing_claim(about: &About<'_>, text: &str, at: &Bytes) -> Option<(String, Vec<String>)> {
    let words = words(text);
    let policy = policies(&words).find(|policy| {
        let (first, last) = (policy.first(), policy.last());
        first
            .zip(last)
            .is_some_and(|(first, last)| first.at.start <= at.start && at.start <= last.at.end)
    })?;
    let found = policy.iter().enumerate().find_map(|(number, word)| {
        let within = at.start <= word.at.start && word.at.end <= at.end.max(at.start + 1);
        let before = policy.get(..number)?;
        let [owned @ .., mark] = before else {
            return None;
        };
        let name = match (mark.text, word.string()) {
            ("[", Some(name)) => name,
            ("." | "has", None) if word.is_name() => word.text,
            _ => return None,
        };
        (within && owner(owned) == Some(Owner::Principal)).then_some((number, name))
    });
    let (number, name) = found?;
    let world = about.world();
    let scope = scope(world, policy.get(..number)?);
    let known = members(world, &scope, Owner::Principal);
    let has = known.into_iter().find(|member| member.name == name);
    let has = has.map(|member| member.of).unwrap_or_default();
    let lack = scope.identities.iter().filter(|name| !has.contains(name));
    let lack: Vec<String> = lack.map(|name| (*name).to_owned()).collect();
    (!lack.is_empty()).then(|| (name.to_owned(), lack))
}

/// Declares a claim of an identity where that is declared.
pub fn declare_claim(view: &View, identity: &str, claim: &str) -> Option<TextEdit> {
    let identities = view.document.root.get("identities")?.as_object()?;
    let entry = identities.entry(identity)?;
    match view.format {
        Format::Kdl => {
            let whole = entry.key_span.to(entry.node.span).range();
            in_block(view, &whole, &format!("claim {}", rename::quoted(claim)))
        }
        Format::Yaml => {
            let name = match rename::is_plain(claim) {
                true => claim.to_owned(),
                false => rename::quoted(claim),
            };
            let object = entry.node.as_object()?;
            let claims = object.entry("claims");
            let given = claims.and_then(|claims| claims.node.as_object()?.entries.last());
            let (last, text) = match (claims, given) {
                (Some(_), Some(last)) => (last, format!("{name}: {{}}")),
                (Some(_), None) => return None,
                (None, _) => (object.entries.last()?, String::new()),
            };
            let line = view
                .lines
                .line(view.lines.line_of(last.key_span.start as usize));
            let indent = view.slice(&(line.start..last.key_span.start as usize));
            if !indent.trim().is_empty() {
                return None;
            }
            let text = match text.is_empty() {
                true => format!("claims:\n{indent}  {name}: {{}}"),
                false => text,
            };
            Some(behind(
                &view.lines,
                last.node.span.end as usize,
                &format!("{indent}{text}"),
            ))
        }
    }
}

/// A line of its own behind the line of an offset.
fn behind(lines: &Lines, offset: usize, text: &str) -> TextEdit {
    let end = lines.line(lines.line_of(offset.saturating_sub(1))).end;
    TextEdit {
        at: end..end,
        text: format!("\n{text}"),
    }
}

/// A node at the end of a block in KDL.
fn in_block(view: &View, whole: &Bytes, node: &str) -> Option<TextEdit> {
    let text = view.slice(whole).trim_end();
    let inside = text.strip_suffix('}')?;
    let close = whole.start + inside.len();
    let line = view.lines.line(view.lines.line_of(close));
    let before = view.slice(&(line.start..close));
    if before.trim().is_empty() {
        return Some(TextEdit {
            at: line.start..line.start,
            text: format!("{before}    {node}\n"),
        });
    }
    let words = before.trim_end();
    let at = line.start + words.len();
    let mark = match words.ends_with(['{', ';']) {
        true => " ",
        false => "; ",
    };
    Some(TextEdit {
        at: at..close,
        text: format!("{mark}{node} "),
    })
}

/// The name of an identity whose type in Cedar this is.
pub fn identity_name(kind: &str) -> String {
    let mut name = String::new();
    for (at, c) in kind.char_indices() {
        if c.is_ascii_uppercase() && at > 0 {
            name.push('-');
        }
        name.push(c.to_ascii_lowercase());
    }
    name
}
