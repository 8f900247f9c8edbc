//! Findings as JSON, for editors and pipelines.

use gatec_syntax::{Diagnostic, Edit, Fix, LineColumn, Related, Sources, Span};
use serde_json::{Value, json};

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
/// | `fix` | a certain mend, or null: `title`, and `edits`, each with the keys of a place and a `text` to put there |
pub fn json(diagnostics: &[Diagnostic], sources: &Sources) -> Value {
    Value::Array(
        diagnostics
            .iter()
            .map(|one| finding(one, sources))
            .collect(),
    )
}

fn finding(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let mut value = json!({
        "code": diagnostic.code,
        "severity": diagnostic.severity.as_str(),
        "message": diagnostic.message,
    });
    put_place(&mut value, diagnostic.span, sources);
    let related = diagnostic.related.iter().map(|one| related(one, sources));
    put(&mut value, "label", diagnostic.label.as_str().into());
    put(&mut value, "help", diagnostic.help.as_deref().into());
    put(&mut value, "related", related.collect());
    let fix = diagnostic.fix.as_ref().map(|one| fix(one, sources));
    put(&mut value, "fix", fix.unwrap_or(Value::Null));
    value
}

fn related(related: &Related, sources: &Sources) -> Value {
    let mut value = json!({});
    put_place(&mut value, related.span, sources);
    put(&mut value, "label", related.label.as_str().into());
    value
}

fn fix(fix: &Fix, sources: &Sources) -> Value {
    let edits: Value = fix.edits.iter().map(|one| edit(one, sources)).collect();
    json!({ "title": fix.title, "edits": edits })
}

fn edit(edit: &Edit, sources: &Sources) -> Value {
    let mut value = json!({});
    put_place(&mut value, edit.span, sources);
    put(&mut value, "text", edit.text.as_str().into());
    value
}

fn put(value: &mut Value, key: &str, part: Value) {
    if let Value::Object(object) = value {
        object.insert(key.to_owned(), part);
    }
}

fn put_place(value: &mut Value, span: Span, sources: &Sources) {
    let Some(source) = sources.get(span.source) else {
        put(value, "file", Value::Null);
        return;
    };
    let LineColumn { line, column } = source.line_column(span.start);
    let end = source.line_column(span.end.max(span.start));
    put(value, "file", source.name().into());
    put(value, "line", line.into());
    put(value, "column", column.into());
    put(value, "end_line", end.line.into());
    put(value, "end_column", end.column.into());
    put(value, "byte_start", span.start.into());
    put(value, "byte_end", span.end.max(span.start).into());
}
