//! Folders of files. A file is found by binary search, so the order is part of what must be right.

use crate::program::{ArchivedFile, ArchivedFolder, ArchivedProgram};

use super::{Check, blob_range, compressions, header_value, must};

pub(super) fn check(program: &ArchivedProgram, bodies: usize) -> Check {
    program
        .folders
        .iter()
        .try_for_each(|folder| check_folder(folder, bodies))
}

fn check_folder(folder: &ArchivedFolder, bodies: usize) -> Check {
    let paths = folder.files.iter().map(|file| file.path.as_str());
    must(paths.is_sorted_by(|left, right| left < right), || {
        "the files of a folder are not in order".to_owned()
    })?;
    folder.files.iter().try_for_each(|file| {
        check_file(file, bodies).map_err(|problem| format!("file `{}`: {problem}", file.path))
    })
}

fn check_file(file: &ArchivedFile, bodies: usize) -> Check {
    must(is_plain_path(&file.path), || {
        "not a plain relative path".to_owned()
    })?;
    header_value(&file.content_type)?;
    header_value(&file.etag)?;
    strong_tag(&file.etag)?;
    compressions::check_files(&file.encoded, bodies)?;
    let (offset, length) = (file.body.offset.to_native(), file.body.length.to_native());
    must(blob_range(offset, length, bodies).is_some(), || {
        "its contents are not in the bundle".to_owned()
    })
}

/// A strong entity tag with its quotes (RFC 9110, section 8.8.3).
pub(super) fn strong_tag(tag: &str) -> Check {
    must(
        tag.len() > 1 && tag.starts_with('"') && tag.ends_with('"'),
        || format!("`{tag}` is no strong entity tag"),
    )
}

/// A path of names: no empty part, no `.` or `..`, no NUL or backslash.
pub(super) fn is_plain_path(path: &str) -> bool {
    !path.contains(['\0', '\\']) && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}
