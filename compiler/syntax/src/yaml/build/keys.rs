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
        let finding = self
            .bare_template(node.span)
            .unwrap_or_else(|| bad_key(node.span, node.value.kind()));
        self.report(Some(finding));
        self.set_key(Key {
            text: String::new(),
            span: node.span,
            role: Role::Lost,
        });
    }

    /// `{{ name }}` without quotes: a map that is the key of a map.
    fn bare_template(&self, inner: Span) -> Option<Diagnostic> {
        let start = (inner.start as usize).checked_sub(1)?;
        let whole = Span::new(inner.source, start, inner.end as usize + 1);
        let written = self.written(whole);
        if !written.starts_with("{{") || !written.ends_with("}}") || written.contains('\n') {
            return None;
        }
        let quoted = match written.contains(['"', '\\']) {
            true => format!("'{}'", written.replace('\'', "''")),
            false => format!("\"{written}\""),
        };
        let message = format!("`{written}` without quotes is an object to YAML, and no text");
        let finding = Diagnostic::error(rules::key_not_text::RULE.code, whole, message)
            .label("not text")
            .help(format!("put it in quotes: `{quoted}`"));
        Some(finding.fix(format!("write `{quoted}`"), whole, quoted))
    }
}

fn bad_key(span: Span, found: &str) -> Diagnostic {
    let message = format!("a key must be one word or one quoted text, but this is {found}");
    Diagnostic::error(rules::key_not_text::RULE.code, span, message)
        .help("write the key as `name:` or `\"some name\":`")
}
