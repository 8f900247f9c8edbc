//! Where a request has its credential. A place that is filled twice is refused: whoever reads the first
//! and whoever reads the last would see two different clients.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::GeneralPurpose;
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};
use base64::{alphabet, engine};
use gated_engine::program::CredentialPlace;
use gated_engine::request::{Request, cookies, query_pairs};
use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::Denied;

/// Longest name and password together, in Base64.
const LONGEST_BASIC: usize = 4096;

/// Base64 with or without padding.
const TOLERANT: GeneralPurposeConfig =
    engine::GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
pub(crate) const BASE64: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, TOLERANT);
pub(crate) const BASE64_URL: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, TOLERANT);

/// The only value of a header; `None`: it is not there.
///
/// # Errors
/// It is there twice.
pub(crate) fn only<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a [u8]>, Denied> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    match values.next() {
        Some(_) => Err(Denied::refused(format!(
            "the header `{name}` is there twice"
        ))),
        None => Ok(first.map(http::HeaderValue::as_bytes)),
    }
}

/// The same as text without blanks around it; what is empty is not there.
pub(crate) fn only_text<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Denied> {
    let Some(bytes) = only(headers, name)? else {
        return Ok(None);
    };
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Denied::refused(format!("the header `{name}` is no text")))?;
    Ok(Some(text.trim()).filter(|text| !text.is_empty()))
}

/// What follows the scheme in `Authorization`; `None`: there is none, or another scheme.
fn authorization<'a>(headers: &'a HeaderMap, scheme: &str) -> Result<Option<&'a str>, Denied> {
    let Some(text) = only_text(headers, AUTHORIZATION.as_str())? else {
        return Ok(None);
    };
    let (given, rest) = text.split_once(' ').unwrap_or((text, ""));
    Ok(given.eq_ignore_ascii_case(scheme).then(|| rest.trim()))
}

/// Name and password (RFC 7617); `None`: there are none.
///
/// # Errors
/// They cannot be read.
pub fn basic(headers: &HeaderMap) -> Result<Option<(String, Vec<u8>)>, Denied> {
    let Some(text) = authorization(headers, "basic")? else {
        return Ok(None);
    };
    let malformed = || Denied::refused("the name and password are malformed");
    if text.len() > LONGEST_BASIC {
        return Err(Denied::refused("the name and password are too long"));
    }
    let both = BASE64.decode(text).map_err(|_| malformed())?;
    let colon = both.iter().position(|byte| *byte == b':');
    let (name, password) = both.split_at(colon.ok_or_else(malformed)?);
    let name = std::str::from_utf8(name).map_err(|_| malformed())?;
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err(malformed());
    }
    let password = password.get(1..).unwrap_or_default();
    Ok(Some((name.to_owned(), password.to_owned())))
}

/// The credential at a place; `None`: there is none.
///
/// # Errors
/// There are two, or it is no text.
pub fn credential<'a>(
    place: &CredentialPlace,
    request: &'a Request<'_>,
) -> Result<Option<Cow<'a, str>>, Denied> {
    match place {
        CredentialPlace::Bearer => Ok(authorization(request.headers, "bearer")?.map(Cow::Borrowed)),
        CredentialPlace::Header(name) => Ok(only_text(request.headers, name)?.map(Cow::Borrowed)),
        CredentialPlace::Query(name) => {
            let pairs = query_pairs(request.query.unwrap_or_default());
            single(pairs.filter(|(key, _)| key == name).map(|(_, value)| value))
        }
        CredentialPlace::Cookie(name) => {
            let found = cookies(request.headers).filter(|(key, _)| key == name);
            single(found.map(|(_, value)| Cow::Borrowed(value)))
        }
    }
}

fn single<'a>(
    mut values: impl Iterator<Item = Cow<'a, str>>,
) -> Result<Option<Cow<'a, str>>, Denied> {
    let first = values.next().filter(|value| !value.is_empty());
    match values.next() {
        Some(_) => Err(Denied::refused("the credential is there twice")),
        None => Ok(first),
    }
}
