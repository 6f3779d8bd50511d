//! What a program has printed, as `supervisorctl tail` shows it.

use std::sync::Arc;

use tokio::io::AsyncWrite;
use tokio::sync::broadcast::error::RecvError;

use super::{GENERIC, named};
use crate::programs::Shared;
use crate::programs::reply::Answer;

/// How much is shown unless it is said, in bytes.
const TAIL: usize = 1600;

/// `tail [-f] [-BYTES] NAME [stdout|stderr]`
pub(super) async fn tail<W: AsyncWrite + Unpin>(
    shared: &Shared,
    words: &[&str],
    answer: &mut Answer<W>,
) -> u8 {
    let (options, words): (Vec<&str>, Vec<&str>) = words
        .iter()
        .copied()
        .partition(|word| word.starts_with('-'));
    let Some((name, rest)) = words.split_first() else {
        answer
            .line("Error: too few arguments for command 'tail'")
            .await;
        return GENERIC;
    };
    let process = match named(shared, name).as_deref() {
        Ok([process]) => Arc::clone(process),
        _ => {
            answer
                .line(format!("{name}: ERROR (no such process name)"))
                .await;
            return GENERIC;
        }
    };
    let log = match (rest.first(), &process.errors) {
        (Some(&"stderr"), Some(errors)) => errors,
        _ => &process.output,
    };
    let limit = options
        .iter()
        .find_map(|option| option.trim_start_matches('-').parse().ok())
        .unwrap_or(TAIL);
    if !options.contains(&"-f") {
        let text = String::from_utf8_lossy(&log.tail(limit)).into_owned();
        answer.line(text).await;
        return 0;
    }
    answer.line("==> Press Ctrl-C to exit <==").await;
    let (before, mut pieces) = log.follow(limit);
    answer.text(&String::from_utf8_lossy(&before)).await;
    while !answer.is_gone() {
        match pieces.recv().await {
            Ok(piece) => answer.text(&String::from_utf8_lossy(&piece)).await,
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => break,
        }
    }
    0
}
