use super::*;

/// The programs of a text, in order.
fn programs(text: &str) -> Vec<String> {
    let script = read(text);
    let plain = script.commands.iter().flat_map(plain_commands);
    plain
        .filter_map(|words| program_of(words).map(str::to_owned))
        .collect()
}

#[test]
fn finds_the_program_of_every_command() {
    let cases: &[(&str, &str)] = &[
        ("docker ps", "docker"),
        ("cd x && make all; jq . <f | tee out", "cd make jq tee"),
        ("FOO=1 BAR='a b' node app.js", "node"),
        ("A=1", ""),
        ("sudo -u postgres psql -c 'select 1'", "sudo psql"),
        ("env -u X A=b python3 -V", "env python3"),
        ("time nohup nice -n 5 ./run.sh &", "time nohup nice"),
        ("timeout -s KILL 5 curl x", "timeout curl"),
        ("xargs -I {} docker rm {}", "xargs docker"),
        ("command -v docker >/dev/null || exit 1", "command exit"),
        ("x=$(git rev-parse HEAD)", "git"),
        ("echo \"$(kubectl get pods)\" `date`", "echo kubectl date"),
        ("echo '$(kubectl get pods)' # docker ps", "echo"),
        (
            "for i in $(seq 1 10); do curl -s http://localhost; done",
            "seq curl",
        ),
        (
            "until docker exec db pg_isready >/dev/null 2>&1; do sleep 1; done",
            "docker sleep",
        ),
        (
            "if ! ruby -v; then apt-get install ruby; fi",
            "ruby apt-get",
        ),
        ("while read -r line; do echo $line; done < f", "read echo"),
        ("case $x in a) helm list;; esac", "helm"),
        ("(cd a; mvn package)", "cd mvn"),
        (
            "bash -c 'terraform init && tofu plan'",
            "bash terraform tofu",
        ),
        ("bash -lc \"bash -c 'kind version'\"", "bash bash kind"),
        ("eval \"$(ssh-agent -s)\"", "eval ssh-agent ssh-agent"),
        (
            "./x && /usr/bin/perl a && ~/bin/y && $CMD go && \"$HOME/z\"",
            "",
        ),
        (
            "cat <<'EOF' > Dockerfile\nRUN apk add curl\nEOF\nls",
            "cat ls",
        ),
        ("cat <<EOF\n$(hostname) docker\nEOF", "cat hostname"),
        (
            "docker run --rm alpine:latest sh -c 'apk add curl'",
            "docker",
        ),
        ("printf 'A=1\\nB=2\\n' > /tmp/app.env", "printf"),
        ("f() { jq .; }; f", "jq f"),
        ("[ -f x ] && [[ $a == b ]] && (( 1 + 1 ))", ""),
        (
            "docker inspect x --format '{{range .Config.Env}}{{println .}}{{end}}'",
            "docker",
        ),
        ("kubectl get pods \\\n  -o wide", "kubectl"),
    ];
    for (text, expected) in cases {
        let expected: Vec<_> = expected.split_whitespace().collect();
        assert_eq!(programs(text), expected, "{text}");
    }
}

#[test]
fn says_what_a_text_defines_and_writes() {
    let script = read(
        "f() { :; }\nfunction g { :; }\nalias ll='ls -l' k=kubectl\necho x > bin/run 2>/dev/null",
    );
    let defined: Vec<_> = script.defined.iter().map(String::as_str).collect();
    assert_eq!(defined, ["f", "g", "k", "ll"]);
    assert!(script.written.contains("bin/run"));
    assert!(script.is_clear);
}

#[test]
fn says_when_a_text_is_no_bash() {
    for text in ["if [ x; then", "print(\"hello\"", "echo 'open", "}{ ) ("] {
        assert!(!read(text).is_clear, "{text}");
    }
}

#[test]
fn ends_on_deep_and_long_texts() {
    let units = [
        "$(",
        "((",
        "a|",
        "<<A ",
        "a $(b ",
        "if a; then ",
        "[[ ( ",
        "${a:-",
        "\"$(",
        "a && ! ",
        "{ ",
        "f() ",
        "$((",
        "a<b>",
        "`",
        "<<A\n",
        "'\"",
        "case a in ",
        "\\",
    ];
    for unit in units {
        drop(read(&unit.repeat(20_000)));
    }
}

proptest::proptest! {
    #[test]
    fn takes_any_text(text in "\\PC{0,200}") {
        for command in read(&text).commands {
            plain_commands(&command);
        }
    }

    #[test]
    fn takes_any_shell_like_text(text in "([a-c]|[ \\n]|[|&;<>(){}$`'\"#!=-]|\\$\\(|<<|if |fi|do|done){0,60}") {
        for command in read(&text).commands {
            plain_commands(&command);
        }
    }
}
