//! A few texts that a regular expression matches.

use regex_syntax::hir::{Class, Hir, HirKind};

/// The longest text made.
const MAX: usize = 1_000;

/// Up to `count` different texts that an expression may match. A look-around such as `\b` can make one
/// wrong, so whoever needs certainty matches it.
pub(super) fn texts(hir: &Hir, count: usize) -> Vec<String> {
    let mut texts = Vec::new();
    for variant in 0..count {
        let mut text = String::new();
        if write(hir, variant, &mut text) && !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

fn write(hir: &Hir, variant: usize, text: &mut String) -> bool {
    if text.len() > MAX {
        return false;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(literal) => {
                text.push_str(literal);
                true
            }
            Err(_) => false,
        },
        HirKind::Class(class) => match pick(class, variant) {
            Some(c) => {
                text.push(c);
                true
            }
            None => false,
        },
        HirKind::Repetition(repetition) => {
            let more = u32::try_from(variant % 3).unwrap_or(0);
            let times = match repetition.max {
                Some(max) => (repetition.min + more).min(max),
                None => repetition.min + more,
            };
            (0..times).all(|_| write(&repetition.sub, variant, text))
        }
        HirKind::Capture(capture) => write(&capture.sub, variant, text),
        HirKind::Concat(parts) => parts.iter().all(|part| write(part, variant, text)),
        HirKind::Alternation(parts) => {
            let chosen = parts.get(variant % parts.len().max(1));
            chosen.is_some_and(|part| write(part, variant, text))
        }
    }
}

/// A character of a class, one that paths and headers can hold where there is one.
fn pick(class: &Class, variant: usize) -> Option<char> {
    const WANTED: [char; 8] = ['a', '7', 'x', 'Q', '-', '_', '.', '~'];
    let holds = |c: char| match class {
        Class::Unicode(class) => class
            .ranges()
            .iter()
            .any(|range| range.start() <= c && c <= range.end()),
        Class::Bytes(class) => {
            let ranges = class.ranges().iter();
            u8::try_from(c).is_ok_and(|byte| {
                ranges
                    .clone()
                    .any(|range| range.start() <= byte && byte <= range.end())
            })
        }
    };
    let good: Vec<char> = WANTED.into_iter().filter(|c| holds(*c)).collect();
    if !good.is_empty() {
        return good.get(variant % good.len()).copied();
    }
    match class {
        Class::Unicode(class) => class.ranges().first().map(|range| range.start()),
        Class::Bytes(class) => class
            .ranges()
            .first()
            .map(|range| char::from(range.start())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_match() {
        for pattern in [
            "/v[0-9]+/(a|b)?",
            "/[^/]{2,5}/.*",
            "a|bc",
            "/x(?<id>\\d{3})",
        ] {
            let whole = regex::Regex::new(&format!("^(?:{pattern})$")).unwrap();
            let texts = texts(&regex_syntax::parse(pattern).unwrap(), 6);
            assert!(!texts.is_empty());
            assert!(texts.iter().all(|text| whole.is_match(text)), "{texts:?}");
        }
    }
}
