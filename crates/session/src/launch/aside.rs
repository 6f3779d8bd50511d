//! Waiting where nobody else is held up.

use tokio::runtime::{Handle, RuntimeFlavor};

/// Waits for a keeper's answer, which a hanging one does not give, without holding up a worker of the runtime: its other tasks
/// go on elsewhere.
pub(super) fn aside<T>(wait: impl FnOnce() -> T) -> T {
    let flavor = Handle::try_current().map(|runtime| runtime.runtime_flavor());
    match flavor {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(wait),
        // On its only thread, or on none of a runtime's, there is nowhere to go.
        _ => wait(),
    }
}
