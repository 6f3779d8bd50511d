//! The reference's fixed folders in a text become the session's own (`session.md` section 3).
//!
//! Where the session's folder has a space or another character that a shell reads, its path is written as it must stand at
//! each place of a shell's text: with backslashes outside of quotes, as it is between quotes, in comments and in here-documents.

mod quoting;

use camino::Utf8Path;

use quoting::Quoting;

/// A folder that workshops spell out, and where it is in a session.
pub(crate) type Moved<'a> = (&'a str, &'a Utf8Path);

/// What reads a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// Nothing that would break a path at a space.
    Anyone,
    /// A shell.
    Shell,
}

/// The system's folders for temporary files. They are not the reference's alone: files that a command writes may be for other
/// machines, so that in a here-document they stay as they are.
pub(crate) const TEMPORARY: [&str; 2] = ["/tmp", "/var/tmp"];

/// Replaces the folders wherever a path begins with one of them.
pub(crate) fn rewrite(text: &str, folders: &[Moved<'_>], reader: Reader) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quoting = Quoting::default();
    let mut done = 0;
    let mut at = 0;
    let is_temporary = |from: &str| TEMPORARY.contains(&from);
    let is_read = reader == Reader::Shell
        && folders
            .iter()
            .any(|(from, to)| is_temporary(from) || to.as_str().contains(is_special));
    while let Some((found, from, to)) = next(text, at, folders) {
        at = found + from.len();
        if !starts(&text[..found]) || !ends(&text[at..]) {
            continue;
        }
        out.push_str(&text[done..found]);
        if is_read {
            quoting.read(&text[done..found]);
            if is_temporary(from)
                && (goes_on(&text[..found]) || quoting.is_past_quotes_or_in_a_document())
            {
                out.push_str(from);
            } else {
                out.push_str(&quoting.written(to.as_str()));
            }
            quoting.read(from);
        } else {
            out.push_str(to.as_str());
        }
        done = at;
    }
    out.push_str(&text[done..]);
    out
}

/// Whether a text spells one of the folders out, perhaps as the beginning of another name.
pub(crate) fn mentions(text: &[u8], folders: &[Moved<'_>]) -> bool {
    folders.iter().any(|(from, _)| {
        text.windows(from.len())
            .any(|window| window == from.as_bytes())
    })
}

/// The first folder from a place on.
fn next<'a>(
    text: &str,
    at: usize,
    folders: &[Moved<'a>],
) -> Option<(usize, &'a str, &'a Utf8Path)> {
    folders
        .iter()
        .filter_map(|(from, to)| Some((at + text[at..].find(from)?, *from, *to)))
        .min_by_key(|(found, ..)| *found)
}

/// Whether a path can begin after this text.
fn starts(before: &str) -> bool {
    before.ends_with("://")
        || !before.ends_with(|c: char| {
            c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '}' | '~')
        })
}

/// Whether a word before this place goes on with it: `$(pwd)/tmp`, `*/tmp`, `host:/tmp`.
fn goes_on(before: &str) -> bool {
    !before.ends_with("://") && before.ends_with([')', '*', ']', '?', ':', '`'])
}

/// Whether the name of the folder ends before this text; a full stop may end a sentence.
fn ends(after: &str) -> bool {
    let in_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    match after.strip_prefix('.') {
        Some(rest) => !rest.starts_with(|c: char| in_name(c) || matches!(c, '.' | '/')),
        None => !after.starts_with(in_name),
    }
}

/// Whether a character means something to a shell.
fn is_special(c: char) -> bool {
    !(c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '+' | ',' | ':' | '@' | '%'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folders<'a>(home: &'a str, workshop: &'a str) -> [Moved<'a>; 2] {
        [
            ("/home/eduk8s", Utf8Path::new(home)),
            ("/opt/workshop", Utf8Path::new(workshop)),
        ]
    }

    #[test]
    fn replaces_whole_folders_only() {
        let folders = folders("/s/home", "/s/workshop");
        for (text, expected) in [
            ("cd /home/eduk8s/x", "cd /s/home/x"),
            (
                "ls '/home/eduk8s' \"/opt/workshop\"",
                "ls '/s/home' \"/s/workshop\"",
            ),
            ("cd /home/eduk8s", "cd /s/home"),
            ("in /home/eduk8s.", "in /s/home."),
            (
                "in /home/eduk8s, /opt/workshop; or",
                "in /s/home, /s/workshop; or",
            ),
            (
                "PATH=/home/eduk8s/bin:/opt/workshop/bin:$PATH",
                "PATH=/s/home/bin:/s/workshop/bin:$PATH",
            ),
            ("file:///home/eduk8s/a.html", "file:///s/home/a.html"),
            ("/home/eduk8s/opt/workshop/x", "/s/home/opt/workshop/x"),
            (
                "/home/eduk8s2 /home/eduk8s-x /home/eduk8s_x /home/eduk8s.bak /home/eduk8s..",
                "/home/eduk8s2 /home/eduk8s-x /home/eduk8s_x /home/eduk8s.bak /home/eduk8s..",
            ),
            (
                "/my/home/eduk8s ./home/eduk8s ${ROOT}/home/eduk8s ~/home/eduk8s",
                "/my/home/eduk8s ./home/eduk8s ${ROOT}/home/eduk8s ~/home/eduk8s",
            ),
            (
                "/opt/workshops /opt/workshop/é",
                "/opt/workshops /s/workshop/é",
            ),
        ] {
            assert_eq!(rewrite(text, &folders, Reader::Shell), expected);
            assert_eq!(rewrite(text, &folders, Reader::Anyone), expected);
        }
    }

    #[test]
    fn writes_a_path_with_spaces_as_its_place_needs_it() {
        let folders = folders("/my s/home", "/it's $x/w");
        for (text, expected) in [
            ("cd /home/eduk8s/x", "cd /my\\ s/home/x"),
            (
                "cd \"/home/eduk8s/x\" '/home/eduk8s'",
                "cd \"/my s/home/x\" '/my s/home'",
            ),
            (
                "echo \"$(ls /home/eduk8s) in /home/eduk8s\"",
                "echo \"$(ls /my\\ s/home) in /my s/home\"",
            ),
            (
                "echo `ls \"/home/eduk8s\"`; ls /home/eduk8s",
                "echo `ls \"/my s/home\"`; ls /my\\ s/home",
            ),
            (
                "echo it\\'s /home/eduk8s # don't /home/eduk8s\nls /home/eduk8s",
                "echo it\\'s /my\\ s/home # don't /my s/home\nls /my\\ s/home",
            ),
            (
                "cat <<EOF > x\nit's in /home/eduk8s\nEOF\nls /home/eduk8s",
                "cat <<EOF > x\nit's in /my s/home\nEOF\nls /my\\ s/home",
            ),
            (
                "cat <<-'END' | x\n\t/home/eduk8s\n\tEND\nls /home/eduk8s",
                "cat <<-'END' | x\n\t/my s/home\n\tEND\nls /my\\ s/home",
            ),
            (
                "x=$((1<<2)); ls /home/eduk8s; y <<< /home/eduk8s",
                "x=$((1<<2)); ls /my\\ s/home; y <<< /my\\ s/home",
            ),
            ("a=${b#x} /home/eduk8s", "a=${b#x} /my\\ s/home"),
            (
                "ls /opt/workshop '/opt/workshop' \"/opt/workshop\"",
                "ls /it\\'s\\ \\$x/w '/it'\\''s $x/w' \"/it's \\$x/w\"",
            ),
        ] {
            assert_eq!(rewrite(text, &folders, Reader::Shell), expected, "{text}");
        }
        assert_eq!(
            rewrite("/home/eduk8s/x", &folders, Reader::Anyone),
            "/my s/home/x"
        );
    }

    #[test]
    fn temporary_files_are_moved_where_a_command_means_its_own_machine() {
        let tmp = Utf8Path::new("/my s/tmp");
        let folders = TEMPORARY.map(|folder| (folder, tmp));
        for (text, expected) in [
            (
                "cat <<EOF > /tmp/x\nmountPath: /tmp\nEOF\ncat /tmp/x",
                "cat <<EOF > /my\\ s/tmp/x\nmountPath: /tmp\nEOF\ncat /my\\ s/tmp/x",
            ),
            (
                "ls '/tmp/a' \"/var/tmp\" /tmp; ls </tmp/a",
                "ls '/my s/tmp/a' \"/my s/tmp\" /my\\ s/tmp; ls </my\\ s/tmp/a",
            ),
            (
                "ls \"$X\"/tmp $X/tmp ${X}/tmp $(pwd)/tmp ./tmp */tmp host:/tmp a/var/tmp",
                "ls \"$X\"/tmp $X/tmp ${X}/tmp $(pwd)/tmp ./tmp */tmp host:/tmp a/var/tmp",
            ),
            ("ls /tmpfs /tmp.d /tmp-a", "ls /tmpfs /tmp.d /tmp-a"),
        ] {
            assert_eq!(rewrite(text, &folders, Reader::Shell), expected, "{text}");
        }
    }

    #[test]
    fn what_it_writes_is_one_word_to_a_real_shell() {
        let folders = folders("/my s/h\"o`m$e", "/w");
        for text in [
            "printf '%s\\n' /home/eduk8s/x",
            "printf '%s\\n' \"/home/eduk8s/x\"",
            "printf '%s\\n' '/home/eduk8s/x'",
            "printf '%s\\n' \"$(printf %s /home/eduk8s/x)\"",
            "cat <<'EOF'\n/home/eduk8s/x\nEOF",
        ] {
            let script = rewrite(text, &folders, Reader::Shell);
            let output = std::process::Command::new("bash")
                .args(["-c", &script])
                .output()
                .unwrap();
            assert_eq!(
                String::from_utf8_lossy(&output.stdout),
                "/my s/h\"o`m$e/x\n",
                "{script}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_to_its_end(text in "(/home/eduk8s|/opt/workshop|[a-z'\"`$(){}#<\\\\ \n-]){0,40}") {
            let spaced = folders("/a b", "/c d");
            let written = rewrite(&text, &spaced, Reader::Shell);
            proptest::prop_assert!(written.len() + 16 * 40 >= text.len());
            let same = [("/home/eduk8s", Utf8Path::new("/home/eduk8s"))];
            proptest::prop_assert_eq!(rewrite(&text, &same, Reader::Shell), text);
        }
    }
}
