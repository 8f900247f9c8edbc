//! Keys: text, a merge key, or a mistake.

use granit_parser::{ScalarStyle, Span as Mark, Tag};

use crate::diagnostic::Diagnostic;
use crate::document::Node;
use crate::source::Span;

use super::super::rules;
use super::super::tag::{self, Meaning, Scalar};
use super::{Builder, Content, Frame, Key, Role, tag_span};

impl Builder<'_> {
    pub(super) fn key(&mut self, scalar: &Scalar<'_>, tag: Option<&Tag>, mark: &Mark) {
        let plain = scalar.style == ScalarStyle::Plain && tag.is_none();
        if let (Some(tag), Some(range)) = (tag, tag_span(mark)) {
            let span = self.span(&range);
            match tag::meaning(tag) {
                Meaning::Core(_) => self.report(scalar.tagged(tag, span).1),
                Meaning::Text => {}
                _ => self.report(Some(bad_key(span, "a key with a tag"))),
            }
        }
        let role = if plain && scalar.text == "<<" {
            Role::Merge
        } else {
            Role::Entry
        };
        self.set_key(Key {
            text: scalar.text.to_owned(),
            span: scalar.span,
            role,
        });
    }

    pub(super) fn expects_key(&self) -> bool {
        self.sunk == 0
            && matches!(
                self.frames.last(),
                Some(Frame {
                    content: Content::Map { key: None, .. },
                    ..
                })
            )
    }

    pub(super) fn set_key(&mut self, mut key: Key) {
        if let Some((base, span)) = self.playing.last()
            && *base == self.frames.len()
        {
            key.span = *span;
        }
        if let Some(Frame {
            content: Content::Map { key: slot, .. },
            ..
        }) = self.frames.last_mut()
        {
            *slot = Some(key);
        }
    }

    /// A list or map as a key. Of several inside each other the outermost is told.
    pub(super) fn lost_key(&mut self, node: &Node) {
        let code = rules::key_not_text::RULE.code;
        let inside = |last: &Diagnostic| last.code == code && last.span.start >= node.span.start;
        if self.playing.is_empty() {
            while self.findings.pop_if(|last| inside(last)).is_some() {}
        }
        let template = self.written(node.span).starts_with("{{");
        let finding = bad_key(node.span, node.value.kind());
        self.report(Some(if template {
            finding.help("put text with `{{ }}` in quotes")
        } else {
            finding
        }));
        self.set_key(Key {
            text: String::new(),
            span: node.span,
            role: Role::Lost,
        });
    }
}

fn bad_key(span: Span, found: &str) -> Diagnostic {
    let message = format!("a key must be one word or one quoted text, but this is {found}");
    Diagnostic::error(rules::key_not_text::RULE.code, span, message)
        .help("write the key as `name:` or `\"some name\":`")
}
