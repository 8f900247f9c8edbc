//! Findings as JSON, for editors and pipelines.

use gatec_syntax::{Diagnostic, Edit, Fix, LineColumn, Related, Sources, Span};
use serde_json::{Value, json};

use crate::Report;
use crate::report::{Place, View};

/// Findings as a JSON array, in the order given.
///
/// Each is an object:
///
/// | key | what |
/// |---|---|
/// | `code` | the stable code, such as `S101` |
/// | `severity` | `error`, `warning` or `advice` |
/// | `message` | one sentence |
/// | `file`, `line`, `column`, `end_line`, `end_column`, `byte_start`, `byte_end` | the place: lines and columns from 1, columns in characters, bytes from 0; the ends are exclusive |
/// | `label` | a few words beside the place, may be empty |
/// | `help` | what to do, or null |
/// | `related` | further places, each with the keys of a place and a `label` |
/// | `fix` | a mend, or null: `title`, `certain` (whether `gatec check --fix` applies it), and `edits`, each with the keys of a place and a `text` to put there |
pub fn json(diagnostics: &[Diagnostic], sources: &Sources) -> Value {
    let view = View::as_written(sources);
    Value::Array(diagnostics.iter().map(|one| finding(one, view)).collect())
}

/// The findings of a whole report as one JSON array, with the keys of [`json()`]; files are named
/// relative to the report's folder.
pub fn json_report(report: &Report<'_>) -> String {
    let findings = report.findings();
    let values = findings
        .iter()
        .map(|found| finding(found.diagnostic, found.view));
    format!("{:#}\n", Value::Array(values.collect()))
}

pub(crate) fn finding(diagnostic: &Diagnostic, view: View<'_>) -> Value {
    let mut value = json!({
        "code": diagnostic.code,
        "severity": diagnostic.severity.as_str(),
        "message": diagnostic.message,
    });
    put_place(&mut value, diagnostic.span, view);
    let related = diagnostic.related.iter().map(|one| related(one, view));
    put(&mut value, "label", diagnostic.label.as_str().into());
    put(&mut value, "help", diagnostic.help.as_deref().into());
    put(&mut value, "related", related.collect());
    let fix = diagnostic.fix.as_ref().map(|one| fix(one, view));
    put(&mut value, "fix", fix.unwrap_or(Value::Null));
    value
}

fn related(related: &Related, view: View<'_>) -> Value {
    let mut value = json!({});
    put_place(&mut value, related.span, view);
    put(&mut value, "label", related.label.as_str().into());
    value
}

fn fix(fix: &Fix, view: View<'_>) -> Value {
    let edits: Value = fix.edits.iter().map(|one| edit(one, view)).collect();
    json!({ "title": fix.title, "certain": fix.certain, "edits": edits })
}

fn edit(edit: &Edit, view: View<'_>) -> Value {
    let mut value = json!({});
    put_place(&mut value, edit.span, view);
    put(&mut value, "text", edit.text.as_str().into());
    value
}

fn put(value: &mut Value, key: &str, part: Value) {
    if let Value::Object(object) = value {
        object.insert(key.to_owned(), part);
    }
}

fn put_place(value: &mut Value, span: Span, view: View<'_>) {
    let Some(Place { file, start, end }) = view.place(span) else {
        put(value, "file", Value::Null);
        return;
    };
    let LineColumn { line, column } = start;
    put(value, "file", file.into());
    put(value, "line", line.into());
    put(value, "column", column.into());
    put(value, "end_line", end.line.into());
    put(value, "end_column", end.column.into());
    put(value, "byte_start", span.start.into());
    put(value, "byte_end", span.end.max(span.start).into());
}
