//! The examples of every rule do what the rule says, and messages read as they should.

use std::path::Path;
use std::sync::Arc;

use gatec_syntax::Rule;

use crate::check::{self, Context, Parts};
use crate::load::{Format, Input, Options, front};
use crate::lower::folder::Budget;
use crate::{Places, template};

/// What the examples find beside them.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let put = |path: &str, text: &str| {
        let path = folder.path().join("spec").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    put("site/index.html", "<h1>Hello</h1>");
    put("site/a.css", "h1 {}");
    put("large/one.bin", &"x".repeat(4096));
    put("hello.json", "{\"hello\": true}");
    put("hello.txt", "hello");
    certificates(&put);
    identities(&put);
    put(
        "entities.json",
        r#"[{"uid": {"type": "Role", "id": "lead"}, "parents": [{"type": "Role", "id": "staff"}]}]"#,
    );
    put("broken.json", r#"[{"uid": {"type": "Role"}}]"#);
    put("order.schema.json", "{\"type\": \"object\"}");
    std::fs::create_dir_all(folder.path().join("site")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("../site", folder.path().join("spec/link-out")).unwrap();
    folder
}

/// The files of identities: passwords, keys, and a public key.
fn identities(put: &dyn Fn(&str, &str)) {
    let hash = gated_identity::hash_password("correct", 4).unwrap();
    put("users", &format!("ann:{hash}\n"));
    let made = gated_identity::NewKey::make("job", &[], None).unwrap();
    put("keys.txt", &format!("{}\n", made.line));
    put("partner.pem", &gated_identity::new_pair().unwrap().1);
}

/// Good certificates, and one that expired.
fn certificates(put: &dyn Fn(&str, &str)) {
    for (file, name, year) in [
        ("web", "web.example", 4000),
        ("more", "web.example", 4000),
        ("other", "other.example", 4000),
        ("old", "web.example", 2001),
        ("ca", "ca.example", 4000),
    ] {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut wanted = rcgen::CertificateParams::new([name.to_owned()]).unwrap();
        wanted.not_after = rcgen::date_time_ymd(year, 1, 1);
        let made = wanted.self_signed(&key).unwrap();
        put(&format!("certs/{file}.pem"), &made.pem());
        put(&format!("certs/{file}.key"), &key.serialize_pem());
    }
}

/// Every finding, as lines of code, words pointed at, message.
fn findings(base: &Path, text: &str) -> Vec<(&'static str, String)> {
    let options = Options {
        environment: Arc::new(|name| (name == "REGION").then(|| "north".to_owned())),
        ..Options::default()
    };
    let input = Input::Text {
        name: "gate.kdl".to_owned(),
        text: text.to_owned(),
        format: Format::Kdl,
        base: base.join("spec"),
    };
    let front = front(input, &options);
    let places = Places::new(&front.document);
    let environment = |name: &str| (options.environment)(name);
    let mut context = Context::new(Parts {
        spec: &front.spec,
        document: &front.document,
        places: &places,
        rulebook: &front.rulebook,
        sources: &front.sources,
        root: &front.root,
        environment: &environment,
        before: &front.diagnostics,
    });
    context.budget = Budget {
        bytes: 2048,
        files: 100,
    };
    let mut found = front.diagnostics.clone();
    check::run(&context, &mut found);
    found.sort_by_key(|found| found.span.start);
    let line = |found: &gatec_syntax::Diagnostic| {
        let mut lines = vec![format!(
            "{} {} at {} `{}`\n  {}",
            found.code,
            found.severity.as_str(),
            front.sources.place(found.span),
            front.sources.slice(found.span).escape_debug(),
            found.message
        )];
        lines.extend((!found.label.is_empty()).then(|| format!("  ^ {}", found.label)));
        let related = found.related.iter();
        lines.extend(related.map(|related| {
            format!(
                "  + {} {}",
                front.sources.place(related.span),
                related.label
            )
        }));
        lines.extend(found.help.iter().map(|help| format!("  = {help}")));
        lines.extend(found.fix.iter().map(|fix| {
            let word = if fix.certain { "fix" } else { "offer" };
            format!("  {word}: {}", fix.title)
        }));
        lines.join("\n")
    };
    found
        .iter()
        .map(|found| (found.code, line(found)))
        .collect()
}

fn rules() -> impl Iterator<Item = &'static Rule> {
    let checks = check::RULES
        .iter()
        .chain(check::POLICY_RULES)
        .chain(check::STATE_RULES);
    checks.chain(template::RULES).copied()
}

#[test]
fn wrong_examples_have_the_mistake_and_right_ones_have_none() {
    let folder = folder();
    let mut bad = Vec::new();
    for rule in rules() {
        let found = findings(folder.path(), rule.wrong);
        if found.is_empty() || found.iter().any(|(code, _)| *code != rule.code) {
            bad.push(format!("{} wrong: {found:#?}", rule.code));
        }
        let found = findings(folder.path(), rule.right);
        if !found.is_empty() {
            bad.push(format!("{} right: {found:#?}", rule.code));
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn findings_read_well() {
    let folder = folder();
    let lines: Vec<String> = rules()
        .flat_map(|rule| findings(folder.path(), rule.wrong))
        .map(|(_, line)| line)
        .collect();
    insta::assert_snapshot!(lines.join("\n\n"));
}

#[test]
fn codes_and_names_are_unique_and_in_order() {
    for family in ['R', 'U', 'T'] {
        let codes: Vec<_> = rules()
            .map(|rule| rule.code)
            .filter(|code| code.starts_with(family))
            .collect();
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]), "{codes:?}");
    }
    let mut names: Vec<_> = rules().map(|rule| rule.name).collect();
    names.sort_unstable();
    let twice: Vec<_> = names
        .windows(2)
        .filter(|pair| pair[0] == pair[1])
        .map(|pair| pair[0])
        .collect();
    assert_eq!(twice, [""; 0]);
}

#[test]
fn severities_are_those_of_the_rules() {
    let folder = folder();
    for rule in rules() {
        for (_, line) in findings(folder.path(), rule.wrong) {
            assert!(
                line.contains(&format!(" {} at ", rule.severity.as_str())),
                "{line}"
            );
        }
    }
}
