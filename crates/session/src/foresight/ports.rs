//! Ingresses whose port is none on which a server of the workshop listens, as far as commands and programs tell.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use atelier_content::action::{Action, EditorAction, TerminalAction};
use atelier_content::edit::EditOp;
use atelier_content::{Diagnostic, RenderedPage, Span, Workshop};
use regex::Regex;

use super::home;
use crate::received::{Kind, Received};

/// So many files are looked into.
const MOST_FILES: usize = 500;

/// How command lines and programs say on which port they listen.
static LISTENS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r"http\.server[ \t]+(?:-\S+[ \t]+\S+[ \t]+)*(\d+)",
        r"--port[ =](\d+)",
        r#"(?i)\b[a-z_]*port["']?[ \t]*(?::[ \t]*int[ \t]*)?[:=][ \t]*["']?(\d+)"#,
        r"\.listen\([ \t]*(\d+)",
        r#"["'](?:[0-9.]*|localhost|\*|\[::\])?:(\d+)["']"#,
        r"0\.0\.0\.0:(\d+)",
        r"(?:-b|--bind|-S)[ =]\S*?:(\d+)",
        r"(?m)^[ \t]*listen[ \t]+(\d+)",
        r"(?m)^EXPOSE[ \t]+(\d+)",
        r#"\(\(?["'][^"'\n]{0,60}["'],[ \t]*(\d+)"#,
        r"(?:^|\s)-p[ \t]+(\d+)",
        r"port-forward\s+.*?\s(\d+):",
        r"\bnc\s+(?:-\w+\s+)*-\w*l\w*\s+(?:-p\s+)?(\d+)",
    ]
    .iter()
    .filter_map(|pattern| Regex::new(pattern).ok())
    .collect()
});

/// Any number, and what stands right before it.
static NUMBER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:(localhost|127\.0\.0\.1):)?\b(\d{2,5})\b").ok());

/// Servers that listen on a port without being told, by what starts them.
const BY_THEMSELVES: &[(&str, &[u16])] = &[
    ("http.server", &[8000]),
    ("flask", &[5000]),
    ("uvicorn", &[8000]),
    ("gunicorn", &[8000]),
    ("manage.py", &[8000]),
    ("django", &[8000]),
    ("streamlit", &[8501]),
    ("jupyter", &[8888]),
    ("npm", &[3000, 4200, 5173, 8080, 8000, 8081]),
    ("npx", &[3000, 4200, 5173, 8080, 8000, 8081]),
    ("yarn", &[3000, 4200, 5173, 8080, 8000, 8081]),
    ("node", &[3000, 8080]),
    ("rails", &[3000]),
    ("java", &[8080, 8081]),
    ("mvn", &[8080]),
    ("gradle", &[8080]),
    ("quarkus", &[8080]),
    ("spring", &[8080]),
    ("hugo", &[1313]),
    ("jekyll", &[4000]),
    ("mkdocs", &[8000]),
    ("nginx", &[80, 8080]),
    ("grafana", &[3000]),
    ("prometheus", &[9090]),
    ("argocd", &[80, 443, 8080]),
];

/// What the workshop's texts say of ports.
#[derive(Debug, Default)]
struct Ports {
    /// Something listens there, and where that was read.
    listening: Vec<(u16, String)>,
    /// Numbers that may be ports on which something listens.
    possible: BTreeSet<u16>,
}

impl Ports {
    fn read(&mut self, text: &str, place: &str) {
        for pattern in LISTENS.iter() {
            for found in pattern.captures_iter(text) {
                let port = found.get(1).and_then(|port| port.as_str().parse().ok());
                if let Some(port) = port.filter(|port| *port >= 80) {
                    self.listening.push((port, place.to_owned()));
                }
            }
        }
        for found in NUMBER.iter().flat_map(|number| number.captures_iter(text)) {
            // An address only says where somebody asks.
            if found.get(1).is_none() {
                let number = found.get(2).map(|number| number.as_str().parse::<u16>());
                self.possible.extend(number.and_then(Result::ok));
            }
        }
        for (program, ports) in BY_THEMSELVES {
            if text.contains(program) {
                self.possible.extend(ports.iter());
            }
        }
        let default = text.contains("http.server") && !LISTENS[0].is_match(text);
        if default {
            self.listening.push((8000, place.to_owned()));
        }
    }
}

/// The ingresses that lead to a port on which nothing listens, while something listens on another one.
pub(super) fn wrong(
    workshop: &Workshop,
    pages: &[&RenderedPage],
    received: &[Received],
    scripts: &[String],
) -> Vec<Diagnostic> {
    let own = |host: &Option<String>| host.as_deref().is_none_or(|host| host == "localhost");
    if !workshop.ingresses.iter().any(|ingress| own(&ingress.host)) {
        return Vec::new();
    }
    let ports = ports(workshop, pages, received, scripts);
    let taken = |port: u16| {
        workshop
            .ingresses
            .iter()
            .any(|ingress| ingress.port == port)
    };
    let Some((other, place)) = ports.listening.iter().find(|(port, _)| !taken(*port)) else {
        return Vec::new();
    };
    let wrong = workshop.ingresses.iter().filter(|ingress| {
        own(&ingress.host)
            && !ports.possible.contains(&ingress.port)
            && ports
                .listening
                .iter()
                .all(|(port, _)| *port != ingress.port)
    });
    wrong
        .map(|ingress| {
            let (name, port) = (&ingress.name, ingress.port);
            let diagnostic = Diagnostic::warning(
                "ingress-port",
                format!("the ingress `{name}` leads to port {port}, on which nothing listens"),
            );
            let diagnostic = match in_definition(workshop, name, port) {
                Some(span) => diagnostic.at(span, "its address will not answer"),
                None => diagnostic,
            };
            diagnostic.help(format!(
                "{place} listens on {other}; write the same number in both"
            ))
        })
        .collect()
}

fn ports(
    workshop: &Workshop,
    pages: &[&RenderedPage],
    received: &[Received],
    scripts: &[String],
) -> Ports {
    let mut ports = Ports::default();
    for action in pages.iter().flat_map(|page| &page.actions) {
        let text = match &action.action {
            Ok(Action::Terminal(TerminalAction::Execute { command, .. })) => command,
            Ok(Action::Terminal(TerminalAction::Input { text, .. })) => text,
            Ok(Action::EditorTerminal(_)) => &action.face.body.clone().unwrap_or_default(),
            Ok(Action::Editor(EditorAction::Edit { op, .. })) => match op {
                EditOp::CreateFile { text }
                | EditOp::AppendLines { text }
                | EditOp::PrependLines { text }
                | EditOp::InsertBeforeLine { text, .. }
                | EditOp::AppendAfterLine { text, .. }
                | EditOp::AppendAfterMatch { text, .. }
                | EditOp::InsertBeforeMatch { text, .. }
                | EditOp::ReplaceLines { text, .. }
                | EditOp::ReplaceSelection { text }
                | EditOp::InsertBeforeSelection { text }
                | EditOp::AppendAfterSelection { text } => text,
                EditOp::ReplaceMatching { replacement, .. } => replacement,
                EditOp::Yaml(_) => &action.face.body.clone().unwrap_or_default(),
                _ => continue,
            },
            _ => continue,
        };
        ports.read(text, "a command");
    }
    for script in scripts {
        ports.read(script, "set-up");
    }
    let files = received.iter().filter(|entry| {
        matches!(entry.kind, Kind::File)
            && !entry.path.starts_with(&workshop.workshop_dir)
            && !entry.path.starts_with("resources")
            && !matches!(
                entry.path.extension(),
                Some("md" | "log" | "lock" | "svg" | "csv" | "html" | "css")
            )
    });
    for entry in files.take(MOST_FILES) {
        if let Some(text) = home::read(&workshop.root.join(&entry.path)) {
            ports.read(&text, &format!("`{}`", entry.path));
        }
    }
    ports
}

/// Where the definition says the port of an ingress.
fn in_definition(workshop: &Workshop, name: &str, port: u16) -> Option<Span> {
    let (file, source) = workshop.sources.iter().find(|(_, source)| {
        let folder = source.path().parent();
        folder.is_some_and(|folder| folder == "resources")
    })?;
    let text = source.text();
    let list = text.find("ingresses:")?;
    let digits = port.to_string();
    let places: Vec<_> = text[list..]
        .match_indices(&*digits)
        .map(|(at, _)| list + at)
        .filter(|at| text[..*at].trim_end().ends_with("port:"))
        .collect();
    let named = text[list..]
        .find(&format!("name: {name}"))
        .map_or(list, |at| list + at);
    let nearest = places.into_iter().min_by_key(|at| at.abs_diff(named))?;
    Some(Span::new(file, nearest..nearest + digits.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_say_where_they_listen() {
        for (text, port) in [
            ("python3 -m http.server 8080", 8080),
            ("python3 -m http.server", 8000),
            ("PORT = 8437", 8437),
            ("PORT: int = 8437", 8437),
            ("flask run --port 5001", 5001),
            ("app.run(host='0.0.0.0', port=5002)", 5002),
            ("http.createServer(f).listen(3001)", 3001),
            ("http.ListenAndServe(\":8090\", nil)", 8090),
            ("make_server(\"127.0.0.1\", 8001, app)", 8001),
            ("docker run -p 8081:80 nginx", 8081),
            ("gunicorn -b 0.0.0.0:8002 app", 8002),
            ("server.port=8085", 8085),
            ("kubectl port-forward svc/x 8086:80", 8086),
        ] {
            let mut ports = Ports::default();
            ports.read(text, "it");
            let found: Vec<_> = ports.listening.iter().map(|(port, _)| *port).collect();
            assert!(found.contains(&port), "{text}: {found:?}");
        }
        let mut ports = Ports::default();
        ports.read("curl http://localhost:8437/x", "it");
        assert!(ports.listening.is_empty() && !ports.possible.contains(&8437));
    }
}
