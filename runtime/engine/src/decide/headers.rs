//! Headers made from templates.

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::bundle::Bundle;
use crate::program::{ArchivedHeaderTemplate, ArchivedTemplate, ArchivedTransform};
use crate::template::{self, Context};

/// Takes out, puts in the place of what was there, adds: in this order.
pub(super) fn transform(
    bundle: &Bundle,
    transform: &ArchivedTransform,
    context: &Context<'_>,
    headers: &mut HeaderMap,
) {
    for name in transform.remove.iter() {
        headers.remove(name.as_str());
    }
    for (name, value) in rendered(bundle, &transform.set, context) {
        // Fails only where a message has more headers than a map can hold.
        let _ = headers.try_insert(name, value);
    }
    add(bundle, &transform.add, context, headers);
}

/// Adds headers behind those there are.
pub(super) fn add(
    bundle: &Bundle,
    templates: &[ArchivedHeaderTemplate],
    context: &Context<'_>,
    headers: &mut HeaderMap,
) {
    let _ = headers.try_reserve(templates.len());
    for (name, value) in rendered(bundle, templates, context) {
        let _ = headers.try_append(name, value);
    }
}

/// Names were checked when the bundle was loaded.
fn rendered(
    bundle: &Bundle,
    templates: &[ArchivedHeaderTemplate],
    context: &Context<'_>,
) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
    templates.iter().filter_map(|header| {
        let name = HeaderName::from_lowercase(header.name.as_bytes()).ok()?;
        Some((name, value(bundle, &header.value, context)))
    })
}

/// The value of a header. A constant one shares the bundle's bytes.
pub(super) fn value(
    bundle: &Bundle,
    template: &ArchivedTemplate,
    context: &Context<'_>,
) -> HeaderValue {
    if let Some(text) = template::constant(template)
        && let Ok(value) = HeaderValue::from_maybe_shared(bundle.share(text))
    {
        return value;
    }
    let mut text = String::new();
    template::render(template, context, &mut text);
    plain_value(text.trim())
}

/// Any text as a header value: control characters become spaces, so that none can begin a line.
pub(super) fn plain_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| {
        let visible: Vec<u8> = text
            .bytes()
            .map(|byte| if byte.is_ascii_control() { b' ' } else { byte })
            .collect();
        HeaderValue::from_bytes(&visible).unwrap_or(HeaderValue::from_static(""))
    })
}
