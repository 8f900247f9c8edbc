//! What `docs/policies.md`, `proven.md`, `sessions.md` and `limits.md` show is so: each spec checks clean, is laid out as `gatec fmt`
//! does and passes its own tests, and what is shown of a mistake is what `gatec check` says.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use gatec_tests::{gatec, root};

/// A block between fences: what stands behind the first fence, and the text.
#[derive(Debug, Clone, Copy)]
struct Block<'p> {
    info: &'p str,
    text: &'p str,
}

/// The blocks of a section.
fn blocks(section: &str) -> Vec<Block<'_>> {
    // Between fences is every other piece.
    let inside = section.split("```").skip(1).step_by(2);
    inside
        .map(|block| {
            let (info, text) = block.split_once('\n').unwrap();
            Block { info, text }
        })
        .collect()
}

/// Holds a page against `gatec`; how many specs and how many mistakes it shows.
///
/// Each section begins with an empty folder. A block `kdl` is a whole spec, `gate.kdl` there; one such as
/// `cedar orders.cedar` is that file; a block `text` behind a file is what `gatec check` then says.
fn hold(page: &str) -> (usize, usize) {
    let page = std::fs::read_to_string(root().join(page)).unwrap();
    let (mut specs, mut mistakes) = (0, 0);
    for section in page.split("\n## ") {
        let folder = tempfile::tempdir().unwrap();
        for block in blocks(section) {
            match block.info.split_once(' ') {
                Some((_, file)) => std::fs::write(folder.path().join(file), block.text).unwrap(),
                None if block.info == "kdl" => {
                    std::fs::write(folder.path().join("gate.kdl"), block.text).unwrap();
                    is_sound(folder.path(), block.text);
                    specs += 1;
                }
                None if block.info == "text" => {
                    let ran = gatec(folder.path(), ["check", "gate.kdl"]);
                    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
                    assert_eq!(ran.stdout.trim(), block.text.trim());
                    mistakes += 1;
                }
                None => {}
            }
        }
    }
    (specs, mistakes)
}

fn is_sound(folder: &Path, text: &str) {
    for arguments in [
        &["check", "--deny-warnings", "gate.kdl"][..],
        &["fmt", "--check", "gate.kdl"],
        &["test", "gate.kdl"],
    ] {
        let ran = gatec(folder, arguments);
        assert_eq!(ran.code, 0, "{text}\n{}{}", ran.stdout, ran.stderr);
    }
}

#[test]
fn the_guide_to_policies_is_so() {
    let (specs, mistakes) = hold("docs/policies.md");
    assert!(specs > 9, "{specs}");
    assert_eq!(mistakes, 5);
}

#[test]
fn the_page_on_what_is_proven_is_so() {
    assert_eq!(hold("docs/proven.md"), (1, 0));
}

#[test]
fn the_page_on_sessions_is_so() {
    assert_eq!(hold("docs/sessions.md"), (3, 0));
}

#[test]
fn the_page_on_limits_is_so() {
    assert_eq!(hold("docs/limits.md"), (2, 0));
}
