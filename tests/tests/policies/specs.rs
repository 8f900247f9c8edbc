//! Random specs.

use fastrand::Rng;
use gatec_compiler::load::{Format, Input, Options};
use gatec_compiler::policy::Rulebook;
use gatec_compiler::policy::solve::{Answer, Goal, find};
use gated_engine::Bundle;

use super::expressions::Writer;

/// A route of every spec: its name, the path with its parameters, and its tags.
pub(crate) const ROUTES: [(&str, &str, &str, &[&str]); 4] = [
    ("get-order", "GET", "/orders/{id}", &["orders", "reading"]),
    ("put-order", "PUT", "/orders/{id}", &["orders"]),
    ("page", "GET", "/pages/{n:int}/{day:date}", &["reading"]),
    ("any", "", "/any/{rest...}", &[]),
];

/// An identity: its name, and its claims.
type Identity = (&'static str, &'static [(&'static str, &'static str, bool)]);

/// The identities of every spec, and the claims of each: name, type, whether it may be missing.
pub(crate) const IDENTITIES: [Identity; 3] = [
    (
        "staff",
        &[
            ("sub", "string", false),
            ("roles", "set<string>", false),
            ("level", "long", false),
            ("vip", "bool", false),
            ("home", "ipaddr", false),
            ("since", "datetime", false),
            ("rate", "decimal", false),
            ("areas", "set<string>", false),
            ("rooms", "set<long>", false),
            ("team", "string", true),
            ("limit", "long", true),
        ],
    ),
    (
        "robot",
        &[
            ("sub", "string", false),
            ("roles", "set<string>", false),
            ("level", "long", false),
        ],
    ),
    ("guest", &[]),
];

pub(crate) const ENTITIES: &str = r#"[
    {"uid": {"type": "Role", "id": "lead"}, "parents": [{"type": "Role", "id": "crew"}]},
    {"uid": {"type": "Role", "id": "crew"}, "parents": [{"type": "Role", "id": "all"}]},
    {"uid": {"type": "Staff", "id": "ann"}, "parents": [{"type": "Role", "id": "lead"}, {"type": "Group", "id": "owners"}]},
    {"uid": {"type": "Robot", "id": "r2"}, "parents": [{"type": "Group", "id": "owners"}]},
    {"uid": {"type": "Group", "id": "owners"}, "parents": [{"type": "Group", "id": "people"}]}
]"#;

/// A spec with its policies, compiled.
pub(crate) struct Spec {
    pub(crate) text: String,
    pub(crate) policies: String,
    pub(crate) bundle: Bundle,
    pub(crate) schema: serde_json::Value,
    /// Routes and identities of which it is proved that nobody gets in.
    pub(crate) shut: Vec<(String, String)>,
}

impl Spec {
    /// Policies that Cedar's validator takes, put into a spec.
    pub(crate) fn random(chance: &mut Rng) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("entities.json"), ENTITIES).unwrap();
        let text = text();
        let mut policies = String::new();
        for number in 0..chance.usize(4..14) {
            let policy = Writer::new(chance).policy(number);
            policies.push_str(&policy);
            policies.push('\n');
        }
        std::fs::write(folder.path().join("all.cedar"), &policies).unwrap();
        let options = Options::default();
        let input = Input::Text {
            name: "gate.kdl".to_owned(),
            text: text.clone(),
            format: Format::Kdl,
            base: folder.path().to_owned(),
        };
        let front = gatec_compiler::load::front(input.clone(), &options);
        assert_eq!(front.diagnostics, [], "{text}");
        let unread = &front.rulebook.policies.unread;
        assert!(unread.is_empty(), "{unread:?}\n{policies}");
        let unsupported = &front.rulebook.slices.unsupported;
        assert!(unsupported.is_empty(), "{unsupported:?}\n{policies}");
        let compiled = gatec_compiler::check(input.clone(), &options);
        let wrong = |code: &str| code.starts_with("P20") && code != "P209";
        let found = compiled.diagnostics.iter().find(|found| wrong(found.code));
        assert!(found.is_none(), "{found:#?}\n{policies}");
        let shut = shut(&front.rulebook);
        let draft = gatec_compiler::draft(input, &options);
        Self {
            bundle: Bundle::load(
                draft
                    .bundle
                    .unwrap_or_else(|| panic!("{:#?}\n{policies}", draft.diagnostics)),
            )
            .unwrap(),
            schema: gatec_compiler::policy::schema::json(
                &front.rulebook.world,
                &front.rulebook.hierarchy,
                |_| true,
            ),
            shut,
            text,
            policies,
        }
    }
}

/// What the solver says nobody can reach.
fn shut(rulebook: &Rulebook) -> Vec<(String, String)> {
    let mut shut = Vec::new();
    for (route, arms) in &rulebook.slices.routes {
        for (identity, slice) in arms {
            let scene = rulebook.scene(route, identity).unwrap();
            if find(&rulebook.slices.pool, scene, Goal::LetIn(slice, None)) == Answer::Never {
                shut.push((route.clone(), identity.clone()));
            }
        }
    }
    shut
}

fn text() -> String {
    let mut text = String::from(
        "listener \"web\" bind=\"127.0.0.1:8080\"\n\
         policies \"all.cedar\" {\n    entities \"entities.json\"\n    headers \"x-tenant\"\n    query \"page\"\n}\n",
    );
    for (name, claims) in IDENTITIES {
        let how = match name {
            "guest" => "    anonymous\n",
            _ => {
                "    jwt issuer=\"https://id.example\" audience=\"a\" keys=\"https://id.example/keys\"\n"
            }
        };
        text.push_str(&format!("identity \"{name}\" {{\n{how}"));
        for (claim, kind, optional) in claims {
            let role = if *claim == "roles" { " role=#true" } else { "" };
            let optional = if *optional { " optional=#true" } else { "" };
            text.push_str(&format!(
                "    claim \"{claim}\" type=\"{kind}\"{role}{optional}\n"
            ));
        }
        text.push_str("}\n");
    }
    for (name, method, path, tags) in ROUTES {
        let method = if method.is_empty() {
            String::new()
        } else {
            format!("\"{method}\" ")
        };
        let tags: String = tags.iter().map(|tag| format!(" \"{tag}\"")).collect();
        let tags = if tags.is_empty() {
            tags
        } else {
            format!("    tags{tags}\n")
        };
        text.push_str(&format!(
            "route \"{name}\" {{\n    match {method}\"{path}\"\n{tags}    identity \"staff\" \"robot\" \"guest\"\n    respond 200\n}}\n"
        ));
    }
    text
}
