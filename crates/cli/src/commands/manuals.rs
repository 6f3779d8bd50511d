//! `atelier completions`, and what packages hold of the command's manual: all of it made from its definition.

use std::fs;

use anyhow::Context;
use clap::CommandFactory;
use clap_complete::Shell;

use crate::Exit;
use crate::args::{Arguments, CompletionsArguments, ManualsArguments};
use crate::report;

/// The command's name, as it is installed.
const NAME: &str = "atelier";

pub(crate) fn completions(arguments: &CompletionsArguments) -> anyhow::Result<Exit> {
    report::print(&script(arguments.shell))?;
    Ok(Exit::Success)
}

/// Writes `man/atelier.1`, a page for each subcommand beside it, and the completions under the names that shells look for.
pub(crate) fn write(arguments: &ManualsArguments) -> anyhow::Result<Exit> {
    let (pages, completions) = (
        arguments.folder.join("man"),
        arguments.folder.join("completions"),
    );
    for folder in [&pages, &completions] {
        fs::create_dir_all(folder).with_context(|| format!("{folder} could not be made"))?;
    }
    clap_mangen::generate_to(Arguments::command(), &pages)
        .with_context(|| format!("the manual pages could not be written to {pages}"))?;
    let names = [
        (Shell::Bash, "atelier"),
        (Shell::Zsh, "_atelier"),
        (Shell::Fish, "atelier.fish"),
    ];
    for (shell, name) in names {
        let path = completions.join(name);
        fs::write(&path, script(shell)).with_context(|| format!("{path} could not be written"))?;
    }
    Ok(Exit::Success)
}

fn script(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), NAME, &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use camino::Utf8Path;

    use super::*;

    /// Every subcommand that is shown, with its options as they are typed.
    fn defined() -> BTreeMap<String, Vec<String>> {
        let command = Arguments::command();
        let shown = command.get_subcommands().filter(|sub| !sub.is_hide_set());
        shown
            .map(|sub| {
                let options = sub.get_arguments().filter(|arg| !arg.is_hide_set());
                let options = options.filter_map(|arg| arg.get_long());
                let options = options.map(|long| format!("--{long}")).collect();
                (sub.get_name().to_owned(), options)
            })
            .collect()
    }

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn completions_know_every_subcommand_and_option() {
        let defined = defined();
        assert!(defined.len() >= 6 && defined["test"].contains(&"--record".to_owned()));
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            let script = script(shell);
            for (subcommand, options) in &defined {
                assert!(script.contains(subcommand), "{shell}: {subcommand}");
                for option in options {
                    let word = option.trim_start_matches('-');
                    let has = match shell {
                        Shell::Fish => script.contains(&format!("-l {word}")),
                        _ => script.contains(option),
                    };
                    assert!(has, "{shell}: {subcommand} {option}");
                }
            }
        }
    }

    #[test]
    fn manual_pages_know_every_subcommand_and_option() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap().to_owned();
        write(&ManualsArguments {
            folder: folder.clone(),
        })
        .unwrap();
        // In roff a hyphen is written `\-`.
        let read = |name: &str| {
            let path = folder.join("man").join(name);
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
            text.replace("\\-", "-")
        };
        let main = read("atelier.1");
        for (subcommand, options) in defined() {
            assert!(
                main.contains(&format!("atelier-{subcommand}")),
                "{subcommand}"
            );
            let page = read(&format!("atelier-{subcommand}.1"));
            for option in options {
                assert!(page.contains(&option), "{subcommand} {option}");
            }
        }
        assert!(!folder.join("man/atelier-manuals.1").exists());
        let completions = folder.join("completions").read_dir_utf8().unwrap();
        assert_eq!(completions.count(), 3);
    }
}
