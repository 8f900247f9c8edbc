//! What must hold on any input, one function for each fuzz target. A target is nothing but a call of
//! its function, so that `cargo test` can replay its corpus without a fuzzer.
//!
//! `cargo fuzz run kdl --fuzz-dir tests/fuzz --features fuzz` looks for new inputs.

mod bundle_target;
mod kdl_target;
mod key_file_target;
mod matching_target;
mod path_target;
mod signature_target;
mod token_target;
mod yaml_target;

pub use bundle_target::bundle;
pub use kdl_target::kdl;
pub use key_file_target::key_file;
pub use matching_target::matching;
pub use path_target::path;
pub use signature_target::signature;
pub use token_target::token;
pub use yaml_target::yaml;

#[cfg(test)]
mod replay {
    /// Runs a target on every file of its corpus.
    fn replay(name: &str, target: fn(&[u8])) {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("corpus")
            .join(name);
        let files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        assert!(!files.is_empty(), "the corpus of {name} is empty");
        files
            .iter()
            .for_each(|file| target(&std::fs::read(file).unwrap()));
    }

    #[test]
    fn bundle() {
        replay("bundle", super::bundle);
    }

    #[test]
    fn kdl() {
        replay("kdl", super::kdl);
    }

    #[test]
    fn key_file() {
        replay("key_file", super::key_file);
    }

    #[test]
    fn matching() {
        replay("matching", super::matching);
    }

    #[test]
    fn path() {
        replay("path", super::path);
    }

    #[test]
    fn signature() {
        replay("signature", super::signature);
    }

    #[test]
    fn token() {
        replay("token", super::token);
    }

    #[test]
    fn yaml() {
        replay("yaml", super::yaml);
    }
}
