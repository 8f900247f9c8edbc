//! A long session of random edits: what the editor was told is what a fresh check finds, every time.

use std::path::Path;

use gatec_compiler::Compiled;
use gatec_compiler::load::{Input, Options};
use gatec_ide::{Encoding, Lines};
use gatec_syntax::{Diagnostic, Span};
use serde_json::{Value, json};

use crate::session::{Session, able};

/// How many edits; the environment's `EDITS` makes it more.
const EDITS: usize = 500;

const GATE: &str = include_str!("../../../examples/shop/gate.kdl");
const ROUTES: &str = "routes:\n  more:\n    public: true\n    match:\n      - method: GET\n        path: /more/{id}\n    respond:\n      status: 200\n      body: 'more {{ path.id }} ü😀'\n";

const STAFF: &str = include_str!("../../../examples/shop/policies/staff.cedar");
/// What else the shop is made from, and is not typed in here.
const REST: [(&str, &str); 7] = [
    ("tests/access.kdl", ""),
    (
        "policies/customers.cedar",
        include_str!("../../../examples/shop/policies/customers.cedar"),
    ),
    (
        "policies/limits.cedar",
        include_str!("../../../examples/shop/policies/limits.cedar"),
    ),
    (
        "policies/entities.json",
        include_str!("../../../examples/shop/policies/entities.json"),
    ),
    (
        "keys/issuer.jwks.json",
        include_str!("../../../examples/shop/keys/issuer.jwks.json"),
    ),
    ("site/index.html", "<p>"),
    ("bodies/products.json", "{}"),
];

/// A small generator of numbers (Marsaglia's xorshift), so that a failure comes again.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound.max(1) as u64).unwrap()
    }

    fn boundary(&mut self, text: &str) -> usize {
        text.floor_char_boundary(self.below(text.len() + 1))
    }
}

/// What people type, whole and half.
const PIECES: [&str; 34] = [
    ";",
    ")",
    "permit (",
    "principal, action, resource)",
    "Action::\"get-order\"",
    "principal.",
    " when {",
    "resource.customer",
    "@id(\"",
    "?principal",
    "\n",
    " ",
    "{",
    "}",
    "\"",
    "route \"x\" {\n",
    "    match \"GET\" \"/a/{b}\"\n",
    "proxy \"orders\"\n",
    "publ",
    "=#true",
    "{{ path.",
    " }}",
    "ü",
    "😀",
    "// gatec: ignore U102\n",
    "#",
    ":",
    "- ",
    "  ",
    "routes:\n",
    "upstream \"u\" { server \"http://127.0.0.1:1\"; }\n",
    "/-",
    "\\",
    "(env)\"NOT_SET\"",
];

fn edit(chance: &mut Chance, text: &str, original: &str) -> (usize, usize, String) {
    let at = chance.boundary(text);
    match chance.below(10) {
        0..=4 => (at, at, PIECES[chance.below(PIECES.len())].to_owned()),
        5..=7 => {
            let end = text.ceil_char_boundary((at + 1 + chance.below(12)).min(text.len()));
            (at, end.max(at), String::new())
        }
        // A line is typed anew.
        8 => {
            let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
            let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
            let lines: Vec<&str> = original.lines().collect();
            (start, end, lines[chance.below(lines.len())].to_owned())
        }
        // Undone to the beginning, so that sound texts come up too.
        _ => (0, text.len(), original.to_owned()),
    }
}

/// A fresh check of a spec, its texts as they are in the editor.
fn check(session: &Session, texts: &[(&str, String)], root: &str) -> Compiled {
    let options = Options {
        texts: texts
            .iter()
            .map(|(name, text)| (session.path(name), text.as_str().into()))
            .collect(),
        ..Options::default()
    };
    gatec_compiler::check(Input::File(session.path(root)), &options)
}

/// What a fresh check finds in a file, in the protocol's form as far as it is compared.
fn fresh(
    session: &Session,
    texts: &[(&str, String)],
    name: &str,
    checked: &Compiled,
) -> Vec<Value> {
    let alone;
    let mut checked = checked;
    let path = session.path(name);
    let included = checked
        .sources
        .iter()
        .any(|(_, source)| Path::new(source.name()) == path);
    let text = || {
        let text = texts.iter().find(|(known, _)| *known == name);
        text.map_or("", |(_, text)| text)
    };
    if !included && name.ends_with(".cedar") {
        // Its syntax alone is looked at.
        let (sources, found) = gatec_compiler::check::policies::alone(name, text().into());
        let lines = Lines::new(text().into());
        return shown(&found, &lines, |span| sources.get(span.source).is_some());
    }
    if !included {
        // No spec takes it in: it is one of its own, if it looks like one.
        let words = ["gateway", "listener", "route", "upstream", "error-page"];
        let tells = |line: &str| {
            let rest = words.iter().find_map(|word| line.strip_prefix(word));
            rest.is_some_and(|rest| rest.starts_with(':') || rest.starts_with("s:"))
        };
        if !text().lines().any(tells) {
            return Vec::new();
        }
        alone = check(session, texts, name);
        checked = &alone;
    }
    let mut sources = checked.sources.iter();
    let Some((_, own)) = sources.find(|(_, source)| Path::new(source.name()) == path) else {
        return Vec::new();
    };
    let lines = Lines::new(own.shared());
    shown(&checked.diagnostics, &lines, |span| {
        let source = checked.sources.get(span.source).unwrap();
        Path::new(source.name()) == path
    })
}

/// The findings of a text, each once.
fn shown(diagnostics: &[Diagnostic], lines: &Lines, own: impl Fn(Span) -> bool) -> Vec<Value> {
    let mut found = Vec::new();
    for one in diagnostics.iter().filter(|one| own(one.span)) {
        let at = |offset: u32| {
            let at = lines.position(offset as usize, Encoding::Utf16);
            json!({ "line": at.line, "character": at.column })
        };
        let told = json!({
            "code": one.code,
            "range": { "start": at(one.span.start), "end": at(one.span.end.max(one.span.start)) },
            "message": one.message,
        });
        if !found.contains(&told) {
            found.push(told);
        }
    }
    found
}

fn told(pulled: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    for one in pulled["items"].as_array().unwrap() {
        let message = one["message"].as_str().unwrap();
        found.push(json!({ "code": one["code"], "range": one["range"], "message": message }));
    }
    found
}

/// Whether two lists say the same; what the editor is told may go on after the sentence.
fn same(told: &[Value], fresh: &[Value]) -> bool {
    told.len() == fresh.len()
        && told.iter().zip(fresh).all(|(told, fresh)| {
            let (long, short) = (
                told["message"].as_str().unwrap(),
                fresh["message"].as_str().unwrap(),
            );
            told["code"] == fresh["code"]
                && told["range"] == fresh["range"]
                && long.starts_with(short)
        })
}

#[test]
fn after_any_edit_the_editor_knows_what_a_fresh_check_finds() {
    let edits = std::env::var("EDITS")
        .ok()
        .and_then(|edits| edits.parse().ok())
        .unwrap_or(EDITS);
    let seed = std::env::var("SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(0x9E37_79B9);
    let mut client = able();
    client["textDocument"]["diagnostic"] = json!({});
    let gate = format!("include \"routes.yaml\"\n{GATE}");
    let staff = format!("// ü😀\n{STAFF}");
    let mut files = REST.to_vec();
    files.extend([
        ("gate.kdl", gate.as_str()),
        ("routes.yaml", ROUTES),
        ("policies/staff.cedar", &staff),
    ]);
    let mut session = Session::with(&files, client);
    let mut texts = vec![
        ("gate.kdl", gate.clone()),
        ("routes.yaml", ROUTES.to_owned()),
        ("policies/staff.cedar", staff.clone()),
    ];
    let originals = [gate.clone(), ROUTES.to_owned(), staff.clone()];
    for (name, text) in &texts {
        session.open_with(name, text);
    }
    let mut chance = Chance(seed);
    for number in 0..edits {
        let which = [0, 0, 1, 2, 2][chance.below(5)];
        let (name, text) = texts[which].clone();
        let (start, end, new) = edit(&mut chance, &text, &originals[which]);
        let lines = Lines::new(text.as_str().into());
        let at = |offset| {
            let at = lines.position(offset, Encoding::Utf16);
            json!({ "line": at.line, "character": at.column })
        };
        session.change(
            name,
            json!([{ "range": { "start": at(start), "end": at(end) }, "text": new }]),
        );
        let mut after = text;
        after.replace_range(start..end, &new);
        texts[which].1 = after.clone();
        // A client asks for much at each key; none of it may end the server.
        let cursor = Lines::new(after.as_str().into()).position(start + new.len(), Encoding::Utf16);
        let position = json!({ "line": cursor.line, "character": cursor.column });
        let document = json!({ "uri": session.uri(name) });
        for method in ["completion", "hover", "definition"] {
            session.ask(
                &format!("textDocument/{method}"),
                json!({ "textDocument": document, "position": position }),
            );
        }
        for method in [
            "documentSymbol",
            "foldingRange",
            "semanticTokens/full",
            "codeLens",
        ] {
            session.ask(
                &format!("textDocument/{method}"),
                json!({ "textDocument": document }),
            );
        }
        let checked = check(&session, &texts, "gate.kdl");
        for (name, _) in &texts {
            let pulled = session.ask(
                "textDocument/diagnostic",
                json!({ "textDocument": { "uri": session.uri(name) } }),
            );
            let (told, fresh) = (told(&pulled), fresh(&session, &texts, name, &checked));
            assert!(
                same(&told, &fresh),
                "edit {number}, seed {seed}, {name}:\ntold {told:#?}\nfresh {fresh:#?}\n{after}"
            );
        }
    }
    assert!(session.is_serving());
    session.end();
}
