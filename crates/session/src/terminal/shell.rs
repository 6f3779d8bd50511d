//! What a terminal runs: bash with our start-up file, or a start script of the workshop.
//!
//! Bash starts as an interactive login shell whose HOME is the session's `shell` folder, so that after `/etc/profile` it
//! reads our `.bash_profile` there. That one sets HOME right, then PATH and the session's variables again (Debian's
//! `/etc/profile` resets PATH), the prompt, the workshop's `profile`, and the home's own files, which are never written.
//!
//! **Marks.** `PS1` carries the end, prompt and input marks, `PS0` the start mark. Three places keep each other alive:
//! the last element of the array `PROMPT_COMMAND` puts the marks back into `PS1`, `PS2` and `PS0`; `PS0` puts that element
//! back before each command. Assigning `PROMPT_COMMAND` changes only its first element, so ours survives; `PS0` is
//! exported, so that a nested bash or `exec bash` gets its marks with its first command. One prompt without marks
//! remains possible, when a single command removes two of the three, or at the first prompt of a nested bash.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::Ground;
use crate::launch::Program;

/// What the terminals of a session have in common.
#[derive(Clone, Debug)]
pub struct ShellSetup {
    /// The session's folder for generated start-up files; made if missing.
    pub folder: PathBuf,
    /// The session's `$HOME`.
    pub home: PathBuf,
    /// Where shells start: usually `exercises` in the home. Must exist.
    pub cwd: PathBuf,
    /// The whole environment, with `PATH`.
    pub env: BTreeMap<String, String>,
    /// Files sourced before the home's own ones, in order: the workshop's `profile`. Missing ones are fine.
    pub profiles: Vec<PathBuf>,
    /// Workshop folders searched, in order, for `terminal/<id>.sh` and then `terminal.sh`.
    pub workshops: Vec<PathBuf>,
    /// What programs are told that ask for colours.
    pub ground: Ground,
}

/// What a terminal starts.
#[derive(Clone, Debug)]
pub struct Shell {
    /// The program with arguments and environment.
    pub program: Program,
    /// Whether it shows prompt marks; a start script does not.
    pub prompts: bool,
    /// What its programs are told that ask for colours.
    pub ground: Ground,
}

impl ShellSetup {
    /// Writes the start-up files and returns what terminal `id` starts.
    ///
    /// Fails when the files cannot be written or bash is not on the `PATH` of `env`.
    pub fn shell(&self, id: &str) -> io::Result<Shell> {
        let mut shell = self.prompt_shell()?;
        let Program { env, args, .. } = &mut shell.program;
        env.insert("TERMINAL_SESSION_ID".to_owned(), id.to_owned());
        if let Some(script) = self.start_script(id) {
            args.extend(["-c".into(), script_command(&script).into()]);
            shell.prompts = false;
        }
        Ok(shell)
    }

    /// Writes the start-up files and returns bash at its prompt, for a terminal that is none of the workshop's own: it has
    /// no id, and start scripts are not for it.
    ///
    /// Fails as [`Self::shell`] does.
    pub fn prompt_shell(&self) -> io::Result<Shell> {
        self.write()?;
        let mut program = Program::new(self.bash()?, &self.cwd);
        program.env = self.env.clone();
        // Only the start-up file sees this: it is how a login shell is made to read ours. The file puts HOME right.
        program.env.insert(
            "HOME".to_owned(),
            self.folder.to_string_lossy().into_owned(),
        );
        program
            .env
            .entry("TERM".to_owned())
            .or_insert_with(|| "xterm-256color".to_owned());
        // Programs that open a shell take this one, whichever the owner has.
        let shell = program.program.to_string_lossy().into_owned();
        program.env.entry("SHELL".to_owned()).or_insert(shell);
        program.args = vec!["-i".into(), "-l".into()];
        Ok(Shell {
            program,
            prompts: true,
            ground: self.ground.clone(),
        })
    }

    /// The script that terminal `id` runs instead of a prompt, if the workshop has one.
    pub fn start_script(&self, id: &str) -> Option<PathBuf> {
        // An id is a name, never a path.
        let own = (!id.contains('/') && !id.starts_with('.')).then(|| format!("terminal/{id}.sh"));
        let names = own.into_iter().chain(["terminal.sh".to_owned()]);
        names
            .flat_map(|name| self.workshops.iter().map(move |folder| folder.join(&name)))
            .find(|path| path.is_file() && (is_executable(path) || shebang(path).is_some()))
    }

    fn write(&self) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        write_if_changed(&self.folder.join("prompt"), PROMPT)?;
        write_if_changed(&self.folder.join(".bash_profile"), &self.start_up())
    }

    fn start_up(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.env {
            if is_name(name) && !SHELL_OWNED.contains(&name.as_str()) {
                text.push_str(&format!("export {name}={}\n", quote(value)));
            }
        }
        text.push_str(&format!("export HOME={}\n", quote(&self.home)));
        text.push_str("HISTFILE=\"$HOME/.bash_history\"\nPS1='[\\w] $ '\n");
        text.push_str("command -v kubectl >/dev/null && alias k=kubectl\n");
        for profile in &self.profiles {
            let profile = quote(profile);
            text.push_str(&format!("[ -r {profile} ] && . {profile}\n"));
        }
        text.push_str(HOME_FILES);
        let keep = format!("{{ . {}; }} 2>/dev/null", quote(self.folder.join("prompt")));
        text.push_str(&format!("export ATELIER_PROMPT={}\n{MARKS}", quote(keep)));
        text
    }

    /// The first bash on the session's PATH.
    fn bash(&self) -> io::Result<OsString> {
        let path = self.env.get("PATH").cloned().unwrap_or_default();
        let found = std::env::split_paths(&path)
            .map(|folder| folder.join("bash"))
            .find(|file| is_executable(file));
        found.map(PathBuf::into_os_string).ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::NotFound,
                format!("no bash was found on the PATH of the session, {path}"),
            )
        })
    }
}

/// Variables that the running shell keeps itself.
const SHELL_OWNED: [&str; 8] = [
    "PWD",
    "OLDPWD",
    "SHLVL",
    "_",
    "HOME",
    "PS1",
    "BASHOPTS",
    "SHELLOPTS",
];

/// As bash does for a login shell; a home without its own `.bash_profile` still gets its `.bashrc`.
const HOME_FILES: &str = r#"if [ -r "$HOME/.bash_profile" ]; then . "$HOME/.bash_profile"
elif [ -r "$HOME/.bash_login" ]; then . "$HOME/.bash_login"
elif [ -r "$HOME/.profile" ]; then . "$HOME/.profile"
elif [ -r "$HOME/.bashrc" ]; then . "$HOME/.bashrc"
fi
"#;

/// Installs the marks; `ATELIER_PROMPT` is the command that keeps them in place.
const MARKS: &str = r#"export ATELIER_PS0='\e]133;C;pid=$$;line=$LINENO;${PROMPT_COMMAND[77]:=$ATELIER_PROMPT}\a'
if [ "${BASH_VERSINFO[0]}" -gt 5 ] || { [ "${BASH_VERSINFO[0]}" -eq 5 ] && [ "${BASH_VERSINFO[1]}" -ge 1 ]; }; then
  PROMPT_COMMAND[77]=$ATELIER_PROMPT
else
  ATELIER_PS0='\e]133;C;pid=$$;line=$LINENO\a'
  PROMPT_COMMAND="${PROMPT_COMMAND:+$PROMPT_COMMAND;} $ATELIER_PROMPT"
fi
export PS0="$ATELIER_PS0${PS0-}"
"#;

/// Run before each prompt. Once in each shell it binds the key that `input.rs` sends, and says so in the marks. Must not fail under `set -e` or `set -u`, nor print anything.
const PROMPT: &str = r#"[ "${ATELIER_KEYS-}" = "$$" ] || for ATELIER_KEYS in emacs vi-insert vi-command $$; do
  [ "$ATELIER_KEYS" = "$$" ] || bind -m "$ATELIER_KEYS" '"\e[7701~": kill-whole-line' || :
done
case ${PS0-} in *'133;C;pid'*) ;; *) PS0=${ATELIER_PS0-}${PS0-} ;; esac
case ${PS1-} in *'133;D;$?;pid'*'133;B;pid'*) ;; *)
  PS1='\[\e]133;D;$?;pid=$$;line=$LINENO\a\e]133;A;pid=$$\a\]'${PS1-}'\[\e]133;B;pid=$$;keys=${ATELIER_KEYS-}\a\]' ;;
esac
case ${PS2-} in *'133;A;k=s'*) ;; *) PS2='\[\e]133;A;k=s;pid=$$\a\]'${PS2-} ;; esac
"#;

fn script_command(script: &Path) -> String {
    let quoted = quote(script);
    // A lost execute bit is forgiven: the interpreter is started as the kernel would, with everything after it as one word.
    match shebang(script).filter(|_| !is_executable(script)) {
        Some(line) => match line.split_once([' ', '\t']) {
            Some((interpreter, argument)) => {
                format!(
                    "exec {} {} {quoted}",
                    quote(interpreter),
                    quote(argument.trim())
                )
            }
            None => format!("exec {} {quoted}", quote(line)),
        },
        None => format!("exec {quoted}"),
    }
}

/// One word for a POSIX shell, whatever it contains.
pub(crate) fn quote(text: impl AsRef<std::ffi::OsStr>) -> String {
    format!(
        "'{}'",
        text.as_ref().to_string_lossy().replace('\'', r"'\''")
    )
}

fn is_name(name: &str) -> bool {
    let ok = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) && name.chars().all(ok)
}

fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// What a script's first line names to run it.
fn shebang(path: &Path) -> Option<String> {
    let mut first = Vec::new();
    let file = fs::File::open(path).ok()?;
    file.take(512).read_to_end(&mut first).ok()?;
    let line = first
        .strip_prefix(b"#!")?
        .split(|byte| *byte == b'\n')
        .next()?;
    let line = String::from_utf8_lossy(line).trim().to_owned();
    (!line.is_empty()).then_some(line)
}

/// Two terminals may start at once: the file is replaced in one step, and only when it has to be.
fn write_if_changed(path: &Path, text: &str) -> io::Result<()> {
    if fs::read(path).is_ok_and(|now| now == text.as_bytes()) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = crate::store::temporary_in(folder)?;
    io::Write::write_all(&mut file, text.as_bytes())?;
    file.persist(path)?;
    Ok(())
}
