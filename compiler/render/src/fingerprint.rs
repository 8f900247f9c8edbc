//! What a finding is known by from one run to the next.
//!
//! A fingerprint is made of what stays when lines above are added or removed: the code, the file, the
//! message and the words of the line. Equal ones are numbered in their order.

use std::collections::HashMap;
use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::report::Found;

/// How many bytes of a line count on either side of a place.
const AROUND: usize = 200;

/// The fingerprint of each finding, in their order: 32 hexadecimal digits, no two the same.
pub(crate) fn fingerprints(findings: &[Found<'_>]) -> Vec<String> {
    let mut times: HashMap<Vec<u8>, u64> = HashMap::new();
    let digests = findings.iter().map(|found| {
        let same = digest(found);
        let time = times.entry(same.clone()).or_default();
        *time += 1;
        let numbered = Sha256::new()
            .chain_update(&same)
            .chain_update(time.to_be_bytes());
        hexadecimal(&numbered.finalize())
    });
    digests.collect()
}

fn digest(found: &Found<'_>) -> Vec<u8> {
    let diagnostic = found.diagnostic;
    let file = found.view.name(diagnostic.span).unwrap_or_default();
    let (line, _) = found.view.line(diagnostic.span, AROUND);
    let parts = [diagnostic.code, &file, &diagnostic.message, line.trim()];
    let digest = parts.iter().fold(Sha256::new(), |digest, part| {
        // Lengths keep apart what would read the same when put together.
        digest
            .chain_update((part.len() as u64).to_be_bytes())
            .chain_update(part)
    });
    digest.finalize().to_vec()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().take(16).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
