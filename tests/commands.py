"""The commands of `minyi`, each in a process of its own, forked from one that has read all modules: a start
from nothing takes seconds. `anew=True` makes one nevertheless, as people do: once for each command is enough."""

import gc
import json
import os
import subprocess
import sys
import tempfile
import threading
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

from service.config import Settings

ROOT = Path(__file__).parent.parent
FORKING = "import sys; sys.path.append('tests'); import commands; commands.fork_for_ever()"
PATIENCE = 120  # seconds


def run(
    settings: Settings, *command: object, typed: str = "", anew: bool = False, **variables: str
) -> tuple[int, str, str]:
    """(exit code, stdout, stderr) of the command with these settings; `typed` is its standard input."""
    told = {
        "MINYI_DATABASE": settings.database,
        "MINYI_SECRET": settings.secret.hex(),
        "MINYI_BASE_URL": "http://127.0.0.1:8000",
    }
    words, environ = [str(word) for word in command], os.environ | told | variables
    if not anew:
        code, out, err = _forks.ask({"words": words, "environ": environ, "typed": typed})
        return code, out, err
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", *words],
        cwd=ROOT,
        env=environ,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    return done.returncode, done.stdout, done.stderr


class _Forks:
    """The process that forks, started with the first command."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None
        self.lock = threading.Lock()

    def ask(self, asked: dict[str, Any]) -> Any:
        with self.lock:
            if self.process is None:
                pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
                self.process = subprocess.Popen([sys.executable, "-c", FORKING], cwd=ROOT, **pipes)
            assert self.process.stdin is not None
            assert self.process.stdout is not None
            print(json.dumps(asked), file=self.process.stdin, flush=True)
            return json.loads(self.process.stdout.readline())

    def end(self) -> None:
        if self.process is not None:
            self.process.communicate()


_forks = _Forks()
end_shared = _forks.end  # called when the process has run its last test


def fork_for_ever() -> None:
    """Run the commands that are asked for on standard input, until it ends."""
    import service.app  # noqa: F401
    from service.cli import COMMANDS

    for target in COMMANDS.values():
        import_module(target.partition(":")[0])
    gc.freeze()  # no child looks through all these objects
    for line in sys.stdin:
        asked = json.loads(line)
        with tempfile.TemporaryFile() as typed, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            typed.write(asked["typed"].encode())
            typed.seek(0)
            child = os.fork()
            if not child:
                _become([typed.fileno(), out.fileno(), err.fileno()], asked)
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            told = [file.seek(0) or file.read().decode() for file in (out, err)]
        print(json.dumps([code, *told]), flush=True)


def _become(streams: list[int], asked: dict[str, Any]) -> None:
    """The command itself, and the end of the process; at once, for taking all the modules apart takes a second."""
    from service.cli import main

    for number, file in enumerate(streams):
        os.dup2(file, number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)
    os.environ.clear()
    os.environ.update(asked["environ"])
    code: Any = 1
    try:
        main(asked["words"], prog_name="minyi")
    except SystemExit as ended:
        code = ended.code or 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
