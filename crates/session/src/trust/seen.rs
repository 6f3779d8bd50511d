//! One look at everything of a workshop that counts for trust.

use std::fs::{self, Metadata};

use atelier_content::action::PageAction;
use atelier_content::{Page, Variables, Workshop, render};
use camino::Utf8PathBuf;
use sha2::{Digest, Sha256};

use super::meaning::meaning;
use crate::received::{self, Kind, NotCopied, ReceiveError};

/// What a session would receive and read, as far as it counts for trust.
#[derive(Debug)]
pub(crate) struct Seen {
    /// The workshop's canonical folder.
    pub(crate) root: Utf8PathBuf,
    /// Where in it instructions and session scripts lie.
    pub(super) workshop_dir: Utf8PathBuf,
    /// The fingerprint of it all.
    pub(crate) print: String,
    /// Bytes of the files that a session receives.
    pub(crate) size: u64,
    /// In the order in which they were read.
    pub(super) parts: Vec<Part>,
}

/// A file, a link, or a page with its actions.
#[derive(Debug)]
pub(super) struct Part {
    /// Relative to the workshop's folder.
    pub(super) path: Utf8PathBuf,
    /// Permission bits; none of a link, or of what is read but not copied.
    pub(super) mode: Option<u32>,
    pub(super) what: What,
}

#[derive(Debug)]
pub(super) enum What {
    /// The digest of a file's content, and the content where it is a text that is short enough to be kept.
    File {
        digest: String,
        text: Option<String>,
    },
    /// Where a link leads.
    Link(Utf8PathBuf),
    /// The actions of a page, along all pathways, and the digest of everything that counts of them.
    Page { digest: String, steps: Vec<Step> },
}

/// An action of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    /// The name of its fence.
    pub(super) kind: String,
    /// What its card is headed with, and what it shows first.
    pub(super) title: String,
    /// It runs without a click of its own.
    pub(super) by_itself: bool,
    /// As it is written.
    pub(super) source: String,
    /// What it does when everything is filled in, as JSON.
    pub(super) meaning: String,
}

/// Longer texts are not kept to be compared, in bytes.
pub(super) const TEXT: usize = 64 * 1024;

/// How much of an action's heading is told, in characters.
const HEADING: usize = 160;

/// Looks at all of it: every regular file's path, mode and content, and where every link leads; of a page, only its actions, as
/// they are written and as they come out, so that a corrected sentence does not ask again. What was read of the workshop but is
/// not copied counts too: a definition outside the patterns still sets the session's environment. It is the same whichever
/// pathway the workshop was loaded along, and covers what only another one shows.
///
/// # Errors
/// When a file cannot be read, or a link leaves the folder.
pub(crate) fn look(workshop: &Workshop, variables: &Variables) -> Result<Seen, ReceiveError> {
    let mut hash = Sha256::new();
    let mut parts = Vec::new();
    let received = received::list(workshop)?;
    let mut unreadable = NotCopied::default();
    let mut size = 0;
    for (_, source) in workshop.sources.iter() {
        let found = received.binary_search_by(|entry| entry.path.as_path().cmp(source.path()));
        // Where a link leads may be left out of the copy.
        if !found.is_ok_and(|at| received[at].kind == Kind::File) {
            let digest = Sha256::digest(source.text());
            hash.update(source.path().as_str());
            hash.update([0]);
            hash.update(digest);
            parts.push(Part {
                path: source.path().to_owned(),
                mode: None,
                what: file(&digest, source.text().as_bytes()),
            });
        }
    }
    for entry in received {
        let path = workshop.root.join(&entry.path);
        match entry.kind {
            Kind::EmptyFolder => {}
            Kind::Link(target) => {
                hash.update(entry.path.as_str());
                hash.update([1]);
                hash.update(Sha256::digest(target.as_str()));
                parts.push(Part {
                    path: entry.path,
                    mode: None,
                    what: What::Link(target),
                });
            }
            Kind::File => {
                let pages = workshop.pages.iter().chain(&workshop.unlisted);
                let page = pages
                    .filter(|page| !page.missing)
                    .find(|page| workshop.sources.file(page.file()).path() == entry.path);
                let content = match page {
                    Some(page) => {
                        let (bodies, steps) = steps(workshop, page, variables);
                        let counts = Sha256::digest(bodies);
                        let digest = hex(&counts);
                        Ok((counts, What::Page { digest, steps }))
                    }
                    None => fs::read(&path).map(|content| {
                        let digest = Sha256::digest(&content);
                        (digest, file(&digest, &content))
                    }),
                };
                let about = fs::metadata(&path);
                match content.and_then(|content| Ok((about?, content))) {
                    Ok((about, (digest, what))) => {
                        let mode = mode(&about);
                        size += about.len();
                        hash.update(entry.path.as_str());
                        hash.update([0]);
                        hash.update(mode.to_le_bytes());
                        hash.update(digest);
                        parts.push(Part {
                            path: entry.path,
                            mode: Some(mode),
                            what,
                        });
                    }
                    Err(error) => unreadable.add(&entry.path, error),
                }
            }
        }
    }
    if unreadable.count > 0 {
        return Err(ReceiveError::NotCopied(unreadable));
    }
    Ok(Seen {
        root: workshop.root.clone(),
        workshop_dir: workshop.workshop_dir.clone(),
        print: hex(&hash.finalize()),
        size,
        parts,
    })
}

pub(super) fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn file(digest: &[u8], content: &[u8]) -> What {
    let short = (content.len() <= TEXT).then_some(content);
    let text = short.and_then(|content| std::str::from_utf8(content).ok());
    What::File {
        digest: hex(digest),
        text: text.filter(|text| !text.contains('\0')).map(str::to_owned),
    }
}

/// What counts of a page's actions, along all pathways: the bytes of the fingerprint, and each action once.
fn steps(workshop: &Workshop, page: &Page, variables: &Variables) -> (Vec<u8>, Vec<Step>) {
    let text = workshop.sources.file(page.file()).text();
    let mut names: Vec<&str> = workshop
        .pathways
        .iter()
        .map(|pathway| pathway.name.as_str())
        .chain([""])
        .collect();
    names.sort_unstable();
    // Values that differ from one pathway to another are left out here: the file that sets them counts as a whole.
    let declared = |name: &str| workshop.parameters.iter().any(|each| each.name == name);
    let mut variables: Variables = variables
        .iter()
        .filter(|(name, _)| !declared(name))
        .collect();
    variables.set("workshop_title", "");
    variables.set("workshop_description", "");
    let mut bodies = Vec::new();
    let mut steps: Vec<Step> = Vec::new();
    for name in names {
        variables.set("pathway_name", name);
        let mut of_pathway = Vec::new();
        let actions = render(workshop, page, &variables).actions;
        let by_themselves = run_by_themselves(&actions);
        for (action, by_itself) in actions.into_iter().zip(by_themselves) {
            let source = text.get(action.span.range.clone()).unwrap_or_default();
            let meaning = meaning(&action).to_string();
            bodies.extend_from_slice(source.as_bytes());
            bodies.push(0);
            bodies.extend_from_slice(meaning.as_bytes());
            bodies.push(0);
            of_pathway.push(Step {
                by_itself,
                title: heading(&action),
                kind: action.kind,
                source: source.to_owned(),
                meaning,
            });
        }
        // The first pathway is no pathway: it shows what most of them do.
        let known = steps.len();
        for step in of_pathway {
            if steps[..known].contains(&step) {
                continue;
            }
            // The same, and only along one of the pathways another one leads to it.
            let twin = Step {
                by_itself: !step.by_itself,
                ..step.clone()
            };
            let at = steps[..known].iter().position(|each| *each == twin);
            match at {
                Some(at) => steps[at].by_itself = true,
                None => steps.push(step),
            }
        }
    }
    (bodies, steps)
}

/// Which of a page's actions run without a click of their own: hidden ones, those that start by themselves, and what a
/// cascade leads to from these last. What follows from a click was asked for with it.
pub(crate) fn run_by_themselves(actions: &[PageAction]) -> Vec<bool> {
    let mut led = false;
    let by_themselves = actions.iter().map(|action| {
        let options = &action.options;
        let unasked = options.autostart || led;
        led = unasked && options.cascade;
        unasked || options.hidden
    });
    by_themselves.collect()
}

/// What its card is headed with, and the first line of what stands below.
fn heading(action: &PageAction) -> String {
    let face = &action.face;
    let mut lines = face.body.as_deref().unwrap_or_default().trim().lines();
    let heading = match (face.title.trim(), lines.next()) {
        (title, None) => title.to_owned(),
        ("", Some(line)) => line.to_owned(),
        (title, Some(line)) => format!("{title}: {line}"),
    };
    heading.chars().take(HEADING).collect()
}

#[cfg(unix)]
fn mode(about: &Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    about.permissions().mode() & 0o7777
}

#[cfg(not(unix))]
fn mode(about: &Metadata) -> u32 {
    u32::from(about.permissions().readonly())
}
