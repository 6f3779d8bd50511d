//! System calls that reach what neither mounts nor rules keep apart: the kernel's keyrings, which belong to a user and not to
//! a place, and limits of processes, where those of others are seen.

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
}

/// All that a system of 64 bits may run, so that a program of 32 bits is no way around. On others nothing is filtered.
const PROCESSORS: &[Processor] = &[
    // x86-64, x86, AArch64, ARM, RISC-V.
    Processor {
        name: 0xC000_003E,
        keys: [248, 249, 250],
        limits: 302,
    },
    Processor {
        name: 0x4000_0003,
        keys: [286, 287, 288],
        limits: 340,
    },
    Processor {
        name: 0xC000_00B7,
        keys: [217, 218, 219],
        limits: 261,
    },
    Processor {
        name: 0x4000_0028,
        keys: [309, 310, 311],
        limits: 369,
    },
    Processor {
        name: 0xC000_00F3,
        keys: [217, 218, 219],
        limits: 261,
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
    let program = program(shares_processes);
    let enter = move || {
        apply_filter(&program).map_err(|_| io::Error::from(io::ErrorKind::PermissionDenied))
    };
    // SAFETY: between fork and exec it makes two system calls with what was made before.
    #[allow(unsafe_code)]
    unsafe {
        command.pre_exec(enter);
    }
}

fn program(shares_processes: bool) -> BpfProgram {
    let say = |code, k| sock_filter {
        code,
        jt: 0,
        jf: 0,
        k,
    };
    // Goes on with the next instruction, or passes over so many.
    let is = |k, jf| sock_filter {
        code: IS,
        jt: 0,
        jf,
        k,
    };
    let is_not = |k, jt| sock_filter {
        code: IS,
        jt,
        jf: 0,
        k,
    };
    let mut whole = Vec::new();
    for processor in PROCESSORS {
        let mut calls = vec![say(LOAD, NUMBER), say(AND, NOT_SHORT)];
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
        calls.push(say(RETURN, ALLOW));
        // Fewer than there are bits to count with.
        let over = calls.len() as u8;
        whole.extend([say(LOAD, ARCHITECTURE), is(processor.name, over)]);
        whole.extend(calls);
    }
    whole.push(say(RETURN, ALLOW));
    whole
}
