//! The texts that are measured.

use std::fmt::Write;
use std::path::Path;

/// How many files the large spec has.
pub(super) const FILES: usize = 10;

/// Lines of each of them.
const LINES: usize = 1_000;

/// Lines of a route with the empty one behind it.
const ROUTE: usize = 5;

/// The name of a file, from 0.
pub(super) fn file(number: usize) -> String {
    match number {
        0 => "gate.kdl".to_owned(),
        number => format!("routes-{number}.kdl"),
    }
}

/// Writes a spec of 10,000 lines in ten files; gives the number of lines.
pub(super) fn write(folder: &Path) -> Result<usize, String> {
    let mut lines = 0;
    for number in 0..FILES {
        let mut text = String::new();
        if number == 0 {
            text.push_str("gateway \"large\"\nlistener \"web\" bind=\"127.0.0.1:8080\"\n");
            text.push_str("upstream \"orders\" {\n    server \"http://127.0.0.1:9000\"\n}\ninclude \"routes-*.kdl\"\n");
        }
        let mut route = 0;
        while text.matches('\n').count() + ROUTE <= LINES {
            let _ = write!(
                text,
                "route \"r{number}-{route}\" public=#true {{\n    match \"GET\" \"/f{number}/r{route}/{{id}}\"\n    proxy \"orders\" path=\"/{{{{ path.id }}}}\"\n}}\n\n"
            );
            route += 1;
        }
        while text.matches('\n').count() < LINES {
            text.push_str("// the end\n");
        }
        lines += LINES;
        std::fs::write(folder.join(file(number)), text).map_err(|error| error.to_string())?;
    }
    Ok(lines)
}

/// About as many bytes as each text made to be slow has.
const SIZE: usize = 1_000_000;

/// Texts made to be slow, each with its name and its language's ending.
pub(super) fn adversaries() -> Vec<(&'static str, &'static str, String)> {
    let times = |piece: &str| piece.repeat(SIZE / piece.len());
    vec![
        ("blocks in blocks", "kdl", times("a {\n")),
        ("quotes that never close", "kdl", times("route \"a\n")),
        ("raw strings that never close", "kdl", times("a #\"\n")),
        ("comments in comments", "kdl", times("/* ")),
        ("slashdashes", "kdl", times("/-\n")),
        (
            "one line of arguments",
            "kdl",
            format!("match {}", times("\"GET\" ")),
        ),
        (
            "routes without an end",
            "kdl",
            times("route \"a\" {\n match\n"),
        ),
        ("unknown keys", "kdl", times("gatway \"a\"\n")),
        (
            "expressions",
            "kdl",
            format!(
                "route \"a\" {{\n respond 200 \"{}\"\n}}\n",
                times("{{ path.a | b }} ")
            ),
        ),
        (
            "one route again and again",
            "kdl",
            times("route \"a\" public=#true { match \"/a\"; respond 200; }\n"),
        ),
        ("lists in lists", "yaml", times("- ")),
        ("brackets", "yaml", times("[")),
        ("braces", "yaml", times("{a: ")),
        (
            "maps in maps",
            "yaml",
            (0..1_400)
                .map(|depth| format!("{}a:\n", " ".repeat(depth)))
                .collect(),
        ),
        ("anchors of anchors", "yaml", anchors()),
        ("keys without values", "yaml", times("a:\n")),
        (
            "routes that nobody knows",
            "yaml",
            format!("routes:\n{}", times("  a: {publik: true}\n")),
        ),
    ]
}

/// Each line twice the one before it.
fn anchors() -> String {
    let mut text = String::from("a0: &a0 [x, x]\n");
    for number in 1..20_000 {
        let _ = writeln!(text, "a{number}: &a{number} [*a{0}, *a{0}]", number - 1);
    }
    text
}
