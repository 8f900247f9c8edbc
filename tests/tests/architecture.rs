//! The layering, held by reading the manifests: who may know whom.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;

/// Workspace crates in each crate's `[dependencies]`, optional ones included.
fn dependencies() -> BTreeMap<&'static str, Vec<String>> {
    [
        ("gatec-schema", "schema"),
        ("gatec-syntax", "compiler/syntax"),
        ("gatec-compiler", "compiler"),
        ("gatec-render", "compiler/render"),
        ("gated-engine", "runtime/engine"),
        ("gated-certificate", "runtime/certificate"),
        ("gated-identity", "runtime/identity"),
        ("gated-store", "runtime/store"),
        ("gated", "runtime"),
        ("gatec", "compiler/cli"),
        ("gatec-ide", "compiler/ide"),
        ("gatec-lsp", "lsp"),
    ]
    .into_iter()
    .map(|(name, folder)| {
        let path = gatec_tests::root().join(folder).join("Cargo.toml");
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (name, section(&text))
    })
    .collect()
}

fn section(manifest: &str) -> Vec<String> {
    manifest
        .lines()
        .skip_while(|line| line.trim() != "[dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split(['=', '.', ' ']).next())
        .filter(|name| !name.is_empty() && !name.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

fn knows(who: &str, whom: &str) -> bool {
    dependencies()[who].iter().any(|name| name == whom)
}

#[test]
fn the_schema_and_the_syntax_know_nobody() {
    for who in ["gatec-schema", "gatec-syntax"] {
        for whom in [
            "gatec-compiler",
            "gated-engine",
            "gated",
            "gatec",
            "gatec-render",
        ] {
            assert!(!knows(who, whom), "{who} knows {whom}");
        }
    }
    assert!(!knows("gatec-schema", "gatec-syntax") && !knows("gatec-syntax", "gatec-schema"));
}

#[test]
fn the_engine_is_pure() {
    for whom in [
        "gatec-compiler",
        "gatec-syntax",
        "tokio",
        "hyper",
        "hyper-util",
        "axum",
        "notify",
        "socket2",
        "kdl",
        "granit-parser",
    ] {
        assert!(!knows("gated-engine", whom), "the engine knows {whom}");
    }
}

#[test]
fn identities_know_the_engine_and_certificates_alone() {
    for whom in [
        "gatec-schema",
        "gatec-compiler",
        "gatec-syntax",
        "gated",
        "tokio",
        "hyper",
        "cedar-policy",
    ] {
        assert!(!knows("gated-identity", whom), "identities know {whom}");
    }
}

#[test]
fn the_store_knows_nobody() {
    for whom in [
        "gatec-schema",
        "gatec-compiler",
        "gatec-syntax",
        "gated-engine",
        "gated-identity",
        "gated",
        "hyper",
    ] {
        assert!(!knows("gated-store", whom), "the store knows {whom}");
    }
}

#[test]
fn certificates_know_nobody() {
    for whom in [
        "gatec-schema",
        "gatec-compiler",
        "gated-engine",
        "gated",
        "tokio",
        "tokio-rustls",
    ] {
        assert!(
            !knows("gated-certificate", whom),
            "certificates know {whom}"
        );
    }
}

#[test]
fn the_compiler_prints_nothing_and_knows_no_network() {
    for whom in ["gated", "tokio", "hyper", "hyper-util", "axum", "clap"] {
        assert!(!knows("gatec-compiler", whom), "the compiler knows {whom}");
    }
    // Cedar tells its findings by a trait of miette's; without features that draws nothing.
    let manifest =
        std::fs::read_to_string(gatec_tests::root().join("compiler/Cargo.toml")).unwrap();
    assert!(manifest.contains("\nmiette = { workspace = true }\n"));
}

#[test]
fn the_replica_links_the_compiler_only_as_an_option() {
    let manifest = std::fs::read_to_string(gatec_tests::root().join("runtime/Cargo.toml")).unwrap();
    for name in ["gatec-compiler", "gatec-render"] {
        let line = manifest
            .lines()
            .find(|line| line.starts_with(name))
            .unwrap_or_else(|| panic!("{name} is not named"));
        assert!(line.contains("optional = true"), "{line}");
    }
}

#[test]
fn one_crate_knows_each_foreign_thing() {
    for (thing, owner) in [
        ("cedar-policy", "gatec-compiler"),
        ("granit-parser", "gatec-syntax"),
        ("lsp-types", "gatec-lsp"),
        ("lsp-server", "gatec-lsp"),
        ("redis", "gated-store"),
        ("rusqlite", "gated-store"),
    ] {
        for who in dependencies().keys().filter(|who| **who != owner) {
            assert!(!knows(who, thing), "{who} knows {thing}");
        }
    }
    let may = ["gatec-render", "gatec-compiler"];
    for who in dependencies().keys().filter(|who| !may.contains(who)) {
        assert!(!knows(who, "miette"), "{who} knows miette");
    }
}
