//! The parts of a request that can be signed (RFC 9421, sections 2.1 and 2.2).

use gated_engine::request::query_pairs;
use http::Version;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{Asked, Denied};

/// All but letters, digits and `*-._` (WHATWG URL, `application/x-www-form-urlencoded`).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'*')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_');

/// A header: its values without blanks around them, with `, ` between; `None`: it is not there.
pub(super) fn field(asked: &Asked<'_>, name: &str) -> Result<Option<String>, Denied> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(Denied::refused(
            "a header that is signed is not in lower case",
        ));
    }
    let mut all: Option<String> = None;
    for value in asked.request.headers.get_all(name) {
        let text = value
            .to_str()
            .map_err(|_| Denied::refused(format!("the header `{name}` is no ASCII")))?;
        let text = text.trim_matches([' ', '\t']);
        match &mut all {
            None => all = Some(text.to_owned()),
            Some(all) => {
                all.push_str(", ");
                all.push_str(text);
            }
        }
    }
    Ok(all)
}

/// A part that is derived from the request as a whole.
pub(super) fn derived(asked: &Asked<'_>, name: &str) -> Result<String, Denied> {
    let request = asked.request;
    let target = || {
        asked
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str())
    };
    Ok(match name {
        "@method" => request.method.as_str().to_owned(),
        "@scheme" => request.scheme.to_owned(),
        "@authority" => authority(asked),
        "@path" => match asked.uri.path() {
            "" => "/".to_owned(),
            path => path.to_owned(),
        },
        "@query" => format!("?{}", asked.uri.query().unwrap_or_default()),
        "@target-uri" => format!("{}://{}{}", request.scheme, authority(asked), target()),
        // The target in absolute form stands as a whole in a request of HTTP/1 only.
        "@request-target" => match asked.uri.scheme() {
            Some(_) if request.version < Version::HTTP_2 => asked.uri.to_string(),
            _ => target().to_owned(),
        },
        _ => {
            return Err(Denied::refused(format!(
                "`{name}` is signed, which no request has"
            )));
        }
    })
}

/// The host in lower case, with its port where that is not the scheme's own.
fn authority(asked: &Asked<'_>) -> String {
    let given = asked.request.authority.to_ascii_lowercase();
    let own = match asked.request.scheme {
        "https" => ":443",
        _ => ":80",
    };
    given.strip_suffix(own).map_or(given.clone(), str::to_owned)
}

/// A parameter of the query, by its name as it is encoded.
pub(super) fn parameter(asked: &Asked<'_>, wanted: &str) -> Result<String, Denied> {
    let encode = |text: &str| utf8_percent_encode(text, ENCODED).to_string();
    let pairs = query_pairs(asked.uri.query().unwrap_or_default());
    let mut values = pairs.filter(|(name, _)| encode(name) == wanted);
    let Some((_, value)) = values.next() else {
        return Err(Denied::refused(
            "a parameter of the query is signed and missing",
        ));
    };
    // What is no text is read as a stand-in, so that several texts would look the same.
    if values.next().is_some() || value.contains('\u{FFFD}') {
        return Err(Denied::refused(
            "a parameter of the query is signed and there twice, or no text",
        ));
    }
    Ok(encode(&value))
}
