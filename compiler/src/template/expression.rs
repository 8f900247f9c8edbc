//! From text to segments.

use std::ops::Range;

use gated_engine::program::{Escape, Expression, Filter, Segment, Template, ValueSource};

use super::cursor::Cursor;
use super::position::Position;
use super::probe::{Hole, Probe};
use super::source::{Source, read_source};
use super::{
    Finding, MAX_EXPRESSIONS, MAX_FILTERS, MAX_TEXT, Place, Scope, constant, filter, rules,
};

/// Compiles a template. What is wrong is left out of it and told in the findings.
pub fn compile(text: &str, scope: &Scope<'_>) -> (Template, Vec<Finding>) {
    let mut compiler = Compiler {
        scope,
        position: Position::new(scope.place),
        probe: Probe::default(),
        segments: Vec::new(),
        findings: Vec::new(),
    };
    match text.len() > MAX_TEXT {
        true => compiler.findings.push(rules::too_large::text(text.len())),
        false => compiler.run(text),
    }
    if scope.place == Place::Json && compiler.findings.is_empty() {
        let finding = rules::never_json::check(&compiler.probe, text);
        compiler.findings.extend(finding);
    }
    let template = Template {
        segments: compiler.segments,
    };
    (template, compiler.findings)
}

/// After so many findings the rest is not looked at: nobody reads more, and going on after each mistake
/// searches the whole text for its end.
const MAX_FINDINGS: usize = 100;

struct Compiler<'s> {
    scope: &'s Scope<'s>,
    /// Where the next piece stands.
    position: Position,
    /// What the text looks like with something in the place of each value.
    probe: Probe,
    segments: Vec<Segment>,
    findings: Vec<Finding>,
}

impl Compiler<'_> {
    fn run(&mut self, text: &str) {
        let mut at = 0;
        let mut count = 0;
        while let Some(found) = text.get(at..).and_then(|rest| rest.find("{{")) {
            let start = at + found;
            self.text(text.get(at..start).unwrap_or(""), at);
            count += 1;
            if count > MAX_EXPRESSIONS {
                self.findings.push(rules::too_large::expressions(start));
                return;
            }
            at = self.expression(text, start);
            if self.findings.len() >= MAX_FINDINGS {
                return;
            }
        }
        self.text(text.get(at..).unwrap_or(""), at);
    }

    /// Text of the template, or made from what was written at `at`.
    fn text(&mut self, text: &str, at: usize) {
        self.position.text(text);
        self.probe.text(text, at);
        match (text.is_empty(), self.segments.last_mut()) {
            (true, _) => {}
            (false, Some(Segment::Text(before))) => before.push_str(text),
            (false, _) => self.segments.push(Segment::Text(text.to_owned())),
        }
    }

    /// Compiles the expression whose `{{` stands at `start`; gives the place after it.
    fn expression(&mut self, text: &str, start: usize) -> usize {
        let mut cursor = Cursor::new(text, start + 2);
        let before = self.findings.len();
        let read = self.read(&mut cursor);
        let end = match read {
            Ok((source, filters)) => {
                if self.findings.len() == before {
                    self.value(source, filters, start..cursor.at());
                }
                cursor.at()
            }
            Err(finding) => {
                self.findings.push(*finding);
                skip(text, start + 2, cursor.at())
            }
        };
        for finding in self.findings.iter_mut().skip(before) {
            finding.expression = start..end;
        }
        end
    }

    fn read(&mut self, cursor: &mut Cursor<'_>) -> Result<(Source, Vec<Filter>), Box<Finding>> {
        let opened = cursor.at() - 2;
        cursor.blanks();
        let source = read_source(cursor, self.scope, &mut self.findings)?;
        let mut filters = Vec::new();
        loop {
            cursor.blanks();
            if cursor.eat("}}") {
                return Ok((source, filters));
            }
            if !cursor.eat("|") {
                return Err(Box::new(rules::malformed::after_value(cursor, opened)));
            }
            cursor.blanks();
            let from = cursor.at();
            filters.extend(filter::read(cursor, &mut self.findings)?);
            if filters.len() > MAX_FILTERS {
                return Err(Box::new(rules::too_large::filters(from..cursor.at())));
            }
        }
    }

    fn value(&mut self, source: Source, mut filters: Vec<Filter>, range: Range<usize>) {
        let escape = self.position.escape();
        if let Source::Literal(text) = &source
            && filters.is_empty()
        {
            self.text(text, range.start);
            return;
        }
        if self.position.after_backslash() {
            self.findings.push(rules::after_backslash::finding(range));
            return;
        }
        match source {
            Source::Literal(text) | Source::Constant(text) => {
                let text = constant::render(&text, &filters, escape);
                self.text(&text, range.start);
            }
            Source::Value(source) => {
                if self.scope.is_number(&source) {
                    filters.push(Filter::Number);
                }
                if is_path(&source) && filters.is_empty() {
                    if matches!(escape, Escape::Url | Escape::UrlPart) {
                        filters.push(Filter::Raw);
                    }
                    self.position.path();
                }
                let hole = Hole::of(&source, &filters, escape);
                self.probe.hole(hole, range.start);
                self.segments.push(Segment::Value(Box::new(Expression {
                    source,
                    filters,
                    escape,
                })));
            }
        }
    }
}

/// The request's own path and query are in normal form already: encoding them again where they go
/// into a URL would change them.
fn is_path(source: &ValueSource) -> bool {
    matches!(source, ValueSource::Url | ValueSource::PathText)
}

/// Where to go on after a mistake: behind the next `}}`, unless another `{{` comes first.
fn skip(text: &str, inside: usize, reached: usize) -> usize {
    let behind = |range: Range<usize>, word: &str| {
        text.get(range.clone())
            .and_then(|rest| rest.find(word))
            .map(|found| range.start + found)
    };
    let from = reached.clamp(inside, text.len());
    let close = behind(from..text.len(), "}}").or_else(|| behind(inside..text.len(), "}}"));
    let open = behind(inside..text.len(), "{{");
    match (close, open) {
        (Some(close), Some(open)) if open < close && open >= from => open,
        (Some(close), _) => close + 2,
        (None, Some(open)) => open,
        (None, None) => text.len(),
    }
}
