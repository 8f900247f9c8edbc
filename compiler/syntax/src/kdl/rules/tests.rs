//! The examples of every rule do what the rule says.

use crate::kdl::{Limits, parse, parse_within};
use crate::source::SourceId;

use super::{RULE_TEXT_TOO_LARGE, RULES};

#[test]
fn wrong_examples_have_the_mistake_and_right_ones_have_none() {
    for rule in RULES {
        // Nobody wants an example of 64 MiB: the limit is put at the size of the right one instead.
        let limits = match rule.code == RULE_TEXT_TOO_LARGE.code {
            true => Limits {
                text: rule.right.len(),
                ..Limits::default()
            },
            false => Limits::default(),
        };
        let (_, found) = parse_within(SourceId(0), rule.wrong, limits);
        let codes: Vec<_> = found.iter().map(|found| found.code).collect();
        assert_eq!(codes, [rule.code], "{}: {found:#?}", rule.name);
        let (_, found) = parse_within(SourceId(0), rule.right, limits);
        assert_eq!(found, [], "{}", rule.name);
    }
}

#[test]
fn codes_and_names_are_unique_and_in_order() {
    assert!(RULES.windows(2).all(|pair| pair[0].code < pair[1].code));
    let mut names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), RULES.len());
}

#[test]
fn fixes_mend_what_they_are_offered_for() {
    for wrong in [
        "a true",
        "a k=false",
        "a (t)null",
        r#"a r"\d+""#,
        r##"a r#"x "y" z"#"##,
        r#"a "x\/y""#,
        "a #TRUE",
    ] {
        let (_, found) = parse(SourceId(0), wrong);
        let [only] = found.as_slice() else {
            panic!("{wrong}: {found:?}")
        };
        let [edit] = only.fix.as_ref().expect(wrong).edits.as_slice() else {
            panic!("{wrong}")
        };
        let mut mended = wrong.to_owned();
        mended.replace_range(edit.span.range(), &edit.text);
        let (_, found) = parse(SourceId(0), &mended);
        assert_eq!(found, [], "{mended}");
    }
}
