//! A document against the JSON Schema, and from there to the typed spec.
//!
//! The validator is that of the schema (the `jsonschema` crate, with the formats of `gatec-schema`),
//! so the compiler refuses what an editor with the same schema does. Its errors name paths; here each
//! becomes a finding at the span of that path, in words for the reader. What is wrong is then taken
//! out, until the rest holds.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use gatec_schema::Spec;
use gatec_syntax::{Diagnostic, Document, Object, Span, Value as Tree};
use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use super::findings::Findings;
use super::grammar::Type;
use super::prune::Cut;
use super::rules::{missing_key, out_of_range, unknown_key, wrong_format, wrong_type};
use super::value::to_json;
use super::words::Context;
use crate::load::Format;
use crate::place::Places;
use wrong::Wrong;

mod meant;
mod wrong;

/// Validates, reports, and gives the document as JSON without what is wrong.
///
/// The document keeps every key and name, so that a later check does not miss what is there but
/// wrong; of its lists the wrong items go, so that an item has the same number in both.
pub fn validate(
    context: Context<'_>,
    document: &mut Document,
    broken: &HashSet<Span>,
    found: &mut Findings,
) -> Value {
    // Taking out a part can leave a list too short, which takes out the part above it, and so on;
    // that ends at the root after as many rounds as the grammar is deep.
    const ROUNDS: usize = 16;
    let mut pruned: Option<Object> = None;
    for round in 0..ROUNDS {
        let mut unresolved = Vec::new();
        let json = to_json(pruned.as_ref().unwrap_or(&document.root), &mut unresolved);
        if unresolved.is_empty() && validator().is_none_or(|validator| validator.is_valid(&json)) {
            return json;
        }
        let problems = problems(&json, &unresolved);
        if round == 0 {
            let places = Places::new(document);
            let reporter = Reporter {
                context,
                places: &places,
                broken,
            };
            problems
                .iter()
                .filter_map(|problem| reporter.report(problem))
                .for_each(|f| found.push(f));
        }
        let mut cut = Cut::default();
        unresolved
            .iter()
            .for_each(|path| cut.mark(context.grammar, path));
        problems
            .iter()
            .for_each(|problem| cut.mark(context.grammar, &problem.path));
        cut.apply(pruned.get_or_insert_with(|| document.root.clone()));
        cut.apply_to_items(&mut document.root);
    }
    Value::Object(serde_json::Map::new())
}

/// The typed spec of valid JSON.
pub fn typed(json: Value, span: Span, found: &mut Findings) -> Spec {
    match serde_json::from_value(json) {
        Ok(spec) => spec,
        Err(error) => {
            found.push(wrong_type::unfit(span, &error.to_string()));
            Spec::default()
        }
    }
}

fn validator() -> Option<&'static Validator> {
    static VALIDATOR: OnceLock<Option<Validator>> = OnceLock::new();
    let build = || {
        let mut options = jsonschema::options().should_validate_formats(true);
        for format in gatec_schema::FORMATS {
            options =
                options.with_format(format.name, move |text: &str| (format.check)(text).is_ok());
        }
        options.build(super::schema::schema()).ok()
    };
    VALIDATOR.get_or_init(build).as_ref()
}

/// One thing the validator found.
struct Problem<'j> {
    /// The part that is wrong; of a missing key, the object that lacks it.
    path: Vec<String>,
    error: ValidationError<'j>,
}

/// The validator's errors: one for each value, and none for what could not be resolved.
fn problems<'j>(json: &'j Value, unresolved: &[Vec<String>]) -> Vec<Problem<'j>> {
    let unresolved: HashSet<&[String]> = unresolved.iter().map(Vec::as_slice).collect();
    let mut best: HashMap<(Vec<String>, Option<String>), usize> = HashMap::new();
    let mut problems: Vec<Problem<'j>> = Vec::new();
    for error in validator()
        .into_iter()
        .flat_map(|validator| validator.iter_errors(json))
    {
        let path = path_of(&error);
        if unresolved.contains(path.as_slice()) {
            continue;
        }
        let missing = match error.kind() {
            Kind::Required { property } => property.as_str().map(str::to_owned),
            // A wrong name and a wrong value beside it are two mistakes.
            Kind::PropertyNames { .. } => Some(String::new()),
            _ => None,
        };
        match best
            .get(&(path.clone(), missing.clone()))
            .and_then(|at| problems.get_mut(*at))
        {
            // Text for a number is wrong in type and then also none of the choices: say the first.
            Some(known) if weight(error.kind()) < weight(known.error.kind()) => known.error = error,
            Some(_) => {}
            None => {
                best.insert((path.clone(), missing), problems.len());
                problems.push(Problem { path, error });
            }
        }
    }
    problems
}

fn weight(kind: &Kind) -> u8 {
    match kind {
        Kind::Type { .. } => 0,
        Kind::Format { .. } => 1,
        Kind::Enum { .. } => 2,
        _ => 3,
    }
}

/// The path of what is wrong. A wrong name points at its entry.
fn path_of(error: &ValidationError<'_>) -> Vec<String> {
    let pointer = error.instance_path().as_str();
    let unescaped = |step: &str| step.replace("~1", "/").replace("~0", "~");
    let mut path: Vec<String> = pointer.split('/').skip(1).map(unescaped).collect();
    if let Kind::PropertyNames { error } = error.kind() {
        path.extend(error.instance().as_str().map(str::to_owned));
    }
    path
}

struct Reporter<'a> {
    context: Context<'a>,
    places: &'a Places<'a>,
    broken: &'a HashSet<Span>,
}

impl Reporter<'_> {
    fn report(&self, problem: &Problem<'_>) -> Option<Diagnostic> {
        let steps: Vec<&str> = problem.path.iter().map(String::as_str).collect();
        let (kind, field) = self.context.grammar.at(steps.iter().copied())?;
        let Some(node) = self.places.node(&steps) else {
            return Some(wrong_type::unfit(
                self.places.value(&steps),
                &problem.error.to_string(),
            ));
        };
        if node.value == Tree::Null && self.broken.contains(&node.span) {
            return None;
        }
        let key_span = self.places.key(&steps);
        let format = self.context.format(node.span.source);
        let wrong = Wrong {
            context: self.context,
            kind,
            node,
            format,
        };
        let finding = match problem.error.kind() {
            Kind::Type { .. } => {
                let finding = wrong.of_type()?;
                return Some(match self.is_dedented(&problem.path, format) {
                    true => finding.help(unknown_key::indent(steps.last().unwrap_or(&""))),
                    false => finding,
                });
            }
            Kind::Enum { .. } | Kind::Constant { .. } => wrong.no_choice(),
            Kind::Format { format } => wrong.of_format(format),
            Kind::Minimum { .. } | Kind::Maximum { .. } => wrong.out_of_range(),
            Kind::MinItems { limit } => {
                out_of_range::too_few(node.span, field.map_or("list", |field| &field.key), *limit)
            }
            Kind::Required { property } => {
                return self.missing(problem, key_span, node.span, property.as_str()?, format);
            }
            Kind::PropertyNames { error } => wrong_name(key_span, error),
            Kind::AdditionalProperties { unexpected } => {
                let word = unexpected.first().map_or("", String::as_str);
                unknown_key::takes_values(
                    &self.context.owner(&problem.path, format),
                    word,
                    key_span,
                )
            }
            _ => wrong_type::unfit(node.span, &problem.error.to_string()),
        };
        Some(finding)
    }

    /// Whether a name is that of a key which stood one level too far to the left.
    fn is_dedented(&self, path: &[String], format: Format) -> bool {
        let Some((name, above)) = path.split_last() else {
            return false;
        };
        let above = self.context.grammar.at(above.iter().map(String::as_str));
        let Some(Type::Map(map)) = above.map(|(id, _)| self.context.grammar.kind(id)) else {
            return false;
        };
        let object = self.context.grammar.object(map.value);
        format == Format::Yaml && object.is_some_and(|object| object.key(name).is_some())
    }

    fn missing(
        &self,
        problem: &Problem<'_>,
        key_span: Span,
        span: Span,
        property: &str,
        format: Format,
    ) -> Option<Diagnostic> {
        if self.broken.contains(&span) {
            return None;
        }
        let grammar = self.context.grammar;
        let (id, _) = grammar.at(problem.path.iter().map(String::as_str))?;
        let field = grammar.object(id)?.key(property)?;
        let name = match format {
            Format::Kdl => field.kdl_name(),
            Format::Yaml => &field.key,
        };
        let owner = self.context.owner(&problem.path, format);
        let expected = self.context.expected(field.kind, format);
        let sample = self.context.sample(field, format);
        Some(missing_key::key(key_span, &owner, name, &expected, &sample))
    }
}

fn wrong_name(key_span: Span, error: &ValidationError<'_>) -> Diagnostic {
    let name = error.instance().as_str().unwrap_or_default();
    match error.kind() {
        Kind::Format { format } => {
            let found = wrong_format(key_span, format, sentence(format, name));
            match name.split_once(':').filter(|_| *format == "header-name") {
                Some((name, value)) => found.help(format!(
                    "name and value are two: `{:?} {:?}`",
                    name.trim(),
                    value.trim()
                )),
                None => found,
            }
        }
        _ => wrong_type::unfit(key_span, &error.to_string()),
    }
}

/// The format's own sentence on what is wrong with a text.
fn sentence(format: &str, text: &str) -> String {
    let known = gatec_schema::FORMATS
        .iter()
        .find(|known| known.name == format);
    let said = known.and_then(|format| (format.check)(text).err());
    said.unwrap_or_else(|| format!("this is not a {format}"))
}
