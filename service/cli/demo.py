"""`minyi demo`: the main job from end to end on a throw-away service, with real answers."""

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from service import store
from service.cli.demonstration import answers, evaluating, facts, inspecting, server, setting_up, summary, visiting
from service.cli.demonstration.facts import Played
from service.cli.demonstration.setting_up import Stage
from service.config import ConfigurationError, Settings, is_loopback, parsed
from service.operations import organisations
from service.store.embedded import EmbeddedMissing, EmbeddedUnavailable

WORKERS = 2
INTERRUPTED = 130
DATABASE_END = 30.0  # seconds that the embedded database may take to end
EVERYWHERE = "0.0.0.0"  # noqa: S104 - only when a phone is to reach it


@click.command()
@click.option("--base-url", metavar="URL", help="Address printed in codes, for phones: http://ADDRESS:8000.")
@click.option("--host", help="Address to listen on; all with a --base-url for phones, else this machine alone.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port; otherwise 8000, or a free one if that is taken.")
@click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path), help="Empty folder in which to keep the data."
)
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write the facts here too.")
@click.option("--exit", "end", is_flag=True, help="End after the summary instead of serving.")
def demo(
    base_url: str | None, host: str | None, port: int | None, data: Path | None, json_file: Path | None, end: bool
) -> None:
    """Play the main job with real answers on a throw-away service, then serve it until Ctrl-C."""
    out = summary.console()
    if json_file is not None and not json_file.absolute().parent.is_dir():
        raise click.BadParameter(f"the folder of {json_file} does not exist.", param_hint="--json")
    listener, listen = listening(base_url, host, port)
    with listener, ended_by_signals(), ExitStack() as stack:
        try:
            folder = stack.enter_context(data_folder(data))
            settings = Settings.for_demo(
                database=f"embedded:{folder / 'database'}", workers=WORKERS, log_level="WARNING", **listen
            )
            log = folder / "server.log"
            process = stack.enter_context(server.serving(settings, listener, log, ignore_signals))
            stage = stack.enter_context(closing(Stage(server.own_address(settings))))
            start(out, settings, process, log, stage)
            tell(out, settings, stage, play(out, settings, stage), json_file)
        except KeyboardInterrupt:
            out.print("\nStopped before it was ready.")
            stack.close()
            raise SystemExit(INTERRUPTED) from None
        except (EmbeddedMissing, EmbeddedUnavailable) as error:
            raise click.ClickException(str(error)) from error
        if not end:
            serve_on(out, process, log, "kept" if data else "removed with it")


def listening(base_url: str | None, host: str | None, port: int | None) -> tuple[socket.socket, dict[str, str | int]]:
    """A listening socket, with host, port and base_url that fit it. A printed http address tells the port as well."""
    try:
        url = urlsplit(parsed("base_url", base_url, "--base-url")) if base_url else None
    except ConfigurationError as error:
        raise click.BadParameter(str(error.problems[0]), param_hint="--base-url") from None
    if url is not None and url.scheme == "http":
        port = port or url.port
    if host is None:
        host = EVERYWHERE if url is not None and not is_loopback(url.hostname or "") else "127.0.0.1"
    try:
        listener = server.listen(host, port)
    except OSError as error:
        raise click.BadParameter(
            f"cannot listen on {host}, port {port or 'any'}: {error}", param_hint="--port"
        ) from None
    port = listener.getsockname()[1]
    shown = "127.0.0.1" if host == EVERYWHERE else f"[{host}]" if ":" in host else host
    return listener, {"host": host, "port": port, "base_url": base_url or f"http://{shown}:{port}"}


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Ctrl-C, SIGTERM and a closed terminal all unwind this command, also where a shell had them ignored."""
    names = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup
        names.append(signal.SIGHUP)
    before = {name: signal.signal(name, _interrupt) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def _interrupt(number: int, frame: FrameType | None) -> None:
    ignore_signals()
    raise KeyboardInterrupt


def ignore_signals() -> None:
    """From here on everything is being ended; an impatient second Ctrl-C must not leave a half of it behind."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)


@contextmanager
def data_folder(wanted: Path | None) -> Iterator[Path]:
    """A fresh folder that is removed at the end, or the wanted one, which is kept; not before its database ended."""
    if wanted is not None and wanted.exists() and any(wanted.iterdir()):
        raise click.BadParameter(f"{wanted} is not empty.", param_hint="--data")
    folder = Path(tempfile.mkdtemp(prefix="minyi-demo-")) if wanted is None else wanted.absolute()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        yield folder
    finally:
        ignore_signals()
        store.close()
        if not store.ended(f"embedded:{folder / 'database'}", DATABASE_END):
            click.echo(f"The database in {folder} has not ended.", err=True)
        elif wanted is None:
            shutil.rmtree(folder)


@contextmanager
def closing(stage: Stage) -> Iterator[Stage]:
    with stage.closing:
        yield stage


def start(out: Console, settings: Settings, process: "subprocess.Popen[bytes]", log: Path, stage: Stage) -> None:
    """Wait for database and server, make the first account (no HTTP can do that) and sign in with it."""
    out.print("[bold]Minyi 民意[/bold] · demonstration 演示")
    with step(out, "database and service started"):
        password = setting_up.new_password()
        store.open_database(settings.database)
        organisations.first_admin("admin", password, datetime.now(UTC))
        store.close()
        server.wait_until_ready(process, settings, log)
        stage.sign_in("admin", "admin", password)


def tell(out: Console, settings: Settings, stage: Stage, played: Played, json_file: Path | None) -> None:
    """The facts for programs, once all is ready, and the summary for people."""
    if json_file is not None:
        facts.write_private(json_file, facts.as_json(played, stage))
    summary.show(out, played, stage, server.reachable_from_outside(settings))


def play(out: Console, settings: Settings, stage: Stage) -> Played:
    """The main job, all of it through the HTTP API."""
    table = answers.read_table()
    with step(out, "organisations, accounts, project, sites, questionnaires, campaigns"):
        setting_up.make_organisations(stage)
        setting_up.make_project(stage)
        setting_up.open_campaign(
            stage, setting_up.RESIDENTS, "住户调查 Survey of residents", "copenhagen-housing", "residents"
        )
        setting_up.open_campaign(stage, setting_up.VISITORS, "试答 Try it", "recipients", "recipients")
    with step(out, "one slip a resident, four free slips"):
        slips = setting_up.issue_slips(stage, {kind: len(rows) for kind, rows in table.items()})
        phones = setting_up.issue_free_slips(stage)
    pace = send(out, stage.address, answers.paired(slips, table))
    with step(out, "frame frozen, records drawn, spot checks logged"):
        drawn = inspecting.draw(stage)
        findings = inspecting.check(stage, drawn)
    with step(out, "visit started, an auditor's collecting app set up"):
        visiting.begin(stage, inspecting.FRAME)
        app = visiting.set_up_app(stage)
    with step(out, "round opened, judgements and volumes entered, scored"):
        score = evaluating.score(stage, drawn["id"])
        sites, overall = facts.figures(stage)
    return Played(pace, sites, overall, drawn, findings, score, phones, settings.base_url, app)


@contextmanager
def step(out: Console, name: str) -> Iterator[None]:
    """One line when it is done, with the seconds it took."""
    began = time.perf_counter()
    with out.status(f"{name} …"):
        yield
    _done(out, name, time.perf_counter() - began)


def _done(out: Console, name: str, seconds: float) -> None:
    out.print(f"[green]✓[/green] {name:<68} [dim]{seconds:6.1f} s[/dim]")


def send(out: Console, address: str, sheets: list[tuple[str, answers.Answers]]) -> answers.Pace:
    """The answers, with a bar that tells how many are acknowledged."""
    columns = (TextColumn("  answers 答卷"), BarColumn(None), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as progress:
        bar = progress.add_task("", total=len(sheets))
        pace = answers.play(address, sheets, lambda: progress.advance(bar))
    _done(out, f"{pace.number:,} real answers acknowledged", pace.seconds)
    return pace


def serve_on(out: Console, process: "subprocess.Popen[bytes]", log: Path, fate: str) -> None:
    """Until a signal; Ctrl-C is the proper end. Raises ClickException when the server ends by itself."""
    out.print(f"\n[bold]Serving. Ctrl-C ends it 按 Ctrl-C 结束[/bold]; its data are {fate}.")
    try:
        process.wait()
    except KeyboardInterrupt:
        out.print("\nStopping …")
        return
    raise server.failed("The server has ended.", log)
