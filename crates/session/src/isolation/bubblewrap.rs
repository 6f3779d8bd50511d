//! Isolation by mounts and process numbers of the session's own.

/// What a session gets of its own from the kernel. The network stays the machine's: servers of the session are reached by
/// their ports. Its first process is process 1, so that its end is the end of them all; no capability is left to
/// undo a mount, also where Atelier runs as root.
pub(super) const NAMESPACES: &[&str] = &[
    "--unshare-user-try",
    "--unshare-pid",
    "--unshare-ipc",
    "--as-pid-1",
    "--cap-drop",
    "ALL",
    "--new-session",
];
