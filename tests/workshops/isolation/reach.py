"""Tries to reach something from inside a session: exits with 0 when it has."""

import ctypes
import fcntl
import os
import platform
import resource
import socket
import sys

libc = ctypes.CDLL(None, use_errno=True)
KEYCTL = {"x86_64": 250, "aarch64": 219, "riscv64": 219}
PIDFD_OPEN, PIDFD_GETFD = 434, 438
PTRACE_SEIZE = 0x4206
TIOCSTI = 0x5412
GET_KEYRING_ID, JOIN_SESSION, LINK = 0, 1, 8
USER_KEYRING, SESSION_KEYRING = -4, -3


def parent(pid):
    with open(f"/proc/{pid}/stat") as file:
        return int(file.read().rpartition(")")[2].split()[1])


def keeper():
    pid = os.getpid()
    while pid > 0:
        with open(f"/proc/{pid}/cmdline") as file:
            if "--keep-session" in file.read():
                return pid
        pid = parent(pid)
    sys.exit("there is no keeper above")


def process(name):
    """`keeper`, `app`, or an id. What is put around a keeper is the app's, as the app is."""
    if name == "keeper":
        return keeper()
    if name == "app":
        return parent(keeper()) or sys.exit("its parent is not seen")
    return int(name)


def is_of_session(pid, top):
    while pid > 0:
        if pid == top:
            return True
        pid = parent(pid)
    return False


def outsiders():
    """Signals every process that is not the session's: none of them notices the signal 0."""
    top, reached = keeper(), []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                if not is_of_session(int(name), top):
                    os.kill(int(name), 0)
                    reached.append(name)
            except OSError:
                pass
    return reached


def look(name, what):
    pid = process(name)
    if what == "signal":
        os.kill(pid, 0)
    elif what == "environ":
        return open(f"/proc/{pid}/environ", "rb").read()
    elif what == "cmdline":
        return open(f"/proc/{pid}/cmdline").read()
    elif what == "mem":
        return open(f"/proc/{pid}/mem", "r+b")
    elif what == "maps":
        return open(f"/proc/{pid}/maps").read()
    elif what == "root":
        return os.listdir(f"/proc/{pid}/root/")
    elif what == "cwd":
        return os.listdir(f"/proc/{pid}/cwd/")
    elif what == "fd":
        # Root may list the numbers of its programs' descriptors, wherever they are, and no more.
        return os.readlink(f"/proc/{pid}/fd/0")
    elif what == "oom":
        score = open(f"/proc/{pid}/oom_score_adj").read()
        with open(f"/proc/{pid}/oom_score_adj", "w") as file:
            file.write(score)
    elif what == "trace":
        return libc.ptrace(PTRACE_SEIZE, pid, None, None) == 0
    elif what == "descriptor":
        held = libc.syscall(PIDFD_OPEN, pid, 0)
        return held >= 0 and libc.syscall(PIDFD_GETFD, held, 0, 0) >= 0
    elif what == "limits":
        soft, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (soft, hard))
    elif what == "priority":
        os.setpriority(os.PRIO_PROCESS, pid, 19)
    return True


def connect(path):
    socket.socket(socket.AF_UNIX).connect(path)
    return True


def connect_by_name(name):
    """A socket that is no file."""
    return connect("\0" + name)


def opened(path):
    """A terminal of somebody's. Behind mounts the session's own can go by the same name."""
    if path == os.ttyname(0):
        sys.exit("it is the own one")
    return os.open(path, os.O_RDWR | os.O_NOCTTY)


def terminal(path):
    os.close(opened(path))
    return True


def type_into(path):
    """Types into a terminal of somebody's, who would run it."""
    fcntl.ioctl(opened(path), TIOCSTI, b"x")
    return True


def keyring():
    """Takes the keys of the owner, which belong to no place."""
    call = KEYCTL[platform.machine()]
    libc.syscall(call, JOIN_SESSION, None)
    libc.syscall(call, LINK, USER_KEYRING, SESSION_KEYRING)
    return libc.syscall(call, GET_KEYRING_ID, USER_KEYRING, 1) > 0


def memory(number):
    libc.shmat.restype = ctypes.c_void_p
    return libc.shmat(int(number), None, 0) != ctypes.c_void_p(-1).value


def descriptors():
    """What was inherited besides the standard streams."""
    own = [int(name) for name in os.listdir("/proc/self/fd")]
    held = []
    for number in own:
        try:
            held.append((number, os.readlink(f"/proc/self/fd/{number}")))
        except OSError:
            pass
    return [one for one in held if one[0] > 2]


try:
    found = globals()[sys.argv[1]](*sys.argv[2:])
except OSError as error:
    sys.exit(str(error))
print(found)
sys.exit(0 if found else 1)
