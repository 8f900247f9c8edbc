//! Lines that do not fit among their neighbours: tabs, indentation, colons.

use std::ops::Range;

use granit_parser::ErrorKind;

use super::super::indent::{indent, is_item, line_at, words};
use super::super::{quote, rules};
use super::{Case, Mend, Mistake, error};

impl Case<'_> {
    pub(super) fn tab(&self) -> Mistake {
        let line = self.tab_line();
        let depth = indent(self.text, &line);
        let finding = error(
            rules::tab_indentation::RULE.code,
            self.span(line.start..line.start + depth),
            "this line is indented with a tab; expected blanks",
        )
        .help("indent with two blanks per level");
        Mistake {
            finding,
            mend: Mend::Untab,
        }
    }

    /// The line of the tab: this one, or the next that is indented with one.
    pub(super) fn tab_line(&self) -> Range<usize> {
        let has_tab = |line: &Range<usize>| {
            let end = line.start + indent(self.text, line);
            self.text
                .get(line.start..end)
                .is_some_and(|lead| lead.contains('\t'))
        };
        let first = line_at(self.text, self.failure.at);
        let mut line = first.clone();
        while !has_tab(&line) {
            if line.end >= self.text.len() {
                return first;
            }
            line = line_at(self.text, line.end + 1);
        }
        line
    }

    pub(super) fn no_colon(&self, at: usize) -> Mistake {
        let line = line_at(self.text, at);
        let written = words(self.text, line.clone());
        let span = self.line_span(at);
        let start = span.start as usize;
        if let Some(colon) = written.find(':').filter(|colon| *colon + 1 < written.len()) {
            let after = start + colon + 1;
            let key = quote::shorten(written.get(..colon).unwrap_or(""));
            let insert = self.span(after..after);
            let finding = error(
                rules::missing_colon::RULE.code,
                span,
                format!("`{key}:` is not followed by a blank, so this is no `key: value` entry"),
            )
            .help("write a blank after the colon")
            .fix("write a blank after the colon", insert, " ");
            return self.blank(finding, at);
        }
        let message = format!(
            "`{}` is no entry; expected `key: value`",
            self.quoted_line(at)
        );
        let finding = error(rules::missing_colon::RULE.code, span, message)
            .help("write a colon and a value after the key, or indent the line if it is text");
        self.blank(finding, at)
    }

    /// A colon where the entry already has a value.
    pub(super) fn second_colon(&self) -> Mistake {
        let at = self.failure.at;
        let last = self.failure.last_scalar.clone();
        let last_line = line_at(self.text, last.start);
        let here = line_at(self.text, at);
        if last_line.start < here.start && last.end > here.start {
            let before = self.text.get(last_line.start..last.start).unwrap_or("");
            if before.trim().is_empty() {
                return self.no_colon(last.start);
            }
            return self.deeper_than_expected(last_line.start, at);
        }
        let message = "a second `: ` on this line; a value without quotes cannot contain it";
        let finding = error(rules::needs_quotes::RULE.code, self.one(at), message)
            .help("put the value in quotes, or write the inner entry on a line of its own");
        self.blank(finding, at)
    }

    pub(super) fn deeper_than_expected(&self, owner: usize, at: usize) -> Mistake {
        let message = format!(
            "`{}` is indented deeper than the entry above, which already has a value",
            self.quoted_line(at)
        );
        let finding = error(
            rules::bad_indentation::RULE.code,
            self.line_span(at),
            message,
        )
        .related(self.line_span(owner), "this entry has its value already")
        .help("give both lines the same indentation, or take the value above away");
        self.blank(finding, at)
    }

    pub(super) fn indentation(&self) -> Mistake {
        let at = self.failure.at;
        let line = line_at(self.text, at);
        let item = is_item(self.text, line.clone());
        let inside = words(self.text, line.clone()).starts_with("- ") || !item;
        if matches!(self.failure.kind, ErrorKind::BlockSequenceEntryNotAllowed) && !item && inside {
            let finding = error(
                rules::bad_indentation::RULE.code,
                self.one(at),
                "a list with `-` cannot start on the line of its key",
            )
            .help("write the items on the lines below, or the list as `[a, b]`");
            return self.blank(finding, at);
        }
        let (found, expected) = match (&self.failure.kind, item) {
            (ErrorKind::ExpectedBlockSequenceEntry, _) => ("no list item", "a line with `- `"),
            (_, true) => ("a list item", "a `key: value` entry"),
            _ => (
                "not in line with any entry above",
                "the indentation of its siblings",
            ),
        };
        let message = format!("`{}` is {found}; expected {expected}", self.quoted_line(at));
        let finding = error(
            rules::bad_indentation::RULE.code,
            self.line_span(at),
            message,
        )
        .help("entries of one map or list start in the same column; indent with two blanks");
        self.blank(finding, at)
    }
}
