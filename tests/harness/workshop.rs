//! A workshop written for one test, and how it is played.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use camino::{Utf8Path, Utf8PathBuf};

use crate::checked::Checked;
use crate::played::Played;
use crate::ports::Ports;
use crate::running::Running;
use crate::{atelier, dedent};

/// A workshop in a temporary folder.
pub struct WorkshopTest {
    folder: tempfile::TempDir,
    root: Utf8PathBuf,
    args: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    through: Vec<OsString>,
}

/// Two terminals, editor and examiner.
const DEFINITION: &str = "apiVersion: training.educates.dev/v1beta1
kind: Workshop
metadata:
  name: lab
spec:
  title: Lab
  description: A workshop for one test.
  session:
    applications:
      terminal: {enabled: true, layout: split}
      editor: {enabled: true}
      examiner: {enabled: true}
";

impl WorkshopTest {
    /// A workshop of these files; without a `resources/workshop.yaml` among them it gets a plain one.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let test = Self::empty();
        test.write("workshop/resources/workshop.yaml", DEFINITION);
        files
            .iter()
            .fold(test, |test, (path, text)| test.file(path, text))
    }

    /// A workshop of one page, `01-page`.
    pub fn page(text: &str) -> Self {
        Self::new(&[]).and_page("01-page", text)
    }

    /// A copy of `tests/workshops/fixtures/NAME`.
    pub fn from_fixture(name: &str) -> Self {
        let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/workshops/fixtures");
        let test = Self::empty();
        copy_folder(&Path::new(fixtures).join(name), test.root.as_std_path());
        test
    }

    /// A copy of a workshop that lies elsewhere.
    pub fn copy_of(folder: impl AsRef<Path>) -> Self {
        let test = Self::empty();
        copy_folder(folder.as_ref(), test.root.as_std_path());
        test
    }

    /// A workshop that lies elsewhere and is played where it lies.
    pub fn at(root: impl Into<Utf8PathBuf>) -> Self {
        Self {
            root: root.into(),
            ..Self::empty()
        }
    }

    fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = Utf8PathBuf::from_path_buf(folder.path().canonicalize().expect("it is there"))
            .expect("a plain name");
        for part in ["workshop", "tmp"] {
            fs::create_dir(path.join(part)).expect("a folder in it");
        }
        Self {
            folder,
            root: path.join("workshop"),
            args: Vec::new(),
            env: Vec::new(),
            through: Vec::new(),
        }
    }

    /// With one more page.
    #[must_use]
    pub fn and_page(self, name: &str, text: &str) -> Self {
        self.file(&format!("workshop/content/{name}.md"), text)
    }

    /// With this below `spec` in its definition, which says nothing else but the title; shared indentation is removed.
    #[must_use]
    pub fn spec(self, spec: &str) -> Self {
        let lines = dedent(spec);
        let lines: String = lines.lines().map(|line| format!("  {line}\n")).collect();
        let head = "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata: {name: lab}\nspec:\n  title: Lab\n  description: Lab\n";
        self.file("resources/workshop.yaml", &format!("{head}{lines}"))
    }

    /// With one more file; shared indentation is removed.
    #[must_use]
    pub fn file(self, path: &str, text: &str) -> Self {
        self.bytes(path, dedent(text).as_bytes())
    }

    /// With one more file of exactly these bytes.
    #[must_use]
    pub fn bytes(self, path: &str, bytes: &[u8]) -> Self {
        self.write(&format!("workshop/{path}"), bytes);
        self
    }

    /// With one more program.
    #[must_use]
    pub fn program(self, path: &str, text: &str) -> Self {
        self.file(path, text).mode(path, 0o755)
    }

    /// With an examiner test.
    #[must_use]
    pub fn examiner(self, name: &str, text: &str) -> Self {
        self.program(
            &format!("workshop/examiner/tests/{name}"),
            &format!("#!/bin/bash\n{}", dedent(text)),
        )
    }

    /// With other permissions on a file.
    #[must_use]
    pub fn mode(self, path: &str, mode: u32) -> Self {
        fs::set_permissions(self.root.join(path), fs::Permissions::from_mode(mode))
            .expect("permissions");
        self
    }

    /// With a link.
    #[must_use]
    pub fn link(self, path: &str, target: &str) -> Self {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::os::unix::fs::symlink(target, path).expect("a link");
        self
    }

    /// With an argument of the command.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// With a variable in the learner's environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// With the power of root over permissions taken away, which tests in containers mostly have.
    #[must_use]
    pub fn without_privilege(mut self) -> Self {
        if rustix::process::geteuid().is_root() {
            let drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"];
            self.through = drop.map(OsString::from).into();
        }
        self
    }

    /// Played by a user who is nobody's, where the tests run as root; to be said last, because everything becomes theirs.
    #[must_use]
    pub fn as_ordinary_user(mut self) -> Self {
        if rustix::process::geteuid().is_root() {
            self.through = ORDINARY.map(OsString::from).into();
            give(self.folder.path());
        }
        self
    }

    /// Makes a folder elsewhere belong to whoever plays it.
    pub fn also_theirs(&self, folder: &Path) {
        if self.through == ORDINARY.map(OsString::from) {
            give(folder);
        }
    }

    /// A program run by whoever plays it.
    pub fn beside_it(&self, program: &str) -> Command {
        let mut line = self.through.iter().cloned().chain([program.into()]);
        let mut command = Command::new(line.next().expect("a program"));
        command.args(line).current_dir("/");
        command
    }

    /// The workshop's folder.
    pub fn root(&self) -> &Utf8Path {
        &self.root
    }

    /// Where the run may leave things besides: beside the workshop.
    pub fn beside(&self, name: &str) -> Utf8PathBuf {
        let folder = Utf8Path::from_path(self.folder.path()).expect("a plain name");
        folder.canonicalize_utf8().expect("it is there").join(name)
    }

    /// The temporary folder of the runs, which is empty before and after.
    pub fn temporary(&self) -> Utf8PathBuf {
        self.beside("tmp")
    }

    /// Plays it to the end.
    pub fn test(&self) -> Played {
        let _ports = Ports::of(&self.root);
        let output = self.command("test", &["--format", "json"]).output();
        let played = Played::new(output.expect("atelier starts"));
        self.leaves_nothing(&played.stderr);
        played
    }

    /// Starts to play it.
    pub fn start(&self) -> Running {
        let mut command = self.command("test", &["--format", "json"]);
        Running::new(command.spawn().expect("atelier starts"))
    }

    /// Checks it.
    pub fn check(&self) -> Checked {
        let output = self.command("check", &["--format", "json"]).output();
        Checked::new(output.expect("atelier starts"))
    }

    /// Runs any command on it: `["render", "--page", "01-page"]`.
    pub fn run(&self, command: &str) -> Output {
        self.command(command, &[]).output().expect("atelier starts")
    }

    /// Plays it with more arguments, and leaves what comes of it to the caller.
    pub fn run_with(&self, args: &[&str]) -> Output {
        let output = self.command("test", args).output().expect("atelier starts");
        self.leaves_nothing(&String::from_utf8_lossy(&output.stderr));
        output
    }

    /// Plays it for people who read elsewhere; returns the exit status and the complaints.
    pub fn write_to(&self, reader: Stdio) -> (Option<i32>, String) {
        let mut command = self.command("test", &[]);
        let output = command.stdout(reader).output().expect("atelier starts");
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        self.leaves_nothing(&complaint);
        (output.status.code(), complaint)
    }

    /// Holds a run that is over to its word: no process and no file of it stays.
    ///
    /// # Panics
    /// When something is left.
    pub fn leaves_nothing(&self, why: &str) {
        let left = crate::processes_with(self.temporary().as_str());
        assert!(left.is_empty(), "still running: {left:#?}\n{why}");
        if self.args.iter().any(|arg| arg == "--keep") {
            return;
        }
        let files = self.temporary().read_dir_utf8().expect("it is there");
        let files: Vec<_> = files.flatten().map(|entry| entry.into_path()).collect();
        assert!(files.is_empty(), "left behind: {files:#?}\n{why}");
    }

    fn command(&self, command: &str, args: &[&str]) -> Command {
        let mut line = self.through.iter().cloned().chain([atelier().into()]);
        let mut atelier = Command::new(line.next().expect("a program"));
        atelier
            .args(line)
            .arg(command)
            .args(args)
            .args(&self.args)
            .arg(&self.root)
            .env("TMPDIR", self.temporary())
            .env("ATELIER_HOME", self.beside("atelier"))
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        atelier
    }

    fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.beside(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, bytes).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
}

/// What an ordinary user's program is started through.
const ORDINARY: [&str; 4] = [
    "setpriv",
    "--reuid=60123",
    "--regid=60123",
    "--clear-groups",
];

fn give(path: &Path) {
    std::os::unix::fs::lchown(path, Some(60123), Some(60123)).expect("root may give files away");
    if path.is_dir() && !path.is_symlink() {
        for entry in fs::read_dir(path).expect("a folder").flatten() {
            give(&entry.path());
        }
    }
}

/// Copies a folder with everything in it.
///
/// # Panics
/// When it cannot be copied.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    let entries = fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    for entry in entries.flatten() {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("a copy");
        }
    }
}
