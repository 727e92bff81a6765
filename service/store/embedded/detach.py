"""Script: leave the caller's process tree, then become the supervisor. Standard library only, so that it is quick.

The extra fork hands the supervisor to init: the caller has no child to reap, and gunicorn's arbiter, which reaps every
child it finds and reads meaning into exit codes, never sees it.
"""

import os
import sys


def main() -> None:
    """Arguments: the directory and the descriptor of the supervisor's lock, held by the caller."""
    directory, lock = sys.argv[1:]
    os.setsid()
    if os.fork():
        os._exit(0)
    module = "service.store.embedded.supervisor"
    os.execv(sys.executable, [sys.executable, "-m", module, directory, "--lock-fd", lock])  # noqa: S606 - our own module


if __name__ == "__main__":
    main()
