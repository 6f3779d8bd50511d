//! What is on its way to a terminal's programs, and who typed it.

use std::io::{PipeReader, PipeWriter, Write};

/// What is to be written, and what only once the shell is ready.
pub(super) struct Input {
    pub(super) waiting: Vec<u8>,
    queue: Vec<Queued>,
    pub(super) ready: bool,
    /// Whether output followed by quiet, instead of a prompt, means ready.
    pub(super) by_quiet: bool,
    pub(super) stopped: bool,
    pub(super) interrupts: u64,
    /// The learner has typed since text was last put aside.
    by_hand: bool,
    /// An action's text stands unfinished at the prompt.
    by_action: bool,
    pub(super) wake: Option<PipeWriter>,
}

/// What our shell start-up binds to `kill-whole-line` (see `shell.rs`). No keyboard sends it.
const PUT_ASIDE: &[u8] = b"\x1b[7701~";

enum Queued {
    Bytes(Vec<u8>),
    /// Brackets are added if the program wants them by then.
    Paste(Vec<u8>),
}

impl Input {
    pub(super) fn new(by_quiet: bool) -> (Input, Option<PipeReader>) {
        // Without a pipe (no descriptors left) the thread looks every so often instead.
        let (reader, writer) = std::io::pipe()
            .map(|(reader, writer)| (Some(reader), Some(writer)))
            .unwrap_or_default();
        let input = Input {
            waiting: Vec::new(),
            queue: Vec::new(),
            ready: false,
            by_quiet,
            stopped: false,
            interrupts: 0,
            by_hand: false,
            by_action: false,
            wake: writer,
        };
        (input, reader)
    }

    pub(super) fn write(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
        self.wake();
    }

    /// As [`Self::write`], for what the learner's keyboard sends.
    pub(super) fn write_by_hand(&mut self, bytes: &[u8]) {
        self.by_hand = true;
        self.write(bytes);
    }

    /// Puts what the learner has begun to type at the prompt into the shell's kill ring. An action's own text stays: the
    /// next one may be meant to finish it. On an empty line the key does nothing.
    pub(super) fn put_aside(&mut self) {
        if !self.by_action && std::mem::take(&mut self.by_hand) {
            self.write(PUT_ASIDE);
        }
    }

    /// A new prompt: nothing of an action stands at it.
    pub(super) fn prompt_shown(&mut self) {
        self.by_action = false;
    }

    pub(super) fn write_when_ready(&mut self, bytes: &[u8]) {
        self.by_action |= !bytes.ends_with(b"\r");
        if self.ready {
            self.write(bytes);
        } else {
            self.queue.push(Queued::Bytes(bytes.to_vec()));
        }
    }

    /// `bracketed` says what the program wants now; for text that has to wait it is asked again.
    pub(super) fn paste(&mut self, text: Vec<u8>, bracketed: bool) {
        self.by_action = true;
        if self.ready {
            self.write(&bracket(&text, bracketed));
        } else {
            self.queue.push(Queued::Paste(text));
        }
    }

    pub(super) fn forget(&mut self) {
        self.queue.clear();
        self.waiting.clear();
    }

    pub(super) fn stop(&mut self) {
        self.stopped = true;
        self.wake();
    }

    pub(super) fn become_ready(&mut self, bracketed: bool) {
        self.ready = true;
        for queued in std::mem::take(&mut self.queue) {
            match queued {
                Queued::Bytes(bytes) => {
                    self.by_action |= !bytes.ends_with(b"\r");
                    self.waiting.extend(bytes);
                }
                Queued::Paste(text) => {
                    self.by_action = true;
                    self.waiting.extend(bracket(&text, bracketed));
                }
            }
        }
    }

    pub(super) fn wake(&mut self) {
        if let Some(wake) = &mut self.wake {
            // A full pipe wakes just as well; it is non-blocking.
            let _ = wake.write(&[0]);
        }
    }
}

/// Puts text into paste brackets, without letting it end them early.
pub(super) fn bracket(text: &[u8], bracketed: bool) -> Vec<u8> {
    if !bracketed {
        return text.to_vec();
    }
    let text = String::from_utf8_lossy(text).replace("\x1b[201~", "");
    format!("\x1b[200~{text}\x1b[201~").into_bytes()
}
