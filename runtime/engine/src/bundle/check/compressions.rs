//! How answers are compressed, and the encoded bytes that lie in the bundle.

use std::collections::HashSet;

use crate::files::negotiate::Encoding;
use crate::program::{
    ArchivedBlob, ArchivedCompression, ArchivedEncodedBody, ArchivedEncodedFile, ArchivedProgram,
};

use super::{Check, blob_range, folders, header_value, must, within};

pub(super) fn check(program: &ArchivedProgram) -> Check {
    program.compressions.iter().try_for_each(compression)?;
    let of_routes = program
        .routes
        .iter()
        .map(|route| route.compression.as_ref());
    let all = of_routes.chain([program.settings.compression.as_ref()]);
    for index in all.flatten() {
        must(
            within(index.to_native(), program.compressions.len()),
            || format!("there is no compression number {index}"),
        )?;
    }
    Ok(())
}

fn compression(compression: &ArchivedCompression) -> Check {
    must(!compression.encodings.is_empty(), || {
        "a compression without an encoding".to_owned()
    })?;
    distinct(compression.encodings.iter().map(Encoding::from))?;
    compression.types.iter().try_for_each(|listed| {
        let sound = listed.contains('/') && !listed.bytes().any(|byte| byte.is_ascii_uppercase());
        must(sound, || {
            format!("`{listed}` is no media type in lower case")
        })
    })
}

fn distinct(encodings: impl Iterator<Item = Encoding>) -> Check {
    let mut known = HashSet::new();
    let mut encodings = encodings;
    encodings.try_for_each(|encoding| {
        must(known.insert(encoding), || {
            format!("`{}` stands twice", encoding.token())
        })
    })
}

pub(super) fn check_bodies(encoded: &[ArchivedEncodedBody], bodies: usize) -> Check {
    distinct(encoded.iter().map(|form| Encoding::from(&form.encoding)))?;
    encoded
        .iter()
        .try_for_each(|form| in_bundle(&form.body, bodies))
}

pub(super) fn check_files(encoded: &[ArchivedEncodedFile], bodies: usize) -> Check {
    distinct(encoded.iter().map(|form| Encoding::from(&form.encoding)))?;
    encoded.iter().try_for_each(|form| {
        header_value(&form.etag)?;
        folders::strong_tag(&form.etag)?;
        in_bundle(&form.body, bodies)
    })
}

fn in_bundle(blob: &ArchivedBlob, bodies: usize) -> Check {
    let (offset, length) = (blob.offset.to_native(), blob.length.to_native());
    must(blob_range(offset, length, bodies).is_some(), || {
        "an encoded form of it is not in the bundle".to_owned()
    })
}
