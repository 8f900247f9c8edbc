//! Templates of nox in the words of a spec.

/// Text with its templates rewritten, and those that have no counterpart.
pub(super) struct Rewritten {
    pub(super) text: String,
    /// The expressions that were left out, as they stood.
    pub(super) lost: Vec<String>,
}

/// Rewrites `{{path.id}}` as `{{ path.id }}`. Of an expression without a counterpart only its words
/// are kept, without braces. `parameters` are the names in the route's path.
pub(super) fn rewrite(text: &str, parameters: &[String]) -> Rewritten {
    let mut rewritten = Rewritten {
        text: String::with_capacity(text.len()),
        lost: Vec::new(),
    };
    let mut rest = text;
    while let Some((before, opened)) = rest.split_once("{{") {
        let Some((expression, after)) = opened.split_once("}}") else {
            break;
        };
        rewritten.text.push_str(before);
        match counterpart(expression.trim(), parameters) {
            Some(ours) => rewritten.text.push_str(&format!("{{{{ {ours} }}}}")),
            None => {
                rewritten
                    .text
                    .push_str(expression.trim().trim_matches(['{', '}']));
                rewritten.lost.push(format!("{{{{{expression}}}}}"));
            }
        }
        rest = after;
    }
    if let Some((before, opened)) = rest.split_once("{{") {
        // Opened and never closed: it is no template, so the braces are set apart.
        rewritten.lost.push("{{".to_owned());
        rewritten.text.push_str(before);
        rewritten.text.push_str("{ {");
        rest = opened;
    }
    rewritten.text.push_str(rest);
    rewritten
}

/// What a spec calls the same value.
fn counterpart(expression: &str, parameters: &[String]) -> Option<String> {
    let expression = expression.strip_prefix("request.").unwrap_or(expression);
    match expression.split_once('.') {
        None => match expression {
            "method" | "now" | "uuid" | "host" | "url" | "body" => Some(expression.to_owned()),
            "timestamp" => Some("now".to_owned()),
            _ => None,
        },
        Some(("path" | "params", name)) => parameters
            .iter()
            .any(|known| known == name)
            .then(|| format!("path.{name}")),
        Some(("query", name)) => is_name(name).then(|| format!("query.{name}")),
        Some(("header" | "headers", name)) => {
            is_name(name).then(|| format!("header.{}", name.to_lowercase()))
        }
        Some(("cookie" | "cookies", name)) => is_name(name).then(|| format!("cookie.{name}")),
        Some(_) => None,
    }
}

fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    name.bytes().all(plain)
        && name
            .bytes()
            .next()
            .is_some_and(|first| first.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_counterpart_is_kept() {
        let ours = |text: &str| rewrite(text, &["id".to_owned()]);
        assert_eq!(
            ours(r#"{"a": "{{path.id}}", "b": {"c": {}}}"#).text,
            r#"{"a": "{{ path.id }}", "b": {"c": {}}}"#
        );
        assert_eq!(ours("{{ request.headers.X-A }}").text, "{{ header.x-a }}");
        assert!(ours("no braces").lost.is_empty());
    }

    #[test]
    fn what_has_none_is_named() {
        let lost = rewrite("a {{session.user}} {{path.other}} {{ open", &[]);
        assert_eq!(lost.text, "a session.user path.other { { open");
        assert_eq!(lost.lost, ["{{session.user}}", "{{path.other}}", "{{"]);
    }
}
