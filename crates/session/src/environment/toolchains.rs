//! Toolchains of the owner that a private home would hide, and which of their caches a session shares.
//!
//! Shared is what is read only to be run (compilers, interpreters), and downloads that a tool reads without writing there, or
//! that it holds to checksums. Every other cache and all settings, which may hold passwords, are the session's own.

use camino::{Utf8Path, Utf8PathBuf};

use super::Environment;

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

/// Points tools at the owner's toolchains where these exist, and keeps the caches of Java's tools in the session's home:
/// Java takes the home of its settings from the system's list of users, not from `HOME`. Programs of toolchains that are
/// not on `path` are put at its end: a window that was not started from a shell does not have them.
pub(super) fn add(
    environment: &mut Environment,
    path: &mut String,
    home: &Utf8Path,
    owner: &dyn Fn(&str) -> Option<String>,
) {
    let owner_home = owner("HOME").map(Utf8PathBuf::from);
    let folder = |name: &str, default: &str| {
        let named = owner(name).filter(|named| !named.is_empty());
        let folder = named
            .map(Utf8PathBuf::from)
            .or_else(|| Some(owner_home.as_ref()?.join(default)))?;
        folder.is_dir().then_some(folder)
    };
    for (name, default, programs) in TOOLCHAINS {
        let Some(found) = folder(name, default) else {
            continue;
        };
        environment.set(*name, found.as_str());
        let programs = programs.map(|programs| found.join(programs));
        if let Some(programs) = programs.filter(|programs| programs.is_dir())
            && !std::env::split_paths(path.as_str()).any(|known| known == programs.as_std_path())
        {
            path.push(':');
            path.push_str(programs.as_str());
        }
    }
    // Modules are held to their checksums.
    let modules =
        owner("GOPATH").map_or_else(|| "go/pkg/mod".to_owned(), |go| format!("{go}/pkg/mod"));
    if let Some(modules) = folder("GOMODCACHE", &modules) {
        environment.set("GOMODCACHE", modules.as_str());
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
        add(&mut environment, &mut path, "/s/home".into(), &owner);
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
    }
}
