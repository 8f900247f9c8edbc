//! Certificates with their keys, out of the files that a bundle names.

use gated_certificate::{Mismatch, Pair};
use gated_engine::program::CertificateFiles;

use super::Disk;

/// Reads a certificate with its key; with it, the certificate's file.
///
/// # Errors
/// Which file is wrong, and in what.
pub(super) fn read(files: &CertificateFiles, disk: &mut Disk) -> Result<(String, Pair), String> {
    let (certificate, key) = (disk.read(&files.file), disk.read(&files.key));
    Ok((files.file.clone(), join(files, &certificate?, &key?)?))
}

/// Brings together what was read from the files.
///
/// # Errors
/// As [`read`].
pub(super) fn join(
    files: &CertificateFiles,
    certificate: &[u8],
    key: &[u8],
) -> Result<Pair, String> {
    Pair::from_pem(certificate, key).map_err(|mismatch| match mismatch {
        Mismatch::Certificate(problem) => format!("the file `{}` {problem}", files.file),
        Mismatch::Key(problem) => format!("the file `{}` {problem}", files.key),
        Mismatch::Foreign => format!(
            "the key in `{}` does not fit the certificate in `{}`",
            files.key, files.file
        ),
    })
}
