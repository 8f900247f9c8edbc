//! What can be done about findings of policies: permit a route, declare a claim or an identity.

use std::path::Path;

use gatec_compiler::Compiled;
use gatec_ide::cedar::{self, About};
use gatec_ide::names::{IDENTITIES, ROUTES};
use gatec_ide::{Lines, TextEdit, action, names};
use gatec_syntax::Diagnostic;
use lsp_types::{CodeAction, CodeActionKind};

use super::Offered;
use crate::answer::change::Changes;
use crate::convert::Counted;
use crate::workspace::Spec;

/// The codes of a route that nobody can use, of something a policy asks for that is not known, and of
/// types that are not known.
const NO_PERMIT: &str = "P221";
const UNKNOWN_ATTRIBUTE: &str = "P205";
const UNKNOWN_TYPE: &str = "P202";

/// Adds what can be done.
pub(super) fn offer(offered: &Offered<'_>, actions: &mut Vec<CodeAction>) {
    for (spec, compiled, one) in offered.found() {
        if !offered.in_range(one) {
            continue;
        }
        let found = match one.code {
            NO_PERMIT => permit(offered, spec, compiled, one).into_iter().collect(),
            UNKNOWN_ATTRIBUTE => claims(offered, compiled, one),
            UNKNOWN_TYPE => identity(offered, compiled, one).into_iter().collect(),
            _ => Vec::new(),
        };
        for action in found {
            if !actions.iter().any(|other| other.title == action.title) {
                actions.push(action);
            }
        }
    }
}

/// A policy that permits the route, put behind the others.
fn permit(
    offered: &Offered<'_>,
    spec: &Spec,
    compiled: &Compiled,
    one: &Diagnostic,
) -> Option<CodeAction> {
    let names = &offered.document.read.names;
    let here = names::names_at(names, one.span.start as usize);
    let route = here.into_iter().find(|name| name.key.section == ROUTES)?;
    let about = About::new(Some(compiled));
    let permit = cedar::action::permit(&about, &compiled.sources, &route.key.name)?;
    let file = spec.files.get(permit.at.source.0 as usize)?;
    let text = compiled.sources.get(permit.at.source)?.shared();
    let edit = TextEdit {
        at: permit.at.range(),
        text: permit.text,
    };
    let title = format!("permit the route `{}`", route.key.name);
    action_in(offered, file, &Lines::new(text), &edit, title, one)
}

/// Declarations of a claim, for each identity that lacks it.
fn claims(offered: &Offered<'_>, compiled: &Compiled, one: &Diagnostic) -> Vec<CodeAction> {
    let about = About::new(Some(compiled));
    let read = &offered.document.read;
    let missing = read
        .cedar_at(one.span.start as usize)
        .and_then(|(text, at)| {
            let end = text.offset(one.span.end as usize)?;
            cedar::action::missing_claim(&about, text.text(), &(at..end))
        });
    let Some((claim, identities)) = missing else {
        return Vec::new();
    };
    let family = offered.ask.workspace.names(&offered.document.path);
    let actions = identities.iter().filter_map(|identity| {
        let title = format!("declare the claim `{claim}` of the identity `{identity}`");
        family.iter().find_map(|(path, read)| {
            let edit = cedar::action::declare_claim(&read.view, identity, &claim)?;
            action_in(offered, path, &read.view.lines, &edit, title.clone(), one)
        })
    });
    actions.collect()
}

/// The declaration of an identity that a policy names by its type.
fn identity(offered: &Offered<'_>, compiled: &Compiled, one: &Diagnostic) -> Option<CodeAction> {
    let names = &offered.document.read.names;
    let here = names::names_at(names, one.span.start as usize);
    let name = here
        .into_iter()
        .find(|name| name.key.section == IDENTITIES)?;
    if compiled.spec.identities.contains_key(&name.key.name) {
        return None;
    }
    let root = offered.ask.workspace.root_of(&offered.document.path)?;
    let read = offered.ask.workspace.read(&root)?;
    let name = cedar::action::identity_name(&name.key.name);
    let action = action::declare_identity(&read.view, &name)?;
    let edit = action.edits.first()?;
    action_in(
        offered,
        &root,
        &read.view.lines,
        edit,
        action.title.clone(),
        one,
    )
}

fn action_in(
    offered: &Offered<'_>,
    file: &Path,
    lines: &Lines,
    edit: &TextEdit,
    title: String,
    about: &Diagnostic,
) -> Option<CodeAction> {
    let counted = Counted {
        lines,
        encoding: offered.ask.client.encoding,
    };
    let uri = offered.ask.workspace.uri(file)?;
    let edits = vec![counted.edit(edit)];
    Some(CodeAction {
        title,
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: Some(offered.told(about)),
        edit: Some(Changes::of(uri, edits).edit(offered.ask)),
        is_preferred: Some(false),
        ..CodeAction::default()
    })
}
