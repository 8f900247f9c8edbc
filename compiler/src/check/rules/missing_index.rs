//! U111: a file that a folder is served with is not in it.

use crate::check::{Context, closest};
use crate::lower::folder::Listing;
use gatec_schema::Files;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of U111.
pub(crate) const RULE: Rule = Rule {
    code: "U111",
    name: "missing-index",
    severity: Severity::Error,
    summary: "a file that a folder is served with is not in it",
    explanation: r##"`fallback` and `index` name files of the folder that is served. The fallback has to be there, or a page that does not exist could not be answered; and where `index` is written, at least
one folder should have such a file."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "site" public=#true {
    match prefix="/"
    files "./site" fallback="app.html"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "site" public=#true {
    match prefix="/"
    files "./site" fallback="index.html"
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, route) in &context.spec.routes {
        let Some(files) = &route.files else { continue };
        odd(context, name, files, found);
        if files.live {
            continue;
        }
        let Some(listing) = context.listing(files.root.as_str()) else {
            continue;
        };
        if let Some(fallback) = &files.fallback {
            let span = context.value(&["routes", name, "files", "fallback"]);
            found.extend(missing(span, files.root.as_str(), fallback, &listing));
        }
        let at = ["routes", name, "files", "index"];
        if context.places.written(&at)
            && !files.index.is_empty()
            && !any_index(&files.index, &listing)
        {
            let message = format!(
                "no folder below `{}` has an index file of this name",
                files.root
            );
            found.push(
                Diagnostic::warning(RULE.code, context.value(&at), message).label("never there"),
            );
        }
    }
}

/// Names that lead out of the folder, or nowhere.
fn odd(context: &Context<'_>, route: &str, files: &Files, found: &mut Vec<Diagnostic>) {
    let index = files.index.iter().map(|name| ("index", name.as_str()));
    let fallback = files
        .fallback
        .iter()
        .map(|name| ("fallback", name.trim_start_matches('/')));
    for (part, name) in index.chain(fallback) {
        let plain = !name.contains(['\0', '\\'])
            && name.split('/').all(|part| !matches!(part, "" | "." | ".."));
        if !plain {
            let span = context.value(&["routes", route, "files", part]);
            let message = format!("`{name}` is not the name of a file below the folder");
            let finding = Diagnostic::error(RULE.code, span, message);
            found.push(
                finding.help("write it without `.`, `..` and empty parts, as in `index.html`"),
            );
        }
    }
}

fn missing(
    span: gatec_syntax::Span,
    root: &str,
    fallback: &str,
    listing: &Listing,
) -> Option<Diagnostic> {
    let wanted = fallback.trim_start_matches('/');
    if listing.files.iter().any(|file| file.path == wanted) {
        return None;
    }
    let message = format!("the fallback `{fallback}` is not in the folder `{root}`");
    let diagnostic = Diagnostic::error(RULE.code, span, message);
    Some(
        match closest(wanted, listing.files.iter().map(|file| file.path.as_str())) {
            Some(near) => diagnostic.label(format!("did you mean `{near}`?")),
            None => diagnostic.label("no such file"),
        },
    )
}

fn any_index(index: &[String], listing: &Listing) -> bool {
    listing.files.iter().any(|file| {
        let name = file.path.rsplit('/').next().unwrap_or("");
        index.iter().any(|wanted| wanted == name)
    })
}
