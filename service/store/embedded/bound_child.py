"""Script: become a command that the kernel kills when its parent dies. Standard library only.

Not a `preexec_fn`: that runs Python between fork and exec while the parent's other threads may hold locks.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h; survives execve


def main() -> None:
    """Arguments: the pid of the parent, then the command."""
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":  # elsewhere an orphan keeps the supervisor's lock, so that no second server can start
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the line above
        sys.exit(1)
    os.execv(command[0], command)  # noqa: S606 - the command of our own supervisor


if __name__ == "__main__":
    main()
