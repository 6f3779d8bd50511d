//! What Linux tells about processes in `/proc`.

use std::collections::BTreeMap;
use std::fs;

/// The part of `/proc/PID/stat` that we ask for.
#[derive(Clone, Debug)]
#[cfg_attr(
    not(target_os = "linux"),
    allow(dead_code, reason = "only Linux has /proc")
)]
pub(crate) struct Stat {
    pub(crate) pid: i32,
    /// `R` running, `S` sleeping, `Z` zombie, …
    pub(crate) state: char,
    pub(crate) parent: i32,
    pub(crate) group: i32,
    /// The session id: the pid of the process that called `setsid`.
    pub(crate) session: i32,
    /// Clock ticks (usually 10 ms) used by the process and the children it has waited for.
    pub(crate) ticks: u64,
}

impl Stat {
    /// Reads one process; `None` when there is none, or no `/proc`.
    pub(crate) fn of(pid: i32) -> Option<Stat> {
        Self::parse(pid, &fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }

    fn parse(pid: i32, text: &str) -> Option<Stat> {
        // The command name stands in parentheses and may itself contain spaces and parentheses.
        let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        let number = |index: usize| fields.get(index)?.parse::<i32>().ok();
        let ticks = |index: usize| fields.get(index)?.parse::<u64>().ok();
        Some(Stat {
            pid,
            state: fields.first()?.chars().next()?,
            parent: number(1)?,
            group: number(2)?,
            session: number(3)?,
            ticks: ticks(11)? + ticks(12)? + ticks(13)? + ticks(14)?,
        })
    }

    /// Whether the process is over and only waits to be reaped.
    pub(crate) fn is_over(&self) -> bool {
        matches!(self.state, 'Z' | 'X' | 'x')
    }
}

/// The id of a process, which is `pid` out here, among those that it sees itself: a session may have a space of its own.
pub(crate) fn inside(pid: u32) -> u32 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let numbers = status.lines().find_map(|line| line.strip_prefix("NSpid:"));
    let innermost = numbers.and_then(|numbers| numbers.split_whitespace().next_back());
    innermost
        .and_then(|number| number.parse().ok())
        .unwrap_or(pid)
}

/// Every process that can be seen.
pub(crate) fn all() -> Vec<Stat> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(Stat::of)
        .collect()
}

/// The sockets that listen in the network namespace of a process: inode → port.
pub(crate) fn listening(pid: i32) -> BTreeMap<u64, u16> {
    #[cfg(target_os = "linux")]
    if let Some(sockets) = super::listening::listening(pid) {
        return sockets;
    }
    listening_by_table(pid)
}

/// The same, from what `/proc` tells of all connections.
pub(super) fn listening_by_table(pid: i32) -> BTreeMap<u64, u16> {
    let mut sockets = BTreeMap::new();
    for table in ["tcp", "tcp6"] {
        let Ok(text) = fs::read_to_string(format!("/proc/{pid}/net/{table}")) else {
            continue;
        };
        sockets.extend(text.lines().skip(1).filter_map(listening_socket));
    }
    sockets
}

fn listening_socket(line: &str) -> Option<(u64, u16)> {
    const LISTEN: &str = "0A";
    let fields: Vec<&str> = line.split_whitespace().collect();
    if *fields.get(3)? != LISTEN {
        return None;
    }
    let port = u16::from_str_radix(fields.get(1)?.rsplit_once(':')?.1, 16).ok()?;
    Some((fields.get(9)?.parse().ok()?, port))
}

/// The inodes of the sockets that a process has open.
#[cfg(target_os = "linux")]
pub(crate) fn sockets(pid: i32) -> std::collections::BTreeSet<u64> {
    let Ok(entries) = fs::read_dir(format!("/proc/{pid}/fd")) else {
        return std::collections::BTreeSet::new();
    };
    entries
        .filter_map(|entry| {
            let target = fs::read_link(entry.ok()?.path()).ok()?;
            let inode = target
                .to_str()?
                .strip_prefix("socket:[")?
                .strip_suffix(']')?;
            inode.parse().ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_name_may_contain_anything() {
        let text = "7 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19";
        let stat = Stat::parse(7, text).expect("it is a stat line");
        assert_eq!(
            (stat.state, stat.parent, stat.group, stat.session),
            ('S', 1, 2, 3)
        );
        assert_eq!(stat.ticks, 11 + 12 + 13 + 14);
    }

    #[test]
    fn only_listening_sockets_count() {
        let line = |state: &str| {
            format!(
                "0: 0100007F:1F90 00000000:0000 {state} 00000000:00000000 00:00000000 00000000 0 0 4711 1"
            )
        };
        assert_eq!(listening_socket(&line("0A")), Some((4711, 8080)));
        assert_eq!(listening_socket(&line("01")), None);
    }
}
