//! Whether there is a screen to open a window on.

use std::env;
use std::path::{Path, PathBuf};

/// Why no window can be opened here; nothing if one can.
pub(crate) fn missing() -> Option<String> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let set = |name| env::var(name).ok().filter(|value| !value.is_empty());
    let display = set("DISPLAY");
    let wayland = set("WAYLAND_DISPLAY");
    if display.is_none() && wayland.is_none() {
        return Some("there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)".to_owned());
    }
    let runtime = set("XDG_RUNTIME_DIR").map(PathBuf::from);
    let answers = display.as_deref().is_some_and(x_answers)
        || wayland
            .as_deref()
            .is_some_and(|name| wayland_answers(name, runtime.as_deref()));
    let name = display.or(wayland).unwrap_or_default();
    (!answers).then(|| format!("nothing answers at the display {name:?}"))
}

/// Whether a display on this machine answers; one elsewhere is believed to.
fn x_answers(display: &str) -> bool {
    local_number(display)
        .is_none_or(|number| answers(Path::new(&format!("/tmp/.X11-unix/X{number}"))))
}

/// The number of a display on this machine: 99 of `:99.0`.
fn local_number(display: &str) -> Option<u32> {
    let (host, rest) = display.rsplit_once(':')?;
    let number = rest.split('.').next()?.parse().ok()?;
    (host.is_empty() || host == "unix").then_some(number)
}

fn wayland_answers(name: &str, runtime: Option<&Path>) -> bool {
    let absolute = Path::new(name);
    match runtime {
        _ if absolute.is_absolute() => answers(absolute),
        Some(runtime) => answers(&runtime.join(name)),
        None => false,
    }
}

#[cfg(target_os = "linux")]
fn answers(socket: &Path) -> bool {
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::net::{SocketAddr, UnixStream};

    let hidden = SocketAddr::from_abstract_name(socket.as_os_str().as_bytes());
    UnixStream::connect(socket).is_ok()
        || hidden.is_ok_and(|address| UnixStream::connect_addr(&address).is_ok())
}

#[cfg(not(target_os = "linux"))]
fn answers(_socket: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displays_of_this_machine_have_a_number() {
        assert_eq!(local_number(":0"), Some(0));
        assert_eq!(local_number("unix:99.0"), Some(99));
        assert_eq!(local_number("localhost:10.0"), None);
        assert_eq!(local_number("nonsense"), None);
    }

    #[test]
    fn a_display_without_a_server_does_not_answer() {
        assert!(!x_answers(":64999"));
        assert!(x_answers("elsewhere.example:0"));
    }
}
