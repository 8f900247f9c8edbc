//! A page for each object that can be written.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::Value;

use super::cell;

/// The name of the page of the whole spec, which has no name in the schema.
const ROOT: &str = "Spec";

/// `reference/README.md`, and `reference/OBJECT.md` for each object.
pub fn pages(schema: &Value) -> BTreeMap<String, String> {
    let reference = Reference {
        definitions: definitions(schema),
    };
    let objects: Vec<(&str, &Value)> = std::iter::once((ROOT, schema))
        .chain(
            reference
                .definitions
                .iter()
                .map(|(name, object)| (name.as_str(), *object)),
        )
        .filter(|(name, object)| object.get("properties").is_some() && !is_overlay(name))
        .collect();
    let uses = uses(&objects);
    let mut pages = BTreeMap::new();
    pages.insert("reference/README.md".to_owned(), reference.index(&objects));
    for (name, object) in &objects {
        pages.insert(
            format!("reference/{}.md", slug(name)),
            reference.page(name, object, &uses),
        );
    }
    pages
}

fn definitions(schema: &Value) -> BTreeMap<String, &Value> {
    let definitions = schema
        .get("$defs")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    definitions
        .map(|(name, definition)| (name.clone(), definition))
        .collect()
}

/// Profiles hold the same keys once more; one sentence stands for all of them.
fn is_overlay(name: &str) -> bool {
    name.ends_with("Overlay")
}

/// Where an object can stand: the object around it, the key, and the key's schema.
struct Use<'s> {
    parent: &'s str,
    key: &'s str,
    property: &'s Value,
}

fn uses<'s>(objects: &[(&'s str, &'s Value)]) -> BTreeMap<String, Vec<Use<'s>>> {
    let mut uses: BTreeMap<String, Vec<Use<'s>>> = BTreeMap::new();
    for (parent, object) in objects {
        for (key, property) in properties(object) {
            if let Some(name) = target(property) {
                uses.entry(name.to_owned()).or_default().push(Use {
                    parent,
                    key,
                    property,
                });
            }
        }
    }
    uses
}

fn properties(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

/// The object that a key holds, alone, in a list or in a map.
fn target(property: &Value) -> Option<&str> {
    let direct = property.get("$ref").and_then(Value::as_str);
    let inner = ["items", "additionalProperties"]
        .iter()
        .find_map(|key| property.get(key));
    let choices = property
        .get("anyOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    direct
        .and_then(|reference| reference.rsplit('/').next())
        .or_else(|| target(inner?))
        .or_else(|| choices.filter_map(target).next())
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or("")
}

fn slug(name: &str) -> String {
    let mut slug = String::new();
    for (index, character) in name.char_indices() {
        if character.is_uppercase() && index > 0 {
            slug.push('-');
        }
        slug.extend(character.to_lowercase());
    }
    slug
}

struct Reference<'s> {
    definitions: BTreeMap<String, &'s Value>,
}

impl Reference<'_> {
    fn index(&self, objects: &[(&str, &Value)]) -> String {
        let mut page = "# Keys\n\nEvery key of the language, a page for each object. The spec itself is [here](spec.md).\n\n| object | |\n|---|---|\n".to_owned();
        for (name, object) in objects {
            let _ = writeln!(
                page,
                "| [{}]({}.md) | {} |",
                words(name),
                slug(name),
                cell(text(object, "description"))
            );
        }
        page.push_str("\nWhat can be wrong is [listed by code](rules.md).\n");
        page
    }

    fn page(&self, name: &str, object: &Value, uses: &BTreeMap<String, Vec<Use<'_>>>) -> String {
        let mut page = format!("# {}\n\n{}\n", words(name), text(object, "description"));
        let uses = uses.get(name).map(Vec::as_slice).unwrap_or_default();
        self.spellings(object, uses, &mut page);
        page.push_str("\n## Keys\n\n| key | in KDL | type | left out | |\n|---|---|---|---|---|\n");
        for (key, property) in properties(object) {
            let _ = writeln!(
                page,
                "| `{key}` | {} | {} | {} | {} |",
                self.in_kdl(key, property),
                self.kind(property),
                self.left_out(object, key, property),
                cell(text(property, "description"))
            );
        }
        for (key, property) in properties(object) {
            self.details(key, property, &mut page);
        }
        page
    }

    /// How the object is written in KDL and in YAML, wherever it can stand.
    fn spellings(&self, object: &Value, uses: &[Use<'_>], page: &mut String) {
        for one in uses {
            let place = format!(
                "`{}` of [{}]({}.md)",
                one.key,
                words(one.parent),
                slug(one.parent)
            );
            let _ = write!(
                page,
                "\nAs {place}:\n\n```kdl\n{}```\n\n```yaml\n{}```\n",
                kdl(one, object),
                yaml(one)
            );
        }
    }

    /// The node or property of a key.
    fn in_kdl(&self, key: &str, property: &Value) -> String {
        let hint = property.get("x-kdl").and_then(|hint| hint.get("node"));
        let node = hint.and_then(Value::as_str).unwrap_or(key);
        let definition = target(property).and_then(|name| self.definitions.get(name));
        let is_object = definition.is_some_and(|one| one.get("properties").is_some());
        match (is_map(property), property.get("items").is_some()) {
            (true, _) => format!("`{node} \"NAME\" …`, repeated"),
            (false, true) if hint.is_some() => format!("`{node} …`, repeated"),
            (false, true) => format!("`{node} … …`"),
            (false, false) if is_object => format!("`{node} …`"),
            (false, false) => format!("`{node}=…`"),
        }
    }

    fn kind(&self, property: &Value) -> String {
        if let Some(name) = target(property) {
            let one = match self.definitions.get(name) {
                Some(definition) if definition.get("properties").is_none() => constants(definition),
                _ if is_overlay(name) => {
                    "the keys of [the spec](spec.md), none of them required".to_owned()
                }
                _ => format!("[{}]({}.md)", words(name), slug(name)),
            };
            return wrapped(property, &one);
        }
        if let Some(values) = property.get("enum").and_then(Value::as_array) {
            return values
                .iter()
                .map(|value| format!("`{value}`"))
                .collect::<Vec<_>>()
                .join(", ");
        }
        match property.get("items").or_else(|| {
            property
                .get("additionalProperties")
                .filter(|inner| inner.is_object())
        }) {
            Some(inner) => wrapped(property, &scalar(inner)),
            None => scalar(property),
        }
    }

    fn left_out(&self, object: &Value, key: &str, property: &Value) -> String {
        let required = object.get("required").and_then(Value::as_array);
        if required.is_some_and(|names| names.iter().any(|name| name.as_str() == Some(key))) {
            return "**required**".to_owned();
        }
        match property.get("default") {
            None | Some(Value::Null) => String::new(),
            Some(Value::Object(_)) => String::new(),
            Some(Value::Array(items)) if items.is_empty() => String::new(),
            Some(value) => format!("`{}`", shown(value)),
        }
    }

    /// The values of a key that takes one of a few words, each with what it means, and examples.
    fn details(&self, key: &str, property: &Value, page: &mut String) {
        let definition = target(property).and_then(|name| self.definitions.get(name));
        let choices = definition
            .and_then(|one| one.get("oneOf"))
            .and_then(Value::as_array);
        if let Some(choices) = choices {
            let _ = write!(page, "\n`{key}`:\n\n");
            for choice in choices {
                let _ = writeln!(
                    page,
                    "- `{}`: {}",
                    text(choice, "const"),
                    cell(text(choice, "description"))
                );
            }
        }
        let examples = property.get("examples").and_then(Value::as_array);
        if let Some(examples) = examples {
            let shown: Vec<String> = examples
                .iter()
                .map(|value| format!("`{}`", shown(value)))
                .collect();
            let _ = write!(page, "\n`{key}`, for example: {}.\n", shown.join(", "));
        }
    }
}

/// `TestRequest` as `test request`.
fn words(name: &str) -> String {
    slug(name).replace('-', " ")
}

fn wrapped(property: &Value, one: &str) -> String {
    if property.get("items").is_some() {
        return format!("list of {one}");
    }
    match property.get("additionalProperties") {
        Some(Value::Object(_)) => format!("by name: {one}"),
        _ => one.to_owned(),
    }
}

fn constants(definition: &Value) -> String {
    let choices = definition
        .get("oneOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    choices
        .map(|choice| format!("`{}`", text(choice, "const")))
        .collect::<Vec<_>>()
        .join(", ")
}

fn scalar(property: &Value) -> String {
    let kinds = property.get("type");
    let kind = match kinds {
        Some(Value::Array(kinds)) => kinds
            .iter()
            .filter_map(Value::as_str)
            .find(|kind| *kind != "null")
            .unwrap_or(""),
        Some(Value::String(kind)) => kind,
        _ => "",
    };
    let range = |key: &str| property.get(key).and_then(Value::as_i64);
    match (text(property, "format"), kind) {
        (_, "integer") => match (range("minimum"), range("maximum")) {
            (Some(least), Some(most)) => format!("integer, {least} to {most}"),
            (Some(least), None) => format!("integer, {least} or more"),
            _ => "integer".to_owned(),
        },
        ("", kind) => kind.to_owned(),
        (format, _) => format.replace('-', " "),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// The node of the KDL form, once for each number of arguments it takes.
fn kdl(one: &Use<'_>, object: &Value) -> String {
    let hint = one
        .property
        .get("x-kdl")
        .and_then(|hint| hint.get("node"))
        .and_then(Value::as_str);
    let node = hint.unwrap_or(one.key);
    let named = if is_map(one.property) {
        " \"NAME\""
    } else {
        ""
    };
    let forms = object
        .get("x-kdl")
        .and_then(|hint| hint.get("arguments"))
        .and_then(Value::as_array);
    let mut lines = format!("{node}{named} {{ … }}\n");
    for form in forms.into_iter().flatten() {
        let fields = form
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        let arguments: Vec<String> = fields.map(|field| argument(object, field)).collect();
        let _ = writeln!(lines, "{node}{named} {} {{ … }}", arguments.join(" "));
    }
    lines
}

/// The field that an argument fills, with quotes where it is a text; of a switch what it is not
/// already.
fn argument(object: &Value, field: &str) -> String {
    let name = field.trim_end_matches('*');
    let property = object
        .get("properties")
        .and_then(|properties| properties.get(name));
    let placeholder = name.to_uppercase();
    let default = property.and_then(|property| property.get("default"));
    match property.map(scalar).unwrap_or_default() {
        kind if kind.starts_with("integer") => placeholder,
        kind if kind == "boolean" => match default.and_then(Value::as_bool) {
            Some(true) => "#false".to_owned(),
            _ => "#true".to_owned(),
        },
        _ if field.ends_with('*') => format!("\"{placeholder}\" …"),
        _ => format!("\"{placeholder}\""),
    }
}

fn is_map(property: &Value) -> bool {
    property
        .get("additionalProperties")
        .is_some_and(Value::is_object)
}

fn yaml(one: &Use<'_>) -> String {
    if is_map(one.property) {
        format!("{}:\n  NAME: {{ … }}\n", one.key)
    } else if one.property.get("items").is_some() {
        format!("{}:\n  - {{ … }}\n", one.key)
    } else {
        format!("{}: {{ … }}\n", one.key)
    }
}
