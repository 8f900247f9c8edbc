//! What a bundle says about itself, read before anything else of it.
//!
//! JSON, so that any version can read it: keys that this version does not know are passed over, but
//! a *required feature* that it does not know refuses the bundle, and so does a runtime that is too old.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{BundleError, FORMAT};

/// What this runtime can do beyond what every runtime of this format can. Format 4 needs no names yet.
pub const FEATURES: &[&str] = &[];

/// The longest manifest taken, in bytes.
const LIMIT: usize = 1024 * 1024;

/// What a bundle says about itself; JSON, so that any version can read it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Format version.
    pub format: u32,
    /// The gateway's name.
    pub name: String,
    /// The profile it was built for; empty: none.
    pub profile: String,
    /// Version of the compiler.
    pub compiler: String,
    /// The oldest runtime that can run it.
    pub min_runtime: String,
    /// What a runtime must be able to do, sorted; an unknown one refuses the bundle.
    pub required_features: Vec<String>,
    /// How many of what, sorted by name.
    pub counts: BTreeMap<String, u64>,
}

impl Manifest {
    /// The manifest as it lies in a bundle: keys in the order above, features sorted.
    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, BundleError> {
        let mut manifest = self.clone();
        manifest.format = FORMAT;
        manifest.required_features.sort_unstable();
        manifest.required_features.dedup();
        let bytes = serde_json::to_vec(&manifest)
            .map_err(|error| BundleError(format!("the manifest cannot be written: {error}")))?;
        within_limit(&bytes)?;
        Ok(bytes)
    }

    /// Reads a manifest and refuses what this runtime cannot run.
    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, BundleError> {
        within_limit(bytes)?;
        let manifest: Self = serde_json::from_slice(bytes)
            .map_err(|error| BundleError(format!("the manifest cannot be read: {error}")))?;
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> Result<(), BundleError> {
        if self.format != FORMAT {
            return Err(BundleError(format!(
                "the manifest says format {}, the header says {FORMAT}",
                self.format
            )));
        }
        self.check_runtime(env!("CARGO_PKG_VERSION"))?;
        self.check_features()
    }

    fn check_runtime(&self, own: &str) -> Result<(), BundleError> {
        if self.min_runtime.is_empty() {
            return Ok(());
        }
        let needed = version(&self.min_runtime).ok_or_else(|| {
            BundleError(format!(
                "the oldest runtime is given as `{}`, which is no version",
                self.min_runtime
            ))
        })?;
        if version(own) < Some(needed) {
            return Err(BundleError(format!(
                "it needs gated {} or newer, this is {own}",
                self.min_runtime
            )));
        }
        Ok(())
    }

    fn check_features(&self) -> Result<(), BundleError> {
        let unknown: Vec<String> = self
            .required_features
            .iter()
            .filter(|feature| !FEATURES.contains(&feature.as_str()))
            .map(|feature| format!("`{feature}`"))
            .collect();
        if unknown.is_empty() {
            return Ok(());
        }
        Err(BundleError(format!(
            "it needs what this gated cannot do: {}",
            unknown.join(", ")
        )))
    }
}

fn within_limit(bytes: &[u8]) -> Result<(), BundleError> {
    if bytes.len() > LIMIT {
        return Err(BundleError(format!(
            "the manifest is {} bytes long, at most {LIMIT} are taken",
            bytes.len()
        )));
    }
    Ok(())
}

/// `major.minor.patch`, whatever follows a `-` or `+` left out.
fn version(text: &str) -> Option<[u32; 3]> {
    let numbers = text.split(['-', '+']).next()?;
    let mut parts = numbers.split('.').map(|part| part.parse().ok());
    let version = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(manifest: Manifest) -> String {
        let json = serde_json::to_vec(&manifest).unwrap();
        Manifest::from_bytes(&json).unwrap_err().0
    }

    #[test]
    fn names_the_features_that_are_unknown() {
        let manifest = Manifest {
            format: FORMAT,
            required_features: vec!["sessions".to_owned(), "tls".to_owned()],
            ..Manifest::default()
        };
        assert_eq!(
            refusal(manifest),
            "it needs what this gated cannot do: `sessions`, `tls`"
        );
    }

    #[test]
    fn refuses_a_bundle_for_newer_runtimes() {
        let manifest = Manifest {
            format: FORMAT,
            min_runtime: "999.1.0".to_owned(),
            ..Manifest::default()
        };
        assert_eq!(
            refusal(manifest),
            format!(
                "it needs gated 999.1.0 or newer, this is {}",
                env!("CARGO_PKG_VERSION")
            )
        );
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        let manifest = |min_runtime: &str| Manifest {
            min_runtime: min_runtime.to_owned(),
            ..Manifest::default()
        };
        for (needed, own, runs) in [
            ("0.9.0", "0.10.0", true),
            ("0.10.0", "0.9.0", false),
            ("1.2.3", "1.2.3", true),
            ("1.2.3-beta", "1.2.3", true),
            ("", "0.0.1", true),
            ("1.2", "9.9.9", false),
            ("1.2.x", "9.9.9", false),
        ] {
            let outcome = manifest(needed).check_runtime(own);
            assert_eq!(outcome.is_ok(), runs, "{needed} on {own}");
        }
    }

    #[test]
    fn unknown_keys_are_passed_over() {
        let json = format!(
            r#"{{"format":{FORMAT},"name":"n","profile":"","compiler":"","min_runtime":"",
            "required_features":[],"counts":{{}},"later":{{"x":[1]}}}}"#
        );
        assert_eq!(Manifest::from_bytes(json.as_bytes()).unwrap().name, "n");
    }
}
