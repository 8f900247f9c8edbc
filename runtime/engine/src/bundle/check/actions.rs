//! Routes and error pages: what is sent, and what the parts point at.

use rkyv::boxed::ArchivedBox;

use crate::program::{
    ArchivedAction, ArchivedBody, ArchivedErrorPage, ArchivedFiles, ArchivedFilesRoot,
    ArchivedProgram, ArchivedProxy, ArchivedRedirect, ArchivedRespond, ArchivedRoute,
    ArchivedTransform,
};

use super::compressions;
use super::folders::is_plain_path;
use super::sessions;
use super::templates::Templates;
use super::{Check, blob_range, header_name, header_value, must, within};

/// Checks every way of passing on, and says of each whether a template of it looks at the body. Once for
/// all, as any number of routes may name the same.
pub(super) fn check_proxies(
    program: &ArchivedProgram,
    templates: &mut Templates<'_>,
) -> Result<Vec<bool>, String> {
    let numbered = program.proxies.iter().enumerate();
    numbered
        .map(|(number, proxy)| {
            templates.looked_at_body = false;
            check_proxy(program, templates, proxy)
                .map_err(|problem| format!("proxy {number}: {problem}"))?;
            Ok(templates.looked_at_body)
        })
        .collect()
}

/// Checks a route. `body_proxies` is what [`check_proxies`] said.
pub(super) fn check_route(
    program: &ArchivedProgram,
    bodies: usize,
    body_proxies: &[bool],
    templates: &mut Templates<'_>,
    route: &ArchivedRoute,
) -> Check {
    match &route.action {
        ArchivedAction::Respond(respond) => {
            final_status(respond.status.to_native())?;
            check_respond(bodies, templates, respond)?;
        }
        ArchivedAction::Proxy(number) => {
            let place = usize::try_from(number.to_native()).ok();
            let looks_at_body = place.and_then(|place| body_proxies.get(place));
            let nowhere = || format!("there is no way number {number} to pass it on");
            templates.looked_at_body |= looks_at_body.ok_or_else(nowhere)?;
        }
        ArchivedAction::Files(files) => check_files(program, files)?,
        ArchivedAction::Redirect(redirect) => check_redirect(templates, redirect)?,
    }
    if let Some(uses) = route.session.as_deref() {
        sessions::check_use(program, templates, uses)?;
    }
    for transform in [route.request.as_ref(), route.response.as_ref()] {
        if let Some(transform) = transform.map(ArchivedBox::get) {
            check_transform(templates, transform)?;
        }
    }
    Ok(())
}

pub(super) fn check_error_page(
    bodies: usize,
    templates: &mut Templates<'_>,
    page: &ArchivedErrorPage,
) -> Check {
    let (from, to) = (page.from.to_native(), page.to.to_native());
    must((100..=to).contains(&from), || {
        format!("an error page is for statuses {from} to {to}")
    })?;
    let status = page.respond.status.to_native();
    if status != 0 {
        final_status(status)?;
    }
    check_respond(bodies, templates, &page.respond)
        .map_err(|problem| format!("the error page for {from} to {to}: {problem}"))
}

/// A status that ends a request: 1xx do not, above 599 there is none (RFC 9110, section 15).
fn final_status(status: u16) -> Check {
    must((200..=599).contains(&status), || {
        format!("an answer cannot have status {status}")
    })
}

fn check_respond(bodies: usize, templates: &mut Templates<'_>, respond: &ArchivedRespond) -> Check {
    templates.check_headers(&respond.headers)?;
    if let Some(encoded) = respond.encoded.as_ref() {
        compressions::check_bodies(encoded, bodies)?;
    }
    match &respond.body {
        ArchivedBody::Empty => Ok(()),
        ArchivedBody::Bytes(blob) => {
            let (offset, length) = (blob.offset.to_native(), blob.length.to_native());
            must(blob_range(offset, length, bodies).is_some(), || {
                "its body is not in the bundle".to_owned()
            })
        }
        ArchivedBody::Template(template) => templates.check(template),
    }
}

fn check_proxy(
    program: &ArchivedProgram,
    templates: &mut Templates<'_>,
    proxy: &ArchivedProxy,
) -> Check {
    must(
        within(proxy.upstream.to_native(), program.upstreams.len()),
        || format!("there is no upstream number {}", proxy.upstream),
    )?;
    for template in [proxy.path.as_ref(), proxy.host.as_ref()]
        .into_iter()
        .flatten()
    {
        templates.check(template)?;
    }
    Ok(())
}

fn check_files(program: &ArchivedProgram, files: &ArchivedFiles) -> Check {
    if let ArchivedFilesRoot::Folder(folder) = &files.root {
        must(within(folder.to_native(), program.folders.len()), || {
            format!("there is no folder number {folder}")
        })?;
    }
    for path in files.index.iter().chain(files.fallback.as_ref()) {
        must(is_plain_path(path), || {
            format!("`{path}` is no plain relative path")
        })?;
    }
    files
        .cache_control
        .as_ref()
        .map_or(Ok(()), |value| header_value(value))
}

fn check_redirect(templates: &mut Templates<'_>, redirect: &ArchivedRedirect) -> Check {
    let status = redirect.status.to_native();
    must((300..=399).contains(&status), || {
        format!("a redirect cannot have status {status}")
    })?;
    templates.check(&redirect.to)
}

fn check_transform(templates: &mut Templates<'_>, transform: &ArchivedTransform) -> Check {
    for name in transform.remove.iter() {
        header_name(name)?;
    }
    templates.check_headers(&transform.set)?;
    templates.check_headers(&transform.add)
}
