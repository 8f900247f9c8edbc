//! How the answers of each route are compressed: what it says itself, then what the gateway says, then
//! what holds where neither does.

use std::collections::HashMap;

use gatec_schema::{Compress, Spec};
use gated_engine::compression;
use gated_engine::files::negotiate::Encoding;
use gated_engine::program::{Compression, HeaderTemplate, Segment, Transform};

/// The ways in which a spec's answers are compressed, each once.
#[derive(Debug, Default)]
pub(super) struct Compressions<'a> {
    given: Option<&'a Compress>,
    known: Vec<Compression>,
    numbers: HashMap<Compression, u32>,
    /// The number of the gateway's own.
    gateway: Option<u32>,
}

impl<'a> Compressions<'a> {
    pub(super) fn new(spec: &'a Spec) -> Self {
        let given = spec.gateway.compress.as_ref();
        let mut compressions = Self {
            given,
            ..Self::default()
        };
        compressions.gateway = compressions.number(given);
        compressions
    }

    /// How answers are compressed that no route gives.
    pub(super) fn of_gateway(&self) -> Option<u32> {
        self.gateway
    }

    /// How the answers of a route are compressed.
    pub(super) fn of_route(
        &mut self,
        given: Option<&Compress>,
        response: Option<&Transform>,
    ) -> Option<u32> {
        let number = match given {
            None => self.gateway,
            given => self.number(given),
        };
        number.filter(|_| !response.is_some_and(rules_out))
    }

    /// All of them, in the order of their numbers.
    pub(super) fn into_list(self) -> Vec<Compression> {
        self.known
    }

    fn number(&mut self, given: Option<&Compress>) -> Option<u32> {
        let wanted = effective(given.filter(|given| given.enabled)?, self.given);
        if let Some(number) = self.numbers.get(&wanted) {
            return Some(*number);
        }
        let number = u32::try_from(self.known.len()).ok()?;
        self.known.push(wanted.clone());
        self.numbers.insert(wanted, number);
        Some(number)
    }
}

/// What is given, and for what is left out there what the gateway has.
fn effective(given: &Compress, gateway: Option<&Compress>) -> Compression {
    let sources = || [Some(given), gateway].into_iter().flatten();
    let encodings = sources()
        .map(|source| source.encodings.as_slice())
        .find(|encodings| !encodings.is_empty())
        .unwrap_or(&Compress::ENCODINGS);
    let mut order: Vec<Encoding> = Vec::new();
    for encoding in encodings.iter().copied().map(encoding) {
        if !order.contains(&encoding) {
            order.push(encoding);
        }
    }
    let types = sources()
        .map(|source| source.types.as_slice())
        .find(|types| !types.is_empty());
    Compression {
        encodings: order,
        min_size: sources()
            .find_map(|source| source.min_size)
            .map_or(Compress::MIN_SIZE, |size| size.bytes()),
        types: match types {
            Some(types) => types
                .iter()
                .map(|listed| listed.as_str().to_ascii_lowercase())
                .collect(),
            None => Compress::TYPES.map(str::to_owned).to_vec(),
        },
    }
}

fn encoding(given: gatec_schema::Encoding) -> Encoding {
    match given {
        gatec_schema::Encoding::Zstd => Encoding::Zstd,
        gatec_schema::Encoding::Br => Encoding::Brotli,
        gatec_schema::Encoding::Gzip => Encoding::Gzip,
    }
}

/// Whether a route says itself how its answers are encoded, or that they stay as they are.
fn rules_out(response: &Transform) -> bool {
    let is_encoding = |name: &str| name == "content-encoding";
    let mut put = response.set.iter().chain(&response.add);
    response.remove.iter().any(|name| is_encoding(name))
        || put.any(|header| is_encoding(&header.name) || forbids_change(header))
}

fn forbids_change(header: &HeaderTemplate) -> bool {
    header.name == "cache-control"
        && constant(header).is_some_and(|text| {
            text.split(',')
                .any(|directive| directive.trim().eq_ignore_ascii_case("no-transform"))
        })
}

/// The value of a header, if it is the same for every request.
pub(super) fn constant(header: &HeaderTemplate) -> Option<&str> {
    match header.value.segments.as_slice() {
        [] => Some(""),
        [Segment::Text(text)] => Some(text),
        _ => None,
    }
}

/// Whether a body of this type and length is compressed.
pub(super) fn is_covered(compression: &Compression, content_type: &str, length: u64) -> bool {
    length > 0
        && length >= compression.min_size
        && compression::is_listed(compression.types.iter().map(String::as_str), content_type)
}
