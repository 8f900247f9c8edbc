//! S101: a key, node or property that the spec does not know

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

use crate::load::Format;
use crate::shape::grammar::{Field, Grammar, ObjectType, ScalarKind, Type};
use crate::shape::names::{Near, listed, nearest};
use crate::shape::words::quoted;

/// The rule of S101.
pub const RULE: Rule = Rule {
    code: "S101",
    name: "unknown-key",
    severity: Severity::Error,
    summary: r##"a key, node or property that the spec does not know"##,
    explanation: r##"Every key, node and property of a spec means something, so an unknown one is a mistake: most often a
slip of the keyboard, or a name of the other language (KDL repeats `route "x"`, YAML has one `routes`).
It is refused and never passed over, because a setting that is accepted and does nothing is worse than
an error. The help lists what is known in that place; `gatec schema` and the reference page list all."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respnd 200 "hello"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
};

/// An unknown name, and the field that was surely meant.
pub(crate) struct Unknown {
    /// The number of the field that was surely meant.
    pub(crate) meant: Option<usize>,
    /// Whether the finding tells of something close already.
    told: bool,
    finding: Diagnostic,
    fix: Option<String>,
}

impl Unknown {
    /// Where nothing here is meant: the parts of the object that do know the word.
    fn or_below(
        mut self,
        grammar: &Grammar,
        kind: &ObjectType,
        word: &str,
        format: Format,
    ) -> Self {
        let knows = |field: &&Field| {
            let inner = match grammar.kind(field.kind) {
                Type::List(list) => list.item,
                _ => field.kind,
            };
            let object = grammar.object(inner);
            object.is_some_and(|object| object.key(word).is_some())
        };
        let below: Vec<&str> = kind
            .fields
            .iter()
            .filter(knows)
            .map(|field| match format {
                Format::Kdl => field.kdl_name(),
                Format::Yaml => &field.key,
            })
            .collect();
        if !self.told && !below.is_empty() {
            self.finding.label = format!("belongs in {}", listed(below, "or"));
            self.told = true;
        }
        self
    }

    /// Where nothing here is meant: the few nodes whose blocks do know the word.
    fn or_elsewhere(mut self, grammar: &Grammar, word: &str) -> Self {
        let blocks = grammar.blocks_with(word);
        if !self.told && (1..=4).contains(&blocks.len()) {
            self.finding.label = format!("belongs in {}", listed(blocks, "or"));
            self.told = true;
        }
        self
    }

    /// A header is not a key of its own, and not every block sets some.
    fn or_header(mut self, kind: &ObjectType, word: &str, format: Format) -> Self {
        if matches!(word, "header" | "headers")
            && let Some(help) = headers(kind, format)
        {
            self.finding = self.finding.help(help);
            self.told = true;
        }
        let known = word.eq_ignore_ascii_case("content-type")
            || word.eq_ignore_ascii_case("cache-control")
            || word.eq_ignore_ascii_case("location");
        if known && kind.node_position("header").is_some() {
            self.finding = self.finding.help(match format {
                Format::Kdl => format!("write it as a header, in the block: `header {word:?} …`"),
                Format::Yaml => format!("write it as a header: `headers: {{{word}: …}}`"),
            });
        }
        self
    }

    /// The finding; with the certain mend, if what was meant was taken for it.
    pub(crate) fn finding(self, taken: bool) -> Diagnostic {
        let span = self.finding.span;
        match self.fix.filter(|_| taken) {
            Some(name) => self.finding.fix(format!("write `{name}`"), span, name),
            None => self.finding,
        }
    }
}

/// Where headers are set that do not belong into a block as they are.
fn headers(kind: &ObjectType, format: Format) -> Option<String> {
    let help = match (
        kind.node_position("set"),
        kind.position("strip-prefix"),
        format,
    ) {
        (Some(_), _, Format::Kdl) => {
            "`set \"name\" \"value\"` sets a header, `add` adds one, `remove \"name\"` takes one out"
        }
        (Some(_), _, Format::Yaml) => {
            "`set: {name: value}` sets headers, `add` adds some, `remove: [name]` takes some out"
        }
        (_, Some(_), Format::Kdl) => {
            "what is sent to the server is changed beside `proxy`, in the route: `request { set \"name\" \"value\"; }`, and its answer by `response { … }`"
        }
        (_, Some(_), Format::Yaml) => {
            "what is sent to the server is changed beside `proxy`, in the route: `request: {set: {name: value}}`, and its answer by `response: {…}`"
        }
        _ => return None,
    };
    Some(help.to_owned())
}

/// A KDL node in the block of `owner` (empty at the top level).
pub(crate) fn node(
    grammar: &Grammar,
    kind: &ObjectType,
    owner: &str,
    word: &str,
    span: Span,
    has_arguments: bool,
) -> Unknown {
    if let Some((position, field)) = kind
        .position(word)
        .and_then(|at| Some((at, kind.fields.get(at)?)))
    {
        let name = field.kdl_name();
        let message =
            format!("`{word}` is written in KDL as one `{name}` node for each, found `{word}`");
        return Unknown {
            meant: Some(position).filter(|_| has_arguments),
            told: true,
            finding: error(span, message, format!("write `{name}`")).help(each(grammar, field)),
            fix: Some(name.to_owned()),
        };
    }
    if let Some(finding) = colon(grammar, kind, word, span) {
        return Unknown {
            meant: None,
            told: true,
            finding,
            fix: None,
        };
    }
    let names: Vec<&str> = kind.fields.iter().map(Field::kdl_name).collect();
    let mut near = nearest(word, names.iter().copied());
    if has_arguments && near.is_some_and(|near| near.other.is_some()) {
        // Of names that are as close, the one that takes a value.
        let valued = kind.fields.iter().filter(|field| is_valued(grammar, field));
        near = nearest(word, valued.map(Field::kdl_name)).or(near);
    }
    let found = unknown("node", owner, word, span, names, near, |name| {
        kind.node_position(name)
    });
    found
        .or_below(grammar, kind, word, Format::Kdl)
        .or_header(kind, word, Format::Kdl)
        .or_elsewhere(grammar, word)
}

/// How the entries of a map or the items of a list are written, a node each.
fn each(grammar: &Grammar, field: &Field) -> String {
    let name = field.kdl_name();
    let shown = match grammar.kind(field.kind) {
        Type::Map(map) => match grammar.kind(map.value) {
            Type::Scalar(_) => format!("{name} \"name\" \"value\""),
            _ => format!("{name} \"name\" …"),
        },
        _ => format!("{name} …"),
    };
    format!("write each by itself, without a block around them: `{shown}`")
}

/// Whether a value can stand right behind the name of a node.
fn is_valued(grammar: &Grammar, field: &Field) -> bool {
    match grammar.kind(field.kind) {
        Type::Object(object) => !object.arguments.is_empty(),
        _ => true,
    }
}

/// `public:true`, which is one word in KDL.
fn colon(grammar: &Grammar, kind: &ObjectType, word: &str, span: Span) -> Option<Diagnostic> {
    let (key, value) = word
        .split_once(':')
        .filter(|(_, value)| !value.is_empty())?;
    let field = kind.fields.get(kind.node_position(key)?)?;
    let finding = error(
        span,
        format!("`{word}` is one word in KDL, and no name that is known here"),
        format!("`{key}` and its value stand apart, without a colon"),
    );
    let is_bare = span.len() == word.len();
    let form = scalar_form(grammar, field, value).filter(|_| is_bare);
    Some(match form {
        Some(form) => finding.fix(
            format!("write `{key} {form}`"),
            span,
            format!("{key} {form}"),
        ),
        None => finding.help(format!("write `{key} …`")),
    })
}

/// A bare word of YAML as a value of KDL for a field that takes one.
pub(crate) fn scalar_form(grammar: &Grammar, field: &Field, word: &str) -> Option<String> {
    if !grammar.is_inline(field) {
        return None;
    }
    let kind = grammar.scalar(field.kind).and_then(|scalar| scalar.kind);
    Some(match (kind, word) {
        (Some(ScalarKind::Boolean), "true" | "#true") => "#true".to_owned(),
        (Some(ScalarKind::Boolean), "false" | "#false") => "#false".to_owned(),
        (Some(ScalarKind::Integer), _) if word.parse::<i64>().is_ok() => word.to_owned(),
        _ => quoted(word),
    })
}

/// A KDL property of `owner`.
pub(crate) fn property(
    grammar: &Grammar,
    kind: &ObjectType,
    owner: &str,
    word: &str,
    span: Span,
) -> Unknown {
    let other = kind.node_position(word).or_else(|| kind.position(word));
    if let Some(field) = other.and_then(|at| kind.fields.get(at)) {
        let name = field.kdl_name();
        let message = format!("`{name}` is a node in the block of `{owner}`, found a property");
        let finding = error(span, message, "not a property".to_owned()).help(format!(
            "write it between the braces of `{owner}`: `{name} …`"
        ));
        return Unknown {
            meant: None,
            told: true,
            finding,
            fix: None,
        };
    }
    let inline = kind.fields.iter().filter(|field| grammar.is_inline(field));
    let names = inline.map(|field| field.key.as_str()).collect();
    let names: Vec<&str> = names;
    let near = nearest(word, names.iter().copied());
    let found = unknown("property", owner, word, span, names, near, |name| {
        kind.position(name)
    });
    found
        .or_below(grammar, kind, word, Format::Kdl)
        .or_header(kind, word, Format::Kdl)
}

/// A YAML key of the object `owner` (empty at the top level).
pub(crate) fn key(
    grammar: &Grammar,
    kind: &ObjectType,
    owner: &str,
    word: &str,
    span: Span,
) -> Unknown {
    if let Some(field) = kind.node_position(word).and_then(|at| kind.fields.get(at)) {
        let message = format!(
            "`{word}` is written in YAML as `{}`, found `{word}`",
            field.key
        );
        return Unknown {
            meant: kind.position(&field.key),
            told: true,
            finding: error(span, message, format!("write `{}`", field.key)),
            fix: Some(field.key.clone()),
        };
    }
    let names: Vec<&str> = kind.fields.iter().map(|field| field.key.as_str()).collect();
    let near = nearest(word, names.iter().copied());
    let mut found = unknown("key", owner, word, span, names, near, |name| {
        kind.position(name)
    });
    if kind.position(owner).is_some() {
        found.finding = found.finding.help(indent(owner));
    }
    found
        .or_below(grammar, kind, word, Format::Yaml)
        .or_header(kind, word, Format::Yaml)
}

/// A key that stands where names do.
pub(crate) fn indent(name: &str) -> String {
    format!("`{name}` stands where the names do: if it belongs to the one above, indent it further")
}

/// A property or a node on a node that takes plain values.
pub(crate) fn takes_values(owner: &str, word: &str, span: Span) -> Diagnostic {
    let message = format!("unknown `{word}` in `{owner}`, which takes plain values only");
    error(span, message, "not known here".to_owned())
}

fn unknown(
    what: &str,
    owner: &str,
    word: &str,
    span: Span,
    names: Vec<&str>,
    near: Option<Near<'_>>,
    position: impl Fn(&str) -> Option<usize>,
) -> Unknown {
    let place = if owner.is_empty() {
        "at the top level".to_owned()
    } else {
        format!("in `{owner}`")
    };
    let label = near.map_or("not known here".to_owned(), |near| near.question());
    let help = match names.is_empty() {
        true => format!("no {what} is known {place}"),
        false => format!("known {place}: {}", listed(names, "and")),
    };
    let sure = near.filter(|near| near.certain);
    Unknown {
        meant: sure.and_then(|near| position(near.name)),
        told: near.is_some(),
        finding: error(span, format!("unknown {what} `{word}` {place}"), label).help(help),
        fix: sure.map(|near| near.name.to_owned()),
    }
}

fn error(span: Span, message: String, label: String) -> Diagnostic {
    Diagnostic::error(RULE.code, span, message).label(label)
}
