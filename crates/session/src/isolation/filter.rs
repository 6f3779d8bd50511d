//! System calls that reach what neither mounts nor rules keep apart: the kernel's keyrings, which belong to a user and not to
//! a place, and limits of processes, where those of others are seen, or where they are a mark.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

use seccompiler::{BpfProgram, apply_filter, sock_filter};

/// The numbers of the calls on one kind of processor, as the kernel counts them.
struct Processor {
    /// `AUDIT_ARCH_…`
    name: u32,
    /// `add_key`, `request_key`, `keyctl`.
    keys: [u32; 3],
    /// `prlimit64`.
    limits: u32,
    /// `setrlimit`.
    own_limit: u32,
}

/// All that a system of 64 bits may run, so that a program of 32 bits is no way around. On others nothing is filtered.
const PROCESSORS: &[Processor] = &[
    // x86-64, x86, AArch64, ARM, RISC-V.
    Processor {
        name: 0xC000_003E,
        keys: [248, 249, 250],
        limits: 302,
        own_limit: 160,
    },
    Processor {
        name: 0x4000_0003,
        keys: [286, 287, 288],
        limits: 340,
        own_limit: 75,
    },
    Processor {
        name: 0xC000_00B7,
        keys: [217, 218, 219],
        limits: 261,
        own_limit: 164,
    },
    Processor {
        name: 0x4000_0028,
        keys: [309, 310, 311],
        limits: 369,
        own_limit: 75,
    },
    Processor {
        name: 0xC000_00F3,
        keys: [217, 218, 219],
        limits: 261,
        own_limit: 164,
    },
];

/// What the numbers of x86-64 carry in its variant with short pointers.
const NOT_SHORT: u32 = !0x4000_0000;

// Where the kernel lays out a call for its filter (`struct seccomp_data`), and the arguments are eight bytes each.
const NUMBER: u32 = 0;
const ARCHITECTURE: u32 = 4;
const ARGUMENTS: u32 = 16;

// Instructions of the filter (`linux/bpf_common.h`).
const LOAD: u16 = 0x20;
const AND: u16 = 0x54;
const IS: u16 = 0x15;
const RETURN: u16 = 0x06;

const ALLOW: u32 = 0x7FFF_0000;
/// `SECCOMP_RET_ERRNO` with `EPERM`.
const REFUSE: u32 = 0x0005_0001;

/// Keeps a command and what it starts from keyrings, and, where it shares the machine's processes, from their limits.
pub(super) fn apply(command: &mut Command, shares_processes: bool) {
    enter(command, program(shares_processes));
}

fn enter(command: &mut Command, program: BpfProgram) {
    let enter = move || {
        apply_filter(&program).map_err(|_| io::Error::from(io::ErrorKind::PermissionDenied))
    };
    // SAFETY: between fork and exec it makes two system calls with what was made before.
    #[allow(unsafe_code)]
    unsafe {
        command.pre_exec(enter);
    }
}

/// Keeps a command and what it starts from taking off the limit by which a session's processes are known
/// ([`crate::launch`]): with Landlock they can kill their keeper, and by this mark they are found all the same.
pub(crate) fn keep_mark(command: &mut Command) {
    enter(command, marked());
}

/// Goes on with the next instruction.
fn say(code: u16, k: u32) -> sock_filter {
    sock_filter {
        code,
        jt: 0,
        jf: 0,
        k,
    }
}

/// Goes on with the next instruction, or passes over so many.
fn is(k: u32, jf: u8) -> sock_filter {
    sock_filter {
        code: IS,
        jt: 0,
        jf,
        k,
    }
}

fn is_not(k: u32, jt: u8) -> sock_filter {
    sock_filter {
        code: IS,
        jt,
        jf: 0,
        k,
    }
}

fn program(shares_processes: bool) -> BpfProgram {
    each(|processor| {
        let mut calls = Vec::new();
        for number in processor.keys {
            calls.extend([is(number, 1), say(RETURN, REFUSE)]);
        }
        if shares_processes {
            // Of itself (0) a process may change them, and of others ask what they are: the third argument is null.
            calls.extend([
                is(processor.limits, 7),
                say(LOAD, ARGUMENTS),
                is_not(0, 5),
                say(LOAD, ARGUMENTS + 16),
                is(0, 2),
                say(LOAD, ARGUMENTS + 20),
                is_not(0, 1),
                say(RETURN, REFUSE),
            ]);
        }
        calls
    })
}

/// Refuses changes of `RLIMIT_RTTIME`.
fn marked() -> BpfProgram {
    const MARK: u32 = 15;
    each(|processor| {
        vec![
            is(processor.own_limit, 3),
            say(LOAD, ARGUMENTS),
            is(MARK, 9),
            say(RETURN, REFUSE),
            // The second argument is which one, the third what it becomes: null asks what it is.
            is(processor.limits, 7),
            say(LOAD, ARGUMENTS + 8),
            is(MARK, 5),
            say(LOAD, ARGUMENTS + 16),
            is(0, 2),
            say(LOAD, ARGUMENTS + 20),
            is_not(0, 1),
            say(RETURN, REFUSE),
        ]
    })
}

/// A filter that allows what the calls of a processor come to the end of.
fn each(of: impl Fn(&Processor) -> Vec<sock_filter>) -> BpfProgram {
    let mut whole = Vec::new();
    for processor in PROCESSORS {
        let mut calls = vec![say(LOAD, NUMBER), say(AND, NOT_SHORT)];
        calls.extend(of(processor));
        calls.push(say(RETURN, ALLOW));
        // Fewer than there are bits to count with.
        let over = calls.len() as u8;
        whole.extend([say(LOAD, ARCHITECTURE), is(processor.name, over)]);
        whole.extend(calls);
    }
    whole.push(say(RETURN, ALLOW));
    whole
}
