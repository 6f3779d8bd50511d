use super::*;

fn file() -> (Sources, FileId) {
    let mut sources = Sources::default();
    let id = sources.add("workshop/supervisor/app.conf", "");
    (sources, id)
}

fn read_text(text: &str) -> (Vec<ProgramSpec>, Vec<Diagnostic>) {
    read(file().1, text, "/s/workshop/supervisor")
}

/// The one program of a text without a mistake.
fn one(entries: &str) -> ProgramSpec {
    let (mut programs, diagnostics) = read_text(&format!("[program:web]\n{entries}"));
    assert_eq!(diagnostics, []);
    programs.remove(0)
}

fn messages(text: &str) -> Vec<(&'static str, String)> {
    let found = read_text(text).1.into_iter();
    found.map(|each| (each.code, each.message)).collect()
}

#[test]
fn everything_but_the_command_has_a_default() {
    let spec = one("command=run");
    assert_eq!(
        (
            spec.autostart,
            spec.restart,
            spec.exit_codes,
            spec.stop_signal
        ),
        (true, Restart::Unexpected, vec![0], 15)
    );
    assert_eq!(
        (
            spec.start_seconds,
            spec.start_retries,
            spec.stop_seconds,
            spec.priority
        ),
        (1, 3, 10, 999)
    );
    assert_eq!((spec.output.place, spec.errors), (LogPlace::Own, None));
    assert_eq!((spec.processes, spec.problem, spec.umask), (1, None, None));
}

#[test]
fn reads_every_key() {
    let spec = one(
        "command=run\nautostart=false\nautorestart=true\nexitcodes=0, 2\nstartsecs=5\nstartretries=0\npriority=10\n\
         stopsignal=SIGINT\nstopwaitsecs=1\nstopasgroup=true\nkillasgroup=true\ndirectory=/home/eduk8s/app\numask=022\n\
         environment=A=\"1\",B='two words',C=3\nstdout_logfile=/tmp/out.log\nstdout_logfile_maxbytes=1MB\n\
         stdout_logfile_backups=2\nstderr_logfile=/dev/fd/2\nnumprocs=2\nprocess_name=%(program_name)s_%(process_num)02d",
    );
    assert!(!spec.autostart && spec.stop_as_group);
    assert_eq!(
        (spec.restart, spec.exit_codes.clone()),
        (Restart::Always, vec![0, 2])
    );
    assert_eq!(
        (spec.start_seconds, spec.start_retries, spec.priority),
        (5, 0, 10)
    );
    assert_eq!(
        (spec.stop_signal, spec.stop_seconds, spec.umask),
        (2, 1, Some(0o22))
    );
    let pairs = [("A", "1"), ("B", "two words"), ("C", "3")];
    assert_eq!(
        spec.environment,
        pairs.map(|(a, b)| (a.to_owned(), b.to_owned()))
    );
    assert_eq!(spec.output.place, LogPlace::File("/tmp/out.log".to_owned()));
    assert_eq!((spec.output.max_bytes, spec.output.backups), (1 << 20, 2));
    assert_eq!(
        spec.errors.as_ref().map(|log| &log.place),
        Some(&LogPlace::Own)
    );
    assert_eq!(spec.names(), ["web:web_00", "web:web_01"]);
}

#[test]
fn a_command_is_split_as_a_shell_does_and_filled_in() {
    for (command, words) in [
        (
            "python3 -m http.server 8000 ; a comment",
            vec!["python3", "-m", "http.server", "8000"],
        ),
        (
            r#"sh -c "echo 'a b' $HOME""#,
            vec!["sh", "-c", "echo 'a b' $HOME"],
        ),
        (
            "%(ENV_HOME)s/run --name %(program_name)s 5%%",
            vec!["/h o/run", "--name", "web", "5%"],
        ),
        (
            "%(here)s/x *.txt",
            vec!["/s/workshop/supervisor/x", "*.txt"],
        ),
    ] {
        // A value with a space in it is two words, as in the reference.
        let env = |name: &str| (name == "HOME").then(|| "'/h o'".to_owned());
        let plan = one(&format!("command={command}")).plan(0, env);
        assert_eq!(
            plan.map(|plan| plan.words),
            Ok(words.into_iter().map(str::to_owned).collect())
        );
    }
}

#[test]
fn a_placeholder_without_a_value_is_said_by_name() {
    let plan = one("command=run %(ENV_TOKEN)s").plan(0, |_| None);
    assert_eq!(plan, Err(ProgramError::Unknown("ENV_TOKEN".to_owned())));
}

#[test]
fn the_log_of_the_container_is_the_log_of_the_program() {
    for (text, place) in [
        ("/proc/1/fd/1", LogPlace::Own),
        ("/proc/self/fd/2", LogPlace::Own),
        ("/dev/fd/1", LogPlace::Own),
        ("/dev/stdout", LogPlace::Own),
        ("AUTO", LogPlace::Own),
        ("NONE", LogPlace::Nowhere),
        ("/dev/null", LogPlace::Nowhere),
        ("~/x.log", LogPlace::File("~/x.log".to_owned())),
    ] {
        let spec = one(&format!(
            "command=run\nstdout_logfile={text}\nredirect_stderr=true"
        ));
        assert_eq!((spec.output.place, spec.errors), (place, None), "{text}");
    }
}

#[test]
fn says_what_is_ignored() {
    let text = "[program:a]\ncommand=x\nuser=root\nautostrat=no\n[eventlistener:b]\ncommand=y\n[group:c]\nprograms=a\n";
    assert_eq!(
        messages(text),
        [
            (
                "ignored-program-key",
                "the section `eventlistener:b` is ignored".to_owned()
            ),
            (
                "ignored-program-key",
                "the section `group:c` is ignored".to_owned()
            ),
            ("ignored-program-key", "`user` is ignored".to_owned()),
            (
                "unknown-program-key",
                "a program has no key `autostrat`".to_owned()
            ),
        ]
    );
    let help = read_text(text).1.pop().and_then(|last| last.help);
    assert_eq!(help.as_deref(), Some("did you mean `autostart`?"));
}

#[test]
fn says_what_has_no_sense_and_goes_on_with_the_default() {
    for (entries, part) in [
        ("autostart=false", "cannot run: it has no command"),
        ("command=a 'b", "quotes"),
        ("command=%(nope)s", "`%(nope)s` has no value"),
        ("command=date +%Y", "written `%%`"),
        (
            "command=a\nautorestart=maybe",
            "`true`, `false` or `unexpected`",
        ),
        ("command=a\nstartsecs=soon", "a number from 0 to 3600"),
        ("command=a\nexitcodes=256", "numbers from 0 to 255"),
        ("command=a\nstopsignal=NOPE", "one of TERM"),
        ("command=a\nnumprocs=2", "%(process_num)02d"),
        ("command=a\nnumprocs=5000", "a number from 1 to 16"),
        (
            "command=a\nprocess_name=../../../../state/x",
            "no spaces, `/`",
        ),
        (
            "command=a\nprocess_name=.x",
            "`process_name` of `program:web`",
        ),
        ("command=a\nprocess_name=setup-scripts", "a log of its own"),
        (
            "command=a\nnumprocs=2\nprocess_name=../%(process_num)s",
            "no spaces, `/`",
        ),
        ("command=a\nenvironment=A", "NAME="),
        ("command=a\numask=9", "octal"),
        ("command=a\nstdout_logfile_maxbytes=big", "10MB"),
    ] {
        let (programs, found) = read_text(&format!("[program:web]\n{entries}"));
        let [finding] = &found[..] else {
            panic!("{entries}: {found:?}");
        };
        assert_eq!(finding.code, "invalid-program");
        assert!(
            finding.message.contains(part),
            "{entries}: {}",
            finding.message
        );
        assert_eq!(programs.len(), 1, "{entries}");
        assert_eq!(programs[0].names(), ["web"], "{entries}");
    }
    for name in ["", "a b", "a/b", "all", ".x", "examiner-scripts"] {
        let (programs, found) = read_text(&format!("[program:{name}]\ncommand=x\n"));
        assert_eq!((programs.len(), found.len()), (0, 1), "{name:?}");
    }
}

#[test]
fn a_program_of_the_same_name_takes_the_place_of_the_earlier() {
    let mut all = vec![one("command=first")];
    add(&mut all, vec![one("command=second")]);
    assert_eq!(
        all.iter().map(|each| &*each.command).collect::<Vec<_>>(),
        ["second"]
    );
}
