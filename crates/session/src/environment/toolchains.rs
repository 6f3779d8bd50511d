//! Toolchains of the owner that a private home would hide, and which of their caches a session shares.
//!
//! Shared is what is read only to be run (compilers, interpreters), and downloads that a tool reads without writing there, or
//! that it holds to checksums. Every other cache and all settings, which may hold passwords, are the session's own.

#[cfg(any(test, target_os = "linux"))]
use std::path::PathBuf;

use camino::{Utf8Path, Utf8PathBuf};
use url::Url;

use super::Environment;
use crate::isolation::Isolation;

/// What looks below `$HOME` unless told otherwise: the variable, where it is by default, and its folder of programs.
const TOOLCHAINS: &[(&str, &str, Option<&str>)] = &[
    ("CARGO_HOME", ".cargo", Some("bin")),
    ("RUSTUP_HOME", ".rustup", None),
    ("NVM_DIR", ".nvm", None),
    ("FNM_DIR", ".local/share/fnm", None),
    ("VOLTA_HOME", ".volta", Some("bin")),
    ("PYENV_ROOT", ".pyenv", Some("shims")),
    ("UV_PYTHON_INSTALL_DIR", ".local/share/uv/python", None),
    ("RBENV_ROOT", ".rbenv", Some("shims")),
    ("JENV_ROOT", ".jenv", Some("shims")),
    ("SDKMAN_DIR", ".sdkman", None),
];

const CARGO_HOME: &str = "CARGO_HOME";

/// Below Go's modules: what was downloaded, as a server of modules would have it.
const DOWNLOADED: &str = "cache/download";

/// What an isolated session reads of the owner's toolchains and caches.
#[cfg(any(test, target_os = "linux"))]
pub(crate) fn read_only(owner: &dyn Fn(&str) -> Option<String>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for (name, default, programs) in TOOLCHAINS {
        let folder = folder(owner, name, default);
        found.extend(match (*name, programs) {
            (CARGO_HOME, Some(programs)) => folder.map(|folder| folder.join(programs)),
            _ => folder,
        });
    }
    found.extend(modules(owner).map(|modules| modules.join(DOWNLOADED)));
    found.extend(folder(owner, "GRADLE_USER_HOME", ".gradle").map(|folder| folder.join("caches")));
    found.extend(folder(owner, "", ".m2/repository"));
    found
        .into_iter()
        .map(Utf8PathBuf::into_std_path_buf)
        .collect()
}

/// A folder of the owner's that a variable names, or that is below the home.
fn folder(
    owner: &dyn Fn(&str) -> Option<String>,
    name: &str,
    default: &str,
) -> Option<Utf8PathBuf> {
    let named = owner(name).filter(|named| !named.is_empty());
    let folder = match named {
        Some(named) => Utf8PathBuf::from(named),
        None => Utf8PathBuf::from(owner("HOME")?).join(default),
    };
    folder.is_dir().then_some(folder)
}

fn modules(owner: &dyn Fn(&str) -> Option<String>) -> Option<Utf8PathBuf> {
    let default =
        owner("GOPATH").map_or_else(|| "go/pkg/mod".to_owned(), |go| format!("{go}/pkg/mod"));
    folder(owner, "GOMODCACHE", &default)
}

/// Points tools at the owner's toolchains where these exist, and keeps the caches of Java's tools in the session's home:
/// Java takes the home of its settings from the system's list of users, not from `HOME`. Programs of toolchains that are
/// not on `path` are put at its end: a window that was not started from a shell does not have them.
pub(super) fn add(
    environment: &mut Environment,
    path: &mut String,
    home: &Utf8Path,
    owner: &dyn Fn(&str) -> Option<String>,
    isolation: Isolation,
) {
    let folder = |name: &str, default: &str| folder(owner, name, default);
    let is_isolated = isolation == Isolation::Isolated;
    for (name, default, programs) in TOOLCHAINS {
        let Some(found) = folder(name, default) else {
            continue;
        };
        if is_isolated && *name == CARGO_HOME {
            // Cargo locks and fills it, and keeps passwords there.
            environment.set(*name, home.join(".cargo").as_str());
        } else {
            environment.set(*name, found.as_str());
        }
        let programs = programs.map(|programs| found.join(programs));
        if let Some(programs) = programs.filter(|programs| programs.is_dir())
            && !std::env::split_paths(path.as_str()).any(|known| known == programs.as_std_path())
        {
            path.push(':');
            path.push_str(programs.as_str());
        }
    }
    // Modules are held to their checksums.
    if let Some(modules) = modules(owner) {
        if !is_isolated {
            environment.set("GOMODCACHE", modules.as_str());
        } else if modules.join(DOWNLOADED).is_dir() {
            // What is there is taken from there; what is not goes into the session's own.
            let proxy = Url::from_file_path(modules.join(DOWNLOADED)).map(String::from);
            environment.set(
                "GOPROXY",
                format!(
                    "{}|https://proxy.golang.org,direct",
                    proxy.unwrap_or_default()
                ),
            );
        }
    }
    environment.set("GRADLE_USER_HOME", home.join(".gradle").as_str());
    environment.set("MAVEN_USER_HOME", home.join(".m2").as_str());
    if let Some(gradle) = folder("GRADLE_USER_HOME", ".gradle")
        && gradle.join("caches/modules-2").is_dir()
    {
        environment.set("GRADLE_RO_DEP_CACHE", gradle.join("caches").as_str());
    }
    // Maven splits these at spaces and knows no quotes.
    if !home.as_str().contains(char::is_whitespace) {
        environment.set("MAVEN_OPTS", format!("-Duser.home={home}"));
    }
    if let Some(artifacts) = folder("", ".m2/repository")
        && !artifacts.as_str().contains(char::is_whitespace)
    {
        // Looked into behind the session's own repository, never written (Maven 3.9; older ones do not know the variable).
        environment.set("MAVEN_ARGS", format!("-Dmaven.repo.local.tail={artifacts}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_the_owner_has_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let owner_home = Utf8Path::from_path(dir.path()).unwrap();
        for folder in [
            ".cargo/bin",
            ".pyenv/shims",
            "elsewhere/rustup",
            "go/pkg/mod",
            ".gradle/caches/modules-2",
            ".m2/repository",
            ".npm",
        ] {
            std::fs::create_dir_all(owner_home.join(folder)).unwrap();
        }
        let shims = owner_home.join(".pyenv/shims");
        let owner = |name: &str| match name {
            "HOME" => Some(owner_home.to_string()),
            "RUSTUP_HOME" => Some(owner_home.join("elsewhere/rustup").to_string()),
            "NVM_DIR" => Some("/nowhere".to_owned()),
            _ => None,
        };
        let mut environment = Environment::default();
        let mut path = format!("/usr/bin:{shims}");
        add(
            &mut environment,
            &mut path,
            "/s/home".into(),
            &owner,
            Isolation::Folder,
        );
        let expected = |below: &str| Some(owner_home.join(below).to_string());
        for (name, value) in [
            ("CARGO_HOME", expected(".cargo")),
            ("PYENV_ROOT", expected(".pyenv")),
            ("RUSTUP_HOME", expected("elsewhere/rustup")),
            ("NVM_DIR", None),
            ("SDKMAN_DIR", None),
            ("GOPATH", None),
            ("GOMODCACHE", expected("go/pkg/mod")),
            ("GRADLE_USER_HOME", Some("/s/home/.gradle".to_owned())),
            ("GRADLE_RO_DEP_CACHE", expected(".gradle/caches")),
            ("MAVEN_OPTS", Some("-Duser.home=/s/home".to_owned())),
            (
                "MAVEN_ARGS",
                Some(format!(
                    "-Dmaven.repo.local.tail={owner_home}/.m2/repository"
                )),
            ),
        ] {
            assert_eq!(environment.get(name), value.as_deref(), "{name}");
        }
        assert_eq!(path, format!("/usr/bin:{shims}:{owner_home}/.cargo/bin"));
        assert!(environment.iter().all(|(_, value)| !value.contains(".npm")));

        std::fs::create_dir_all(owner_home.join("go/pkg/mod/cache/download")).unwrap();
        let mut environment = Environment::default();
        add(
            &mut environment,
            &mut path,
            "/s/home".into(),
            &owner,
            Isolation::Isolated,
        );
        let proxy = format!(
            "file://{owner_home}/go/pkg/mod/cache/download|https://proxy.golang.org,direct"
        );
        for (name, value) in [
            ("CARGO_HOME", Some("/s/home/.cargo")),
            ("GOMODCACHE", None),
            ("GOPROXY", Some(&*proxy)),
        ] {
            assert_eq!(environment.get(name), value, "{name}");
        }
        let shown = read_only(&owner);
        for (below, is_shown) in [
            (".cargo", false),
            (".cargo/bin", true),
            (".pyenv", true),
            ("go/pkg/mod", false),
            ("go/pkg/mod/cache/download", true),
            (".gradle", false),
            (".m2/repository", true),
        ] {
            let path = owner_home.join(below).into_std_path_buf();
            assert_eq!(shown.contains(&path), is_shown, "{below}");
        }
    }
}
