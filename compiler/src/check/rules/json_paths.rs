//! S121 once more: a JSON path in a condition on the body that the engine cannot read.
//!
//! The schema only asks that such a path begins with `$`. Whether it can be used is said by the engine
//! itself, so that nothing passes here which a replica would refuse.

use gatec_schema::BodyMatch;
use gatec_syntax::Diagnostic;
use gated_engine::matcher::check_json_path;

use crate::check::Context;
use crate::check::walk::matches;
use crate::shape::rules::json_path::RULE;

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (route, ordinal, matched) in matches(context.spec) {
        for (index, condition) in matched.body.iter().enumerate() {
            let index = index.to_string();
            let at = ["routes", route, "match", &ordinal, "body", &index];
            for (part, path) in unreadable(condition) {
                let parts: Vec<&str> = part.iter().map(String::as_str).collect();
                let span = context.value(&[&at[..], &parts].concat());
                let message = format!("`{path}` is not a JSON path that can be used");
                found.push(
                    Diagnostic::error(RULE.code, span, message)
                        .label("not a JSON path (RFC 9535)")
                        .help("for example `$.user.id`, `$.items[0].sku` or `$['a b']`"),
                );
            }
        }
    }
}

/// The paths of a condition that cannot be read, each with where it stands in the condition.
fn unreadable(condition: &BodyMatch) -> impl Iterator<Item = (Vec<String>, &str)> {
    let own = condition
        .json_path
        .iter()
        .map(|path| (vec!["json-path".to_owned()], path.as_str()));
    let ignored = condition
        .ignore
        .iter()
        .enumerate()
        .map(|(index, path)| (vec!["ignore".to_owned(), index.to_string()], path.as_str()));
    own.chain(ignored)
        .filter(|(_, path)| check_json_path(path).is_err())
}
