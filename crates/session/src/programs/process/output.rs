//! Carries what a process prints into its logs.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::programs::log::Log;

/// How long the last words of a program that has ended may take to arrive.
const LAST_WORDS: Duration = Duration::from_millis(500);

pub(super) type Pumps = [Option<JoinHandle<()>>; 2];

/// Carries what is printed into a log, until everybody has closed the pipe.
pub(super) fn pump(mut pipe: pipe::Receiver, log: &Arc<Log>) -> JoinHandle<()> {
    let log = Arc::clone(log);
    tokio::spawn(async move {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(count @ 1..) = pipe.read(&mut buffer).await {
            log.add(&buffer[..count]);
        }
    })
}

/// Waits until everything printed is in the log; what a child left behind prints goes on arriving.
pub(super) async fn drain(pumps: Pumps) {
    for pump in pumps.into_iter().flatten() {
        let _ = timeout(LAST_WORDS, pump).await;
    }
}
