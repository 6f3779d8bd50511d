//! Where a session's news go.

use std::sync::Arc;

use crate::protocol::Event;

/// Takes what happens without being asked for. Must not block.
pub type EventSink = Arc<dyn Fn(Event) + Send + Sync>;

/// A sink for those who do not listen.
pub fn nobody() -> EventSink {
    Arc::new(|_| ())
}
