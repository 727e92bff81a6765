"""The guide: how each kind of user works with Minyi, in the texts of service/web/guide; for everybody."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, render_template
from flask_babel import gettext
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from PIL import Image

from service.domain.errors import Refused
from service.web.auth import public
from service.web.languages import NAMES, spoken
from service.web.pages.desk.ways import N_
from service.web.public_cache import kept_for_a_minute

blueprint = Blueprint("guide", __name__, url_prefix="/docs")
WEB = Path(__file__).parents[1]
TEXTS, PICTURES = WEB / "guide", WEB / "static" / "guide"
# Task -> for whom it is. A text is `<language>/<task>.md`, a picture `<language>/<name>.webp`.
TASKS = {
    "evaluator": N_("Evaluators: questionnaires, figures, checks, scores"),
    "auditor": N_("Auditors and interviewers: on site, with a phone"),
    "purchaser": N_("Purchasers and authorities: steps, cases, publication"),
    "provider": N_("Service providers: self-evaluation, objections, appeals"),
    "it": N_("The IT office: installing, accounts, backup"),
}
# Pictures show the desk in one written form of Chinese.
PICTURED = {"zh-Hans": "zh-Hans", "zh-Hant": "zh-Hans", "en": "en"}


@blueprint.get("/")
@public
def contents() -> Response:
    """The tasks."""
    return _page("contents", tasks=TASKS)


@blueprint.get("/<task>")
@public
def task(task: str) -> Response:
    """The text of a task. Raises Refused("not_found")."""
    if task not in TASKS:
        raise Refused("not_found", noun="page")
    head, body, sections = written(spoken(), task)
    return _page("task", head=head, body=body, sections=sections, title=gettext(TASKS[task]))


@cache
def written(language: str, task: str) -> tuple[str, str, list[tuple[str, str]]]:
    """(HTML of the heading, HTML of the rest, [(anchor, heading)] of its sections) of a text of ours."""
    reader = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Writer)
    tokens = reader.parse((TEXTS / language / f"{task}.md").read_text(encoding="utf-8"))
    sections: list[tuple[str, str]] = []
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            anchor = f"part-{len(sections) + 1}"
            token.attrSet("id", anchor)
            sections.append((anchor, tokens[at + 1].content))
    env = {"language": PICTURED[language]}
    head, body = (reader.renderer.render(part, reader.options, env) for part in (tokens[:3], tokens[3:]))
    return head, body, sections


class _Writer(RendererHTML):
    """Writes pictures with their size, so that nothing jumps while they load."""

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        token = tokens[idx]
        path = Path(env["language"]) / f"{token.attrs['src']}.webp"
        with Image.open(PICTURES / path) as picture:
            width, height = picture.size
        token.attrs |= {"src": f"/static/guide/{path.as_posix()}", "width": width, "height": height, "loading": "lazy"}
        return super().image(tokens, idx, options, env)


def _page(name: str, **values: Any) -> Response:
    answer = Response(render_template(f"guide/{name}.html", languages=NAMES, **values), mimetype="text/html")
    answer.headers["Vary"] = "Accept-Language"
    return kept_for_a_minute(answer)
