//! Which sockets listen, asked of the kernel's socket diagnostics (`sock_diag(7)`).
//!
//! `/proc/PID/net/tcp` tells the same, but writing it walks the table of all connections: milliseconds for every look on
//! a machine with much memory, and there is a look before every command.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use rustix::net::netlink::{SOCK_DIAG, SocketAddrNetlink};
use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recv, sendto, socket_with,
};

/// `SOCK_DIAG_BY_FAMILY`.
const BY_FAMILY: u16 = 20;
/// `NLM_F_REQUEST | NLM_F_DUMP`.
const DUMP: u16 = 0x301;
/// `NLMSG_DONE`.
const DONE: u16 = 3;
const TCP: u8 = 6;
/// `1 << TCP_LISTEN`.
const LISTEN: u32 = 1 << 10;
const HEADER: usize = 16;
/// The kernel answers at once; a system that does not is asked through `/proc`.
const PATIENCE: Duration = Duration::from_millis(500);

/// The sockets that listen where the process is, inode → port; `None` when the kernel does not tell: it lacks the
/// facility or forbids it, or the process has a network of its own.
pub(super) fn listening(pid: i32) -> Option<BTreeMap<u64, u16>> {
    let network = |pid: &str| fs::read_link(format!("/proc/{pid}/ns/net")).ok();
    if network(&pid.to_string())? != network("self")? {
        return None;
    }
    let socket = socket_with(
        AddressFamily::NETLINK,
        SocketType::DGRAM,
        SocketFlags::CLOEXEC,
        Some(SOCK_DIAG),
    )
    .ok()?;
    set_socket_timeout(&socket, Timeout::Recv, Some(PATIENCE)).ok()?;
    let mut sockets = BTreeMap::new();
    let mut buffer = vec![0; 32 * 1024];
    for family in [AddressFamily::INET, AddressFamily::INET6] {
        let kernel = SocketAddrNetlink::new(0, 0);
        sendto(&socket, &request(family), SendFlags::empty(), &kernel).ok()?;
        loop {
            let (length, whole) = recv(&socket, &mut buffer[..], RecvFlags::TRUNC).ok()?;
            if whole > length {
                return None;
            }
            if read(&buffer[..length], &mut sockets)? {
                break;
            }
        }
    }
    Some(sockets)
}

fn request(family: AddressFamily) -> [u8; 72] {
    let mut bytes = [0; 72];
    bytes[0..4].copy_from_slice(&72u32.to_ne_bytes());
    bytes[4..6].copy_from_slice(&BY_FAMILY.to_ne_bytes());
    bytes[6..8].copy_from_slice(&DUMP.to_ne_bytes());
    bytes[HEADER] = family.as_raw() as u8;
    bytes[HEADER + 1] = TCP;
    bytes[HEADER + 4..HEADER + 8].copy_from_slice(&LISTEN.to_ne_bytes());
    bytes
}

/// Takes in one datagram; says whether it was the last one. `None` for an error and for what is none of ours.
fn read(mut datagram: &[u8], sockets: &mut BTreeMap<u64, u16>) -> Option<bool> {
    while !datagram.is_empty() {
        let length = u32::from_ne_bytes(*datagram.first_chunk()?) as usize;
        let kind = u16::from_ne_bytes(*datagram.get(4..)?.first_chunk()?);
        let message = datagram.get(HEADER..length)?;
        match kind {
            DONE => return Some(true),
            BY_FAMILY => {
                let port = u16::from_be_bytes(*message.get(4..)?.first_chunk()?);
                let inode = u32::from_ne_bytes(*message.get(68..)?.first_chunk()?);
                sockets.insert(inode.into(), port);
            }
            _ => return None,
        }
        datagram = datagram.get(length.next_multiple_of(4)..).unwrap_or(&[]);
    }
    Some(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn tells_what_proc_tells() {
        let sockets: Vec<_> = ["127.0.0.1:0", "[::1]:0"]
            .iter()
            .filter_map(|address| TcpListener::bind(address).ok())
            .collect();
        let me = std::process::id() as i32;
        let Some(told) = listening(me) else {
            #[allow(clippy::print_stderr, reason = "a skipped test says so")]
            {
                eprintln!("skipped: the kernel has no socket diagnostics for us");
            }
            return;
        };
        let (proc, own) = (
            super::super::proc::listening_by_table(me),
            super::super::proc::sockets(me),
        );
        for socket in &sockets {
            let port = socket.local_addr().unwrap().port();
            let inode = |all: &BTreeMap<u64, u16>| {
                let mine = all
                    .iter()
                    .find(|(inode, at)| **at == port && own.contains(inode));
                mine.map(|(inode, _)| *inode)
            };
            assert!(inode(&told).is_some(), "{port}: {told:?}");
            assert_eq!(inode(&told), inode(&proc));
        }
    }

    #[test]
    fn half_a_message_is_no_answer() {
        let mut whole = request(AddressFamily::INET).to_vec();
        whole.resize(88, 0);
        whole[0..4].copy_from_slice(&88u32.to_ne_bytes());
        whole[20..22].copy_from_slice(&8080u16.to_be_bytes());
        whole[84..88].copy_from_slice(&4711u32.to_ne_bytes());
        let mut sockets = BTreeMap::new();
        assert_eq!(read(&whole, &mut sockets), Some(false));
        assert_eq!(sockets, BTreeMap::from([(4711, 8080)]));
        for cut in 1..whole.len() {
            assert_eq!(read(&whole[..cut], &mut BTreeMap::new()), None, "{cut}");
        }
        whole[0..4].copy_from_slice(&0u32.to_ne_bytes());
        assert_eq!(
            read(&whole, &mut sockets),
            None,
            "a length of nothing never ends"
        );
    }
}
