//! A route in a few words: which requests it takes, and how long they may.

use std::fmt::Write;

use gatec_syntax::{Node, Number, Object, Value};

use crate::view::Place;

/// What to tell of the route that a place is; nothing of any other place.
pub(crate) fn told(place: &Place<'_>) -> Option<String> {
    let is_route = match (place.key_at(0), place.path.len()) {
        (Some("routes"), 2) => true,
        (Some("profiles"), 4) => place.key_at(2) == Some("routes"),
        _ => false,
    };
    let route = place.node.as_object().filter(|_| is_route)?;
    let mut text = format!("Takes {}", takes(route));
    if let Some(does) = does(route) {
        let _ = write!(text, ", and {does}");
    }
    text.push('.');
    Some(text)
}

/// Which requests a route takes.
pub(crate) fn takes(route: &Object) -> String {
    let matches = route.get("match").and_then(Node::as_array).unwrap_or(&[]);
    let each: Vec<String> = matches
        .iter()
        .filter_map(Node::as_object)
        .map(one)
        .collect();
    match each.is_empty() {
        true => "every request".to_owned(),
        false => each.join(", or "),
    }
}

fn one(matched: &Object) -> String {
    let methods = strings(matched.get("method"));
    let mut text = match methods.is_empty() {
        true => "any method".to_owned(),
        false => methods.join(" and "),
    };
    let path = ["path", "prefix", "path-regex"]
        .into_iter()
        .find_map(|key| Some((key, matched.get(key)?.as_str()?)));
    let _ = match path {
        Some(("prefix", path)) => write!(text, " `{path}` and below"),
        Some(("path-regex", path)) => write!(text, " paths like `{path}`"),
        Some((_, path)) => write!(text, " `{path}`"),
        None => write!(text, " on any path"),
    };
    let hosts = strings(matched.get("host"));
    if !hosts.is_empty() {
        let _ = write!(text, " of {}", hosts.join(" or "));
    }
    for (key, word) in [
        ("headers", "header"),
        ("query", "query parameter"),
        ("cookies", "cookie"),
    ] {
        let names = matched.get(key).and_then(Node::as_object);
        for entry in names.iter().flat_map(|object| &object.entries) {
            let _ = write!(text, ", with the {word} `{}`", entry.key);
        }
    }
    if matched.get("body").is_some() {
        text.push_str(", looking at the body");
    }
    text
}

/// What a route does with a request.
fn does(route: &Object) -> Option<String> {
    let part = |key: &str| route.get(key).and_then(Node::as_object);
    let text =
        |object: &Object, key: &str| object.get(key).and_then(Node::as_str).map(str::to_owned);
    if let Some(proxy) = part("proxy") {
        return Some(format!("passes them to `{}`", text(proxy, "upstream")?));
    }
    if let Some(respond) = part("respond") {
        let status = match respond.get("status").map(|node| &node.value) {
            Some(Value::Number(Number::Integer(status))) => *status,
            _ => 200,
        };
        return Some(format!("answers {status}"));
    }
    if let Some(files) = part("files") {
        return Some(format!("serves the files of `{}`", text(files, "root")?));
    }
    let redirect = part("redirect")?;
    Some(format!("sends the client to `{}`", text(redirect, "to")?))
}

fn strings(node: Option<&Node>) -> Vec<String> {
    let items = node.and_then(Node::as_array).unwrap_or(&[]);
    items
        .iter()
        .filter_map(Node::as_str)
        .map(str::to_owned)
        .collect()
}
