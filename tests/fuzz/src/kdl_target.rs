//! KDL: never a panic, spans inside the text, the oracle's opinion on small texts, and layouts that lose
//! nothing.

#[path = "../../../compiler/syntax/tests/kdl_common/mod.rs"]
mod common;

use gatec_syntax::SourceId;
use gatec_syntax::kdl::{MAX_ERRORS, format, parse, write};
use kdl::KdlDocument;

/// The oracle's time grows exponentially on some malformed texts (kdl-rs#177), so it is asked about short
/// ones with few brackets only.
const ORACLE_BYTES: usize = 100;
const ORACLE_BRACKETS: usize = 5;

/// What must hold for any bytes read as KDL.
pub fn kdl(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let (tree, found) = parse(SourceId(0), text);
    common::check_spans(&tree, text);
    assert!(found.len() <= MAX_ERRORS);
    for found in &found {
        assert!(text.get(found.span.range()).is_some(), "{found:?}");
        for edit in found.fix.iter().flat_map(|fix| &fix.edits) {
            assert!(text.get(edit.span.range()).is_some(), "{found:?}");
        }
    }
    let brackets = text.matches(['{', '(', '*', '-']).count();
    if text.len() < ORACLE_BYTES && brackets <= ORACLE_BRACKETS {
        ask_oracle(text, &tree, found.is_empty());
    }
    // A tree of a broken text must be writable too; it means what it means.
    let written = write(&tree);
    if found.is_empty() {
        check_layouts(text, &tree, &written);
    }
}

fn ask_oracle(text: &str, tree: &gatec_syntax::kdl::Tree<'_>, accepted: bool) {
    if common::known_deviation(text).is_some() {
        return;
    }
    match KdlDocument::parse_v2(text) {
        Ok(oracle) if accepted => {
            if let Some(what) = common::difference(tree, &oracle) {
                panic!("{text:?} is read otherwise: {what}");
            }
        }
        Ok(_) => assert!(
            common::known_leniency(text).is_some(),
            "only the oracle takes {text:?}"
        ),
        Err(why) => assert!(!accepted, "only we take {text:?}: {why:?}"),
    }
}

fn check_layouts(text: &str, tree: &gatec_syntax::kdl::Tree<'_>, written: &str) {
    let once = format(text).expect("a text without mistakes");
    for laid_out in [once.as_str(), written] {
        let (again, found) = parse(SourceId(0), laid_out);
        assert!(found.is_empty(), "{text:?} became {laid_out:?}: {found:?}");
        assert_eq!(
            common::meaning(&again),
            common::meaning(tree),
            "{text:?} became {laid_out:?}"
        );
        assert_eq!(
            format(laid_out).as_deref(),
            Ok(laid_out),
            "{text:?} is not stable"
        );
    }
    let marks = |text: &str| text.matches(['*', '/']).count();
    assert_eq!(
        marks(&once),
        marks(text),
        "a comment was lost from {text:?} in {once:?}"
    );
}
