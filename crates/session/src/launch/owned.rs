//! Which processes belong to a session, and how all of them are ended.
//!
//! On Linux a process belongs to a session when it carries the session's mark, or descends from one that does.
//! There are two marks, and a process has to lose both to escape:
//!
//! - `ATELIER_SESSION=<id>` in its environment. It survives `setsid`, double forks and `nohup`. It does not
//!   survive `env -i` and `sudo`, nor programs that write their title over their environment (nginx, PostgreSQL).
//! - a soft `RLIMIT_RTTIME` of a value made from the id. It is inherited like the environment, readable by
//!   everyone, changed by nobody, and without effect: the limit is over a year of uninterrupted real-time work.
//!
//! The player is **not** made a sub-reaper. It would adopt the orphans of everything else in its process (the web view,
//! the portal, URL openers), would have to reap them, and could not tell them from children that std, tokio and GLib
//! wait for. A session's keeper is one ([`super::keeper`]); the marks find what is left when the keeper was killed too.

use std::time::Duration;

/// The name of the variable that every child of a session carries.
pub const SESSION_VARIABLE: &str = "ATELIER_SESSION";

/// The marks of one session.
#[derive(Clone, Debug)]
pub(crate) struct Marker {
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "macOS cannot read environments")
    )]
    variable: Vec<u8>,
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "macOS has no such limit")
    )]
    limit: u64,
}

/// Added to the limit of a session's processes, it is the limit of their keeper.
#[cfg(target_os = "linux")]
const OF_KEEPER: u64 = 1 << 46;

impl Marker {
    pub(super) fn of(session_id: &str) -> Self {
        use sha2::{Digest, Sha256};
        let hash = Sha256::digest(session_id.as_bytes());
        let low = hash
            .iter()
            .take(5)
            .fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
        let variable = format!("{SESSION_VARIABLE}={session_id}").into_bytes();
        Marker {
            variable,
            limit: (1 << 45) | low,
        }
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fs;
    use std::os::fd::OwnedFd;
    use std::thread;
    use std::time::{Duration, Instant};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::process::{
        Pid, PidfdFlags, Resource, Rlimit, Signal, getrlimit, kill_process, pidfd_open,
        pidfd_send_signal, prlimit, setrlimit,
    };

    use super::{Marker, OF_KEEPER};
    use crate::launch::proc::{self, Stat};

    /// How often the search is repeated while new processes keep appearing.
    const ROUNDS: usize = 40;

    impl Marker {
        /// Puts the second mark on a child that was just started.
        pub(in crate::launch) fn put_on(&self, pid: u32) {
            let current = getrlimit(Resource::Rttime);
            let marked = Rlimit {
                current: Some(self.limit),
                maximum: current.maximum,
            };
            // Where the limit cannot be set, the variable alone has to do.
            if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
                let _ = prlimit(Some(pid), Resource::Rttime, marked);
            }
        }

        /// Puts the second mark on the process that calls it, for what it starts next.
        pub(in crate::launch) fn put_on_me(&self) {
            put_limit(self.limit);
        }

        /// Puts the keeper's mark on the process that calls it: it is none of the session's processes.
        pub(in crate::launch) fn put_on_keeper(&self) {
            put_limit(self.limit + OF_KEEPER);
        }

        fn is_on(&self, pid: i32) -> bool {
            carries(pid, &self.variable) || limits(pid, self.limit)
        }
    }

    fn put_limit(limit: u64) {
        let marked = Rlimit {
            current: Some(limit),
            maximum: getrlimit(Resource::Rttime).maximum,
        };
        // Where the limit cannot be set, the variable alone has to do.
        let _ = setrlimit(Resource::Rttime, marked);
    }

    fn limits(pid: i32, limit: u64) -> bool {
        let limits = fs::read_to_string(format!("/proc/{pid}/limits")).unwrap_or_default();
        let mine = limits
            .lines()
            .find_map(|line| line.strip_prefix("Max realtime timeout"));
        mine.and_then(|values| values.split_whitespace().next()) == Some(limit.to_string().as_str())
    }

    impl Marker {
        /// The living processes of the session.
        pub(in crate::launch) fn processes(&self) -> Vec<Stat> {
            family(|stat| self.is_on(stat.pid))
        }

        /// Those with `entry` in their environment, and all that descend from them.
        fn carrying(&self, entry: &[u8]) -> Vec<Stat> {
            family(|stat| carries(stat.pid, entry) && self.is_on(stat.pid))
        }

        /// Ends every process of the session and returns how many could not be ended (another user's).
        pub(in crate::launch) fn end(&self, grace: Duration) -> usize {
            end_all_of(|| self.processes(), grace)
        }

        /// The same for those with `entry` in their environment, and all that descend from them.
        pub(in crate::launch) fn end_carrying(&self, entry: &[u8], grace: Duration) -> usize {
            end_all_of(|| self.carrying(entry), grace)
        }

        /// The same for all processes of the session and the keeper that another player has left to them.
        pub(in crate::launch) fn end_with_keeper(&self, grace: Duration) -> usize {
            let keeper = self.limit + OF_KEEPER;
            let left = || family(|stat| self.is_on(stat.pid) || limits(stat.pid, keeper));
            end_all_of(left, grace)
        }

        /// Kills what is there now and waits for nothing.
        pub(in crate::launch) fn kill(&self) {
            for target in self.targets() {
                target.signal(Signal::KILL);
            }
        }

        /// The ports that processes of the session listen on and that `known` does not have, by socket inode.
        ///
        /// `pid` is any process of the session: it says which network is meant.
        pub(crate) fn new_ports(&self, pid: i32, known: &BTreeMap<u64, u16>) -> Vec<u16> {
            let mut fresh = proc::listening(pid);
            fresh.retain(|inode, _| !known.contains_key(inode));
            if fresh.is_empty() {
                return Vec::new();
            }
            let open: BTreeSet<u64> = self
                .processes()
                .iter()
                .flat_map(|stat| proc::sockets(stat.pid))
                .collect();
            fresh.retain(|inode, _| open.contains(inode));
            fresh.into_values().collect()
        }

        fn targets(&self) -> Vec<Target> {
            self.processes().iter().filter_map(Target::of).collect()
        }
    }

    /// The living processes that are meant, and all that descend from them.
    pub(in crate::launch) fn family(is_meant: impl Fn(&Stat) -> bool) -> Vec<Stat> {
        let own = i32::try_from(std::process::id()).unwrap_or_default();
        let mut rest = proc::all();
        rest.retain(|stat| stat.pid != own && !stat.is_over());
        let (mut found, mut rest): (Vec<_>, Vec<_>) =
            rest.into_iter().partition(|stat| is_meant(stat));
        let mut known: BTreeSet<i32> = found.iter().map(|stat| stat.pid).collect();
        loop {
            let (children, others): (Vec<_>, Vec<_>) = rest
                .into_iter()
                .partition(|stat| known.contains(&stat.parent));
            if children.is_empty() {
                return found;
            }
            known.extend(children.iter().map(|stat| stat.pid));
            found.extend(children);
            rest = others;
        }
    }

    /// Ends what is found, again and again until nothing is; returns how many could not be ended.
    pub(in crate::launch) fn end_all_of(
        mut find: impl FnMut() -> Vec<Stat>,
        grace: Duration,
    ) -> usize {
        let deadline = Instant::now() + grace;
        let of = |found: Vec<Stat>| found.iter().filter_map(Target::of).collect::<Vec<_>>();
        if !grace.is_zero() {
            let asked = of(find());
            for target in &asked {
                target.ask();
            }
            wait(&asked, deadline);
        }
        for _ in 0..ROUNDS {
            let targets = of(find());
            if targets.is_empty() {
                return 0;
            }
            // Stopping them all first keeps a program from forking away under our hands.
            for signal in [Signal::STOP, Signal::KILL] {
                for target in &targets {
                    target.signal(signal);
                }
            }
            wait(&targets, Instant::now() + Duration::from_millis(250));
        }
        find().len()
    }

    /// Whether a process carries `NAME=value` in its environment.
    fn carries(pid: i32, entry: &[u8]) -> bool {
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment
            .split(|byte| *byte == 0)
            .any(|each| each == entry)
    }

    /// A process held by a handle that cannot come to mean another one.
    struct Target {
        pid: Pid,
        leads_session: bool,
        handle: Option<OwnedFd>,
    }

    impl Target {
        fn of(stat: &Stat) -> Option<Target> {
            let pid = Pid::from_raw(stat.pid)?;
            let handle = pidfd_open(pid, PidfdFlags::empty()).ok();
            // The number may have been given to somebody else between the search and the handle.
            let same =
                Stat::of(stat.pid).is_some_and(|now| now.session == stat.session && !now.is_over());
            same.then_some(Target {
                pid,
                leads_session: stat.session == stat.pid,
                handle,
            })
        }

        fn ask(&self) {
            // An interactive shell ignores TERM; losing its terminal ends it.
            if self.leads_session {
                self.signal(Signal::HUP);
            }
            self.signal(Signal::TERM);
            self.signal(Signal::CONT);
        }

        fn signal(&self, signal: Signal) {
            // It may be gone already, or belong to another user: both show in the next search.
            let _ = match &self.handle {
                Some(handle) => pidfd_send_signal(handle, signal),
                None => kill_process(self.pid, signal),
            };
        }

        fn is_over(&self) -> bool {
            Stat::of(self.pid.as_raw_pid()).is_none_or(|stat| stat.is_over())
        }
    }

    /// Waits until all are over, at most until the deadline.
    fn wait(targets: &[Target], deadline: Instant) {
        for target in targets {
            while !target.is_over() && Instant::now() < deadline {
                let left = deadline.saturating_duration_since(Instant::now());
                match &target.handle {
                    Some(handle) => {
                        let timeout = Timespec::try_from(left).ok();
                        let _ = poll(&mut [PollFd::new(handle, PollFlags::IN)], timeout.as_ref());
                    }
                    // Kernels before 5.3 have no such handles, so there is no event to wait for.
                    None => thread::sleep(left.min(Duration::from_millis(10))),
                }
            }
        }
    }
}

#[cfg(target_os = "linux")]
pub(super) use self::linux::{end_all_of, family};

/// Signals a process group; a group that is already gone is fine.
pub(crate) fn signal_group(group: u32, signal: rustix::process::Signal) {
    if let Some(pid) = i32::try_from(group)
        .ok()
        .and_then(rustix::process::Pid::from_raw)
    {
        let _ = rustix::process::kill_process_group(pid, signal);
    }
}

/// Ends process groups: TERM, then KILL after `grace`. What other Unix systems have to do with.
#[cfg_attr(
    target_os = "linux",
    expect(dead_code, reason = "Linux finds processes by their marks")
)]
pub(super) fn end_groups(groups: &[u32], grace: Duration) {
    use rustix::process::{Pid, Signal, test_kill_process_group};
    use std::time::Instant;
    let alive = |group: &u32| {
        let pid = i32::try_from(*group).ok().and_then(Pid::from_raw);
        pid.is_some_and(|pid| test_kill_process_group(pid).is_ok())
    };
    for group in groups {
        signal_group(*group, Signal::HUP);
        signal_group(*group, Signal::TERM);
    }
    let deadline = Instant::now() + grace;
    // A group has no handle to wait on.
    while groups.iter().any(alive) && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(10));
    }
    for group in groups {
        signal_group(*group, Signal::KILL);
    }
}
