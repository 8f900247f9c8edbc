//! What a match asks for beyond the path, checked in order of cost: method, path regex, headers,
//! query, cookies, and the body last.

use std::borrow::Cow;

use super::body::Body;
use super::compiled::Compiled;
use crate::program::{
    ArchivedMatch, ArchivedMatchExtra, ArchivedNamedCondition, ArchivedProgram, ArchivedTextTest,
    method_bit,
};
use crate::request::{Request, cookies, query_pairs};

/// Whether a match fits a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    No,
    Yes,
    /// Everything but the body fits, and the body is not there yet.
    NeedsBody,
}

/// A request as conditions look at it.
pub(super) struct Subject<'a> {
    pub(super) program: &'a ArchivedProgram,
    pub(super) compiled: &'a Compiled,
    pub(super) request: &'a Request<'a>,
    pub(super) body: Option<Body<'a>>,
}

impl<'a> Subject<'a> {
    pub(super) fn new(
        program: &'a ArchivedProgram,
        compiled: &'a Compiled,
        request: &'a Request<'a>,
        body: Option<&'a [u8]>,
    ) -> Self {
        Self {
            program,
            compiled,
            request,
            body: body.map(Body::new),
        }
    }

    /// Whether everything a match asks for beyond its place in the tables holds.
    pub(super) fn fits(&self, matched: &ArchivedMatch) -> Fit {
        if !self.method(matched) {
            return Fit::No;
        }
        match matched.extra.as_ref() {
            Some(extra) => self.fits_extra(matched, extra),
            None => Fit::Yes,
        }
    }

    fn fits_extra(&self, matched: &ArchivedMatch, extra: &ArchivedMatchExtra) -> Fit {
        let fits = self.path_fits(matched)
            && extra.headers.iter().all(|condition| self.header(condition))
            && extra.query.iter().all(|condition| self.query(condition))
            && extra.cookies.iter().all(|condition| self.cookie(condition));
        match &self.body {
            _ if !fits => Fit::No,
            _ if extra.body.is_empty() => Fit::Yes,
            None => Fit::NeedsBody,
            Some(body)
                if extra
                    .body
                    .iter()
                    .all(|condition| self.holds(body, condition)) =>
            {
                Fit::Yes
            }
            Some(_) => Fit::No,
        }
    }

    /// Whether the method is one that the match takes. `HEAD` is not `GET`.
    pub(super) fn method(&self, matched: &ArchivedMatch) -> bool {
        let others = matched.extra.as_ref().map(|extra| &extra.other_methods);
        let others = others.filter(|others| !others.is_empty());
        let methods = matched.methods.to_native();
        if methods == 0 && others.is_none() {
            return true;
        }
        let method = self.request.method.as_str();
        match method_bit(method) {
            Some(bit) => methods & bit != 0,
            None => others.is_some_and(|others| others.iter().any(|other| other == method)),
        }
    }

    /// The regular expression for the whole path, where the match has one and it can be used.
    pub(super) fn path_regex(&self, matched: &ArchivedMatch) -> Option<&'a regex::Regex> {
        let pattern = matched.extra.as_ref()?.path_regex.as_ref()?;
        self.compiled.regex(self.program, pattern.to_native())
    }

    /// Whether the path fits the regular expression, where the match has one.
    pub(super) fn path_fits(&self, matched: &ArchivedMatch) -> bool {
        let wanted = matched
            .extra
            .as_ref()
            .is_some_and(|extra| extra.path_regex.is_some());
        !wanted
            || self
                .path_regex(matched)
                .is_some_and(|regex| regex.is_match(&self.request.path))
    }

    pub(super) fn header(&self, condition: &ArchivedNamedCondition) -> bool {
        self.values_fit(&condition.tests, self.header_values(&condition.name))
    }

    pub(super) fn query(&self, condition: &ArchivedNamedCondition) -> bool {
        self.values_fit(&condition.tests, self.query_values(&condition.name))
    }

    pub(super) fn cookie(&self, condition: &ArchivedNamedCondition) -> bool {
        self.values_fit(&condition.tests, self.cookie_values(&condition.name))
    }

    pub(super) fn header_values(&self, name: &str) -> impl Iterator<Item = Cow<'a, str>> {
        let lines = self.request.headers.get_all(name).iter();
        lines.map(|line| String::from_utf8_lossy(line.as_bytes()))
    }

    pub(super) fn query_values(&self, name: &str) -> impl Iterator<Item = Cow<'a, str>> {
        let pairs = query_pairs(self.request.query.unwrap_or_default());
        pairs.filter_map(move |(key, value)| (key == name).then_some(value))
    }

    pub(super) fn cookie_values(&self, name: &str) -> impl Iterator<Item = Cow<'a, str>> {
        let pairs = cookies(self.request.headers);
        pairs.filter_map(move |(key, value)| (key == name).then_some(Cow::Borrowed(value)))
    }

    /// Whether one of the values passes all tests; `Absent` asks that there is none.
    pub(super) fn values_fit<'v>(
        &self,
        tests: &[ArchivedTextTest],
        mut values: impl Iterator<Item = Cow<'v, str>>,
    ) -> bool {
        let absent = |test: &ArchivedTextTest| matches!(test, ArchivedTextTest::Absent);
        if tests.iter().any(absent) {
            return tests.iter().all(absent) && values.next().is_none();
        }
        values.any(|value| tests.iter().all(|test| self.passes(test, &value)))
    }

    fn passes(&self, test: &ArchivedTextTest, value: &str) -> bool {
        match test {
            ArchivedTextTest::Present => true,
            ArchivedTextTest::Absent => false,
            ArchivedTextTest::Equals(text) => value == text.as_str(),
            ArchivedTextTest::Contains(text) => value.contains(text.as_str()),
            ArchivedTextTest::Matches(pattern) => self
                .compiled
                .regex(self.program, pattern.to_native())
                .is_some_and(|regex| regex.is_match(value)),
        }
    }
}
