//! Policies are read one by one, each by Cedar's own parser, so that one mistake hides no other.

use std::ops::Range;

use cedar_policy::pst;
use cedar_policy::{
    Context, Entities, EntityUid, EvalResult, Expression, PolicyId, PolicySet, Request, Template,
    eval_expression,
};
use gatec_syntax::Span;
use miette::Diagnostic;

use super::schema::action_uid;
use super::text::{Piece, PolicyText, pieces, tokens};

/// A policy, or a template for some.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Its name: its `@id`, or its place: the file and the number in it.
    pub name: String,
    /// The text it stands in, by number.
    pub text: usize,
    /// Where in the text.
    pub piece: Piece,
    /// As Cedar has it, under an id of its own.
    pub parsed: Parsed,
    /// Its parts.
    pub tree: pst::Template,
    /// How many bytes Cedar was given before the text.
    pub shift: usize,
}

/// A policy as Cedar has it.
#[derive(Debug, Clone)]
pub enum Parsed {
    /// One that holds as it stands.
    Static(cedar_policy::Policy),
    /// One that is made into policies by links.
    Template(Template),
}

impl Policy {
    /// Whether it is made into policies by links only.
    pub fn is_template(&self) -> bool {
        matches!(self.parsed, Parsed::Template(_))
    }

    /// Where it is written.
    pub fn span(&self, texts: &[PolicyText]) -> Span {
        place(texts, self.text, self.piece.head.clone())
    }
}

/// A range of a text in its source.
pub fn place(texts: &[PolicyText], text: usize, range: Range<usize>) -> Span {
    texts
        .get(text)
        .map(|text| text.span(range))
        .unwrap_or_default()
}

/// A piece that is no policy.
#[derive(Debug, Clone)]
pub struct Unread {
    /// The text, by number.
    pub text: usize,
    /// The piece.
    pub piece: Piece,
    /// What is wrong.
    pub message: String,
    /// What would mend it, as Cedar says.
    pub help: Option<String>,
    /// Where in the text.
    pub range: Range<usize>,
}

/// All policies of a spec.
#[derive(Debug, Clone, Default)]
pub struct Policies {
    /// Those that could be read.
    pub list: Vec<Policy>,
    /// Those that could not.
    pub unread: Vec<Unread>,
    /// Conditions of stated rules, each as a policy of its own.
    pub conditions: Vec<Policy>,
}

/// What is put around a condition to make a policy of it that is about these types of principals and these
/// actions; none: about all.
fn around(kinds: &[String], actions: &[String]) -> (String, &'static str) {
    let action = match actions {
        [] => "action".to_owned(),
        some => {
            let some: Vec<String> = some.iter().map(|name| action_uid(name)).collect();
            format!("action in [{}]", some.join(","))
        }
    };
    let kinds: Vec<String> = kinds
        .iter()
        .map(|kind| format!("principal is {kind}"))
        .collect();
    let kinds = match kinds.as_slice() {
        [] => "true".to_owned(),
        kinds => kinds.join("||"),
    };
    (
        format!("permit(principal,{action},resource)when{{({kinds})&&("),
        "\n)};",
    )
}

/// The most policies that a spec may have.
pub const MOST: usize = 20_000;

impl Policies {
    /// Reads every policy of every text. `file` gives a text's name.
    pub fn read(texts: &[PolicyText], file: impl Fn(&PolicyText) -> String) -> Self {
        let mut policies = Self::default();
        for (number, text) in texts.iter().enumerate() {
            let name = file(text);
            for (at, piece) in pieces(&text.text).into_iter().enumerate() {
                if policies.list.len() >= MOST {
                    return policies;
                }
                policies.piece(number, text, piece, &format!("{name}#{}", at + 1));
            }
        }
        policies
    }

    /// Reads a condition that stands by itself in a text.
    pub fn condition(
        &mut self,
        number: usize,
        text: &PolicyText,
        name: &str,
        (kinds, actions): (&[String], &[String]),
    ) {
        let (before, after) = around(kinds, actions);
        let whole = 0..text.text.len();
        let piece = Piece {
            range: whole.clone(),
            head: whole.clone(),
            clauses: vec![whole],
            id: None,
        };
        let source = format!("{before}{}{after}", text.text);
        let id = PolicyId::new(format!("c{}", self.conditions.len()));
        match parse(id, &source) {
            Ok((parsed, tree)) => self.conditions.push(Policy {
                name: name.to_owned(),
                text: number,
                piece,
                parsed,
                tree,
                shift: before.len(),
            }),
            Err(why) => {
                let clamp = |at: usize| at.saturating_sub(before.len()).min(text.text.len());
                let range = why
                    .range
                    .map_or(0..text.text.len(), |at| clamp(at.start)..clamp(at.end));
                self.unread.push(Unread {
                    text: number,
                    piece,
                    message: why.message,
                    help: why.help,
                    range,
                });
            }
        }
    }

    fn piece(&mut self, number: usize, text: &PolicyText, piece: Piece, place: &str) {
        let source = text.text.get(piece.range.clone()).unwrap_or_default();
        let id = PolicyId::new(format!("p{}", self.list.len()));
        match parse(id, source) {
            Ok((parsed, tree)) => self.list.push(Policy {
                name: piece
                    .id
                    .as_ref()
                    .map_or_else(|| place.to_owned(), |(id, _)| id.clone()),
                text: number,
                piece,
                parsed,
                tree,
                shift: 0,
            }),
            Err(why) => {
                let at = why.range.unwrap_or(0..source.len());
                let start = piece.range.start;
                self.unread.push(Unread {
                    text: number,
                    range: start + at.start..start + at.end,
                    piece,
                    message: why.message,
                    help: why.help,
                });
            }
        }
    }

    /// The policy that Cedar knows by an id.
    pub fn by_id(&self, id: &str) -> Option<&Policy> {
        let number = |letter: char| id.strip_prefix(letter)?.parse::<usize>().ok();
        match number('c') {
            Some(condition) => self.conditions.get(condition),
            None => self.list.get(number('p')?),
        }
    }

    /// All of them as Cedar's set, for validation.
    pub fn set(&self) -> PolicySet {
        let mut set = PolicySet::new();
        for policy in self.list.iter().chain(&self.conditions) {
            // The ids are numbers of ours, so none is there twice.
            let _ = match &policy.parsed {
                Parsed::Template(template) => set.add_template(template.clone()),
                Parsed::Static(policy) => set.add(policy.clone()),
            };
        }
        set
    }
}

/// Why a piece is no policy.
struct Why {
    message: String,
    help: Option<String>,
    range: Option<Range<usize>>,
}

fn parse(id: PolicyId, source: &str) -> Result<(Parsed, pst::Template), Why> {
    let has_slot = tokens(source)
        .iter()
        .any(|token| source.get(token.range.clone()) == Some("?"));
    if has_slot {
        let template = Template::parse(Some(id), source).map_err(|errors| first(&errors))?;
        let tree = template
            .to_pst()
            .map_err(|error| plain(error.to_string()))?;
        return Ok((Parsed::Template(template), tree));
    }
    let policy = cedar_policy::Policy::parse(Some(id), source).map_err(|errors| first(&errors))?;
    let tree = policy.to_pst().map_err(|error| plain(error.to_string()))?;
    let tree = tree.body().clone();
    Ok((Parsed::Static(policy), tree))
}

fn first(errors: &cedar_policy::ParseErrors) -> Why {
    match errors.iter().next() {
        Some(error) => told(error),
        None => plain("this is no policy".to_owned()),
    }
}

fn plain(message: String) -> Why {
    Why {
        message,
        help: None,
        range: None,
    }
}

/// What one of Cedar's findings says, and where.
fn told(error: &dyn Diagnostic) -> Why {
    Why {
        message: error.to_string(),
        help: error.help().map(|help| help.to_string()),
        range: range_of(error),
    }
}

/// Where one of Cedar's findings stands, in bytes of the text that it was given.
pub fn range_of(error: &dyn Diagnostic) -> Option<Range<usize>> {
    let label = error.labels()?.next()?;
    Some(label.offset()..label.offset() + label.len())
}

/// Milliseconds since 1970 of a moment as Cedar writes it.
pub fn datetime(text: &str) -> Option<i64> {
    let since = Expression::new_datetime(text);
    worked_out(&format!(
        "({since}).durationSince(datetime(\"1970-01-01\")).toMilliseconds()"
    ))
}

/// Milliseconds of a duration as Cedar writes it.
pub fn duration(text: &str) -> Option<i64> {
    let duration = Expression::new_duration(text);
    worked_out(&format!("({duration}).toMilliseconds()"))
}

fn worked_out(source: &str) -> Option<i64> {
    let expression: Expression = source.parse().ok()?;
    let nobody: EntityUid = "A::\"a\"".parse().ok()?;
    let request = Request::new(
        nobody.clone(),
        nobody.clone(),
        nobody,
        Context::empty(),
        None,
    )
    .ok()?;
    match eval_expression(&request, &Entities::empty(), &expression) {
        Ok(EvalResult::Long(number)) => Some(number),
        _ => None,
    }
}
