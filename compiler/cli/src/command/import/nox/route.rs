//! The routes of mock scenarios.

use gatec_schema::value::{HeaderName, Method, PathPattern, Status, Template};
use gatec_syntax::{Entry, Node, Number, Object, Span, Value};
use serde_json::Value as Json;

use super::Reader;
use super::build::{Built, commented, list, string, truth, whole};
use crate::command::import::templates;

/// A route of a scenario, read.
struct Read {
    method: String,
    path: String,
    parameters: Vec<String>,
}

impl Reader {
    /// Every route of every scenario.
    pub(super) fn routes(&mut self, root: &Object) -> Node {
        let mut routes = Built::default();
        let mut taken: Vec<(String, String)> = Vec::new();
        if let Some(mock) = self.object(root, "mock") {
            self.known(mock, "mock.", &["scenarios"]);
            for scenario in self.list(mock, "scenarios") {
                let Value::Object(scenario) = &scenario.value else {
                    self.lost(scenario.span, "this scenario", "it is not an object");
                    continue;
                };
                self.scenario(scenario, &mut routes, &mut taken);
            }
        }
        routes.into_node()
    }

    fn scenario(
        &mut self,
        scenario: &Object,
        routes: &mut Built,
        taken: &mut Vec<(String, String)>,
    ) {
        self.known(scenario, "mock.scenarios.", &["name", "routes"]);
        let name = self
            .text(scenario, "name")
            .map_or_else(|| "mock".to_owned(), |(name, _)| name);
        for node in self.list(scenario, "routes") {
            let Value::Object(route) = &node.value else {
                self.lost(node.span, "this route", "it is not an object");
                continue;
            };
            if let Some(entry) = self.route(&name, route, node.span, routes, taken) {
                routes.put_entry(entry);
            }
        }
    }

    fn route(
        &mut self,
        scenario: &str,
        route: &Object,
        span: Span,
        routes: &Built,
        taken: &mut Vec<(String, String)>,
    ) -> Option<Entry> {
        self.known(
            route,
            "mock.scenarios.routes.",
            &["path", "method", "response"],
        );
        let read = self.read(route, span)?;
        let shape = (read.method.clone(), shape(&read.path));
        if taken.contains(&shape) {
            let what = format!("the route `{} {}`", read.method, read.path);
            self.lost(span, &what, "one above takes the same requests");
            return None;
        }
        taken.push(shape);
        let respond = self.respond(route, &read);
        let mut matched = Built::default();
        matched.put("method", list(vec![string(&read.method)]));
        matched.put("path", string(&read.path));
        let mut built = Built::default();
        built.put("public", truth(true));
        built.put("match", list(vec![matched.into_node()]));
        built.put("respond", respond);
        let name = free_name(&slug(&[scenario, &read.method, &read.path]), routes);
        Some(commented(&name, built.into_node(), self.notes()))
    }

    fn read(&mut self, route: &Object, span: Span) -> Option<Read> {
        let Some((path, path_span)) = self.text(route, "path") else {
            self.lost(span, "this route", "it has no path");
            return None;
        };
        let (method, method_span) = self
            .text(route, "method")
            .unwrap_or_else(|| ("GET".to_owned(), span));
        let method = method.to_uppercase();
        if let Err(why) = Method::try_from(method.clone()) {
            self.lost(method_span, &format!("the route `{method} {path}`"), &why);
            return None;
        }
        let ours = pattern(&path);
        match PathPattern::try_from(ours.clone()) {
            Ok(pattern) => {
                let parameters = pattern
                    .segments()
                    .iter()
                    .filter_map(|part| part.name().map(str::to_owned))
                    .collect();
                Some(Read {
                    method,
                    path: ours,
                    parameters,
                })
            }
            Err(why) => {
                self.lost(path_span, &format!("the route `{method} {path}`"), &why);
                None
            }
        }
    }

    fn respond(&mut self, route: &Object, read: &Read) -> Node {
        let mut respond = Built::default();
        let Some(response) = self.object(route, "response") else {
            respond.put("status", whole(200));
            return respond.into_node();
        };
        self.known(response, "response.", &["status", "headers", "body"]);
        respond.put("status", whole(self.status(response)));
        let headers = self.headers(response, &read.parameters);
        respond.put_unless_empty("headers", headers);
        if let Some(body) = response.get("body") {
            let text = match &body.value {
                Value::String(text) => text.clone(),
                Value::Null => String::new(),
                _ => format!("{:#}", json(body)),
            };
            let text = self.template(&text, body.span, &read.parameters);
            respond.put("body", string(&text));
        }
        respond.into_node()
    }

    fn status(&mut self, response: &Object) -> i64 {
        let Some((text, span)) = self.text(response, "status") else {
            return 200;
        };
        let status = text
            .parse::<i64>()
            .ok()
            .filter(|status| serde_json::from_value::<Status>(Json::from(*status)).is_ok());
        status.unwrap_or_else(|| {
            self.lost(
                span,
                &format!("the status `{text}`"),
                "it is not a status; 200 is written",
            );
            200
        })
    }

    fn headers(&mut self, response: &Object, parameters: &[String]) -> Node {
        let mut headers = Built::default();
        let Some(given) = self.object(response, "headers") else {
            return headers.into_node();
        };
        for entry in &given.entries {
            let name = entry.key.to_lowercase();
            if HeaderName::try_from(name.clone()).is_err() || headers.has(&name) {
                self.lost(
                    entry.key_span,
                    &format!("the header `{}`", entry.key),
                    "it is not a header name, or is there twice",
                );
            } else if let Some((value, span)) = self.text(given, &entry.key) {
                let value = self.template(&value, span, parameters);
                headers.put(&name, string(&value));
            }
        }
        headers.into_node()
    }

    fn template(&mut self, text: &str, span: Span, parameters: &[String]) -> String {
        let rewritten = templates::rewrite(text, parameters);
        for lost in &rewritten.lost {
            self.lost(
                span,
                &format!("the template `{lost}`"),
                "nothing in a spec corresponds to it",
            );
        }
        Template::of(rewritten.text).as_str().to_owned()
    }
}

/// `/users/:id` as `/users/{id}`, and a last `*` or `**` as all that remains.
fn pattern(path: &str) -> String {
    let count = path.split('/').count();
    let parts = path
        .split('/')
        .enumerate()
        .map(|(index, part)| match part.strip_prefix(':') {
            Some(name) => format!("{{{name}}}"),
            None if part == "**" || (part == "*" && index + 1 == count) => "{rest...}".to_owned(),
            None => part.to_owned(),
        });
    parts.collect::<Vec<_>>().join("/")
}

/// A path without the names of its parameters.
fn shape(path: &str) -> String {
    let parts = path
        .split('/')
        .map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

fn slug(parts: &[&str]) -> String {
    let mut slug = String::new();
    for character in parts.join("-").chars() {
        match character {
            _ if character.is_alphanumeric() || character == '_' => {
                slug.extend(character.to_lowercase())
            }
            _ if slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    slug.trim_matches('-').to_owned()
}

fn free_name(name: &str, routes: &Built) -> String {
    let numbered = (2_u32..).map(|number| format!("{name}-{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|name| !routes.has(name)).unwrap_or_default()
}

fn json(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(Number::Integer(value)) => Json::from(*value),
        Value::Number(Number::Float(value)) => Json::from(*value),
        Value::String(text) => Json::String(text.clone()),
        Value::Reference(reference) => Json::String(reference.target.clone()),
        Value::Array(items) => items.iter().map(json).collect(),
        Value::Object(object) => object
            .entries
            .iter()
            .map(|entry| (entry.key.clone(), json(&entry.node)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_names() {
        assert_eq!(pattern("/users/:id/*"), "/users/{id}/{rest...}");
        assert_eq!(
            slug(&["user_api", "GET", "/users/{id}"]),
            "user_api-get-users-id"
        );
        assert_eq!(shape("/a/{x}"), shape("/a/{y}"));
    }
}
