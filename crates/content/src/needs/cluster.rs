//! Which commands talk to a Kubernetes cluster, and which start one.

use crate::shell::Word;

/// Talk to a cluster whatever they are asked.
const ALWAYS: &[&str] = &[
    "argocd", "flux", "istioctl", "k9s", "kapp", "kn", "linkerd", "oc", "stern", "tkn",
];

/// What `kubectl` does by itself.
const KUBECTL_ALONE: &[&str] = &["completion", "config", "help", "kustomize", "plugin"];

/// What `helm` does with a cluster.
const HELM_WITH: &[&str] = &[
    "delete",
    "get",
    "history",
    "install",
    "list",
    "ls",
    "rollback",
    "status",
    "test",
    "uninstall",
    "upgrade",
];

/// Whether a command needs a cluster that is there.
pub(super) fn is_asked(name: &str, words: &[Word]) -> bool {
    let has = |option: &str| {
        words.iter().any(|word| {
            word.text == option
                || word
                    .text
                    .strip_prefix(option)
                    .is_some_and(|rest| rest.starts_with('='))
        })
    };
    // Whoever names a cluster has one.
    if has("--kubeconfig") || has("--help") {
        return false;
    }
    match name {
        // Educates gives `k` to every shell.
        "kubectl" | "k" => match verb(words) {
            None => false,
            Some("version") => !has("--client"),
            Some(verb) => !KUBECTL_ALONE.contains(&verb),
        },
        "helm" => verb(words).is_some_and(|verb| HELM_WITH.contains(&verb)),
        "skaffold" => {
            verb(words).is_some_and(|verb| matches!(verb, "run" | "dev" | "deploy" | "debug"))
        }
        _ => ALWAYS.contains(&name) && verb(words) != Some("version"),
    }
}

/// Whether a command starts a cluster on this machine.
pub(super) fn is_started(name: &str, words: &[Word]) -> bool {
    let word = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    match name {
        "minikube" | "colima" | "crc" => word(1) == "start",
        "kind" => word(1) == "create",
        "k3d" => word(1) == "cluster" && word(2) == "create",
        "k3s" | "microk8s" => true,
        "vcluster" => matches!(word(1), "create" | "connect"),
        _ => false,
    }
}

/// The first word that is no option nor the value of one.
fn verb(words: &[Word]) -> Option<&str> {
    let mut rest = words.iter().skip(1);
    while let Some(word) = rest.next() {
        match word.text.as_str() {
            "-n" | "--namespace" | "--context" | "-s" | "--server" | "--kube-context" => {
                rest.next();
            }
            option if option.starts_with('-') => {}
            verb => return Some(verb),
        }
    }
    // `kubectl` alone prints its help; k9s alone starts.
    None
}
