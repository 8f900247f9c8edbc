#!/bin/sh
# Runs the gatec of this checkout, and builds it first where that was not done yet: for programs that fetch
# the source and run it, such as pre-commit. (pre-commit's own support for Rust installs the package at the
# root of a repository; here the root is a workspace.)
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
gatec=$root/target/release/gatec
if [ ! -x "$gatec" ]; then
    if ! command -v cargo >/dev/null; then
        echo "error: cargo is not there, and gatec is not built yet" >&2
        echo "hint: install Rust, or install gatec and use the hooks that end in -system" >&2
        exit 2
    fi
    (
        # Git tells its hooks about the repository they run for; this is another one.
        unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_PREFIX
        cd "$root"
        cargo build --quiet --release --locked --package gatec --target-dir "$root/target" >&2
    )
fi
exec "$gatec" "$@"
