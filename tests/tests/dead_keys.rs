//! No dead keys: for every key in the schema, changing its value changes the bundle.
//!
//! The keys come from the JSON Schema. The fixture gives each a place to stand; a key that stands
//! nowhere fails the test, so a new key cannot be forgotten.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;

use gatec_compiler::load::{Format, Input, Options};
use serde_json::{Value, json};

/// A key: the name of the object in the schema, and the key in it.
type Key = (String, String);

struct Walk<'s> {
    schema: &'s Value,
    base: Value,
    original: Vec<u8>,
    alive: BTreeSet<Key>,
    dead: Vec<String>,
}

#[test]
fn changing_any_key_changes_the_bundle() {
    let schema = gatec_schema::json_schema();
    let base: Value =
        serde_json::from_str(&std::fs::read_to_string(fixture().join("gate.json")).unwrap())
            .unwrap();
    let original = compile(&base, &Options::default()).unwrap_or_else(|errors| panic!("{errors}"));
    let mut walk = Walk {
        schema: &schema,
        base: base.clone(),
        original,
        alive: BTreeSet::new(),
        dead: Vec::new(),
    };
    walk.object("Spec", &schema, &base, "");
    walk.keys_of_their_own_shape();
    let missing: Vec<Key> = keys(&schema).difference(&walk.alive).cloned().collect();
    assert!(
        missing.is_empty(),
        "keys that change nothing in a bundle: {missing:?}\n{}",
        walk.dead.join("\n")
    );
}

fn fixture() -> std::path::PathBuf {
    gatec_tests::root().join("tests/fixtures/full")
}

fn compile(spec: &Value, options: &Options) -> Result<Vec<u8>, String> {
    let input = Input::Text {
        name: "gate.yaml".to_owned(),
        // JSON has no tags: `"!secret a"` stands for `!secret "a"`.
        text: serde_json::to_string_pretty(spec)
            .unwrap()
            .replace("\"!secret ", "!secret \""),
        format: Format::Yaml,
        base: fixture(),
    };
    let compiled = gatec_compiler::compile(input, options);
    match compiled.bundle {
        Some(bundle) => Ok(bundle.to_vec()),
        None => Err(compiled
            .diagnostics
            .iter()
            .map(|found| {
                format!(
                    "{} {} {}",
                    compiled.sources.place(found.span),
                    found.code,
                    found.message
                )
            })
            .collect::<Vec<_>>()
            .join("\n")),
    }
}

/// Every key of every object in the schema, overlays for profiles apart.
fn keys(schema: &Value) -> BTreeSet<Key> {
    let mut keys = BTreeSet::new();
    let mut add = |name: &str, object: &Value| {
        for key in object["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, _)| key)
        {
            keys.insert((name.to_owned(), key.clone()));
        }
    };
    add("Spec", schema);
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        if !name.ends_with("Overlay") {
            add(name, definition);
        }
    }
    keys
}

impl Walk<'_> {
    /// Walks over the keys of an object; whether any of them is alive.
    fn object(&mut self, name: &str, schema: &Value, value: &Value, pointer: &str) -> bool {
        let mut any = false;
        for (key, below) in value.as_object().into_iter().flatten() {
            let property = &schema["properties"][key];
            assert!(!property.is_null(), "{name} has no key {key}");
            let place = format!("{pointer}/{}", escape(key));
            if self.value(property, below, &place) {
                any = true;
                self.alive.insert((name.to_owned(), key.clone()));
            } else {
                self.dead.push(place);
            }
        }
        any
    }

    /// Whether a change to the value at this place changes the bundle.
    fn value(&mut self, schema: &Value, value: &Value, pointer: &str) -> bool {
        let (name, schema) = self.resolve(schema);
        let mut alive = false;
        if let Some(name) = &name {
            alive |= schema["properties"].is_object() && self.object(name, &schema, value, pointer);
        }
        if let (Some(items), Some(list)) = (schema.get("items"), value.as_array()) {
            for (index, item) in list.iter().enumerate() {
                alive |= self.value(items, item, &format!("{pointer}/{index}"));
            }
        }
        if let (Some(entry), Some(map)) = (
            schema
                .get("additionalProperties")
                .filter(|entry| entry.is_object()),
            value.as_object(),
        ) {
            for (key, below) in map {
                alive |= self.value(entry, below, &format!("{pointer}/{}", escape(key)));
            }
        }
        alive
            || self
                .changes(&schema, value)
                .into_iter()
                .any(|changed| self.differs(pointer, changed))
            || self.differs_without(pointer)
    }

    fn resolve(&self, schema: &Value) -> (Option<String>, Value) {
        let found = schema["$ref"].as_str().map(str::to_owned).or_else(|| {
            schema["anyOf"]
                .as_array()?
                .iter()
                .find_map(|one| one["$ref"].as_str().map(str::to_owned))
        });
        match found {
            Some(target) => {
                let resolved = self
                    .schema
                    .pointer(target.trim_start_matches('#'))
                    .cloned()
                    .unwrap();
                (target.rsplit('/').next().map(str::to_owned), resolved)
            }
            None => (None, schema.clone()),
        }
    }

    /// Other values of the same kind.
    fn changes(&self, schema: &Value, value: &Value) -> Vec<Value> {
        let listed = schema["enum"].as_array().cloned().unwrap_or_else(|| {
            schema["oneOf"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|one| one.get("const").cloned())
                .collect()
        });
        if !listed.is_empty() {
            return listed.into_iter().filter(|other| other != value).collect();
        }
        match value {
            Value::Bool(flag) => vec![json!(!flag)],
            Value::Number(number) => vec![json!(number.as_i64().unwrap() + 1)],
            Value::String(text) => strings(schema, text),
            _ => Vec::new(),
        }
    }

    fn differs(&self, pointer: &str, changed: Value) -> bool {
        let mut spec = self.base.clone();
        *spec.pointer_mut(pointer).unwrap() = changed;
        compile(&spec, &Options::default()).is_ok_and(|bundle| bundle != self.original)
    }

    fn differs_without(&self, pointer: &str) -> bool {
        let mut spec = self.base.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match spec.pointer_mut(parent) {
            Some(Value::Object(object)) => drop(object.shift_remove(&key.replace("~1", "/"))),
            Some(Value::Array(list)) => drop(list.remove(key.parse().unwrap())),
            _ => return false,
        }
        compile(&spec, &Options::default()).is_ok_and(|bundle| bundle != self.original)
    }

    /// `include` and `profiles` act before there is a merged spec; `public` and
    /// `anonymous` have one right value.
    fn keys_of_their_own_shape(&mut self) {
        let mut spec = self.base.clone();
        spec["include"] = json!(["more.yaml"]);
        if compile(&spec, &Options::default()).is_ok_and(|bundle| bundle != self.original) {
            self.alive.insert(("Spec".to_owned(), "include".to_owned()));
        }
        let mut spec = self.base.clone();
        spec["routes"]["regex"]["public"] = json!(false);
        if compile(&spec, &Options::default()).is_err_and(|errors| errors.contains("R101")) {
            self.alive.insert(("Route".to_owned(), "public".to_owned()));
        }
        // An identity without it would have no method, which is an error.
        let mut spec = self.base.clone();
        spec["identities"]["nobody"] = json!({ "basic": { "file": "identity-one.txt" } });
        let named = self.base["identities"]["nobody"] == json!({ "anonymous": true });
        if named && compile(&spec, &Options::default()).is_ok_and(|bundle| bundle != self.original)
        {
            self.alive
                .insert(("Identity".to_owned(), "anonymous".to_owned()));
        }
        // A stated rule is checked and then done with: each of its keys decides whether it is broken.
        for (key, value) in [
            ("identity", json!(["token"])),
            ("route", json!(["guard-one", "guard-two"])),
            ("when", json!("!context.secure")),
        ] {
            let mut spec = self.base.clone();
            spec["never"]["n"] =
                json!({ "identity": ["nobody"], "route": ["guard-two"], "when": "context.secure" });
            if key == "route" {
                spec["never"]["n"]["identity"] = json!(["token", "nobody"]);
                spec["never"]["n"]["when"] = json!("context.secure && principal is Nobody");
                spec["never"]["n"][key] = json!(["nowhere"]);
            } else {
                spec["never"]["n"][key] = value;
            }
            let broken = |errors: String| errors.contains("P227") || errors.contains("P229");
            if compile(&spec, &Options::default()).is_err_and(broken) {
                self.alive.insert(("Never".to_owned(), key.to_owned()));
                self.alive.insert(("Spec".to_owned(), "never".to_owned()));
            }
        }
        // Who asks in a test has the claims of that identity.
        let mut spec = self.base.clone();
        spec["tests"]["t"]["request"]["as"] = json!({ "identity": "client" });
        if compile(&spec, &Options::default()).is_ok_and(|bundle| bundle != self.original) {
            self.alive.insert(("As".to_owned(), "identity".to_owned()));
        }
        let stored = |kind: &str, path: &str| {
            let mut spec = self.base.clone();
            spec["store"] = json!({ "kind": kind, "path": path });
            compile(&spec, &Options::default()).ok()
        };
        let one = stored("sqlite", "one");
        for (key, other) in [("path", ("sqlite", "two")), ("kind", ("file", "one"))] {
            let other = stored(other.0, other.1);
            if one.is_some() && other.is_some() && one != other {
                self.alive.insert(("Store".to_owned(), key.to_owned()));
            }
        }
        let mut spec = self.base.clone();
        spec["profiles"] = json!({ "p": { "log": { "level": "error" } } });
        let chosen = Options {
            profile: Some("p".to_owned()),
            ..Options::default()
        };
        if compile(&spec, &chosen).is_ok_and(|bundle| bundle != self.original) {
            self.alive
                .insert(("Spec".to_owned(), "profiles".to_owned()));
        }
    }
}

/// Other strings that the same format may take.
fn strings(schema: &Value, text: &str) -> Vec<Value> {
    let swapped = [
        ("one", "two"),
        ("two", "one"),
        ("site", "other"),
        ("index.html", "home.html"),
        ("home.html", "other.html"),
        ("/proxy", "/proxy/a"),
        ("one.txt", "two.txt"),
        ("one.json", "two.json"),
    ];
    let mut others: Vec<Value> = swapped
        .iter()
        .filter(|(from, _)| text.contains(from))
        .map(|(from, to)| json!(text.replace(from, to)))
        .collect();
    others.extend(
        schema["examples"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|example| *example != text)
            .cloned(),
    );
    others.push(json!(format!("{text}x")));
    others
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
