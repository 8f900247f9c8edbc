//! Every rule's examples: the wrong one has the finding, the right one has none.

use gatec_syntax::{SourceId, yaml};

#[test]
fn examples_show_their_rule() {
    for rule in yaml::RULES {
        assert!(rule.wrong.starts_with("# yaml\n") && rule.right.starts_with("# yaml\n"));
        let (_, findings) = yaml::parse(SourceId::default(), rule.wrong);
        let codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, [rule.code], "{}", rule.name);
        let (document, findings) = yaml::parse(SourceId::default(), rule.right);
        assert_eq!(findings, [], "{}", rule.name);
        assert!(document.root.get("gateway").is_some(), "{}", rule.name);
    }
}

#[test]
fn codes_are_in_order_and_unlike() {
    assert!(
        yaml::RULES
            .windows(2)
            .all(|pair| pair[0].code < pair[1].code)
    );
}
