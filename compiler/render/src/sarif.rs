//! Findings as SARIF 2.1.0 (OASIS), which code scanning services and editors read.

mod rules;

use gatec_syntax::{Edit, Fix, Related, Rule, Severity, Span};
use serde_json::{Value, json};

use crate::Report;
use crate::fingerprint::fingerprints;
use crate::paths;
use crate::report::{Found, Place, View};

/// Where the schema of what is written is published.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Who writes the report.
#[derive(Debug, Clone, Copy)]
pub struct Tool<'t> {
    /// The whole version, as `--version` tells it.
    pub version: &'t str,
    /// Every rule there is; those that were broken are described.
    pub rules: &'t [&'static Rule],
}

/// One SARIF log with one run. Names of files are relative to `%SRCROOT%`, columns count Unicode
/// characters.
pub fn sarif(report: &Report<'_>, tool: Tool<'_>) -> String {
    let findings = report.findings();
    let broken = rules::broken(&findings, tool.rules);
    let semantic = tool.version.split(' ').next().unwrap_or_default();
    let results: Vec<Value> = findings
        .iter()
        .zip(fingerprints(&findings))
        .map(|(found, fingerprint)| result(found, &fingerprint, &broken))
        .collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "gatec",
                "version": tool.version,
                "semanticVersion": semantic,
                "rules": broken.iter().map(|rule| rules::descriptor(rule)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}

fn result(found: &Found<'_>, fingerprint: &str, rules: &[&'static Rule]) -> Value {
    let diagnostic = found.diagnostic;
    let mut result = json!({
        "level": level(diagnostic.severity),
        "message": message(&found.advice()),
        "partialFingerprints": { "gatecFinding/v1": fingerprint },
    });
    let mut put = |key: &str, value: Value| {
        if let Value::Object(object) = &mut result {
            object.insert(key.to_owned(), value);
        }
    };
    if !diagnostic.code.is_empty() {
        put("ruleId", diagnostic.code.into());
    }
    if let Some(index) = rules.iter().position(|rule| rule.code == diagnostic.code) {
        put("ruleIndex", index.into());
    }
    if let Some(mut place) = physical(diagnostic.span, found.view) {
        if !diagnostic.label.is_empty()
            && let Some(Value::Object(region)) = place.get_mut("region")
        {
            region.insert("message".to_owned(), message(&diagnostic.label));
        }
        put("locations", json!([{ "physicalLocation": place }]));
    }
    let related: Vec<Value> = (1_u32..)
        .zip(&diagnostic.related)
        .filter_map(|(id, one)| other(id, one, found.view))
        .collect();
    if !related.is_empty() {
        put("relatedLocations", related.into());
    }
    if let Some(fix) = &diagnostic.fix {
        put("fixes", json!([mend(fix, found.view)]));
    }
    result
}

/// A message object. `{0}` would be a placeholder in it, so braces that are meant as such are doubled
/// (section 3.11.5).
fn message(text: &str) -> Value {
    json!({ "text": text.replace('{', "{{").replace('}', "}}") })
}

fn artifact(file: &str) -> Value {
    match file.starts_with('/') {
        true => json!({ "uri": paths::uri(file) }),
        false => json!({ "uri": paths::uri(file), "uriBaseId": "%SRCROOT%" }),
    }
}

fn region(place: &Place) -> Value {
    json!({
        "startLine": place.start.line,
        "startColumn": place.start.column,
        "endLine": place.end.line,
        "endColumn": place.end.column,
    })
}

fn physical(span: Span, view: View<'_>) -> Option<Value> {
    let place = view.place(span)?;
    Some(json!({ "artifactLocation": artifact(&place.file), "region": region(&place) }))
}

fn other(id: u32, related: &Related, view: View<'_>) -> Option<Value> {
    let place = physical(related.span, view)?;
    Some(json!({ "id": id, "physicalLocation": place, "message": message(&related.label) }))
}

fn mend(fix: &Fix, view: View<'_>) -> Value {
    let mut changes: Vec<(String, Vec<Value>)> = Vec::new();
    for edit in &fix.edits {
        let Some(place) = view.place(edit.span) else {
            continue;
        };
        let replacement = replacement(edit, &place);
        match changes.iter_mut().find(|(file, _)| *file == place.file) {
            Some((_, replacements)) => replacements.push(replacement),
            None => changes.push((place.file, vec![replacement])),
        }
    }
    let changes: Vec<Value> = changes
        .into_iter()
        .map(|(file, replacements)| {
            json!({ "artifactLocation": artifact(&file), "replacements": replacements })
        })
        .collect();
    json!({ "description": message(&fix.title), "artifactChanges": changes })
}

fn replacement(edit: &Edit, place: &Place) -> Value {
    json!({ "deletedRegion": region(place), "insertedContent": { "text": edit.text } })
}
