//! What runs in the keeper's process.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd, RawFd};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use rustix::fs::Mode;
use rustix::net::{RecvFlags, sockopt};
use rustix::process::{
    DumpableBehavior, Pid, PidfdFlags, Signal, WaitOptions, WaitStatus, getpid, ioctl_tiocsctty,
    kill_process_group, pidfd_open, set_child_subreaper, set_dumpable_behavior, setsid, umask,
    wait, waitpid,
};
use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::stdio::{dup2_stderr, dup2_stdin, stdin};
use rustix::termios::tcsetwinsize;
use rustix::thread::no_new_privs;
use tokio::io::unix::AsyncFd;
use tokio::signal::unix::{SignalKind, signal};

use super::wire::{Frame, Incoming, send};
use super::{OWN_UMASK, asked, told};
use crate::isolation;
use crate::launch::owned::{Marker, end_all_of, family};
use crate::launch::pty::size;

/// How long programs have to end when the player is gone.
const GRACE: Duration = Duration::from_secs(2);

/// Keeps a session's programs until the player's end of the socket on standard input closes.
///
/// # Errors
/// When standard input is no socket, or the system refuses what a keeper needs.
pub(super) fn serve(session_id: &OsStr) -> io::Result<()> {
    let socket = take_socket()?;
    let marker = Marker::of(&session_id.to_string_lossy());
    marker.put_on_keeper();
    set_child_subreaper(Some(getpid()))?;
    // The session's programs must not read its memory, nor take its socket.
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    std::env::set_current_dir("/")?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?;
    let serving = Serving {
        socket: Arc::new(socket),
        marker,
        // Whoever starts what gains nothing loses nothing by a filter, which asks for the same.
        is_shut_in: no_new_privs().unwrap_or_default(),
        children: HashMap::new(),
    };
    runtime.block_on(serving.run())
}

/// Moves the socket away from standard input, and closes everything else that was inherited.
fn take_socket() -> io::Result<OwnedFd> {
    sockopt::socket_type(io::stdin())?;
    let open: Vec<RawFd> = fs::read_dir("/proc/self/fd")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|fd| *fd > 2)
        .collect();
    for fd in open {
        // SAFETY: the program has only begun: nothing in it owns a descriptor but the standard streams. One of them was the
        // folder that was just read, and is closed already.
        #[allow(unsafe_code)]
        unsafe {
            if rustix::io::fcntl_getfd(BorrowedFd::borrow_raw(fd)).is_ok() {
                rustix::io::close(fd);
            }
        }
    }
    let socket = io::stdin().as_fd().try_clone_to_owned()?;
    dup2_stdin(File::open("/dev/null")?)?;
    Ok(socket)
}

struct Serving {
    socket: Arc<OwnedFd>,
    marker: Marker,
    /// Whether its programs can gain no privileges, as in an isolated session.
    is_shut_in: bool,
    /// Those that were asked for, by their process id in here.
    children: HashMap<Pid, Child>,
}

struct Child {
    number: u32,
    /// Whether the player knows its id. Until then it is not reaped: its number would say nothing any more.
    known: bool,
}

/// A program as it was asked for.
struct Start {
    number: u32,
    columns: u32,
    rows: u32,
    umask: u32,
    cwd: PathBuf,
    command: Command,
}

impl Serving {
    async fn run(mut self) -> io::Result<()> {
        let mut child = signal(SignalKind::child())?;
        let mut term = signal(SignalKind::terminate())?;
        // What a terminal sends is for the player. A handler, unlike ignoring, is not passed on to programs.
        let mut for_player = Vec::new();
        for kind in [
            SignalKind::hangup(),
            SignalKind::interrupt(),
            SignalKind::quit(),
            SignalKind::alarm(),
        ] {
            for_player.push(signal(kind)?);
        }
        // SAFETY: the socket is owned by what is registered, always the same, and open as long as that.
        #[allow(unsafe_code)]
        let socket = unsafe { AsyncFd::register(Arc::clone(&self.socket))? };
        let mut incoming = Incoming::default();
        self.tell(&Frame::default().number(told::HELLO), &[])?;
        // Until now, what kept it from starting was told there.
        dup2_stderr(File::open("/dev/null")?)?;
        let served = loop {
            tokio::select! {
                _ = child.recv() => self.reap(false),
                // Somebody logs out, or shuts the system down.
                _ = term.recv() => break Ok(()),
                ready = socket.readable() => match incoming.receive(&*self.socket, RecvFlags::DONTWAIT) {
                    Ok(true) => {
                        if let Err(error) = self.take(&mut incoming) {
                            break Err(error);
                        }
                    }
                    Ok(false) => break Ok(()),
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => ready?.clear_ready(),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => break Err(error),
                },
            }
        };
        self.end(GRACE);
        served
    }

    fn take(&mut self, incoming: &mut Incoming) -> io::Result<()> {
        while let Some((mut frame, fds)) = incoming.next()? {
            match frame.take_number()? {
                asked::START => {
                    let start = Start::read(&mut frame)?;
                    let number = start.number;
                    if let Err(error) = self.start(start, fds) {
                        self.refuse(number, &error)?;
                    }
                }
                asked::KNOWN => {
                    let number = frame.take_number()?;
                    let mut children = self.children.values_mut();
                    if let Some(child) = children.find(|child| child.number == number) {
                        child.known = true;
                    }
                    self.reap(false);
                }
                asked::END => {
                    let grace = Duration::from_millis(frame.take_number()?.into());
                    self.end(grace);
                    self.tell(&Frame::default().number(told::ALL_ENDED), &[])?;
                }
                _ => return Err(io::ErrorKind::InvalidData.into()),
            }
        }
        Ok(())
    }

    fn start(&mut self, start: Start, fds: Vec<OwnedFd>) -> io::Result<()> {
        let mut command = start.command;
        if !start.cwd.is_dir() {
            let frame = Frame::default().number(told::NO_FOLDER);
            return self.tell(&frame.number(start.number), &[]);
        }
        command.current_dir(&start.cwd);
        let master = match <[OwnedFd; 3]>::try_from(fds) {
            Ok([input, output, errors]) => {
                command.stdin(input).stdout(output).stderr(errors);
                command.process_group(0);
                None
            }
            Err(_) => {
                let (master, terminal) = open_terminal(start.columns, start.rows)?;
                command.stdin(terminal.try_clone()?);
                command.stdout(terminal.try_clone()?).stderr(terminal);
                leads_terminal(&mut command);
                Some(master)
            }
        };
        let mask = (start.umask != OWN_UMASK).then(|| umask(Mode::from_raw_mode(start.umask)));
        if self.is_shut_in {
            isolation::keep_mark(&mut command);
        }
        // The child inherits it: no program has a moment in which it can start others without the mark.
        self.marker.put_on_me();
        let spawned = command.spawn();
        self.marker.put_on_keeper();
        if let Some(own) = mask {
            umask(own);
        }
        let pid = spawned?.id();
        // It holds the programs' side of the terminal.
        drop(command);
        let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
        let pid = pid.ok_or(io::ErrorKind::InvalidData)?;
        let process = match pidfd_open(pid, PidfdFlags::empty()) {
            Ok(process) => process,
            Err(error) => {
                let _ = kill_process_group(pid, Signal::KILL);
                return Err(error.into());
            }
        };
        let child = Child {
            number: start.number,
            known: false,
        };
        self.children.insert(pid, child);
        let frame = Frame::default().number(told::STARTED).number(start.number);
        match &master {
            Some(master) => self.tell(&frame, &[process.as_fd(), master.as_fd()]),
            None => self.tell(&frame, &[process.as_fd()]),
        }
    }

    fn refuse(&self, number: u32, error: &io::Error) -> io::Result<()> {
        let code = error
            .raw_os_error()
            .and_then(|code| u32::try_from(code).ok());
        let frame = Frame::default().number(told::REFUSED).number(number);
        let frame = frame.number(code.unwrap_or_default());
        self.tell(&frame.text(error.to_string().as_ref()), &[])
    }

    fn tell(&self, frame: &Frame, fds: &[BorrowedFd<'_>]) -> io::Result<()> {
        send(&*self.socket, frame, fds)
    }

    /// Takes leave of everything that is over: what was asked for, and what others have left to the keeper.
    fn reap(&mut self, unknown_too: bool) {
        if unknown_too || self.children.values().all(|child| child.known) {
            while let Ok(Some((pid, status))) = wait(WaitOptions::NOHANG) {
                self.is_over(pid, status);
            }
            return;
        }
        let known = self.children.iter().filter(|(_, child)| child.known);
        for pid in known.map(|(pid, _)| *pid).collect::<Vec<_>>() {
            if let Ok(Some((pid, status))) = waitpid(Some(pid), WaitOptions::NOHANG) {
                self.is_over(pid, status);
            }
        }
    }

    fn is_over(&mut self, pid: Pid, status: WaitStatus) {
        if let Some(child) = self.children.remove(&pid) {
            let frame = Frame::default().number(told::ENDED).number(child.number);
            // When the player is gone, nobody needs to know.
            let _ = self.tell(&frame.number(status.as_raw() as u32), &[]);
        }
    }

    /// Ends everything that descends from the keeper, and takes leave of it.
    fn end(&mut self, grace: Duration) {
        let own = getpid().as_raw_pid();
        let told = fs::read_link("/proc/self");
        if told.is_ok_and(|pid| pid == Path::new(&own.to_string())) {
            let find = || {
                self.reap(true);
                family(|stat| stat.parent == own)
            };
            end_all_of(find, grace);
        } else {
            // Without a /proc of its own the keeper sees its children alone. Where that is so it has process ids of its own
            // too, and the system ends all of them with it.
            for pid in self.children.keys() {
                let _ = kill_process_group(*pid, Signal::KILL);
            }
        }
        self.reap(true);
    }
}

impl Start {
    fn read(frame: &mut Frame) -> io::Result<Start> {
        let [number, columns, rows, umask] = [
            frame.take_number()?,
            frame.take_number()?,
            frame.take_number()?,
            frame.take_number()?,
        ];
        let cwd = frame.take_text()?.into();
        let mut command = Command::new(frame.take_text()?);
        for _ in 0..frame.take_number()? {
            command.arg(frame.take_text()?);
        }
        command.env_clear();
        for _ in 0..frame.take_number()? {
            command.env(frame.take_text()?, frame.take_text()?);
        }
        Ok(Start {
            number,
            columns,
            rows,
            umask,
            cwd,
            command,
        })
    }
}

/// Makes its standard input the terminal of a session (in the sense of `setsid`) of its own.
fn leads_terminal(command: &mut Command) {
    // SAFETY: both are plain system calls, async-signal-safe.
    #[allow(unsafe_code)]
    unsafe {
        command.pre_exec(|| {
            setsid()?;
            ioctl_tiocsctty(stdin())?;
            Ok(())
        });
    }
}

/// Both sides of a new terminal: the player's and the programs'.
fn open_terminal(columns: u32, rows: u32) -> io::Result<(OwnedFd, OwnedFd)> {
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
    let master = openpt(flags)?;
    grantpt(&master)?;
    unlockpt(&master)?;
    let [columns, rows] = [columns, rows].map(|count| u16::try_from(count).unwrap_or(u16::MAX));
    tcsetwinsize(&master, size(columns, rows))?;
    let terminal = ioctl_tiocgptpeer(&master, flags)?;
    Ok((master, terminal))
}
