//! The `atelier` command as it is built from this tree.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The program; built when it is first asked for, so that no test meets an older one. `ATELIER_BIN` names another.
pub fn atelier() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| match std::env::var_os("ATELIER_BIN") {
        Some(program) => PathBuf::from(program),
        None => build(),
    })
}

/// Tests lie in `TARGET/PROFILE/deps`; the command lies beside that folder.
fn build() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows where it is");
    let folder = test
        .ancestors()
        .find(|folder| folder.ends_with("deps"))
        .and_then(Path::parent)
        .expect("tests lie in deps/");
    let target = folder
        .parent()
        .expect("a profile lies in the target folder");
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        // With the features of the whole workspace and of its tests, which only who asks for tests or examples gets
        // (there are no examples): nothing is compiled a second time.
        .args(["build", "--quiet", "--workspace", "--examples"])
        .args(["--bin", "atelier"])
        .arg("--manifest-path")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml"))
        .arg("--target-dir")
        .arg(target);
    if folder.ends_with("release") {
        cargo.arg("--release");
    }
    // What Cargo tells of the package of this test would be a change to the Cargo that is called, which compiles anew for it.
    for (name, _) in std::env::vars_os() {
        let known = name.to_string_lossy();
        if known.starts_with("CARGO_MANIFEST_") || known.starts_with("CARGO_PKG_") {
            cargo.env_remove(name);
        }
    }
    let built = cargo.status().expect("cargo starts");
    assert!(built.success(), "the atelier command does not build");
    folder.join("atelier")
}
