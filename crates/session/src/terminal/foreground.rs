//! Asks the system what the program in front of a terminal is doing: does it wait for input, is it at work?

use std::os::fd::OwnedFd;

use rustix::fs::Dev;

/// Whether a program waits for input from the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// It does something else.
    No,
    /// It is blocked reading the terminal.
    Reading,
    /// It is asleep until the terminal has something for it.
    Polling,
    /// It is asleep until the terminal, or something else it watches, has something for it.
    PollingMore,
    /// It sleeps and the system does not tell on what (another user's program, or not Linux).
    Unknown,
}

/// One look at a terminal's programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The process group in front.
    pub group: u32,
    /// Its number among the session's own processes, where they have numbers of their own: what its shell calls itself.
    pub group_inside: u32,
    /// Whether any process of it waits for input.
    pub waits: Waits,
    /// Clock ticks (usually 10 ms) that the terminal's processes and their descendants have used so far.
    pub ticks: u64,
    /// Whether any of them is running or waits for a disk.
    pub busy: bool,
    /// Typed bytes that nobody has read yet.
    pub unread: u64,
    /// Whether typed characters are neither shown nor gathered into lines: a password, or a program with its own keys.
    pub unusual_input: bool,
}

/// Bytes that were typed and not yet read; 0 where the system does not tell.
pub(super) fn unread(tty: Option<&OwnedFd>) -> u64 {
    tty.and_then(|tty| rustix::io::ioctl_fionread(tty).ok())
        .unwrap_or_default()
}

/// Whether typed characters are hidden, or reach the program one by one.
pub(super) fn unusual_input(tty: Option<&OwnedFd>) -> bool {
    use rustix::termios::LocalModes;
    let usual = LocalModes::ECHO | LocalModes::ICANON;
    tty.and_then(|tty| rustix::termios::tcgetattr(tty).ok())
        .is_some_and(|settings| !settings.local_modes.contains(usual))
}

/// What the programs of a terminal are doing: the group in front, and all of them together.
#[cfg(target_os = "linux")]
pub(super) fn programs(session: u32, group: u32, tty_device: Dev) -> (Waits, u64, bool) {
    let mut rest = crate::launch::proc::all();
    let mut waits = Waits::No;
    for stat in rest
        .iter()
        .filter(|stat| u32::try_from(stat.group) == Ok(group) && !stat.is_over())
    {
        waits = stronger(waits, linux::waits(stat, tty_device));
    }
    // With descendants, because some work in a session of their own (dpkg under apt, anything under `script`).
    let mut known = std::collections::BTreeSet::new();
    let (mut ticks, mut busy) = (0, false);
    loop {
        let (own, others): (Vec<_>, Vec<_>) = rest.into_iter().partition(|stat| {
            u32::try_from(stat.session) == Ok(session) || known.contains(&stat.parent)
        });
        if own.is_empty() {
            return (waits, ticks, busy);
        }
        for stat in &own {
            ticks += stat.ticks;
            busy |= matches!(stat.state, 'R' | 'D');
            known.insert(stat.pid);
        }
        rest = others;
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn programs(_session: u32, _group: u32, _tty_device: Dev) -> (Waits, u64, bool) {
    (Waits::Unknown, 0, false)
}

#[cfg(target_os = "linux")]
fn stronger(one: Waits, other: Waits) -> Waits {
    let rank = |waits: &Waits| match waits {
        Waits::No => 0,
        Waits::Unknown => 1,
        Waits::PollingMore => 2,
        Waits::Polling => 3,
        Waits::Reading => 4,
    };
    std::cmp::max_by_key(one, other, rank)
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::{self, File};
    use std::os::unix::fs::{FileExt, MetadataExt};

    use super::{Waits, stronger};
    use crate::launch::proc::Stat;

    /// `/dev/tty`, which each process takes for its own terminal.
    const OWN_TTY: u64 = 0x500;
    const READABLE: u32 = 1;

    /// Every thread is asked: runtimes read the terminal in a thread of their own.
    pub(super) fn waits(stat: &Stat, tty: u64) -> Waits {
        let pid = stat.pid;
        let Ok(threads) = fs::read_dir(format!("/proc/{pid}/task")) else {
            return Waits::No;
        };
        let mut waits = Waits::No;
        for thread in threads.flatten() {
            let one = match fs::read_to_string(thread.path().join("syscall")) {
                Ok(text) => Call::parse(&text).map_or(Waits::No, |call| call.waits(pid, tty)),
                // Not ours to look into, or the kernel has no such file.
                Err(_) if stat.state == 'S' => Waits::Unknown,
                Err(_) => Waits::No,
            };
            waits = stronger(waits, one);
        }
        waits
    }

    /// A system call in progress: its number and arguments.
    struct Call {
        number: i64,
        arguments: [u64; 2],
    }

    impl Call {
        /// `None` for a thread that is running.
        fn parse(text: &str) -> Option<Call> {
            let mut fields = text.split_whitespace();
            let number = fields.next()?.parse().ok()?;
            let mut argument =
                || u64::from_str_radix(fields.next()?.trim_start_matches("0x"), 16).ok();
            Some(Call {
                number,
                arguments: [argument()?, argument()?],
            })
        }

        fn waits(&self, pid: i32, tty: u64) -> Waits {
            let [first, second] = self.arguments;
            let is_tty = |fd: u64| {
                fs::metadata(format!("/proc/{pid}/fd/{fd}"))
                    .is_ok_and(|file| file.rdev() == tty || file.rdev() == OWN_TTY)
            };
            let polls = |fds: Vec<u64>| match fds.iter().any(|fd| is_tty(*fd)) {
                true if fds.len() == 1 => Waits::Polling,
                true => Waits::PollingMore,
                false => Waits::No,
            };
            match kind(self.number) {
                Some(Kind::Read) if is_tty(first) => Waits::Reading,
                Some(Kind::Poll) => polls(polled(pid, first, second)),
                Some(Kind::Select) => polls(selected(pid, first, second)),
                Some(Kind::Epoll) => polls(watched(pid, first)),
                _ => Waits::No,
            }
        }
    }

    enum Kind {
        Read,
        Poll,
        Select,
        Epoll,
    }

    #[cfg(target_arch = "x86_64")]
    fn kind(number: i64) -> Option<Kind> {
        match number {
            0 | 19 => Some(Kind::Read),
            7 | 271 => Some(Kind::Poll),
            23 | 270 => Some(Kind::Select),
            232 | 281 | 441 => Some(Kind::Epoll),
            _ => None,
        }
    }

    /// The numbers that newer architectures (aarch64, riscv64) share.
    #[cfg(not(target_arch = "x86_64"))]
    fn kind(number: i64) -> Option<Kind> {
        match number {
            63 | 65 => Some(Kind::Read),
            73 => Some(Kind::Poll),
            72 => Some(Kind::Select),
            22 | 441 => Some(Kind::Epoll),
            _ => None,
        }
    }

    fn memory(pid: i32, address: u64, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        let read = File::open(format!("/proc/{pid}/mem"))
            .and_then(|memory| memory.read_exact_at(&mut bytes, address));
        read.map(|()| bytes).unwrap_or_default()
    }

    /// The descriptors of a `struct pollfd[]` that are asked for input.
    fn polled(pid: i32, address: u64, count: u64) -> Vec<u64> {
        const ENTRY: usize = 8;
        let entries = memory(
            pid,
            address,
            ENTRY * usize::try_from(count).unwrap_or_default().min(1024),
        );
        let fd = |entry: &[u8]| {
            let [a, b, c, d, low, high, ..] = *entry else {
                return None;
            };
            let events = u16::from_le_bytes([low, high]);
            let fd = u64::try_from(i32::from_le_bytes([a, b, c, d])).ok()?;
            (u32::from(events) & READABLE != 0).then_some(fd)
        };
        entries.chunks_exact(ENTRY).filter_map(fd).collect()
    }

    /// The descriptors of a `fd_set`.
    fn selected(pid: i32, count: u64, address: u64) -> Vec<u64> {
        let count = count.min(1024);
        if address == 0 {
            return Vec::new();
        }
        // The kernel reads whole words.
        let set = memory(
            pid,
            address,
            usize::try_from(count.div_ceil(64) * 8).unwrap_or_default(),
        );
        let has = |fd: &u64| {
            set.get((fd / 8) as usize)
                .is_some_and(|byte| byte & (1 << (fd % 8)) != 0)
        };
        (0..count).filter(has).collect()
    }

    /// The descriptors that an epoll descriptor watches for input.
    fn watched(pid: i32, epoll: u64) -> Vec<u64> {
        let info = fs::read_to_string(format!("/proc/{pid}/fdinfo/{epoll}")).unwrap_or_default();
        let fd = |line: &str| {
            let mut fields = line.strip_prefix("tfd:")?.split_whitespace();
            let fd = fields.next()?.parse().ok()?;
            let events = u32::from_str_radix(fields.nth(1)?, 16).ok()?;
            (events & READABLE != 0).then_some(fd)
        };
        info.lines().filter_map(fd).collect()
    }
}
