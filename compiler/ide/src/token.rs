//! What each word of a text is, for colours that know more than a grammar of regular expressions.

use gatec_compiler::load::Format;
use gatec_syntax::kdl::{self, KdlNode};
use gatec_syntax::{SourceId, Value};

use crate::Bytes;
use crate::names::{self, Role};
use crate::template;
use crate::view::{Place, View};

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The name of a KDL node.
    Node,
    /// The key of a property or entry.
    Property,
    /// A name that is declared or used.
    Name,
    /// A path parameter.
    Parameter,
    /// One of a few values, true or false.
    Choice,
    /// Any other text.
    Text,
    /// A number.
    Number,
    /// `(env)`, `!env`.
    Annotation,
    /// A source of a template.
    Source,
    /// A filter of a template.
    Filter,
    /// `{{`, `}}` and `|`.
    Mark,
}

/// A word with what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Where it stands, within one line.
    pub at: Bytes,
    /// What it is.
    pub kind: Kind,
    /// Whether a name is declared here.
    pub declares: bool,
}

/// The most tokens of a text: what comes after them keeps the colours of the editor's own grammar.
pub(crate) const MOST: usize = 100_000;

/// Every token of a text, in order, at most a hundred thousand; none overlap.
pub fn tokens(view: &View) -> Vec<Token> {
    let mut painter = Painter {
        view,
        found: Vec::new(),
    };
    for name in names::names(view) {
        let kind = match name.key.section.as_str() {
            names::PARAMETERS => Kind::Parameter,
            _ => Kind::Name,
        };
        painter.add(name.at, kind, name.role == Role::Declaration);
    }
    view.walk(&mut |place| painter.place(place));
    if view.format == Format::Kdl {
        let (tree, _) = kdl::parse(SourceId(0), &view.text);
        painter.nodes(&tree.nodes);
    }
    painter.finish()
}

struct Painter<'v> {
    view: &'v View,
    found: Vec<Token>,
}

impl Painter<'_> {
    fn add(&mut self, at: Bytes, kind: Kind, declares: bool) {
        if !at.is_empty() {
            self.found.push(Token { at, kind, declares });
        }
    }

    fn nodes(&mut self, nodes: &[KdlNode<'_>]) {
        for node in nodes {
            self.add(node.name_span.range(), Kind::Node, false);
            for property in &node.properties {
                self.add(property.key_span.range(), Kind::Property, false);
            }
            if let Some(children) = &node.children {
                self.nodes(&children.nodes);
            }
        }
    }

    fn place(&mut self, place: &Place<'_>) {
        let value = place.node.span.range();
        let is_key = place
            .key_range()
            .filter(|key| *key != value && !key.is_empty());
        if let (Some(key), Format::Yaml) = (is_key, self.view.format) {
            self.add(key, Kind::Property, false);
        }
        match &place.node.value {
            Value::String(_) if names::is_template(place.kind) => self.template(value),
            Value::String(_) => {
                let scalar = gatec_compiler::shape::Grammar::get().scalar(place.kind);
                let choice = scalar.is_some_and(|scalar| !scalar.choices.is_empty());
                self.add(value, if choice { Kind::Choice } else { Kind::Text }, false);
            }
            Value::Number(_) => self.add(value, Kind::Number, false),
            Value::Bool(_) | Value::Null => self.add(value, Kind::Choice, false),
            Value::Reference(reference) => {
                self.add(reference.kind_span.range(), Kind::Annotation, false);
                self.add(reference.target_span.range(), Kind::Text, false);
            }
            Value::Array(_) | Value::Object(_) => {}
        }
    }

    /// Text with expressions: the words of those, and what lies between them.
    fn template(&mut self, value: Bytes) {
        let mut at = value.start;
        let words = template::words(self.view.slice(&value), value.start);
        for word in words {
            let kind = match word.kind {
                template::Kind::Brace | template::Kind::Pipe => Kind::Mark,
                template::Kind::Source => Kind::Source,
                template::Kind::Member => Kind::Parameter,
                template::Kind::Filter => Kind::Filter,
                template::Kind::Number => Kind::Number,
                template::Kind::Text => Kind::Text,
            };
            if word.kind == template::Kind::Brace && word.text == "{{" {
                self.add(at..word.at.start, Kind::Text, false);
            }
            at = word.at.end;
            self.add(word.at, kind, false);
        }
        self.add(at..value.end, Kind::Text, false);
    }

    /// In order, one for each place, cut at the ends of lines.
    fn finish(mut self) -> Vec<Token> {
        // Of two at one place the more telling one stays: names were added first.
        self.found.sort_by_key(|token| token.at.start);
        let mut kept: Vec<Token> = Vec::new();
        for token in self.found {
            let mut token = token;
            while let Some(before) = kept.last_mut() {
                if before.at.end <= token.at.start {
                    break;
                }
                let is_telling = |kind: Kind| matches!(kind, Kind::Name | Kind::Parameter);
                if is_telling(token.kind)
                    && !is_telling(before.kind)
                    && before.at.start < token.at.start
                {
                    // A parameter in a path: what comes before it stays text.
                    let rest = token.at.end..before.at.end;
                    before.at.end = token.at.start;
                    let (kind, declares) = (before.kind, before.declares);
                    kept.push(token);
                    token = Token {
                        at: rest,
                        kind,
                        declares,
                    };
                    break;
                }
                if is_telling(token.kind) && !is_telling(before.kind) {
                    kept.pop();
                    continue;
                }
                token.at.start = before.at.end;
                break;
            }
            if token.at.start < token.at.end {
                kept.push(token);
            }
            if kept.len() >= MOST {
                break;
            }
        }
        kept.into_iter()
            .flat_map(|token| self.view.by_line(token))
            .collect()
    }
}

impl View {
    fn by_line(&self, token: Token) -> Vec<Token> {
        let (first, last) = (
            self.lines.line_of(token.at.start),
            self.lines.line_of(token.at.end - 1),
        );
        let pieces = (first..=last).map(|number| {
            let line = self.lines.line(number);
            token.at.start.max(line.start)..token.at.end.min(line.end)
        });
        pieces
            .filter(|at| at.start < at.end)
            .map(|at| Token {
                at,
                ..token.clone()
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_bounded_in_order_and_apart() {
        let view = View::new("a\n".repeat(MOST + 1_000).into(), Format::Kdl);
        let found = tokens(&view);
        assert_eq!(found.len(), MOST);
        assert!(found.is_sorted_by(|one, next| one.at.end <= next.at.start));
    }
}
