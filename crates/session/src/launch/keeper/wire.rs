//! What the player and a keeper say to each other: frames over a stream socket, with file descriptors beside them.
//!
//! A frame is its length and the number of its descriptors (four bytes each), then its bytes. The descriptors travel with
//! the first byte, so that they arrive in the order of the frames.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};

/// A frame may hold the largest command line and environment that a system takes, and no more than memory bears.
const LONGEST: usize = 64 << 20;
/// Standard streams of a child, or a process and its terminal.
const MOST_FDS: usize = 4;
const HEADER: usize = 8;

/// Sends one frame, however long that blocks.
pub(super) fn send(socket: impl AsFd, frame: &Frame, fds: &[BorrowedFd<'_>]) -> io::Result<()> {
    let length = u32::try_from(frame.bytes.len())
        .ok()
        .filter(|length| *length as usize <= LONGEST)
        .ok_or_else(|| io::Error::from_raw_os_error(rustix::io::Errno::TOOBIG.raw_os_error()))?;
    let mut header = [0; HEADER];
    header[..4].copy_from_slice(&length.to_ne_bytes());
    header[4..].copy_from_slice(&(fds.len() as u32).to_ne_bytes());
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_FDS))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !fds.is_empty() && !control.push(SendAncillaryMessage::ScmRights(fds)) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let whole = HEADER + frame.bytes.len();
    let mut sent = 0;
    while sent < whole {
        let parts = [
            IoSlice::new(&header[sent.min(HEADER)..]),
            IoSlice::new(&frame.bytes[sent.saturating_sub(HEADER)..]),
        ];
        match sendmsg(&socket, &parts, &mut control, SendFlags::NOSIGNAL) {
            Ok(count) => {
                sent += count;
                control.clear();
            }
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// What has arrived and is not taken yet.
#[derive(Default)]
pub(super) struct Incoming {
    bytes: Vec<u8>,
    fds: VecDeque<OwnedFd>,
}

impl Incoming {
    /// Receives what there is. False once the other side has closed.
    pub(super) fn receive(&mut self, socket: impl AsFd, flags: RecvFlags) -> io::Result<bool> {
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_FDS))];
        let mut control = RecvAncillaryBuffer::new(&mut space);
        let mut buffer = [0; 32 * 1024];
        let received = recvmsg(
            socket,
            &mut [IoSliceMut::new(&mut buffer)],
            &mut control,
            flags | RecvFlags::CMSG_CLOEXEC,
        )?;
        for message in control.drain() {
            if let RecvAncillaryMessage::ScmRights(fds) = message {
                self.fds.extend(fds);
            }
        }
        if received.flags.contains(ReturnFlags::CTRUNC) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.bytes.extend_from_slice(&buffer[..received.bytes]);
        Ok(received.bytes > 0)
    }

    /// The next whole frame, if it has arrived.
    pub(super) fn next(&mut self) -> io::Result<Option<(Frame, Vec<OwnedFd>)>> {
        let number = |at: usize| {
            let bytes = self.bytes.get(at..)?.first_chunk()?;
            Some(u32::from_ne_bytes(*bytes) as usize)
        };
        let (Some(length), Some(count)) = (number(0), number(4)) else {
            return Ok(None);
        };
        if length > LONGEST || count > MOST_FDS {
            return Err(io::ErrorKind::InvalidData.into());
        }
        if self.bytes.len() < HEADER + length {
            return Ok(None);
        }
        if self.fds.len() < count {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let bytes = self.bytes[HEADER..HEADER + length].to_vec();
        self.bytes.drain(..HEADER + length);
        let fds = self.fds.drain(..count).collect();
        Ok(Some((Frame { bytes, at: 0 }, fds)))
    }
}

/// Numbers and texts, one after the other.
#[derive(Default)]
pub(super) struct Frame {
    bytes: Vec<u8>,
    /// How far it has been read.
    at: usize,
}

impl Frame {
    pub(super) fn number(mut self, number: u32) -> Self {
        self.bytes.extend(number.to_ne_bytes());
        self
    }

    pub(super) fn text(mut self, text: &OsStr) -> Self {
        // What is too long for its length is too long for a frame, which sending finds out.
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        self.bytes.extend(length.to_ne_bytes());
        self.bytes.extend(text.as_bytes());
        self
    }

    pub(super) fn take_number(&mut self) -> io::Result<u32> {
        let bytes = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk);
        let number = bytes.ok_or(io::ErrorKind::InvalidData)?;
        self.at += number.len();
        Ok(u32::from_ne_bytes(*number))
    }

    pub(super) fn take_text(&mut self) -> io::Result<OsString> {
        let length = self.take_number()? as usize;
        let end = self.at.saturating_add(length);
        let bytes = self.bytes.get(self.at..end);
        let text = OsString::from_vec(bytes.ok_or(io::ErrorKind::InvalidData)?.to_vec());
        self.at = end;
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};
    use std::io::{Read, Write};
    use std::thread;

    fn pair() -> (OwnedFd, OwnedFd) {
        let flags = SocketFlags::CLOEXEC;
        socketpair(AddressFamily::UNIX, SocketType::STREAM, flags, None).expect("sockets")
    }

    fn next(incoming: &mut Incoming, socket: &OwnedFd) -> (Frame, Vec<OwnedFd>) {
        loop {
            if let Some(next) = incoming.next().expect("a frame") {
                return next;
            }
            let more = incoming.receive(socket, RecvFlags::empty());
            assert!(more.expect("bytes"), "the other side has closed");
        }
    }

    #[test]
    fn frames_of_every_size_arrive_with_their_descriptors() {
        let (here, there) = pair();
        let long: OsString = "x".repeat(3_000_000).into();
        let expected = long.clone();
        let sender = thread::spawn(move || {
            for round in 0..3_u32 {
                let (mut reader, writer) = io::pipe().expect("a pipe");
                let frame = Frame::default().number(round).text(&long).number(7);
                send(&here, &frame, &[writer.as_fd()]).expect("sent");
                send(&here, &Frame::default().number(100 + round), &[]).expect("sent");
                drop(writer);
                let mut text = String::new();
                reader.read_to_string(&mut text).expect("text");
                assert_eq!(text, format!("round {round}"));
            }
        });
        let mut incoming = Incoming::default();
        for round in 0..3 {
            let (mut frame, fds) = next(&mut incoming, &there);
            assert_eq!(frame.take_number().expect("a number"), round);
            assert_eq!(frame.take_text().expect("a text"), expected);
            assert_eq!(frame.take_number().expect("a number"), 7);
            assert!(frame.take_number().is_err(), "there is no more");
            let [fd] = <[OwnedFd; 1]>::try_from(fds).expect("one descriptor");
            let mut writer = io::PipeWriter::from(fd);
            write!(writer, "round {round}").expect("written");
            drop(writer);
            let (mut frame, fds) = next(&mut incoming, &there);
            assert_eq!(frame.take_number().expect("a number"), 100 + round);
            assert!(fds.is_empty());
        }
        sender.join().expect("no panic");
        assert!(
            !incoming
                .receive(&there, RecvFlags::empty())
                .expect("the end")
        );
    }

    #[test]
    fn what_is_no_frame_is_an_error_and_not_a_wait() {
        for header in [[u32::MAX, 0], [4, 99], [0, 1]] {
            let mut incoming = Incoming::default();
            for number in header {
                incoming.bytes.extend(number.to_ne_bytes());
            }
            assert!(incoming.next().is_err(), "{header:?}");
        }
    }
}
