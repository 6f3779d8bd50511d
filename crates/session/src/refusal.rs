//! What the system's refusals mean to a learner, and what there is to do about them.

use std::io;

/// What went wrong, for people: the system's own words, and what to do where something can be done.
pub(crate) fn told(error: &io::Error) -> String {
    let advice = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "the disk is full. Free some space and try again"
        }
        io::ErrorKind::FileTooLarge => {
            "the file would become larger than the system permits. Make it smaller, or have the limit raised"
        }
        io::ErrorKind::ReadOnlyFilesystem => {
            "the disk can only be read. Make it writable, or set ATELIER_HOME to a folder on another disk"
        }
        // An error of Atelier's own says already what to do.
        _ if error.get_ref().is_some() => return error.to_string(),
        io::ErrorKind::PermissionDenied => {
            "you may not do that with your permissions. See to it that the file and its folder belong to you and may be written"
        }
        io::ErrorKind::NotFound => "it is not there any more. It may have been deleted or moved",
        _ => return error.to_string(),
    };
    advice.to_owned()
}

/// As [`told`], of a place that was named: another one can be named instead.
pub(crate) fn told_of_named(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ReadOnlyFilesystem => {
            "the disk can only be read. Make it writable, or name a place on another disk"
                .to_owned()
        }
        // Who puts a path around what the system said says no more than it.
        kind @ io::ErrorKind::PermissionDenied => told(&kind.into()),
        _ => told(error),
    }
}

/// What the learner is told of a disk from which no program starts; nothing on any other.
#[cfg(target_os = "linux")]
pub(crate) fn no_programs(folder: &camino::Utf8Path) -> Option<String> {
    let about = rustix::fs::statvfs(folder.as_std_path()).ok()?;
    let refuses = about.f_flag.contains(rustix::fs::StatVfsMountFlags::NOEXEC);
    refuses.then(|| {
        format!(
            "The session lies on a disk from which the system starts no programs (noexec): {folder}. Scripts and programs of the workshop fail there. Set ATELIER_HOME to a folder on another disk, or have the disk mounted without noexec."
        )
    })
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn no_programs(_: &camino::Utf8Path) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_to_do() {
        for (code, told_of) in [
            (rustix::io::Errno::NOSPC, "Free some space"),
            (rustix::io::Errno::DQUOT, "Free some space"),
            (rustix::io::Errno::ROFS, "ATELIER_HOME"),
            (rustix::io::Errno::ACCESS, "belong to you"),
            (rustix::io::Errno::NOENT, "deleted or moved"),
            (rustix::io::Errno::IO, "os error"),
        ] {
            let text = told(&code.into());
            assert!(text.contains(told_of), "{code:?}: {text}");
        }
        let read_only = rustix::io::Errno::ROFS.into();
        assert!(told_of_named(&read_only).contains("name a place"));
        let with_path = io::Error::new(io::ErrorKind::PermissionDenied, "at path \"x\"");
        assert!(told_of_named(&with_path).contains("belong to you"));
        let own = io::Error::new(io::ErrorKind::NotFound, "in own words");
        assert_eq!(told(&own), "in own words");
    }
}
