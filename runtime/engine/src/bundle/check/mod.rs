//! What a sound archive must also mean: every index leads somewhere, every header is one, every hash
//! table ends a search. Checked once at load, so that serving a request never meets nonsense.

mod actions;
mod compressions;
mod folders;
mod guards;
mod limits;
mod sessions;
mod settings;
mod tables;
mod templates;

use std::ops::Range;

use crate::program::ArchivedProgram;
use crate::template::JsonPaths;

use super::BundleError;
use templates::Templates;

/// What is wrong, as a sentence.
type Check = Result<(), String>;

/// What the walk over the program found out on its way.
pub(super) struct Findings {
    /// The JSON paths of all templates.
    pub(super) json_paths: JsonPaths,
    /// For each route, whether a template of it looks at the body.
    pub(super) body_routes: Vec<bool>,
}

/// Checks a program against itself and the bodies it points into.
pub(super) fn program(program: &ArchivedProgram, bodies: &[u8]) -> Result<Findings, BundleError> {
    walk(program, bodies.len())
        .map_err(|problem| BundleError(format!("the program makes no sense: {problem}")))
}

fn walk(program: &ArchivedProgram, bodies: usize) -> Result<Findings, String> {
    settings::check(program)?;
    tables::check(program)?;
    compressions::check(program)?;
    folders::check(program, bodies)?;
    guards::check(program)?;
    sessions::check(program)?;
    let mut templates = Templates::new(program);
    limits::check(program, &mut templates)?;
    let body_proxies = actions::check_proxies(program, &mut templates)?;
    let mut body_routes = Vec::with_capacity(program.routes.len());
    for route in program.routes.iter() {
        templates.looked_at_body = false;
        actions::check_route(program, bodies, &body_proxies, &mut templates, route)
            .map_err(|problem| format!("route `{}`: {problem}", route.name))?;
        body_routes.push(templates.looked_at_body);
    }
    for page in program.error_pages.iter() {
        actions::check_error_page(bodies, &mut templates, page)?;
    }
    if !body_routes.contains(&true) {
        // Nothing to look up for each request.
        body_routes.clear();
    }
    Ok(Findings {
        json_paths: templates.json_paths,
        body_routes,
    })
}

/// Checks that the tests are JSON, without building it.
pub(super) fn tests(bytes: &[u8]) -> Result<(), BundleError> {
    let wrong =
        |reason: String| BundleError(format!("the section `tests` cannot be read: {reason}"));
    let text = std::str::from_utf8(bytes).map_err(|error| wrong(error.to_string()))?;
    serde_json::from_str::<serde::de::IgnoredAny>(text)
        .map(|_| ())
        .map_err(|error| wrong(error.to_string()))
}

/// The bytes of a blob, if the bodies have as many.
pub(super) fn blob_range(offset: u64, length: u64, bodies: usize) -> Option<Range<usize>> {
    let end = offset.checked_add(length)?;
    let range = usize::try_from(offset).ok()?..usize::try_from(end).ok()?;
    (range.end <= bodies).then_some(range)
}

/// `Ok`, or the sentence.
fn must(holds: bool, problem: impl FnOnce() -> String) -> Check {
    if holds { Ok(()) } else { Err(problem()) }
}

/// Whether an index is one into a list of this length.
fn within(index: u32, length: usize) -> bool {
    usize::try_from(index).is_ok_and(|index| index < length)
}

fn header_name(name: &str) -> Check {
    must(
        http::HeaderName::from_lowercase(name.as_bytes()).is_ok(),
        || format!("`{name}` is no header name in lower case"),
    )
}

fn header_value(value: &str) -> Check {
    must(http::HeaderValue::from_str(value).is_ok(), || {
        format!("{value:?} is no header value")
    })
}
