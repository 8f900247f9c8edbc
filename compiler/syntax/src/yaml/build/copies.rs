//! Aliases: the events of the node they name, played again.

use crate::diagnostic::Diagnostic;
use crate::document::{Node, Value};
use crate::source::Span;

use super::super::alias::Target;
use super::super::{MAX_ALIAS_NODES, quote, rules};
use super::{Builder, over_limit};

impl Builder<'_> {
    pub(super) fn alias(&mut self, id: usize, span: Span) {
        if self.sunk > 0 {
            return;
        }
        match self.anchors.target(id) {
            Target::Events(range) => {
                self.playing.push((self.frames.len(), span));
                for index in range {
                    if let Some((event, mark)) = self.anchors.event(index) {
                        self.node(&event, &mark);
                    }
                }
                self.playing.pop();
            }
            Target::Unfinished => {
                let name = self.written(span).to_owned();
                let message = format!("`{name}` stands inside the very value it names");
                self.report(Some(
                    Diagnostic::error(rules::unknown_alias::RULE.code, span, message)
                        .help("a value cannot contain itself; name another anchor"),
                ));
                self.complete(Node {
                    value: Value::Null,
                    span,
                });
            }
            Target::TooLarge => {
                self.too_many_copies(span);
                self.complete(Node {
                    value: Value::Null,
                    span,
                });
            }
        }
    }

    pub(super) fn too_many_copies(&mut self, span: Span) {
        if !self.told_aliases {
            self.told_aliases = true;
            let at = self.playing.first().map_or(span, |(_, alias)| *alias);
            let message = format!("aliases add more than {MAX_ALIAS_NODES} values to this text");
            self.findings.push(over_limit(at, message));
        }
    }

    pub(super) fn unknown_alias(&mut self, name: &str, span: Span) {
        let name = quote::shorten(name);
        self.report(Some(
            Diagnostic::error(
                rules::unknown_alias::RULE.code,
                span,
                format!("`*{name}` names no anchor; none called `&{name}` stands above it"),
            )
            .help(format!(
                "mark a value above with `&{name}`, or put the text in quotes"
            )),
        ));
        self.complete(Node {
            value: Value::Null,
            span,
        });
    }
}
