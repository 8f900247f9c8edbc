//! Looks at every file and folder a spec names; the codes are U106, U107 and U108.

use gatec_syntax::Diagnostic;

use super::{folder_too_large, missing_file, outside_root};
use crate::check::Context;
use crate::check::walk::{bodies, matches};
use crate::lower::file::{self, Kind, Refused};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for body in bodies(context.spec) {
        if let Some(path) = body.file {
            one(
                context,
                &body.part("body-file"),
                path.as_str(),
                Kind::File,
                found,
            );
        }
    }
    for (route, ordinal, matched) in matches(context.spec) {
        for (index, condition) in matched.body.iter().enumerate() {
            if let Some(path) = &condition.schema {
                let at = [
                    "routes",
                    route,
                    "match",
                    &ordinal,
                    "body",
                    &index.to_string(),
                    "schema",
                ];
                one(context, &at, path.as_str(), Kind::File, found);
            }
        }
    }
    folders(context, found);
}

fn one(
    context: &Context<'_>,
    at: &[&str],
    path: &str,
    kind: Kind,
    found: &mut Vec<Diagnostic>,
) -> bool {
    let Err(refused) = file::find(context.root, path, kind) else {
        return true;
    };
    let span = context.value(at);
    found.push(match refused {
        Refused::Missing | Refused::Kind | Refused::Unreadable(_) => {
            missing_file::finding(span, path, kind, &refused)
        }
        Refused::Absolute | Refused::Parent | Refused::Link => {
            outside_root::finding(span, path, &refused)
        }
    });
    false
}

fn folders(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut seen = std::collections::HashSet::new();
    let mut total = folder_too_large::Total::default();
    for (name, route) in &context.spec.routes {
        let Some(files) = &route.files else { continue };
        let at = ["routes", name, "files", "root"];
        let path = files.root.as_str();
        if files.live {
            if file::lexical(path) == Err(Refused::Parent) {
                found.push(outside_root::finding(
                    context.value(&at),
                    path,
                    &Refused::Parent,
                ));
            }
            continue;
        }
        if !one(context, &at, path, Kind::Folder, found) || !seen.insert(path) {
            continue;
        }
        let Some(listing) = context.listing(path) else {
            continue;
        };
        let span = context.value(&at);
        found.extend(
            listing
                .outside
                .iter()
                .take(10)
                .map(|link| outside_root::link(span, path, link)),
        );
        let unreadable = listing.unreadable.iter().take(10);
        found.extend(unreadable.map(|(file, why)| missing_file::unreadable(span, path, file, why)));
        found.extend(total.add(span, path, &listing, context.budget));
    }
}
