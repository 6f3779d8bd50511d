//! The master side of a pseudo-terminal, and the child that leads it.

use std::fmt;
use std::os::fd::OwnedFd;
use std::process::ExitStatus;

use rustix::termios::{Winsize, tcgetpgrp, tcsetwinsize};

use super::Marker;

/// A child on a pseudo-terminal of its own, leading a session (in the sense of `setsid`) of its own.
pub struct PtyChild {
    /// The process id, which is also its process group and session id.
    pub pid: u32,
    /// The terminal's master side, for reading and writing. Non-blocking.
    pub master: OwnedFd,
    pub(crate) side: Master,
    pub(crate) end: PtyEnd,
    pub(crate) marker: Marker,
}

/// Waits, blocking, for the end of a child on a terminal. `None` when the system lost its status.
pub(crate) type PtyEnd = Box<dyn FnOnce() -> Option<ExitStatus> + Send>;

/// A handle on the master side, for asking and changing the size.
#[derive(Debug)]
pub(crate) struct Master(OwnedFd);

impl PtyChild {
    /// Takes over a master side, which becomes non-blocking.
    pub(super) fn new(
        pid: u32,
        master: OwnedFd,
        end: PtyEnd,
        marker: Marker,
    ) -> std::io::Result<Self> {
        let flags = rustix::fs::fcntl_getfl(&master)?;
        rustix::fs::fcntl_setfl(&master, flags | rustix::fs::OFlags::NONBLOCK)?;
        Ok(PtyChild {
            pid,
            side: Master(master.try_clone()?),
            master,
            end,
            marker,
        })
    }
}

impl fmt::Debug for PtyChild {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PtyChild")
            .field("pid", &self.pid)
            .finish_non_exhaustive()
    }
}

impl Master {
    /// Changes the size in characters. A terminal whose programs are gone has none to change.
    pub(crate) fn resize(&self, columns: u16, rows: u16) {
        let _ = tcsetwinsize(&self.0, size(columns, rows));
    }

    /// The process group in front.
    pub(crate) fn foreground(&self) -> Option<u32> {
        let group = tcgetpgrp(&self.0).ok()?;
        u32::try_from(group.as_raw_pid()).ok()
    }

    /// The programs' side, for looking only, without taking it for our own terminal.
    ///
    /// Not by its path: the terminal may belong to a `/dev/pts` that only its programs see.
    #[cfg(target_os = "linux")]
    pub(crate) fn other_side(&self) -> rustix::io::Result<OwnedFd> {
        use rustix::pty::OpenptFlags;
        rustix::pty::ioctl_tiocgptpeer(&self.0, OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)
    }

    /// The programs' side, for looking only, without taking it for our own terminal.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn other_side(&self) -> rustix::io::Result<OwnedFd> {
        use rustix::fs::{Mode, OFlags};
        let path = rustix::pty::ptsname(&self.0, Vec::new())?;
        let flags = OFlags::RDONLY | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        rustix::fs::open(path, flags, Mode::empty())
    }
}

/// A size in characters.
pub(super) fn size(columns: u16, rows: u16) -> Winsize {
    Winsize {
        ws_row: rows,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    }
}
