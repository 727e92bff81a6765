"""The summary in the terminal: figures with what they may claim, the draw, the points, where to look next."""

import io
import sys
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from service.cli.demonstration.answers import CONNECTIONS
from service.cli.demonstration.facts import Figures, Played
from service.cli.demonstration.inspecting import RECORDS
from service.cli.demonstration.setting_up import Stage
from service.domain.collect.satisfaction import REASONS
from service.web import qr

WIDTH = 100
CHINESE = {"census": "全员作答", "attempted_census": "部分未答"}


def console() -> Console:
    """At most WIDTH columns; plain text where the output is no terminal, `?` for what its encoding lacks."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    made = Console(highlight=False)
    made.width = min(made.width, WIDTH) if made.is_terminal else WIDTH
    return made


def show(out: Console, played: Played, stage: Stage, outside: bool) -> None:
    """Everything, in the order of the work: asked, inspected, scored; then where to look."""
    _satisfaction(out, played)
    _inspection(out, played)
    _score(out, played.score)
    _addresses(out, played, outside)
    _accounts(out, stage)


def _heading(out: Console, text: str) -> None:
    out.print()
    out.rule(f"[bold]{text}", align="left", style="dim")


def _table(*columns: str, left: int = 1) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place < left else "right", overflow="fold")
    return table


def _satisfaction(out: Console, played: Played) -> None:
    _heading(out, "满意度 Satisfaction")
    table = _table("site 站点", "served", "answered", "High", "Medium", "Low", "index", "satisfied", "interval")
    table.columns[-1].justify = "left"
    for figures in played.sites:
        table.add_row(*_row(figures))
    table.add_row(*_row(played.overall), style="bold")
    out.print(table)
    for code in sorted({each.interval_reason for each in (*played.sites, played.overall) if each.interval_reason}):
        out.print(f"No interval, {CHINESE.get(code, code)} {code}: {REASONS[code]}")
    out.print(
        f"{played.pace.number:,} answers in {played.pace.seconds:.1f} s over {CONNECTIONS} connections, median "
        f"{played.pace.median * 1000:.0f} ms.\nIndex: High 100, Medium 50, Low 0; satisfied: High.\n"
        "Real answers: Copenhagen Housing Conditions Survey (Madsen 1976; Cox & Snell 1984).",
        style="dim",
    )


def _row(figures: Figures) -> list[str]:
    counts = [f"{figures.counts[level]:,}" for level in ("High", "Medium", "Low")]
    values = [_rounded(figures.index), _percent(figures.share_satisfied)]
    return [figures.name, f"{figures.served:,}", f"{figures.answered:,}", *counts, *values, _interval(figures)]


def _interval(figures: Figures) -> str:
    if figures.interval is None:
        return f"none: {figures.interval_reason}"
    lower, upper = figures.interval
    return f"{_percent(lower)} – {_percent(upper)}"


def _rounded(value: Decimal | None, places: int = 1) -> str:
    """For reading only; half goes up, as people round."""
    return "–" if value is None else str(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def _percent(share: Decimal | None, places: int = 1) -> str:
    return "–" if share is None else f"{_rounded(share * 100, places)} %"


def _inspection(out: Console, played: Played) -> None:
    _heading(out, "抽查 Draw and spot checks")
    draw, findings = played.draw, played.findings
    failures = ", ".join(f"{count} not {name}" for name, count in findings["failures"].items() if count)
    facts = {
        "frame": f"{RECORDS} generated records, SHA-256 {draw['frame_sha256']}",
        "seed": draw["seed"],
        "drawn": f"{len(draw['drawn'])}: {', '.join(draw['drawn'][:3])}, …",
        "errors": f"{findings['errors']} of {findings['n']} = {_percent(Decimal(findings['rate']))} ({failures})",
        "limit": f"at most {findings['limit']} of {findings['population']} records err = "
        f"{_percent(Decimal(findings['limit_share']), 2)} (exact, one-sided 95 %)",
    }
    _pairs(out, facts)
    notes = [note for node in _nodes(played.score) for note in node["notes"] if note["subject"] == draw["id"]]
    for note in notes:
        out.print(note["message"], style="yellow")


def _score(out: Console, score: Mapping[str, Any]) -> None:
    _heading(out, "得分 Score")
    table = _table("standard 标准", "of", "points")
    for standard in score["standards"]:
        most, points = Decimal(standard["max_points"]), Decimal(standard["points"])
        table.add_row(_both(standard["label"]), f"{most.normalize():f}", _rounded(points, 2))
    table.add_row(
        f"总分 total: {_both(score['grade']['label'])}", "100", _rounded(Decimal(score["total"]), 2), style="bold"
    )
    out.print(table)
    nodes = _nodes(score)
    examples = sum(node["example"] for node in nodes)
    if score["provisional"]:
        out.print(f"Provisional: {len(score['missing'])} pieces of evidence are missing.")
    out.print(
        f"示例 {examples} of {len(nodes)} nodes have weights or rules marked “example, not in the measures”.\n"
        "Organisations, records, judgements and volumes are made up; the answers are real.",
        style="yellow",
    )


def _nodes(score: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [node for standard in score["standards"] for node in _walk(standard)]


def _walk(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [node, *(below for child in node["children"] for below in _walk(child))]


def _both(label: Mapping[str, str]) -> str:
    return f"{label['zh-Hans']} {label['en']}"


def _addresses(out: Console, played: Played, outside: bool) -> None:
    _heading(out, "扫码试答 Scan and answer")
    # Written as it is: black on white is no decoration that NO_COLOR could take away, phones need it.
    coloured = out.is_terminal and not out.is_dumb_terminal
    out.file.write((qr.terminal if coloured else qr.plain)(played.phones[0]) + "\n")
    if outside:
        out.print("Open to everybody in your network: for trials only.", style="yellow")
    else:
        out.print(
            "仅限本机 Only on this machine. For phones in your network: --base-url http://ADDRESS:PORT", style="dim"
        )
    facts = {
        "phone page": played.phones[0],
        "more slips": "  ".join(address.rpartition("/")[2] for address in played.phones[1:]),
        "desk 评估工作台": f"{played.base_url}/desk/",
        "API docs": f"{played.base_url}/api/v1/docs",
    }
    _pairs(out, facts)


def _accounts(out: Console, stage: Stage) -> None:
    _heading(out, "账号 Accounts")
    table = _table("role", "user name", "password", left=3)
    for account in stage.accounts:
        table.add_row(account.role, account.username, account.password)
    out.print(table)


def _pairs(out: Console, facts: Mapping[str, str]) -> None:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in facts.items():
        table.add_row(name, escape(value))
    out.print(table)
