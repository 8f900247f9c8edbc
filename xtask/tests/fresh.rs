//! What is generated is fresh, and made the same way every time.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[test]
fn generated_files_are_fresh() {
    let stale = xtask::codegen::stale(&xtask::root());
    assert!(
        stale.is_empty(),
        "stale: {stale:?}; run `cargo xtask codegen`"
    );
}

#[test]
fn generation_is_deterministic() {
    assert_eq!(xtask::codegen::files(), xtask::codegen::files());
}

#[test]
fn every_link_between_reference_pages_leads_somewhere() {
    let files = xtask::codegen::files();
    let mut checked = 0;
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".md")) {
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let (page, _) = link.split_once('#').unwrap_or((link, ""));
            if page.contains("://") || !page.ends_with(".md") {
                continue;
            }
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            assert!(
                files.contains_key(&format!("{folder}/{page}")),
                "{path}: {link}"
            );
            checked += 1;
        }
    }
    assert!(checked > 50);
}

#[test]
fn stale_files_are_named_and_mended() {
    let folder = std::env::temp_dir().join(format!("xtask-fresh-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("generated")).unwrap();
    std::fs::write(folder.join("generated/old.md"), "gone").unwrap();
    let written = xtask::codegen::write(&folder).unwrap();
    assert!(written.contains(&"generated/old.md".to_owned()));
    assert!(!folder.join("generated/old.md").exists());
    assert_eq!(xtask::codegen::stale(&folder), Vec::<String>::new());
    std::fs::write(folder.join("generated/gate.schema.json"), "{}").unwrap();
    assert_eq!(
        xtask::codegen::stale(&folder),
        ["generated/gate.schema.json"]
    );
    std::fs::remove_dir_all(folder).unwrap();
}
