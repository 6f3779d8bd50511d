//! What a window manager does for a learner: it asks a window to close.

use x11rb::connection::Connection;
use x11rb::errors::ReplyError;
use x11rb::protocol::xproto::{AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, Window};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Sends to a process's window what a click on its close button sends.
pub(super) fn ask_to_close(process: u32) -> Outcome<()> {
    let (display, screen) = x11rb::connect(None)?;
    let atom =
        |name: &[u8]| -> Outcome<u32> { Ok(display.intern_atom(false, name)?.reply()?.atom) };
    let protocols = atom(b"WM_PROTOCOLS")?;
    let delete = atom(b"WM_DELETE_WINDOW")?;
    let owner = atom(b"_NET_WM_PID")?;
    let read = |window: Window, property: u32| -> Outcome<Vec<u32>> {
        let asked = display.get_property(false, window, property, AtomEnum::ANY, 0, 64)?;
        match asked.reply() {
            Ok(reply) => Ok(reply.value32().map(Iterator::collect).unwrap_or_default()),
            // It went while it was looked at.
            Err(ReplyError::X11Error(_)) => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    };
    let mut windows = vec![display.setup().roots[screen].root];
    while let Some(window) = windows.pop() {
        if read(window, owner)? == [process] && read(window, protocols)?.contains(&delete) {
            let message = ClientMessageEvent::new(32, window, protocols, [delete, 0, 0, 0, 0]);
            display
                .send_event(false, window, EventMask::NO_EVENT, message)?
                .check()?;
            return Ok(());
        }
        if let Ok(tree) = display.query_tree(window)?.reply() {
            windows.extend(tree.children);
        }
    }
    Err("it has no window that can be closed".into())
}
