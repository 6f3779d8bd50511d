//! Programs that workshops use often, and what they are called where people get them.

/// Name, package of Debian and Ubuntu, package of Fedora, formula of Homebrew, page that says how to install it. Empty: none.
/// Only names of the distributions' own repositories stand here.
const PACKAGES: &[(&str, &str, &str, &str, &str)] = &[
    ("ansible", "ansible", "ansible", "ansible", ""),
    (
        "aws",
        "",
        "",
        "awscli",
        "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
    ),
    ("bc", "bc", "bc", "bc", ""),
    ("cargo", "cargo", "cargo", "rust", "https://rustup.rs"),
    ("clang", "clang", "clang", "llvm", ""),
    ("cmake", "cmake", "cmake", "cmake", ""),
    (
        "conda",
        "",
        "conda",
        "",
        "https://conda-forge.org/download/",
    ),
    ("curl", "curl", "curl", "curl", ""),
    (
        "docker",
        "docker.io",
        "moby-engine",
        "",
        "https://docs.docker.com/get-docker/",
    ),
    (
        "docker-compose",
        "docker-compose",
        "docker-compose",
        "docker-compose",
        "",
    ),
    (
        "dotnet",
        "",
        "dotnet-sdk-8.0",
        "",
        "https://dotnet.microsoft.com/download",
    ),
    (
        "envsubst",
        "gettext-base",
        "gettext-envsubst",
        "gettext",
        "",
    ),
    ("g++", "g++", "gcc-c++", "", ""),
    ("gcc", "gcc", "gcc", "", ""),
    ("git", "git", "git", "git", ""),
    (
        "go",
        "golang-go",
        "golang",
        "go",
        "https://go.dev/doc/install",
    ),
    (
        "gradle",
        "gradle",
        "",
        "gradle",
        "https://gradle.org/install/",
    ),
    (
        "helm",
        "",
        "helm",
        "helm",
        "https://helm.sh/docs/intro/install/",
    ),
    ("htop", "htop", "htop", "htop", ""),
    ("http", "httpie", "httpie", "httpie", ""),
    (
        "java",
        "default-jdk",
        "java-latest-openjdk-devel",
        "openjdk",
        "https://adoptium.net",
    ),
    (
        "javac",
        "default-jdk",
        "java-latest-openjdk-devel",
        "openjdk",
        "https://adoptium.net",
    ),
    ("jq", "jq", "jq", "jq", ""),
    (
        "jupyter",
        "jupyter",
        "",
        "jupyterlab",
        "https://jupyter.org/install",
    ),
    ("k9s", "", "", "k9s", "https://k9scli.io/topics/install/"),
    (
        "kind",
        "",
        "",
        "kind",
        "https://kind.sigs.k8s.io/docs/user/quick-start/",
    ),
    (
        "kubectl",
        "",
        "",
        "kubernetes-cli",
        "https://kubernetes.io/docs/tasks/tools/",
    ),
    (
        "kustomize",
        "",
        "",
        "kustomize",
        "https://kubectl.docs.kubernetes.io/installation/kustomize/",
    ),
    ("make", "make", "make", "make", ""),
    (
        "minikube",
        "",
        "",
        "minikube",
        "https://minikube.sigs.k8s.io/docs/start/",
    ),
    ("mvn", "maven", "maven", "maven", ""),
    ("mysql", "mariadb-client", "mariadb", "mysql-client", ""),
    ("nano", "nano", "nano", "nano", ""),
    ("nc", "netcat-openbsd", "netcat", "netcat", ""),
    ("ncat", "ncat", "nmap-ncat", "nmap", ""),
    (
        "node",
        "nodejs",
        "nodejs",
        "node",
        "https://nodejs.org/en/download",
    ),
    (
        "npm",
        "npm",
        "nodejs-npm",
        "node",
        "https://nodejs.org/en/download",
    ),
    (
        "npx",
        "npm",
        "nodejs-npm",
        "node",
        "https://nodejs.org/en/download",
    ),
    ("nslookup", "dnsutils", "bind-utils", "bind", ""),
    ("openssl", "openssl", "openssl", "openssl", ""),
    ("php", "php-cli", "php-cli", "php", ""),
    ("pip", "python3-pip", "python3-pip", "python", ""),
    ("pip3", "python3-pip", "python3-pip", "python", ""),
    ("podman", "podman", "podman", "podman", ""),
    ("psql", "postgresql-client", "postgresql", "libpq", ""),
    (
        "python",
        "python-is-python3",
        "python-unversioned-command",
        "python",
        "",
    ),
    ("python3", "python3", "python3", "python", ""),
    (
        "redis-cli",
        "redis-tools",
        "valkey-compat-redis",
        "redis",
        "",
    ),
    ("rsync", "rsync", "rsync", "rsync", ""),
    ("ruby", "ruby", "ruby", "ruby", ""),
    ("rustc", "rustc", "rust", "rust", "https://rustup.rs"),
    ("siege", "siege", "siege", "siege", ""),
    (
        "skaffold",
        "",
        "",
        "skaffold",
        "https://skaffold.dev/docs/install/",
    ),
    ("sqlite3", "sqlite3", "sqlite", "sqlite", ""),
    ("ssh", "openssh-client", "openssh-clients", "", ""),
    ("strace", "strace", "strace", "", ""),
    (
        "terraform",
        "",
        "",
        "",
        "https://developer.hashicorp.com/terraform/install",
    ),
    ("tmux", "tmux", "tmux", "tmux", ""),
    (
        "tofu",
        "",
        "opentofu",
        "opentofu",
        "https://opentofu.org/docs/intro/install/",
    ),
    ("tree", "tree", "tree", "tree", ""),
    ("unzip", "unzip", "unzip", "", ""),
    (
        "uv",
        "",
        "uv",
        "uv",
        "https://docs.astral.sh/uv/getting-started/installation/",
    ),
    ("vim", "vim", "vim-enhanced", "vim", ""),
    ("wget", "wget", "wget2-wget", "wget", ""),
    ("yarn", "yarnpkg", "yarnpkg", "yarn", ""),
    (
        "yq",
        "",
        "yq",
        "yq",
        "https://github.com/mikefarah/yq#install",
    ),
    (
        "ytt",
        "",
        "",
        "",
        "https://carvel.dev/ytt/docs/latest/install/",
    ),
    ("zip", "zip", "zip", "", ""),
];

/// Which machine this is, for the sake of package names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Platform {
    Debian,
    Fedora,
    MacOs,
    Other,
}

/// Whether a name is that of a program for certain.
pub(super) fn is_known(name: &str) -> bool {
    PACKAGES.iter().any(|(known, ..)| *known == name)
}

/// How to get a program on this machine, in a sentence.
pub(super) fn hint(name: &str) -> Option<String> {
    hint_on(platform(), name)
}

fn hint_on(platform: Platform, name: &str) -> Option<String> {
    let (_, debian, fedora, brew, page) = PACKAGES.iter().find(|(known, ..)| *known == name)?;
    let command = match platform {
        Platform::Debian => Some(("sudo apt install", debian)),
        Platform::Fedora => Some(("sudo dnf install", fedora)),
        Platform::MacOs => Some(("brew install", brew)),
        Platform::Other => None,
    };
    match command.filter(|(_, package)| !package.is_empty()) {
        Some((command, package)) => Some(format!("{command} {package}")),
        None if page.is_empty() => None,
        None => Some(format!("see {page}")),
    }
}

/// The version that the image of the workshop has of a program.
pub(super) fn of_image(image: Option<&str>, program: &str) -> Option<String> {
    let at = image?.find("jdk")?;
    let digits: String = image?[at + 3..]
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    let is_java = matches!(program, "java" | "javac" | "jshell");
    (is_java && !digits.is_empty() && digits.len() <= 2).then_some(digits)
}

fn platform() -> Platform {
    if cfg!(target_os = "macos") {
        return Platform::MacOs;
    }
    let about = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    platform_of(&about)
}

/// From the text of `/etc/os-release`.
fn platform_of(about: &str) -> Platform {
    let values = about.lines().filter_map(|line| line.split_once('='));
    let names: Vec<&str> = values
        .filter(|(key, _)| matches!(*key, "ID" | "ID_LIKE"))
        .flat_map(|(_, value)| value.trim_matches('"').split_whitespace())
        .collect();
    if names
        .iter()
        .any(|name| matches!(*name, "debian" | "ubuntu"))
    {
        Platform::Debian
    } else if names.iter().any(|name| matches!(*name, "fedora" | "rhel")) {
        Platform::Fedora
    } else {
        Platform::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_how_to_get_a_program() {
        let cases = [
            (Platform::Debian, "jq", Some("sudo apt install jq")),
            (Platform::Fedora, "sqlite3", Some("sudo dnf install sqlite")),
            (Platform::MacOs, "python3", Some("brew install python")),
            (
                Platform::Debian,
                "kubectl",
                Some("see https://kubernetes.io/docs/tasks/tools/"),
            ),
            (Platform::Other, "jq", None),
            (Platform::Debian, "unheard-of", None),
        ];
        for (platform, name, expected) in cases {
            assert_eq!(hint_on(platform, name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn knows_distributions() {
        assert_eq!(
            platform_of("NAME=Mint\nID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"),
            Platform::Debian
        );
        assert_eq!(
            platform_of("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n"),
            Platform::Fedora
        );
        assert_eq!(platform_of("ID=arch\n"), Platform::Other);
    }

    #[test]
    fn reads_versions_of_images() {
        let image = Some("ghcr.io/educates/educates-jdk21-environment:3.7");
        assert_eq!(of_image(image, "java").as_deref(), Some("21"));
        assert_eq!(of_image(image, "mvn"), None);
        assert_eq!(of_image(Some("base-environment:*"), "java"), None);
    }
}
