//! Sessions: cookies that can be set, keys that are listed, fields that are there.

use crate::program::{ArchivedProgram, ArchivedSession, ArchivedSessionChange, ArchivedSessionUse};

use super::templates::Templates;
use super::{Check, header_value, must, within};

/// Fields of a session at most.
const MOST_FIELDS: usize = 64;

pub(super) fn check(program: &ArchivedProgram) -> Check {
    for session in program.sessions.iter() {
        check_session(program, session)
            .map_err(|problem| format!("the session `{}`: {problem}", session.name))?;
    }
    Ok(())
}

fn check_session(program: &ArchivedProgram, session: &ArchivedSession) -> Check {
    must(
        http::HeaderName::from_bytes(session.cookie.as_bytes()).is_ok(),
        || format!("`{}` is no name of a cookie", session.cookie),
    )?;
    header_value(&session.attributes)?;
    must(
        session.idle_ms.to_native() > 0 && session.absolute_ms.to_native() > 0,
        || "it ends at once".to_owned(),
    )?;
    must(!session.keys.is_empty(), || "it has no keys".to_owned())?;
    for name in session.keys.iter() {
        let secrets = &program.secrets;
        let listed = secrets.binary_search_by(|secret| secret.as_str().cmp(name));
        must(listed.is_ok(), || {
            format!("the secret `{name}` is not listed")
        })?;
    }
    must(session.fields.len() <= MOST_FIELDS, || {
        format!("it has more than {MOST_FIELDS} fields")
    })?;
    let subject = session.subject.as_ref().map(|field| field.to_native());
    must(
        subject.is_none_or(|field| within(field, session.fields.len())),
        || "its subject is not there".to_owned(),
    )
}

/// Checks what a route does with a session.
pub(super) fn check_use(
    program: &ArchivedProgram,
    templates: &mut Templates<'_>,
    uses: &ArchivedSessionUse,
) -> Check {
    let session = program.sessions.get(uses.session.to_native() as usize);
    let session = session.ok_or("its session is not there")?;
    for change in uses.changes.iter() {
        let field = match change {
            ArchivedSessionChange::Remove(field) => field,
            ArchivedSessionChange::Set(field, template) => {
                templates.check(template)?;
                field
            }
            ArchivedSessionChange::Add(field, _) => {
                let counter = session.fields.get(field.to_native() as usize);
                must(counter.is_none_or(|field| field.counter), || {
                    "it adds to what is no counter".to_owned()
                })?;
                field
            }
        };
        must(within(field.to_native(), session.fields.len()), || {
            "it changes a field that is not there".to_owned()
        })?;
    }
    Ok(())
}
