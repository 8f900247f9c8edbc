//! Brackets that are not closed, or closed wrongly.

use super::super::indent::{indent, line_at};
use super::super::{quote, rules};
use super::{Case, Mistake, error};

impl Case<'_> {
    /// The innermost bracket that is still open.
    pub(super) fn open_bracket(&self) -> Option<usize> {
        self.brackets().next_back()
    }

    pub(super) fn outermost(&self) -> Option<usize> {
        self.brackets().next()
    }

    pub(super) fn brackets(&self) -> impl DoubleEndedIterator<Item = usize> {
        let is_bracket = |at: &usize| matches!(self.text.as_bytes().get(*at), Some(b'[' | b'{'));
        self.failure.open.iter().copied().filter(is_bracket)
    }

    pub(super) fn unclosed_bracket(&self, at: usize) -> Mistake {
        let bracket = self.text.get(at..at + 1).unwrap_or("[");
        let (what, close) = if bracket == "{" {
            ("map", "}")
        } else {
            ("list", "]")
        };
        let message = format!("the {what} that starts with this `{bracket}` has no `{close}`");
        let finding = error(rules::unclosed_bracket::RULE.code, self.one(at), message)
            .label(format!("no `{close}` for this"))
            .help(format!(
                "write the `{close}`; a comma stands between two entries"
            ));
        self.blank(finding, self.outermost().unwrap_or(at))
    }

    pub(super) fn mismatched(&self, open: char, close: char) -> Mistake {
        let expected = if open == '[' { ']' } else { '}' };
        let at = self.failure.at;
        let message = format!("this `{open}` is closed by `{close}`; expected `{expected}`");
        let finding = error(rules::unclosed_bracket::RULE.code, self.one(at), message)
            .help(format!("write `{expected}` where `{close}` stands"));
        self.blank(finding, self.outermost().unwrap_or(at))
    }

    pub(super) fn stray_bracket(&self) -> Mistake {
        let at = self.failure.at;
        let span = self.one(at);
        let bracket = self.text.get(span.range()).unwrap_or("]").to_owned();
        let message = format!("`{bracket}` closes nothing");
        let finding = error(rules::unclosed_bracket::RULE.code, span, message)
            .help("take it away, write the bracket that opens, or put the text in quotes");
        self.blank(finding, at)
    }

    /// Inside brackets the parser reads over line ends, so an entry on a line of its own that is
    /// indented no deeper than the bracket's line shows that the bracket was never closed.
    pub(super) fn in_brackets(&self) -> Mistake {
        let Some(bracket) = self.open_bracket() else {
            return self.other();
        };
        let opened = line_at(self.text, bracket);
        let here = line_at(self.text, self.failure.at);
        if here.start > opened.start && indent(self.text, &here) <= indent(self.text, &opened) {
            return self.unclosed_bracket(bracket);
        }
        let close = if self.text.get(bracket..=bracket) == Some("{") {
            '}'
        } else {
            ']'
        };
        let span = self.one(self.failure.at);
        let found = self
            .text
            .get(span.range())
            .map(quote::shorten)
            .unwrap_or_default();
        let message = match found.trim() {
            "" => format!("expected `,` or `{close}` here"),
            found => format!("found `{found}`, but expected `,` or `{close}`"),
        };
        let finding = error(rules::unclosed_bracket::RULE.code, span, message)
            .related(self.one(bracket), "inside what starts here")
            .help("separate entries with `,`; put text with `:`, `,` or brackets in quotes");
        self.blank(finding, self.outermost().unwrap_or(bracket))
    }
}
