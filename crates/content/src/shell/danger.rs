//! What of a command its reader should know before it is typed for them (`session.md` 19.7).

use super::{Command, Script, Word, plain_commands, read};

/// What a command does beyond the ordinary.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Danger {
    /// It asks for the rights of another user, mostly the administrator's, with this program.
    Administrator {
        /// `sudo`
        program: String,
    },
    /// It deletes a folder with all that is in it that nobody means to lose.
    Deletes {
        /// The folder, as it is written: `/`, `$HOME/*`.
        folder: String,
        /// It is the home, that of the session.
        is_home: bool,
    },
    /// It talks to the Kubernetes cluster that the kubeconfig names.
    Cluster {
        /// `kubectl`
        program: String,
    },
}

/// Programs that run others as somebody else.
const AS_ANOTHER: &[&str] = &["doas", "pkexec", "run0", "su", "sudo", "sudoedit"];
/// Programs for clusters; every terminal knows `k` as `kubectl`.
const OF_CLUSTERS: &[&str] = &["helm", "k", "kubectl", "oc"];
/// What these do without any cluster.
const WITHOUT_CLUSTER: &[&str] = &[
    "completion",
    "config",
    "help",
    "kustomize",
    "lint",
    "options",
    "package",
    "plugin",
    "repo",
    "search",
    "show",
    "template",
    "version",
];
/// Folders of the system; a workshop may well have made others at the root.
const OF_THE_SYSTEM: &[&str] = &[
    "Applications",
    "Library",
    "System",
    "Users",
    "bin",
    "boot",
    "dev",
    "etc",
    "home",
    "lib",
    "lib64",
    "media",
    "mnt",
    "opt",
    "private",
    "proc",
    "root",
    "run",
    "sbin",
    "srv",
    "sys",
    "usr",
    "var",
];
/// How the home is written. Workshops know it by the last name too.
const HOMES: &[&str] = &["~", "$HOME", "${HOME}", "/home/eduk8s"];

/// What of a text for bash its reader should know before it is typed, each once. What cannot be read for certain is nothing
/// to be told: this keeps nobody from hiding a command.
pub fn dangers(text: &str) -> Vec<Danger> {
    let script = read(text);
    let commands = script.commands.iter();
    let mut found: Vec<_> = commands
        .flat_map(|command| of_command(command, &script))
        .collect();
    found.sort();
    found.dedup();
    found
}

fn of_command<'c>(command: &'c Command, script: &'c Script) -> impl Iterator<Item = Danger> {
    let parts = plain_commands(command).into_iter();
    parts.flat_map(|words| {
        let Some((first, arguments)) = words.split_first() else {
            return Vec::new();
        };
        let name = first.text.rsplit('/').next().unwrap_or_default();
        if !first.is_literal || script.defined.contains(&first.text) {
            return Vec::new();
        }
        let program = name.to_owned();
        match name {
            "rm" => deleted(arguments),
            _ if AS_ANOTHER.contains(&name) && !is_question(arguments) => {
                vec![Danger::Administrator { program }]
            }
            _ if OF_CLUSTERS.contains(&name) && asks_cluster(arguments) => {
                vec![Danger::Cluster { program }]
            }
            _ => Vec::new(),
        }
    })
}

/// It only tells of itself.
fn is_question(arguments: &[Word]) -> bool {
    let told = ["-V", "--version", "--help"];
    arguments.len() == 1 && told.contains(&arguments[0].text.as_str())
}

fn asks_cluster(arguments: &[Word]) -> bool {
    let mut verbs = arguments.iter().filter(|word| !word.text.starts_with('-'));
    let verb = verbs.next();
    let help = arguments.iter().any(|word| word.text == "--help");
    !help && verb.is_some_and(|verb| !WITHOUT_CLUSTER.contains(&verb.text.as_str()))
}

/// The folders that `rm` deletes with all that is in them, if nobody means to lose them.
fn deleted(arguments: &[Word]) -> Vec<Danger> {
    let mut only_operands = false;
    let (mut recursive, mut found) = (false, Vec::new());
    for word in arguments {
        match word.text.as_str() {
            _ if only_operands => found.extend(folder(word)),
            "--" => only_operands = true,
            "--recursive" => recursive = true,
            option if option.starts_with("--") => {}
            option if option.starts_with('-') => recursive |= option.contains(['r', 'R']),
            _ => found.extend(folder(word)),
        }
    }
    if recursive { found } else { Vec::new() }
}

fn folder(word: &Word) -> Option<Danger> {
    let is_home = is_home(word);
    let is_found = is_home || is_of_the_system(word);
    is_found.then(|| Danger::Deletes {
        folder: word.text.clone(),
        is_home,
    })
}

/// A folder, or everything in it: `X`, `X/`, `X/*`, `X/.*`.
fn whole(text: &str) -> &str {
    let inside = ["/*", "/.*", "/{*,.*}", "/{.,}*"];
    let folder = inside.iter().find_map(|all| text.strip_suffix(all));
    folder.unwrap_or(text).trim_end_matches(['/', '.'])
}

fn is_home(word: &Word) -> bool {
    let folder = whole(&word.text);
    // What stands in single quotes is a name.
    let is_name = folder.starts_with('$') && word.is_literal;
    HOMES.contains(&folder) && !is_name
}

fn is_of_the_system(word: &Word) -> bool {
    let Some(below) = word.text.strip_prefix('/').filter(|_| word.is_literal) else {
        return false;
    };
    let below = below.trim_start_matches('/');
    // Of the root itself: all, or what is hidden.
    if ["", ".", "*", ".*"].contains(&below) {
        return true;
    }
    let folder = whole(below);
    OF_THE_SYSTEM.contains(&folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn told(text: &str) -> Vec<String> {
        let told = |danger| match danger {
            Danger::Administrator { program } => format!("as {program}"),
            Danger::Deletes { folder, is_home } if is_home => format!("home {folder}"),
            Danger::Deletes { folder, .. } => format!("deletes {folder}"),
            Danger::Cluster { program } => format!("cluster {program}"),
        };
        dangers(text).into_iter().map(told).collect()
    }

    #[test]
    fn a_command_that_runs_as_somebody_else_is_known_wherever_it_stands() {
        for text in [
            "sudo apt-get install -y jq",
            "cd x && sudo make install",
            "echo a | sudo tee /etc/hosts",
            "ls; sudo ls",
            "X=1 sudo -E env",
            "if ! sudo true; then echo no; fi",
            "for x in 1 2; do sudo touch $x; done",
            "(sudo ls)",
            "echo \"$(sudo cat /etc/shadow)\"",
            "bash -c 'sudo ls'",
            "time sudo ls",
            "ls | xargs -n 1 sudo rm",
            "/usr/bin/sudo ls",
            "\\sudo ls",
            "echo one \\\n  && sudo two",
            "cat > f <<EOF\ntext\nEOF\nsudo cp f /etc",
            "cat <<EOF\n$(sudo id)\nEOF",
        ] {
            assert_eq!(told(text), ["as sudo"], "{text}");
        }
        assert_eq!(told("su - postgres -c psql"), ["as su"]);
        assert_eq!(told("doas ls; pkexec ls"), ["as doas", "as pkexec"]);
        assert_eq!(
            told("sudo rm -rf /etc; sudo ls"),
            ["as sudo", "deletes /etc"]
        );
    }

    #[test]
    fn what_only_speaks_of_it_is_no_danger() {
        for text in [
            "echo sudo",
            "echo 'sudo rm -rf /'",
            "grep sudo file",
            "# sudo ls",
            "ls # sudo rm -rf /",
            "command -v sudo",
            "which sudo",
            "man su",
            "sudo --version",
            "cat > f <<EOF\nsudo rm -rf /\nEOF",
            "cat > f <<'EOF'\n$(sudo id)\nEOF",
            "cat > f <<EOF\nsudo rm -rf /",
            "export sudo=1",
            "sudo=1",
            "sudo() { \"$@\"; }; sudo ls",
            "git commit -m \"use sudo\"",
            "./sudo.sh",
            "docker exec box sudo ls",
            "",
        ] {
            assert_eq!(told(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn deleting_the_root_the_home_or_the_system_is_known() {
        for (text, expected) in [
            ("rm -rf /", "deletes /"),
            ("rm -fr /", "deletes /"),
            ("rm -r -f /", "deletes /"),
            ("rm --recursive --force /", "deletes /"),
            ("rm -rf --no-preserve-root /", "deletes /"),
            ("rm -rfv /*", "deletes /*"),
            ("rm -rf //", "deletes //"),
            ("rm -rf /.", "deletes /."),
            ("rm / -rf", "deletes /"),
            ("rm -rf -- /", "deletes /"),
            ("rm -rf build /", "deletes /"),
            ("rm -rf /etc", "deletes /etc"),
            ("rm -rf /usr/", "deletes /usr/"),
            ("rm -Rf /home/*", "deletes /home/*"),
            ("cd /tmp && rm -rf /var/*", "deletes /var/*"),
            ("rm -rf ~", "home ~"),
            ("rm -rf ~/", "home ~/"),
            ("rm -rf ~/*", "home ~/*"),
            ("rm -rf ~/.*", "home ~/.*"),
            ("rm -rf $HOME", "home $HOME"),
            ("rm -rf \"$HOME\"", "home $HOME"),
            ("rm -rf \"${HOME}\"/*", "home ${HOME}/*"),
            ("rm -rf /home/eduk8s", "home /home/eduk8s"),
        ] {
            assert_eq!(told(text), [expected], "{text}");
        }
    }

    #[test]
    fn deleting_anything_else_is_no_danger() {
        for text in [
            "rm -rf ./build",
            "rm -rf build *",
            "rm -rf /tmp/x",
            "rm -rf /tmp/*",
            "rm -rf \"$DIR/\"",
            "rm -rf $DIR/*",
            "rm -rf ~/exercises",
            "rm -rf $HOME/exercises/*",
            "rm -rf /opt/workshop/x",
            "rm -rf /data",
            "rm -rf /usr/local/go",
            "rm -f /",
            "rm -f ~/*",
            "rm -rf '$HOME'",
            "rm -rf -- -r",
            "echo rm -rf /",
            "rmdir /",
            "git rm -r /",
            "docker run --rm -r /",
        ] {
            assert_eq!(told(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn what_talks_to_a_cluster_is_known() {
        for (text, expected) in [
            ("kubectl apply -f x.yaml", "cluster kubectl"),
            ("kubectl get pods | grep x", "cluster kubectl"),
            ("k delete pod x", "cluster k"),
            ("helm install x y", "cluster helm"),
        ] {
            assert_eq!(told(text), [expected], "{text}");
        }
        for text in [
            "kubectl version --client",
            "kubectl --help",
            "kubectl",
            "kubectl config view",
            "helm repo add x y",
            "source <(kubectl completion bash)",
            "echo kubectl apply",
        ] {
            assert_eq!(told(text), [""; 0], "{text}");
        }
    }
}
