"""What runs on the owner's desktop beside a session: listens, has a terminal and memory to share. Says where, then waits."""

import ctypes
import os
import socket
import sys

held = []
for path in sys.argv[2:]:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(64)
    held.append(listener)
listener = socket.socket(socket.AF_UNIX)
listener.bind("\0" + sys.argv[1])
listener.listen(64)
held.append(listener)
master, terminal = os.openpty()
libc = ctypes.CDLL(None)
memory = libc.shmget(0, 4096, 0o1600)
print(os.ttyname(terminal), memory, flush=True)
sys.stdin.read()
IPC_RMID = 0
libc.shmctl(memory, IPC_RMID, None)
