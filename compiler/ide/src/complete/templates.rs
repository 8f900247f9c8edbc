//! The words of a template's expression.

use gatec_compiler::template::words;

use super::snippet::escaped;
use super::values::HEADERS;
use super::{Asked, Item, Kind};

impl Asked<'_> {
    /// What can be written in the expression that is open at the end of `before`; `None` outside of
    /// one.
    pub(super) fn expression(&self, before: &str, path: &[String]) -> Option<Vec<Item>> {
        let open = before.rfind("{{")?;
        let inside = before.get(open + 2..)?;
        if inside.contains("}}") {
            return None;
        }
        let typed = inside
            .chars()
            .rev()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_')
            .count();
        let ahead = inside.get(..inside.len() - typed)?;
        let spare = Asked {
            replace: self.offset - typed..self.offset,
            ..*self.again()
        };
        let ahead_trimmed = ahead.trim_end();
        Some(match ahead_trimmed {
            "" => spare.sources(),
            _ if ahead_trimmed.ends_with('|') => {
                spare.filters(if ahead.ends_with('|') { " " } else { "" })
            }
            _ => match ahead.strip_suffix('.') {
                Some(source) => spare.members(source.trim(), path),
                None => Vec::new(),
            },
        })
    }

    fn again(&self) -> Box<Asked<'_>> {
        Box::new(Asked {
            grammar: self.grammar,
            format: self.format,
            around: self.around,
            replace: self.replace.clone(),
            next: self.next,
            offset: self.offset,
            layout: self.layout,
        })
    }

    fn sources(&self) -> Vec<Item> {
        words::sources()
            .map(|source| Item {
                snippet: match source.members {
                    true => format!("{}.", source.name),
                    false => escaped(source.name),
                },
                documentation: source.what.to_owned(),
                more: source.members,
                ..self.item(source.name, Kind::Source)
            })
            .collect()
    }

    /// `space` parts the filter from the `|` before it.
    fn filters(&self, space: &str) -> Vec<Item> {
        words::filters()
            .map(|filter| Item {
                snippet: format!("{space}{}", escaped(filter.form)),
                detail: filter.form.to_owned(),
                documentation: filter.what.to_owned(),
                ..self.item(filter.name, Kind::Filter)
            })
            .collect()
    }

    fn members(&self, source: &str, path: &[String]) -> Vec<Item> {
        let named = |names: Vec<String>| -> Vec<Item> {
            names
                .into_iter()
                .map(|name| self.item(name, Kind::Name))
                .collect()
        };
        match source {
            "path" => {
                let route = match path.first().map(String::as_str) {
                    Some("routes") => path.get(1),
                    Some("profiles") => path.get(3),
                    _ => None,
                };
                named(
                    route
                        .map(|route| self.around.parameters(route))
                        .unwrap_or_default(),
                )
            }
            "header" => named(HEADERS.iter().map(|name| (*name).to_owned()).collect()),
            "fake" => named(words::fakes().map(str::to_owned).collect()),
            "error" => named(vec!["status".to_owned(), "reason".to_owned()]),
            _ => Vec::new(),
        }
    }
}
