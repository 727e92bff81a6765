"""Reports are made in the background: a thread gathers the facts, a child process sets them, each file is kept."""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any

from service.domain.access import Actor
from service.domain.errors import Refused
from service.domain.procedure.reports import Report
from service.operations.procedure import report_facts, reports
from service.web.auth import now

PATIENCE = 120  # seconds; a child that takes longer is ended
AT_ONCE = 2  # in one process of the server
_places = threading.BoundedSemaphore(AT_ONCE)
_log = logging.getLogger(__name__)
Written = tuple[str, str, bytes]  # form, language, content


class ChildFailed(Exception):
    """The child process has not set everything; the message says why."""


def begin(actor: Actor, asked: Report, font: str) -> Report:
    """Ask for a report, and make it in the background if nobody does yet. Raises what `reports.ask` does, or busy."""
    if not _places.acquire(blocking=False):
        raise Refused("busy")
    try:
        report, mine = reports.ask(actor, now(), asked)
        if mine:
            threading.Thread(target=_in_background, args=(actor, report, font), daemon=True, name="report").start()
    except BaseException:
        _places.release()
        raise
    if not mine:
        _places.release()
    return report


def _in_background(actor: Actor, report: Report, font: str) -> None:
    try:
        make(actor, report, now, font)
    finally:
        _places.release()


def make(actor: Actor, report: Report, clock: Callable[[], datetime], font: str = "") -> Report | None:
    """Gather, set and keep; None if it failed, which the report then says, or if another attempt took over."""
    try:
        facts = report_facts.gather(actor, clock(), report)
        told = {"result": facts["result"]["id"], "digest": report_facts.digest(facts), "done": report.done + 1}
        report = reports.advance(report, clock(), "gathered", **told)
        with written(facts, report.languages, font) as files:
            for form, language, content in files:
                report = reports.keep(report, clock(), form, language, content)
        return reports.finish(actor, clock(), report)
    except Refused as refused:
        if refused.reason != "stale":
            reports.fail(report, clock(), str(refused))
    except (ChildFailed, OSError) as failed:
        reports.fail(report, clock(), str(failed))
    except Exception:
        _log.exception("the report %s was not made", report.id)
        reports.fail(report, clock(), "an unexpected error; see the service's log")
    return None


@contextmanager
def written(facts: Mapping[str, Any], languages: Sequence[str], font: str = "") -> Iterator[Iterator[Written]]:
    """The files of the report, one after the other as the child process finishes them."""
    job = json.dumps({"facts": facts, "languages": list(languages), "font": font}).encode()
    command = [sys.executable, "-m", "service.web.printing.reports"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:  # noqa: S603 - ours
        watch = threading.Timer(PATIENCE, child.kill)
        complaints: list[bytes] = []
        listening = threading.Thread(target=_listen, args=(child.stderr, complaints), daemon=True)
        watch.start()
        listening.start()
        try:
            assert child.stdin is not None  # noqa: S101 - a pipe, as asked for
            assert child.stdout is not None  # noqa: S101
            child.stdin.write(job)
            child.stdin.close()
            yield _frames(child.stdout)
            if child.wait():
                raise ChildFailed("the program that writes reports stopped with an error")
        except BrokenPipeError:
            raise ChildFailed("the program that writes reports could not start") from None
        finally:
            watch.cancel()
            child.kill()
            listening.join(5)
            if complaints:
                _log.warning("writing a report: %s", b"".join(complaints)[-2000:].decode(errors="replace"))


def _listen(pipe: IO[bytes], heard: list[bytes]) -> None:
    """Read what the child complains of, so that it never waits for somebody to read it."""
    heard.extend(pipe)


def _frames(pipe: IO[bytes]) -> Iterator[Written]:
    """A line of JSON (form, language, size), then so many bytes; again and again."""
    while line := pipe.readline():
        head = json.loads(line)
        if "failed" in head:
            raise ChildFailed(head["failed"])
        content = pipe.read(head["size"])
        if len(content) < head["size"]:
            return
        yield head["form"], head["language"], content
