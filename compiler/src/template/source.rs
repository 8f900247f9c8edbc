//! Where a value comes from: the first word of an expression.

use std::ops::Range;

use gated_engine::program::{Fake, ValueSource};

use super::cursor::Cursor;
use super::json_path;
use super::names::{FAKES, SOURCES};
use super::{Finding, Scope, Site, rules};

/// A source that was read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Source {
    /// Text in quotes: written as it is.
    Literal(String),
    /// Known at compile time, and made safe like any value.
    Constant(String),
    /// Known when a request is served.
    Value(ValueSource),
}

type Read<T> = Result<T, Box<Finding>>;

/// Reads a source. A mistake that leaves the rest readable goes into `findings`.
pub(super) fn read_source(
    cursor: &mut Cursor<'_>,
    scope: &Scope<'_>,
    findings: &mut Vec<Finding>,
) -> Read<Source> {
    match cursor.string() {
        Some(Ok(text)) => return Ok(Source::Literal(text)),
        Some(Err(range)) => return Err(Box::new(rules::malformed::open_string(range))),
        None => {}
    }
    let start = cursor.at();
    let Some(word) = cursor.name() else {
        return Err(Box::new(rules::malformed::no_value(cursor)));
    };
    let mut reader = Reader {
        cursor,
        scope,
        findings,
        start,
    };
    let value = reader.named(word)?;
    Ok(value)
}

struct Reader<'r, 't> {
    cursor: &'r mut Cursor<'t>,
    scope: &'r Scope<'r>,
    findings: &'r mut Vec<Finding>,
    start: usize,
}

impl Reader<'_, '_> {
    fn range(&self) -> Range<usize> {
        self.start..self.cursor.at()
    }

    fn named(&mut self, word: &str) -> Read<Source> {
        let value = match word {
            "path" => return self.path(),
            "query" => ValueSource::Query(self.member(word)?),
            "header" => ValueSource::Header(self.member(word)?.to_ascii_lowercase()),
            "cookie" => ValueSource::Cookie(self.member(word)?),
            "form" => {
                let name = self.member(word)?;
                self.check_body(word);
                ValueSource::BodyForm(name)
            }
            "body" => self.body()?,
            "json" => self.json()?,
            "claim" => {
                let name = self.member(word)?;
                let finding = rules::unknown_claim::check(self.range(), &name, self.scope);
                self.findings.extend(finding);
                ValueSource::Claim(name)
            }
            "principal" => {
                let finding = rules::unknown_claim::nobody(self.range(), self.scope);
                self.findings.extend(finding);
                ValueSource::Principal
            }
            "session" => {
                let name = self.member(word)?;
                let finding = rules::unknown_session_field::check(self.range(), &name, self.scope);
                self.findings.extend(finding);
                ValueSource::Session(name)
            }
            "method" => ValueSource::Method,
            "url" => ValueSource::Url,
            "host" => ValueSource::Host,
            "request-id" => ValueSource::RequestId,
            "now" => ValueSource::Now,
            "uuid" => ValueSource::Uuid,
            "random" => self.random()?,
            "counter" => ValueSource::Counter(self.one_text("counter", "orders")?),
            "fake" => return self.fake(),
            "secret" => self.secret()?,
            "error" => return self.error(),
            "env" => return self.environment(),
            _ => {
                let captured = self
                    .scope
                    .parameters
                    .iter()
                    .flatten()
                    .any(|name| name == word);
                return Err(Box::new(match captured {
                    true => rules::unknown_name::captured(self.range(), word),
                    false => rules::unknown_name::source(self.range(), word),
                }));
            }
        };
        if SOURCES
            .iter()
            .any(|known| known.name == word && !known.members)
        {
            self.no_member(word)?;
        }
        Ok(Source::Value(value))
    }

    /// The name after a dot, or in `["…"]`.
    fn member(&mut self, of: &str) -> Read<String> {
        match self.optional_member()? {
            Some(name) => Ok(name),
            None => Err(Box::new(self.no_member_named(of))),
        }
    }

    /// `env("HOME")`, as other languages have it, is told by the name in it.
    fn no_member_named(&mut self, of: &str) -> Finding {
        let named = match super::filter::arguments(self.cursor) {
            Ok(Some(arguments)) => match arguments.as_slice() {
                [super::filter::Argument::Text(name)] => Some(name.clone()),
                _ => None,
            },
            _ => None,
        };
        rules::malformed::member(self.range(), of, named.as_deref())
    }

    fn optional_member(&mut self) -> Read<Option<String>> {
        if self.cursor.eat(".") {
            return match self.cursor.name() {
                Some(name) => Ok(Some(name.to_owned())),
                None => Err(Box::new(rules::malformed::after_dot(self.range()))),
            };
        }
        if !self.cursor.eat("[") {
            return Ok(None);
        }
        self.cursor.blanks();
        let text = match self.cursor.string() {
            Some(Ok(text)) => text,
            Some(Err(range)) => return Err(Box::new(rules::malformed::open_string(range))),
            None => return Err(Box::new(rules::malformed::bracket(self.range()))),
        };
        self.cursor.blanks();
        match self.cursor.eat("]") {
            true => Ok(Some(text)),
            false => Err(Box::new(rules::malformed::bracket(self.range()))),
        }
    }

    fn no_member(&mut self, word: &str) -> Read<()> {
        match self.optional_member()? {
            None => Ok(()),
            Some(_) => Err(Box::new(rules::unknown_name::member_of_plain(
                self.range(),
                word,
            ))),
        }
    }

    fn path(&mut self) -> Read<Source> {
        let Some(name) = self.optional_member()? else {
            return Ok(Source::Value(ValueSource::PathText));
        };
        let finding = rules::path_parameter::check(self.range(), &name, self.scope);
        self.findings.extend(finding);
        Ok(Source::Value(ValueSource::Path(name)))
    }

    fn check_body(&mut self, word: &str) {
        if self.scope.site == Site::ErrorPage {
            self.findings
                .push(rules::no_body::finding(self.range(), word));
        }
    }

    fn body(&mut self) -> Read<ValueSource> {
        let from = self.cursor.at();
        let path = json_path::read(self.cursor)
            .map_err(|range| Box::new(rules::malformed::json_path(range)))?;
        self.check_body("body");
        match path {
            None => Ok(ValueSource::Body),
            Some(path) => Ok(self.json_path(path, from..self.cursor.at())),
        }
    }

    fn json(&mut self) -> Read<ValueSource> {
        let path = self.one_text("json", "$.user.id")?;
        self.check_body("json");
        let range = self.range();
        Ok(self.json_path(path, range))
    }

    fn json_path(&mut self, path: String, range: Range<usize>) -> ValueSource {
        self.findings.extend(rules::json_path::check(range, &path));
        ValueSource::BodyJson(path)
    }

    fn arguments(&mut self) -> Read<Option<Vec<super::filter::Argument>>> {
        super::filter::arguments(self.cursor)
    }

    fn one_text(&mut self, word: &str, example: &str) -> Read<String> {
        match self.arguments()?.as_deref() {
            Some([super::filter::Argument::Text(text)]) if !text.is_empty() => Ok(text.clone()),
            _ => Err(Box::new(rules::arguments::source(
                self.range(),
                word,
                example,
            ))),
        }
    }

    fn random(&mut self) -> Read<ValueSource> {
        use super::filter::Argument::Whole;
        match self.arguments()?.as_deref() {
            None => Ok(ValueSource::Random(0, i64::from(u32::MAX))),
            Some([Whole(low), Whole(high)]) if low <= high => Ok(ValueSource::Random(*low, *high)),
            Some(_) => Err(Box::new(rules::arguments::random(self.range()))),
        }
    }

    fn fake(&mut self) -> Read<Source> {
        let name = self.member("fake")?;
        let kind: Option<Fake> = FAKES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, fake)| *fake);
        match kind {
            Some(kind) => Ok(Source::Value(ValueSource::Fake(kind))),
            None => {
                let known = FAKES.iter().map(|(known, _)| *known);
                Err(Box::new(rules::unknown_name::member(
                    self.range(),
                    "fake",
                    &name,
                    known,
                )))
            }
        }
    }

    fn secret(&mut self) -> Read<ValueSource> {
        let name = self.one_text("secret", "api-key")?;
        if self.scope.site != Site::UpstreamHeader {
            self.findings.push(rules::secret_shown::finding(
                self.range(),
                &name,
                self.scope.site,
            ));
        }
        Ok(ValueSource::Secret(name))
    }

    fn error(&mut self) -> Read<Source> {
        let name = self.member("error")?;
        let value = match name.as_str() {
            "status" => ValueSource::ErrorStatus,
            "reason" => ValueSource::ErrorReason,
            _ => {
                let known = ["status", "reason"].into_iter();
                let finding = rules::unknown_name::member(self.range(), "error", &name, known);
                return Err(Box::new(finding));
            }
        };
        if self.scope.site != Site::ErrorPage {
            self.findings
                .push(rules::unknown_name::error_elsewhere(self.range(), &name));
        }
        Ok(Source::Value(value))
    }

    fn environment(&mut self) -> Read<Source> {
        let name = self.member("env")?;
        match (self.scope.environment)(&name) {
            Some(value) => Ok(Source::Constant(value)),
            None => {
                self.findings
                    .push(rules::missing_env::finding(self.range(), &name));
                Ok(Source::Constant(String::new()))
            }
        }
    }
}
