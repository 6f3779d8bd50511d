//! What is kept of trusted content, so that a later sheet can tell what has changed: `trusted/HASH.json` beside `trust.json`.

use std::fs::{self, File};
use std::io::{self, Read};
use std::time::{SystemTime, UNIX_EPOCH};

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::changes::rank;
use super::seen::{Part, Seen, Step, TEXT, What, hex};
use crate::store;

/// More parts than this are not kept one by one: the sheet then says only that the workshop has changed.
const PARTS: usize = 20_000;
/// How much text is kept of a workshop, in bytes; of what runs by itself first.
const TEXTS: usize = 2 << 20;
/// A larger file is none that was written by [`Record::write`], in bytes.
const FILE: u64 = 32 << 20;

/// What a workshop was like when it was trusted.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Record {
    /// The fingerprint of the content that this tells of.
    content: String,
    /// When it was trusted, in milliseconds since 1970.
    pub(super) at: u64,
    pub(super) parts: Vec<Kept>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) path: Utf8PathBuf,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) mode: Option<u32>,
    #[serde(flatten)]
    pub(super) what: KeptWhat,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum KeptWhat {
    File {
        digest: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    Link(Utf8PathBuf),
    Page {
        /// Of everything that counts of the page.
        digest: String,
        steps: Vec<KeptStep>,
    },
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct KeptStep {
    pub(super) kind: String,
    pub(super) title: String,
    #[serde(default)]
    pub(super) by_itself: bool,
    pub(super) digest: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) meaning: Option<String>,
}

impl Step {
    /// Of what it says and does.
    pub(super) fn digest(&self) -> String {
        let Self {
            source, meaning, ..
        } = self;
        hex(&Sha256::digest(format!("{source}\0{meaning}")))
    }
}

impl Record {
    /// The record of this content, where one was kept and can be read.
    pub(super) fn read(path: &Utf8Path, content: &str) -> Option<Self> {
        let mut bytes = Vec::new();
        let file = File::open(path).ok()?;
        file.take(FILE).read_to_end(&mut bytes).ok()?;
        let record: Self = serde_json::from_slice(&bytes).ok()?;
        (record.content == content).then_some(record)
    }

    /// Keeps what was seen. What is too much to be kept leaves no record.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn write(path: &Utf8Path, seen: &Seen) -> io::Result<()> {
        match Self::of(seen) {
            Some(record) => store::write_private(path, &serde_json::to_vec(&record)?),
            None => match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            },
        }
    }

    fn of(seen: &Seen) -> Option<Self> {
        let steps = |part: &Part| match &part.what {
            What::Page { steps, .. } => steps.len(),
            _ => 0,
        };
        if seen.parts.iter().map(|part| 1 + steps(part)).sum::<usize>() > PARTS {
            return None;
        }
        let mut order: Vec<&Part> = seen.parts.iter().collect();
        order.sort_by_key(|part| rank(seen, part));
        let mut room = TEXTS;
        let mut keep = |text: &str| {
            let fits = text.len() <= TEXT.min(room);
            fits.then(|| {
                room -= text.len();
                text.to_owned()
            })
        };
        let parts = order.into_iter().map(|part| Kept {
            path: part.path.clone(),
            mode: part.mode,
            what: match &part.what {
                What::File { digest, text } => KeptWhat::File {
                    digest: digest.clone(),
                    text: text.as_deref().and_then(&mut keep),
                },
                What::Link(target) => KeptWhat::Link(target.clone()),
                What::Page { digest, steps } => KeptWhat::Page {
                    digest: digest.clone(),
                    steps: steps.iter().map(|step| kept(step, &mut keep)).collect(),
                },
            },
        });
        Some(Self {
            parts: parts.collect(),
            content: seen.print.clone(),
            at: SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| since.as_millis() as u64),
        })
    }
}

fn kept(step: &Step, keep: &mut impl FnMut(&str) -> Option<String>) -> KeptStep {
    KeptStep {
        kind: step.kind.clone(),
        title: step.title.clone(),
        by_itself: step.by_itself,
        digest: step.digest(),
        source: keep(&step.source),
        meaning: keep(&step.meaning),
    }
}
