//! A record as bytes, for stores on disk: both ends, then each field's name and value behind its length.

use bytes::Bytes;

use super::{Fields, Record};

/// Writes a record behind what `out` holds.
pub(crate) fn encode(record: &Record, out: &mut Vec<u8>) {
    for end in [record.idle_at, record.ends_at] {
        out.extend(end.unwrap_or(i64::MAX).to_be_bytes());
    }
    for (name, value) in &record.fields {
        for part in [name, value] {
            out.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            out.extend_from_slice(part);
        }
    }
}

/// Reads a record back. `None`: these bytes are no record.
pub(crate) fn decode(bytes: &[u8]) -> Option<Record> {
    let (idle_at, rest) = end(bytes)?;
    let (ends_at, mut rest) = end(rest)?;
    let mut fields = Fields::new();
    while !rest.is_empty() {
        let (name, after) = part(rest)?;
        let (value, after) = part(after)?;
        fields.insert(name, value);
        rest = after;
    }
    Some(Record {
        fields,
        idle_at,
        ends_at,
    })
}

fn end(bytes: &[u8]) -> Option<(Option<i64>, &[u8])> {
    let (tick, rest) = bytes.split_first_chunk()?;
    let tick = i64::from_be_bytes(*tick);
    Some(((tick != i64::MAX).then_some(tick), rest))
}

fn part(bytes: &[u8]) -> Option<(Bytes, &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (part, rest) = rest.split_at_checked(length)?;
    Some((Bytes::copy_from_slice(part), rest))
}
