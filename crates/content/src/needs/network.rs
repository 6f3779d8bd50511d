//! What commands fetch from elsewhere.

use super::Place;
use crate::shell::Word;

/// Something that needs the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkUse {
    /// The address, or what is installed: `git clone https://…`, `pip install flask`.
    pub what: String,
    /// Where it is first asked for.
    pub place: Place,
}

/// The longest thing that is told, in characters.
const LONGEST: usize = 90;

/// What a command fetches, in a few words.
pub(super) fn fetched(name: &str, words: &[Word]) -> Option<String> {
    let rest: Vec<&str> = words[1..].iter().map(|word| word.text.as_str()).collect();
    let verb = rest
        .iter()
        .copied()
        .find(|word| !word.starts_with('-'))
        .unwrap_or_default();
    let is_one_of = |verbs: &[&str]| verbs.contains(&verb);
    let said = || Some(shown(&format!("{name} {}", rest.join(" "))));
    let first_remote = || {
        let mut urls = words[1..].iter().filter(|word| is_remote(&word.text));
        Some(shown(&format!("{name} {}", urls.next()?.text)))
    };
    if rest.contains(&"--help") || rest.contains(&"--version") {
        return None;
    }
    match name {
        "curl" | "wget" | "http" | "https" | "aria2c" => first_remote(),
        "git" if is_one_of(&["clone", "fetch", "pull", "push", "submodule"]) => {
            let url = words[1..].iter().find(|word| is_remote(&word.text))?;
            Some(shown(&format!("git {verb} {}", url.text)))
        }
        "pip" | "pip3" | "pipx" if is_one_of(&["install", "download"]) => {
            (!rest.contains(&"--no-index")).then(said)?
        }
        "python" | "python3" if rest.starts_with(&["-m", "pip", "install"]) => {
            (!rest.contains(&"--no-index")).then(said)?
        }
        "uv" if is_one_of(&["sync", "add", "pip", "tool"]) && !rest.contains(&"--offline") => {
            said()
        }
        "uvx" | "npx" if !verb.is_empty() => said(),
        "npm" | "pnpm" if is_one_of(&["install", "i", "ci", "add", "create", "init"]) => {
            (!(verb == "init" && rest.len() <= 2)).then(said)?
        }
        "yarn" if rest.is_empty() || is_one_of(&["install", "add", "create"]) => said(),
        "apt" | "apt-get" | "dnf" | "yum" | "brew" | "apk" | "zypper" | "snap" | "gem"
        | "conda" | "mamba"
            if is_one_of(&["install", "add", "update", "upgrade"]) =>
        {
            said()
        }
        "bundle" if rest.is_empty() || verb == "install" => said(),
        "go" if is_one_of(&["get", "install"]) || rest.starts_with(&["mod", "download"]) => said(),
        "cargo" if is_one_of(&["install", "add", "fetch"]) => said(),
        "mvn" | "gradle" if !verb.is_empty() => {
            Some(format!("{name} (dependencies that are not here yet)"))
        }
        "dotnet" if is_one_of(&["restore", "add", "build", "run"]) => {
            Some("dotnet (packages that are not here yet)".to_owned())
        }
        "terraform" | "tofu" if verb == "init" => said(),
        "ollama" | "crane" if verb == "pull" => said(),
        "helm" if is_one_of(&["repo", "pull", "dependency"]) => said(),
        "docker" | "podman" | "nerdctl" => image(name, &rest),
        "docker-compose" if is_one_of(&["up", "pull", "build", "run"]) => compose(name),
        "kubectl" => first_remote(),
        _ => None,
    }
}

fn image(name: &str, rest: &[&str]) -> Option<String> {
    let mut words = rest.iter().copied().filter(|word| !word.starts_with('-'));
    match words.next()? {
        "pull" => Some(shown(&format!("{name} pull {}", words.next()?))),
        "push" | "login" => Some(format!("{name} {}", rest.first()?)),
        "build" | "buildx" => Some(format!("{name} build (base images that are not here yet)")),
        "run" | "create" => Some(format!("{name} run (images that are not here yet)")),
        "compose" => matches!(words.next()?, "up" | "pull" | "build" | "run")
            .then(|| compose("docker compose"))?,
        _ => None,
    }
}

fn compose(name: &str) -> Option<String> {
    Some(format!("{name} (images that are not here yet)"))
}

/// The names that commands which install programs bring.
pub(super) fn installed(words: &[Word]) -> Vec<String> {
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let from = match texts.as_slice() {
        [
            "pip" | "pip3" | "pipx" | "gem" | "cargo" | "go" | "brew" | "snap" | "sdk",
            "install",
            ..,
        ] => 2,
        ["npm" | "pnpm", "install" | "i" | "add", ..] => 2,
        ["yarn", "global", "add", ..] | ["uv", "tool" | "pip", "install", ..] => 3,
        ["python" | "python3", "-m", "pip", "install", ..] => 4,
        [
            "apt" | "apt-get" | "dnf" | "yum" | "apk" | "conda",
            rest @ ..,
        ] => {
            match rest
                .iter()
                .position(|word| matches!(*word, "install" | "add"))
            {
                Some(at) => at + 2,
                None => return Vec::new(),
            }
        }
        ["mv" | "cp" | "install" | "ln", .., to] => {
            return to
                .rsplit('/')
                .next()
                .filter(|_| to.contains("bin/"))
                .map(str::to_owned)
                .into_iter()
                .collect();
        }
        ["curl" | "wget", rest @ ..] => {
            let file = rest.windows(2).find(|pair| is_output(pair[0]));
            return file
                .and_then(|pair| pair[1].rsplit('/').next())
                .map(str::to_owned)
                .into_iter()
                .collect();
        }
        _ => return Vec::new(),
    };
    let names = texts[from.min(texts.len())..]
        .iter()
        .filter(|word| !word.starts_with('-'));
    names
        .filter_map(|word| {
            let name = word
                .split(['@', '=', '[', '>', '<', '~', ':'])
                .find(|part| !part.is_empty())?;
            Some(name.rsplit('/').next()?.to_owned())
        })
        .collect()
}

/// `-o`, `-sSLo`, and wget's `-O`.
fn is_output(option: &str) -> bool {
    let flags = option
        .strip_prefix('-')
        .filter(|flags| !flags.starts_with('-'));
    option == "--output" || flags.is_some_and(|flags| flags.ends_with(['o', 'O']))
}

/// An address that a tab or the browser shows, unless it is on this machine.
pub(super) fn address(url: &str) -> Option<String> {
    is_remote(url).then(|| shown(url))
}

/// Whether an address is elsewhere for certain: what is only known at run time is mostly this session.
fn is_remote(text: &str) -> bool {
    let host = match text.split_once("://") {
        Some(("http" | "https" | "ssh" | "git" | "ftp", rest)) => rest,
        Some(_) => return false,
        None => match text.strip_prefix("git@") {
            Some(rest) => rest,
            None => return false,
        },
    };
    let host = host.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    let is_here = host == "localhost"
        || host.ends_with(".localhost")
        || host.starts_with("127.")
        || host.starts_with("0.0.0.0")
        || host.starts_with("[::1]")
        || host.starts_with("host.docker.internal")
        || host.ends_with(".nip.io")
        || host.ends_with(".local")
        || host.contains(".svc");
    let is_known = host.contains('.') && !host.contains(['$', '{', '}', '(', '<', '`']);
    is_known && !is_here && !host.ends_with("example.com") && !host.ends_with(".example")
}

fn shown(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONGEST {
        return line;
    }
    let start: String = line.chars().take(LONGEST - 1).collect();
    format!("{start}…")
}
