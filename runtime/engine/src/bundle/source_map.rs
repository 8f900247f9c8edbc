//! Where in the sources things were written, so that a late finding can say `shop.kdl:42`.
//!
//! In a bundle: the number of files, each file's length and name, the number of routes, and three
//! numbers for each route; all of them 32 bits, little-endian.

use serde::{Deserialize, Serialize};

use super::BundleError;
use super::format::Reader;

/// Where in the sources things were written.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SourceMap {
    /// Names of the source files, relative to the root spec's folder, with `/`.
    pub files: Vec<String>,
    /// For each route (by index): file, line, column (from 1).
    pub routes: Vec<(u32, u32, u32)>,
    /// For each policy (by index) the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<(u32, u32, u32)>,
}

impl SourceMap {
    /// Where a route was written: the file's name, line and column (from 1).
    pub fn route(&self, route: u32) -> Option<(&str, u32, u32)> {
        self.place(&self.routes, route)
    }

    /// Where a policy was written, in the same way.
    pub fn policy(&self, policy: u32) -> Option<(&str, u32, u32)> {
        self.place(&self.policies, policy)
    }

    fn place(&self, places: &[(u32, u32, u32)], index: u32) -> Option<(&str, u32, u32)> {
        let (file, line, column) = *places.get(usize::try_from(index).ok()?)?;
        let name = self.files.get(usize::try_from(file).ok()?)?;
        Some((name, line, column))
    }

    /// The map as it lies in a bundle.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend((self.files.len() as u32).to_le_bytes());
        for name in &self.files {
            bytes.extend((name.len() as u32).to_le_bytes());
            bytes.extend(name.as_bytes());
        }
        bytes.extend((self.routes.len() as u32).to_le_bytes());
        for (file, line, column) in &self.routes {
            bytes.extend(
                [file, line, column]
                    .into_iter()
                    .flat_map(|number| number.to_le_bytes()),
            );
        }
        bytes
    }

    /// Reads a map. What it allocates is bounded by the bytes there are.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut map = Self::default();
        let (files, routes) = (&mut map.files, &mut map.routes);
        walk(
            bytes,
            |name| files.push(name.to_owned()),
            |place| routes.push(place),
        )?;
        Some(map)
    }
}

/// Goes through a map; nothing if it is not whole.
fn walk<'m>(
    bytes: &'m [u8],
    mut file: impl FnMut(&'m str),
    mut route: impl FnMut((u32, u32, u32)),
) -> Option<()> {
    let mut reader = Reader(bytes);
    for _ in 0..reader.number()? {
        let length = usize::try_from(reader.number()?).ok()?;
        file(std::str::from_utf8(reader.take_slice(length)?).ok()?);
    }
    for _ in 0..reader.number()? {
        route((reader.number()?, reader.number()?, reader.number()?));
    }
    reader.0.is_empty().then_some(())
}

/// Checks a map without keeping it: whole, and every route in a file that there is.
pub(super) fn check(bytes: &[u8], routes: usize) -> Result<(), BundleError> {
    let (mut files, mut places, mut highest) = (0, 0, None);
    walk(
        bytes,
        |_| files += 1,
        |(file, ..)| {
            places += 1;
            highest = highest.max(Some(file as usize));
        },
    )
    .ok_or_else(|| BundleError("the source map cannot be read".to_owned()))?;
    if highest >= Some(files) {
        let message = "the source map names a file that it does not list";
        return Err(BundleError(message.to_owned()));
    }
    if places != 0 && places != routes {
        return Err(BundleError(format!(
            "the source map is for {places} routes, the program has {routes}"
        )));
    }
    Ok(())
}
