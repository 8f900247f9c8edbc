//! `Content-Digest` (RFC 9530), held against the body.

use aws_lc_rs::digest::{Algorithm, SHA256, SHA512, digest};
use sfv::{Dictionary, ListEntry, Parser};

use super::components;
use crate::{Asked, Denied};

/// Fails unless every digest that is understood is the body's, and one is.
pub(super) fn hold_against(asked: &Asked<'_>, body: &[u8]) -> Result<(), Denied> {
    let malformed = || Denied::refused("the header `content-digest` is malformed");
    let text = components::field(asked, "content-digest")?.ok_or_else(malformed)?;
    let all = Parser::new(&text)
        .parse::<Dictionary>()
        .map_err(|_| malformed())?;
    let mut held = false;
    for (name, entry) in &all {
        let algorithm: &'static Algorithm = match name.as_str() {
            "sha-256" => &SHA256,
            "sha-512" => &SHA512,
            _ => continue,
        };
        let ListEntry::Item(item) = entry else {
            return Err(malformed());
        };
        let given = item.bare_item.as_byte_sequence().ok_or_else(malformed)?;
        if digest(algorithm, body).as_ref() != given {
            return Err(Denied::refused("the body is another than the one signed"));
        }
        held = true;
    }
    match held {
        true => Ok(()),
        false => Err(Denied::refused(
            "the header `content-digest` has neither `sha-256` nor `sha-512`",
        )),
    }
}
