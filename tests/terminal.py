"""Runs a command on a terminal of its own, and prints what the terminal was sent: `terminal.py PROGRAM ARGUMENT…`."""

import os
import pty
import sys

pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], sys.argv[1:])
while True:
    try:
        sent = os.read(terminal, 65536)
    except OSError:  # Linux: the other end is closed.
        break
    if not sent:
        break
    sys.stdout.buffer.write(sent)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
