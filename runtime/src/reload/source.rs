//! Where what is served comes from: a spec that is compiled in place, a bundle, or a folder that
//! receives bundles.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use gated_engine::Digest;
use memmap2::MmapMut;

use super::map::{self, Map};

/// Largest bundle that is read, in bytes.
const LARGEST_BUNDLE: usize = 1 << 30;

/// From this size on a bundle is held in memory of its own, in bytes.
const LARGE: usize = 4 << 20;

/// The first bytes of every bundle.
const MAGIC: &[u8] = b"\x89gated\r\n";

/// The name in a folder of bundles that, if it is there, says which one is meant.
const CURRENT: &str = "current";

/// Where what is served comes from.
#[derive(Debug, Clone)]
pub enum Source {
    /// A spec, compiled in place.
    #[cfg(feature = "compile")]
    Spec {
        /// Its root file.
        path: PathBuf,
        /// The profile merged over the rest.
        profile: Option<String>,
    },
    /// A bundle.
    Bundle(PathBuf),
    /// A folder that receives bundles: `current` if that is there, else the last `*.gateb` by name.
    Folder(PathBuf),
}

/// A bundle's bytes with what belongs to them.
pub(crate) struct Material {
    pub(crate) bytes: Bytes,
    /// What live files are relative to.
    pub(crate) root: PathBuf,
    /// Files and folders whose change changes the outcome.
    pub(crate) watched: Vec<PathBuf>,
    /// Where its routes are written, if that is known beside the bundle.
    pub(crate) source_map: Option<Map>,
    /// Warnings as text for people.
    pub(crate) warnings: Option<String>,
}

/// Why there is no bundle.
#[derive(Debug)]
pub(crate) struct Rejection {
    /// Names what was refused: the same again has the same.
    pub(crate) digest: String,
    /// In one sentence.
    pub(crate) reason: String,
    /// The findings as JSON.
    pub(crate) diagnostics: serde_json::Value,
    /// The findings as text for people.
    pub(crate) for_people: Option<String>,
    /// Files and folders whose change may mend it.
    pub(crate) watched: Vec<PathBuf>,
    /// Whether nothing is wrong, but nothing is there yet: a folder without a bundle.
    pub(crate) empty: bool,
}

impl Rejection {
    /// A rejection with nothing but a reason.
    pub(crate) fn new(digest: String, reason: String) -> Self {
        Self {
            digest,
            reason,
            diagnostics: serde_json::json!([]),
            for_people: None,
            watched: Vec::new(),
            empty: false,
        }
    }
}

impl Source {
    /// Tells by name and contents what a path is.
    ///
    /// # Errors
    /// What is wrong with the path, in words for its user.
    pub fn of(path: &Path, profile: Option<String>) -> Result<Self, String> {
        let shown = path.display();
        if path.is_dir() {
            if let Some(spec) = spec_instead(path) {
                return Err(format!(
                    "`{shown}` is a folder without a bundle, but there is a `{spec}` in it: `gated run {}`",
                    path.join(spec).display()
                ));
            }
            return no_profile(profile, "a folder of bundles")
                .map(|()| Self::Folder(path.to_owned()));
        }
        let extension = path.extension().and_then(|extension| extension.to_str());
        let is_spec = matches!(extension, Some("kdl" | "yaml" | "yml"));
        if !path.exists() {
            return Err(format!("there is no file or folder `{shown}`"));
        }
        if extension == Some("gateb") || (!is_spec && begins_with_magic(path)) {
            return no_profile(profile, "a bundle").map(|()| Self::Bundle(path.to_owned()));
        }
        if is_spec {
            return Self::spec(path, profile);
        }
        Err(format!(
            "`{shown}` is neither a spec (`.kdl`, `.yaml`, `.yml`) nor a bundle (`.gateb`)"
        ))
    }

    #[cfg(feature = "compile")]
    fn spec(path: &Path, profile: Option<String>) -> Result<Self, String> {
        Ok(Self::Spec {
            path: path.to_owned(),
            profile,
        })
    }

    #[cfg(not(feature = "compile"))]
    fn spec(path: &Path, _profile: Option<String>) -> Result<Self, String> {
        let shown = path.display();
        Err(format!(
            "`{shown}` is a spec, and this program takes bundles only: `gatec build` makes one"
        ))
    }

    /// Reads, and compiles where it is a spec.
    pub(crate) fn read(&self) -> Result<Material, Box<Rejection>> {
        match self {
            #[cfg(feature = "compile")]
            Self::Spec { path, profile } => super::compile::compile(path, profile.as_deref()),
            Self::Bundle(path) => read_bundle(path, vec![path.clone()]),
            Self::Folder(folder) => match newest(folder) {
                Some(path) => read_bundle(&path, vec![folder.clone()]),
                None => {
                    let reason = format!("`{}` holds no bundle", folder.display());
                    let watched = vec![folder.clone()];
                    let digest = "none".to_owned();
                    Err(Box::new(Rejection {
                        watched,
                        empty: true,
                        ..Rejection::new(digest, reason)
                    }))
                }
            },
        }
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let path = match self {
            #[cfg(feature = "compile")]
            Self::Spec { path, .. } => path,
            Self::Bundle(path) | Self::Folder(path) => path,
        };
        write!(formatter, "`{}`", path.display())
    }
}

/// The spec in a folder that holds no bundle.
fn spec_instead(folder: &Path) -> Option<&'static str> {
    let specs = ["gate.kdl", "gate.yaml", "gate.yml"];
    let spec = specs.into_iter().find(|name| folder.join(name).is_file())?;
    newest(folder).is_none().then_some(spec)
}

fn no_profile(profile: Option<String>, what: &str) -> Result<(), String> {
    match profile {
        Some(profile) => Err(format!(
            "the profile `{profile}` cannot be chosen for {what}: `gatec build --profile` does that"
        )),
        None => Ok(()),
    }
}

fn begins_with_magic(path: &Path) -> bool {
    let mut first = [0; MAGIC.len()];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut first));
    read.is_ok() && first == MAGIC
}

/// The bundle meant in a folder.
fn newest(folder: &Path) -> Option<PathBuf> {
    let current = folder.join(CURRENT);
    if current.is_file() {
        return Some(current);
    }
    std::fs::read_dir(folder)
        .ok()?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "gateb")
        })
        .max()
}

fn read_bundle(path: &Path, watched: Vec<PathBuf>) -> Result<Material, Box<Rejection>> {
    let is_one = |bytes: Bytes| match bytes.starts_with(MAGIC) {
        true => Ok(bytes),
        false => Err(format!(
            "`{}` is no bundle: `gatec build` makes one",
            path.display()
        )),
    };
    let bytes = match read_bounded(path).and_then(is_one) {
        Ok(bytes) => bytes,
        Err(reason) => {
            let digest = digest(reason.as_bytes());
            return Err(Box::new(Rejection {
                watched,
                ..Rejection::new(digest, reason)
            }));
        }
    };
    let root = path.parent().unwrap_or(Path::new("")).to_owned();
    let source_map = map::beside(path);
    let mut watched = watched;
    watched.extend(map::places(path));
    Ok(Material {
        bytes,
        root,
        watched,
        source_map,
        warnings: None,
    })
}

fn read_bounded(path: &Path) -> Result<Bytes, String> {
    let shown = path.display();
    let cannot = |error: io::Error| format!("cannot read `{shown}`: {error}");
    let mut file = File::open(path).map_err(cannot)?;
    let expected = file.metadata().map_err(cannot)?.len();
    let bytes = match usize::try_from(expected) {
        Ok(room) if (LARGE..=LARGEST_BUNDLE).contains(&room) => read_large(&mut file, room),
        _ => read_small(file),
    };
    let bytes = bytes.map_err(cannot)?;
    if bytes.len() > LARGEST_BUNDLE {
        return Err(format!("`{shown}` is larger than a bundle can be (1 GiB)"));
    }
    Ok(bytes)
}

fn read_small(file: File) -> io::Result<Bytes> {
    let mut bytes = Vec::new();
    file.take(LARGEST_BUNDLE as u64 + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes.into())
}

/// Reads into memory of its own, in huge pages where the system has them: a look-up among very many
/// routes touches bytes all over the bundle, and to find each in a page of 4 KiB costs more than the
/// look-up.
fn read_large(file: &mut File, room: usize) -> io::Result<Bytes> {
    let mut memory = MmapMut::map_anon(room)?;
    #[cfg(target_os = "linux")]
    if let Err(error) = memory.advise(memmap2::Advice::HugePage) {
        tracing::debug!(%error, "there are no huge pages");
    }
    // A file that has become shorter is refused, and one that has become longer is cut off, which its
    // digests tell.
    file.read_exact(&mut memory)?;
    Ok(Bytes::from_owner(memory))
}

/// What names some bytes, for people.
pub(crate) fn digest(bytes: &[u8]) -> String {
    Digest::of(bytes).to_string()
}

#[cfg(test)]
mod tests {
    use super::{MAGIC, Source, newest};

    #[test]
    fn a_path_is_what_its_name_and_contents_say() {
        let folder = tempfile::tempdir().unwrap();
        let bundle = folder.path().join("no-extension");
        std::fs::write(&bundle, MAGIC).unwrap();
        assert!(matches!(Source::of(&bundle, None), Ok(Source::Bundle(_))));
        assert!(
            Source::of(&bundle, Some("prod".into()))
                .unwrap_err()
                .contains("`prod`")
        );
        assert!(matches!(
            Source::of(folder.path(), None),
            Ok(Source::Folder(_))
        ));
        let spec = folder.path().join("gate.kdl");
        std::fs::write(&spec, "").unwrap();
        let told = Source::of(folder.path(), None).unwrap_err();
        assert!(
            told.contains(&format!("`gated run {}`", spec.display())),
            "{told}"
        );
        std::fs::write(folder.path().join("a.gateb"), MAGIC).unwrap();
        assert!(Source::of(folder.path(), None).is_ok());
        let text = folder.path().join("a.txt");
        std::fs::write(&text, "hello").unwrap();
        assert!(Source::of(&text, None).unwrap_err().contains("neither"));
        assert!(
            Source::of(&folder.path().join("none.kdl"), None)
                .unwrap_err()
                .contains("no file")
        );
    }

    #[test]
    fn the_last_bundle_counts_unless_one_is_current() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(newest(folder.path()), None);
        for name in ["1.gateb", "2.gateb", "9.tmp"] {
            std::fs::write(folder.path().join(name), name).unwrap();
        }
        assert_eq!(newest(folder.path()), Some(folder.path().join("2.gateb")));
        std::fs::write(folder.path().join("current"), "").unwrap();
        assert_eq!(newest(folder.path()), Some(folder.path().join("current")));
    }
}
