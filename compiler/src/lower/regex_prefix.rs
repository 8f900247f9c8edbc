//! What a path regex says about the paths it matches: the literal segments they all begin with, and
//! the names of its groups.

use regex_syntax::hir::{Hir, HirKind, Look};

/// The whole segments that every matched path begins with. Conservative: the segment in which the
/// first thing that is not literal stands is left out, and so is the last one.
pub(crate) fn literal_segments(regex: &str) -> Vec<String> {
    let Ok(hir) = regex_syntax::parse(regex) else {
        return Vec::new();
    };
    let mut literal = Vec::new();
    take_literal(&hir, &mut literal);
    let text = String::from_utf8_lossy(&literal);
    let Some(segments) = text.strip_prefix('/') else {
        return Vec::new();
    };
    let mut segments: Vec<&str> = segments.split('/').collect();
    segments.pop();
    segments
        .into_iter()
        .take_while(|segment| !segment.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Whether no path can match: the regex takes only the empty text, or begins with other text than `/`.
pub(crate) fn never_a_path(regex: &str) -> bool {
    let Ok(hir) = regex_syntax::parse(regex) else {
        return false;
    };
    let mut literal = Vec::new();
    take_literal(&hir, &mut literal);
    hir.properties().maximum_len() == Some(0) || literal.first().is_some_and(|first| *first != b'/')
}

/// Collects the literal beginning; `false` once something else was met.
fn take_literal(hir: &Hir, literal: &mut Vec<u8>) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(Look::Start) => true,
        HirKind::Literal(text) => {
            literal.extend_from_slice(&text.0);
            true
        }
        HirKind::Capture(capture) => take_literal(&capture.sub, literal),
        HirKind::Concat(parts) => parts.iter().all(|part| take_literal(part, literal)),
        _ => false,
    }
}

/// The names of the groups that have one, in order.
pub(super) fn group_names(regex: &str) -> Vec<String> {
    let mut names = Vec::new();
    if let Ok(hir) = regex_syntax::parse(regex) {
        collect(&hir, &mut names);
    }
    names
}

fn collect(hir: &Hir, names: &mut Vec<String>) {
    if let HirKind::Capture(capture) = hir.kind()
        && let Some(name) = &capture.name
    {
        names.push(name.to_string());
    }
    hir.kind().subs().iter().for_each(|sub| collect(sub, names));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_segments_count() {
        let segments = |regex: &str| literal_segments(regex).join("|");
        assert_eq!(segments("/api/v[0-9]+/.*"), "api");
        assert_eq!(segments("/api/users/.*"), "api|users");
        assert_eq!(segments("^/api/(?<x>users)/[a-z]+"), "api|users");
        assert_eq!(segments("/api/users"), "api");
        assert_eq!(segments("/api/|/x/"), "");
        assert_eq!(segments("(?i)/api/.*"), "");
        assert_eq!(segments("api/.*"), "");
        assert_eq!(segments("/a(/b)?/c"), "");
        assert_eq!(segments(".*"), "");
    }

    #[test]
    fn a_regex_that_no_path_matches_is_known() {
        for never in ["", "^$", "api/.*", "(?<x>api)/y"] {
            assert!(never_a_path(never), "{never}");
        }
        for sound in ["/", "/api/.*", ".*", "(/a|/b)", "^/x$", "(a|/)b", "a?/b"] {
            assert!(!never_a_path(sound), "{sound}");
        }
    }

    #[test]
    fn groups_are_named_in_order() {
        assert_eq!(
            group_names("/(?<a>x(?<b>y))/([a-z])/(?<c>z)"),
            ["a", "b", "c"]
        );
    }
}
