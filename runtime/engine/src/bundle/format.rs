//! The file around the sections: magic, format, a table of sections, and a digest over each.
//!
//! All numbers are little-endian. Sections follow one another in a fixed order without gaps, and the
//! last one ends where the file ends: so every byte of a file is covered by exactly one digest, and
//! nothing can be hidden between or behind the sections.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | magic: `89`, `gated`, CR, LF (a transfer in text mode breaks it) |
//! | 4 | format |
//! | 4 | number of sections |
//! | 52 each | kind (4), offset (8), length (8), SHA-256 (32) |
//! | 32 | SHA-256 of all of the above |
//! | … | the sections |

use std::ops::Range;

use super::{BundleError, Digest, FORMAT, SIZE_LIMIT};

/// How every bundle begins.
const MAGIC: [u8; 8] = *b"\x89gated\r\n";

/// Bytes of one line of the table of sections.
const ENTRY: usize = 4 + 8 + 8 + 32;

/// Bytes before the first section.
const HEADER: usize = 8 + 4 + 4 + ENTRY * SECTIONS.len() + 32;

/// The names of the sections in their order; a section's kind is its place, from 1.
const SECTIONS: [&str; 5] = ["manifest", "program", "bodies", "tests", "source-map"];

/// The contents of the sections as they lie in a file, or are about to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RawSections<'s> {
    /// The manifest, JSON.
    pub manifest: &'s [u8],
    /// The program's archive.
    pub program: &'s [u8],
    /// The bodies, one behind the other.
    pub bodies: &'s [u8],
    /// The spec's tests, JSON.
    pub tests: &'s [u8],
    /// The source map.
    pub source_map: &'s [u8],
}

impl<'s> RawSections<'s> {
    fn in_order(&self) -> [&'s [u8]; 5] {
        [
            self.manifest,
            self.program,
            self.bodies,
            self.tests,
            self.source_map,
        ]
    }
}

/// Puts the header, with right digests, before sections as they are. Whether they mean anything is
/// for [`super::Bundle::load`] to say: this is for tools and tests that make odd bundles on purpose.
///
/// # Errors
/// A file longer than [`SIZE_LIMIT`].
pub fn assemble(sections: &RawSections<'_>) -> Result<Vec<u8>, BundleError> {
    let sections = sections.in_order();
    let size = HEADER + sections.iter().map(|section| section.len()).sum::<usize>();
    within_limit(size)?;
    let mut file = Vec::with_capacity(size);
    file.extend(MAGIC);
    file.extend(FORMAT.to_le_bytes());
    file.extend((SECTIONS.len() as u32).to_le_bytes());
    let mut offset = HEADER;
    for (kind, section) in (1_u32..).zip(sections) {
        file.extend(kind.to_le_bytes());
        file.extend((offset as u64).to_le_bytes());
        file.extend((section.len() as u64).to_le_bytes());
        file.extend(Digest::of(section).0);
        offset += section.len();
    }
    file.extend(Digest::of(&file).0);
    sections.iter().for_each(|section| file.extend(*section));
    Ok(file)
}

/// Where each section lies in a file.
#[derive(Debug, Clone, Default)]
pub(super) struct Layout {
    pub(super) manifest: Range<usize>,
    pub(super) program: Range<usize>,
    pub(super) bodies: Range<usize>,
    pub(super) tests: Range<usize>,
    pub(super) source_map: Range<usize>,
}

impl Layout {
    /// The sections with their names, in order.
    pub(super) fn named(&self) -> impl Iterator<Item = (&'static str, &Range<usize>)> {
        SECTIONS.into_iter().zip([
            &self.manifest,
            &self.program,
            &self.bodies,
            &self.tests,
            &self.source_map,
        ])
    }

    fn in_order(&mut self) -> [&mut Range<usize>; 5] {
        [
            &mut self.manifest,
            &mut self.program,
            &mut self.bodies,
            &mut self.tests,
            &mut self.source_map,
        ]
    }
}

/// Reads the header and checks every digest. Nothing is allocated, whatever the file says.
pub(super) fn read(file: &[u8]) -> Result<Layout, BundleError> {
    within_limit(file.len())?;
    let mut header = Reader(file);
    check_format(&mut header)?;
    check_header_digest(file)?;
    let mut layout = Layout::default();
    let mut end = HEADER;
    for ((kind, name), place) in (1_u32..).zip(SECTIONS).zip(layout.in_order()) {
        let entry = header.entry().ok_or_else(truncated)?;
        if entry.kind != kind || entry.offset != end as u64 {
            return Err(error(format!(
                "the section `{name}` is not where it belongs"
            )));
        }
        *place = entry.range(file.len()).ok_or_else(truncated)?;
        end = place.end;
        if file.get(place.clone()).map(Digest::of) != Some(entry.digest) {
            return Err(error(format!(
                "the section `{name}` is damaged: its digest differs"
            )));
        }
    }
    match file.len() - end {
        0 => Ok(layout),
        more => Err(error(format!(
            "the file goes on {more} bytes after the bundle's end"
        ))),
    }
}

fn check_format(header: &mut Reader<'_>) -> Result<(), BundleError> {
    if header.take() != Some(MAGIC) {
        return Err(error("the file is no bundle".to_owned()));
    }
    match header.number().ok_or_else(truncated)? {
        FORMAT => {}
        newer if newer > FORMAT => {
            return Err(error(format!(
                "made by a newer gatec: format {newer}, this gated reads {FORMAT}"
            )));
        }
        0 => {
            return Err(error(format!(
                "there is no format 0, this gated reads {FORMAT}"
            )));
        }
        older => {
            return Err(error(format!(
                "made by an older gatec: format {older}, this gated reads {FORMAT}; build it anew with \
                 this version's gatec"
            )));
        }
    }
    match header.number().ok_or_else(truncated)? as usize {
        count if count == SECTIONS.len() => Ok(()),
        count => Err(error(format!(
            "the bundle has {count} sections, format {FORMAT} has {}",
            SECTIONS.len()
        ))),
    }
}

fn check_header_digest(file: &[u8]) -> Result<(), BundleError> {
    let header = file.get(..HEADER).ok_or_else(truncated)?;
    match header.split_last_chunk::<32>() {
        Some((covered, digest)) if Digest::of(covered).0 == *digest => Ok(()),
        _ => Err(error(
            "the header is damaged: its digest differs".to_owned(),
        )),
    }
}

fn within_limit(size: usize) -> Result<(), BundleError> {
    if size > SIZE_LIMIT {
        return Err(error(format!(
            "the bundle is {size} bytes long, at most {SIZE_LIMIT} are taken"
        )));
    }
    Ok(())
}

fn truncated() -> BundleError {
    error("the bundle is cut off".to_owned())
}

fn error(message: String) -> BundleError {
    BundleError(message)
}

/// Takes fixed-size fields from the front of some bytes.
pub(super) struct Reader<'f>(pub(super) &'f [u8]);

impl<'f> Reader<'f> {
    /// The next bytes, as many as the caller's array holds.
    pub(super) fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (field, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*field)
    }

    /// The next so many bytes.
    pub(super) fn take_slice(&mut self, length: usize) -> Option<&'f [u8]> {
        let (field, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(field)
    }

    /// The next 32-bit number.
    pub(super) fn number(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn entry(&mut self) -> Option<Entry> {
        Some(Entry {
            kind: self.number()?,
            offset: self.take().map(u64::from_le_bytes)?,
            length: self.take().map(u64::from_le_bytes)?,
            digest: Digest(self.take()?),
        })
    }
}

/// A line of the table of sections.
struct Entry {
    kind: u32,
    offset: u64,
    length: u64,
    digest: Digest,
}

impl Entry {
    /// The section's bytes, if the file has as many.
    fn range(&self, file: usize) -> Option<Range<usize>> {
        let end = self.offset.checked_add(self.length)?;
        let range = usize::try_from(self.offset).ok()?..usize::try_from(end).ok()?;
        (range.end <= file).then_some(range)
    }
}
