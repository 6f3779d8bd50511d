//! Slips of the hand in commands: programs and variables that nobody knows, and that have the letters of one that is known.

use std::collections::BTreeSet;

use atelier_content::shell::{self, Script};
use atelier_content::{Diagnostic, Span, Workshop};

use super::programs::program;

/// Programs that workshops use most, and whose names are easily mistyped.
const PROGRAMS: [&str; 46] = [
    "awk", "bash", "cat", "chmod", "chown", "clear", "curl", "cut", "diff", "docker", "echo",
    "find", "git", "go", "grep", "head", "helm", "java", "javac", "kubectl", "less", "make",
    "mkdir", "mvn", "node", "npm", "pip", "pip3", "python", "python3", "rm", "sed", "sort", "ssh",
    "sudo", "tail", "tar", "tee", "touch", "tr", "uniq", "wget", "which", "xargs", "npx", "cargo",
];

/// Variables that every terminal has.
const VARIABLES: [&str; 12] = [
    "EXERCISES_DIR",
    "HOME",
    "INGRESS_DOMAIN",
    "INGRESS_PORT",
    "INGRESS_PORT_SUFFIX",
    "INGRESS_PROTOCOL",
    "PATH",
    "SESSION_HOSTNAME",
    "SESSION_NAME",
    "SESSION_NAMESPACE",
    "USER",
    "WORKSHOP_NAME",
];

/// Variables of the definition, `$(name)` there.
const EXPANDED: [&str; 6] = [
    "ingress_domain",
    "ingress_port_suffix",
    "ingress_protocol",
    "session_hostname",
    "session_name",
    "workshop_name",
];

/// What is wrong with a command that a shell reads. `place` is where a text of it is written.
pub(super) fn wrong(
    workshop: &Workshop,
    text: &str,
    place: impl Fn(&str) -> Span,
) -> Vec<Diagnostic> {
    let script = shell::read(text);
    if !script.is_clear {
        return Vec::new();
    }
    let is_named_once = |name: &str| {
        let texts = workshop.sources.iter().map(|(_, source)| source.text());
        let mut found = texts.flat_map(|text| text.match_indices(name));
        found.next().is_none() || found.next().is_none()
    };
    let programs = programs(&script).into_iter().map(|(name, meant)| {
        let message = format!("there is hardly a program `{name}`");
        let help = format!("did you mean `{meant}`?");
        (name, Diagnostic::warning("missing-program", message), help)
    });
    let variables = variables(text).into_iter().map(|(name, meant)| {
        let message = format!("nothing gives the variable `${name}` a value");
        let help = format!("did you mean `${meant}`?");
        (
            name,
            Diagnostic::warning("undefined-variable", message),
            help,
        )
    });
    let expansions = unexpanded(text, &place);
    // What stands in quotes or a here-document may be a text for something else.
    let starts = |name: &str| {
        let commands = || {
            script
                .commands
                .iter()
                .filter_map(|command| command.words.first())
        };
        EXPANDED.contains(&name)
            && !script.defined.contains(name)
            && commands().any(|word| word.text == name)
    };
    let expansions = expansions.filter(|_| EXPANDED.iter().any(|name| starts(name)));
    programs
        .chain(variables)
        .filter(|(name, ..)| is_named_once(name))
        .map(|(name, found, help)| found.at(place(&name), "probably misspelt").help(help))
        .chain(expansions)
        .collect()
}

/// Variables of the definition in the text of an action, which stay as they are written.
pub(super) fn unexpanded(
    text: &str,
    place: impl Fn(&str) -> Span,
) -> impl Iterator<Item = Diagnostic> {
    EXPANDED.iter().filter_map(move |name| {
        let written = format!("$({name})");
        let message = format!("`{written}` is no variable here");
        text.contains(&written).then(|| {
            Diagnostic::warning("classic-variable", message)
                .at(
                    place(&written),
                    "only the definition has variables like this",
                )
                .help(format!("write `{{{{< param {name} >}}}}`"))
        })
    })
}

fn programs(script: &Script) -> Vec<(String, &'static str)> {
    let named = script.commands.iter().filter_map(program);
    let names: BTreeSet<_> = named
        .filter(|(name, _)| name.is_literal && !script.defined.contains(&name.text))
        .map(|(name, _)| name.text.as_str())
        .collect();
    let slips = names.into_iter().filter_map(|name| {
        let meant = PROGRAMS.iter().find(|known| is_slip(name, known))?;
        Some((name.to_owned(), *meant))
    });
    slips
        .filter(|(name, _)| !PROGRAMS.contains(&name.as_str()))
        .collect()
}

/// Whether a name is a known one with two letters turned, or, where it is long, with one too many or too few in the middle.
/// Others are names of their own: `act`, `dockerd`, `egrep`, `kubectx`, `mkdirp`.
fn is_slip(name: &str, known: &str) -> bool {
    let same = |ends: (Option<char>, Option<char>)| ends.0 == ends.1;
    if !same((name.chars().next(), known.chars().next())) || name.len() < 3 {
        return false;
    }
    let is_middle = same((name.chars().last(), known.chars().last()));
    let is_one_slip = || strsim::damerau_levenshtein(name, known) == 1;
    if name.len() == known.len() {
        is_turned(name, known) && is_one_slip()
    } else {
        known.len() > 4 && name.len().abs_diff(known.len()) == 1 && is_middle && is_one_slip()
    }
}

fn is_turned(name: &str, known: &str) -> bool {
    let sorted = |name: &str| {
        let mut letters = name.as_bytes().to_vec();
        letters.sort_unstable();
        letters
    };
    sorted(name) == sorted(known)
}

/// The variables that a text reads and that have two letters turned of one that it sets, or that every terminal has.
fn variables(text: &str) -> Vec<(String, String)> {
    let set: BTreeSet<&str> = set(text).collect();
    let read: BTreeSet<&str> = read(text).collect();
    let slips = read.into_iter().filter_map(|name| {
        if name.len() < 4 || set.contains(name) || VARIABLES.contains(&name) {
            return None;
        }
        let mut known = set.iter().chain(&VARIABLES);
        let meant = known.find(|known| {
            is_turned(name, known) && strsim::damerau_levenshtein(name, known) == 1
        })?;
        Some((name.to_owned(), (*meant).to_owned()))
    });
    slips.collect()
}

fn name_at(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let name = &text[..end.unwrap_or(text.len())];
    (!name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit())).then_some(name)
}

/// `$name` and `${name…`.
fn read(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('$').filter_map(|(at, _)| {
        let rest = &text[at + 1..];
        name_at(rest.strip_prefix('{').unwrap_or(rest))
    })
}

/// `name=`, `for name`, and the words behind `read`, `declare` and their like.
fn set(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| c.is_whitespace() || ";&|()'\"`".contains(c));
    let mut names = false;
    words.filter_map(move |word| {
        let is_list = matches!(
            word,
            "declare"
                | "export"
                | "for"
                | "local"
                | "mapfile"
                | "read"
                | "readarray"
                | "readonly"
                | "select"
                | "typeset"
        );
        if is_list {
            names = true;
            return None;
        }
        let name = name_at(word)?;
        let rest = &word[name.len()..];
        let is_set = rest.starts_with('=') || rest.starts_with("+=");
        let is_listed = names && rest.is_empty();
        (is_set || is_listed).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_with_letters_in_another_order_are_slips() {
        let meant = |text: &str| {
            let found = programs(&shell::read(text)).into_iter();
            found.map(|(_, meant)| meant).collect::<Vec<_>>().join(" ")
        };
        for (text, known) in [
            ("crul -i x", "curl"),
            ("cat x | tial -n 3", "tail"),
            ("cut -f 1 x | ctu -f 2", "cut"),
            ("pyhton3 x.py", "python3"),
            ("sudo dokcer ps && kubctl get pods", "docker kubectl"),
            (
                "act -l; dockerd; egrep x; kubectx y; mkdirp z; tsort; wget2",
                "",
            ),
            ("pgrep x; javap X; gmake; python2 x; pip3 list; sl", ""),
            ("crul() { curl \"$@\"; }; crul x", ""),
            ("./crul; $crul", ""),
        ] {
            assert_eq!(meant(text), known, "{text}");
        }
    }

    #[test]
    fn variables_with_letters_in_another_order_are_slips() {
        let meant = |text: &str| {
            let found = variables(text).into_iter();
            found.map(|(_, meant)| meant).collect::<Vec<_>>().join(" ")
        };
        for (text, known) in [
            ("for count in 1 2; do echo $coutn; done", "count"),
            ("port=80; curl localhost:${prot}", "port"),
            ("cd $HOEM", "HOME"),
            ("echo $SESSION_NMAE$INGRESS_PORT_SUFFIX", "SESSION_NAME"),
            ("read -r name; echo $nmae", "name"),
            ("for form in a; do from=$form; echo $from; done", ""),
            ("echo $count $1 $? ${#a} $OTHER", ""),
            ("a=1; echo $b", ""),
        ] {
            assert_eq!(meant(text), known, "{text}");
        }
    }
}
