//! The hooks, run by the real pre-commit from a clone of this repository.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use gatec_tests::{Ran, binary, python_program, root};

const HOOKS: &str = ".pre-commit-hooks.yaml";

const GOOD: &str = r#"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"#;

/// A place for repositories, with Git's and pre-commit's own files.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        let config = "[user]\nname = Ann\nemail = ann@example.test\n[safe]\ndirectory = *\n[init]\ndefaultBranch = main\n";
        std::fs::write(place.path("gitconfig"), config).unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs a program in a folder of the place; the `gatec` under test comes first on the path.
    fn run<'a>(
        &self,
        program: &Path,
        folder: &str,
        arguments: impl IntoIterator<Item = &'a str>,
    ) -> Ran {
        let binaries = binary("gatec").parent().unwrap().to_owned();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path: OsString =
            std::env::join_paths(std::iter::once(binaries).chain(std::env::split_paths(&path)))
                .unwrap();
        let output = Command::new(program)
            .args(arguments)
            .current_dir(self.path(folder))
            .env("PATH", path)
            .env("HOME", self.0.path())
            .env("GIT_CONFIG_GLOBAL", self.path("gitconfig"))
            .env("PRE_COMMIT_HOME", self.path("pre-commit"))
            .env("PRE_COMMIT_COLOR", "never")
            .env("GATEC_CACHE_DIR", self.path("cache"))
            .env_remove("GIT_DIR")
            .env_remove("GIT_INDEX_FILE")
            .output()
            .unwrap();
        Ran::of(&output)
    }

    fn git(&self, folder: &str, arguments: &[&str]) -> String {
        let ran = self.run(Path::new("git"), folder, arguments.iter().copied());
        assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.stderr);
        ran.stdout.trim().to_owned()
    }

    fn pre_commit(&self, folder: &str, arguments: &[&str]) -> Ran {
        let program = python_program("pre-commit");
        self.run(&program, folder, arguments.iter().copied())
    }

    /// A clone of this repository with the hooks as they stand here, committed or not; its commit.
    fn clone_of_this(&self) -> String {
        let this = format!("file://{}", root().display());
        self.git(".", &["clone", "--quiet", "--depth", "1", &this, "hooks"]);
        for file in [HOOKS, "compiler/cli/from-source.sh"] {
            std::fs::copy(root().join(file), self.path("hooks").join(file)).unwrap();
        }
        self.git("hooks", &["add", "--all"]);
        self.git(
            "hooks",
            &["commit", "--quiet", "--allow-empty", "-m", "As it stands"],
        );
        self.git("hooks", &["rev-parse", "HEAD"])
    }

    /// A repository with one good and one bad spec, each with a hook that checks it and one that
    /// formats it.
    fn shop(&self, commit: &str) {
        let hooks = self.path("hooks");
        let mut config = format!(
            "repos:\n- repo: {}\n  rev: {commit}\n  hooks:\n",
            hooks.display()
        );
        for name in ["good", "bad"] {
            for kind in ["check", "fmt"] {
                config.push_str(&format!(
                    "  - id: gatec-{kind}-system\n    alias: {kind}-{name}\n    args: [{name}.kdl]\n"
                ));
            }
        }
        std::fs::create_dir(self.path("shop")).unwrap();
        let put = |name: &str, text: &str| std::fs::write(self.path("shop").join(name), text);
        put(".pre-commit-config.yaml", &config).unwrap();
        put("good.kdl", GOOD).unwrap();
        put("bad.kdl", &GOOD.replace("    respond 200", "  respond 999")).unwrap();
        self.git("shop", &["init", "--quiet"]);
        self.git("shop", &["add", "--all"]);
    }
}

#[test]
fn a_good_spec_passes_and_a_bad_one_fails_with_its_finding() {
    let place = Place::new();
    place.shop(&place.clone_of_this());
    let run = |hook: &str| place.pre_commit("shop", &["run", hook, "--all-files"]);

    let good = run("check-good");
    assert_eq!(good.code, 0, "{}{}", good.stdout, good.stderr);
    assert!(good.stdout.contains("gatec check") && good.stdout.contains("Passed"));
    let bad = run("check-bad");
    assert_eq!(bad.code, 1, "{}{}", bad.stdout, bad.stderr);
    assert!(
        bad.stdout.contains("S118") && bad.stdout.contains("bad.kdl:5:11"),
        "{}",
        bad.stdout
    );

    assert_eq!(run("fmt-good").code, 0);
    let bad = run("fmt-bad");
    assert!(
        bad.code == 1 && bad.stdout.contains("files were modified by this hook"),
        "{}",
        bad.stdout
    );
    let mended = std::fs::read_to_string(place.path("shop/bad.kdl")).unwrap();
    assert_eq!(mended, GOOD.replace("respond 200", "respond 999"));
    assert_eq!(run("fmt-bad").code, 0);
}

#[test]
fn a_commit_with_a_mistake_is_refused() {
    let place = Place::new();
    place.shop(&place.clone_of_this());
    let installed = place.pre_commit("shop", &["install"]);
    assert_eq!(installed.code, 0, "{}", installed.stderr);
    let commit = || {
        let arguments = ["commit", "--all", "--quiet", "-m", "A spec"];
        place.run(Path::new("git"), "shop", arguments)
    };
    let refused = commit();
    assert!(
        refused.code == 1 && refused.stderr.contains("bad.kdl:5:11"),
        "{}{}",
        refused.stdout,
        refused.stderr
    );
    std::fs::write(place.path("shop/bad.kdl"), GOOD).unwrap();
    let taken = commit();
    assert_eq!(taken.code, 0, "{}{}", taken.stdout, taken.stderr);
}

#[test]
fn the_list_of_hooks_is_valid() {
    let place = Place::new();
    let hooks = root().join(HOOKS);
    let told = place.pre_commit(".", &["validate-manifest", hooks.to_str().unwrap()]);
    assert_eq!(told.code, 0, "{}{}", told.stdout, told.stderr);
    let text = std::fs::read_to_string(hooks).unwrap();
    assert_eq!(text.matches("pass_filenames: false").count(), 4);
}

/// The hooks from source build once and then run what is built.
#[test]
fn what_is_built_from_source_is_run_in_the_folder_of_the_caller() {
    let place = Place::new();
    let script = place.path("checkout/compiler/cli/from-source.sh");
    std::fs::create_dir_all(script.parent().unwrap()).unwrap();
    std::fs::copy(root().join("compiler/cli/from-source.sh"), &script).unwrap();
    std::fs::create_dir_all(place.path("checkout/target/release")).unwrap();
    std::fs::copy(binary("gatec"), place.path("checkout/target/release/gatec")).unwrap();
    std::fs::create_dir(place.path("shop")).unwrap();
    std::fs::write(place.path("shop/gate.kdl"), GOOD).unwrap();
    let ran = place.run(&script, "shop", ["check", "--format", "agent"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "no findings\n"));
}
