//! Templates: JSON paths that parse, ranges that hold a number, secrets that are listed. The walk
//! keeps the compiled JSON paths, because compiling them again for each request would be slow.

use crate::headers;
use crate::program::{
    ArchivedExpression, ArchivedFilter, ArchivedHeaderTemplate, ArchivedProgram, ArchivedSegment,
    ArchivedTemplate, ArchivedValueSource,
};
use crate::template::{self, JsonPaths};

use super::{Check, header_name, must};

/// The most headers that an answer or a change may name.
const MOST_HEADERS: usize = 1000;

pub(super) struct Templates<'p> {
    program: &'p ArchivedProgram,
    pub(super) json_paths: JsonPaths,
    /// Whether a template since this was last set to `false` looks at the request's body.
    pub(super) looked_at_body: bool,
}

impl<'p> Templates<'p> {
    pub(super) fn new(program: &'p ArchivedProgram) -> Self {
        Self {
            program,
            json_paths: JsonPaths::default(),
            looked_at_body: false,
        }
    }

    pub(super) fn check_headers(&mut self, list: &[ArchivedHeaderTemplate]) -> Check {
        must(list.len() <= MOST_HEADERS, || {
            format!("{} headers, at most {MOST_HEADERS} are sent", list.len())
        })?;
        list.iter().try_for_each(|header| {
            header_name(&header.name)?;
            must(!headers::is_framing(&header.name), || {
                format!("the header `{}` belongs to the connection", header.name)
            })?;
            self.check(&header.value)
        })
    }

    pub(super) fn check(&mut self, template: &ArchivedTemplate) -> Check {
        template.segments.iter().try_for_each(|segment| {
            if let ArchivedSegment::Value(expression) = segment {
                self.check_expression(expression)?;
            }
            Ok(())
        })
    }

    fn check_expression(&mut self, expression: &ArchivedExpression) -> Check {
        self.looked_at_body |= template::looks_at_body(&expression.source);
        match &expression.source {
            ArchivedValueSource::BodyJson(path) => self.json_paths.add(path)?,
            ArchivedValueSource::Random(first, last) => {
                must(first <= last, || format!("random from {first} to {last}"))?;
            }
            ArchivedValueSource::Secret(name) => self.check_secret(name)?,
            _ => {}
        }
        expression.filters.iter().try_for_each(check_filter)
    }

    fn check_secret(&self, name: &str) -> Check {
        let secrets = &self.program.secrets;
        let listed = secrets.binary_search_by(|secret| secret.as_str().cmp(name));
        must(listed.is_ok(), || {
            format!("the secret `{name}` is not listed")
        })
    }
}

fn check_filter(filter: &ArchivedFilter) -> Check {
    match filter {
        ArchivedFilter::Date(format) => must(template::is_date_format(format), || {
            format!("`{format}` is no date format")
        }),
        ArchivedFilter::Replace(from, _) => must(!from.is_empty(), || {
            "an empty text cannot be replaced".to_owned()
        }),
        _ => Ok(()),
    }
}
