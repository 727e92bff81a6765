"""The evaluator's shared tablet: a fresh start for each person, and nothing of the one before left on the device.

A round is one person's turn. It lives in a signed cookie, so no address and no page in the history holds an answer: who
goes back finds that the round is over. Nobody is signed in here; the device holds a token that opens these pages only.
"""

import secrets
from typing import Any

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from itsdangerous import BadData, URLSafeTimedSerializer

from service.domain.collect import tickets
from service.domain.collect.campaigns import Campaign
from service.domain.collect.tablets import TABLET_LIFE, Tablet
from service.domain.errors import Refused
from service.operations.collect import campaigns, tablets
from service.web import csrf, slowdown
from service.web.auth import now, public
from service.web.errors import status_of
from service.web.extensions import keys, settings
from service.web.languages import NAMES, language, speak, spoken
from service.web.pages import survey
from service.web.pages.survey import Place

blueprint = Blueprint("tablet", __name__, url_prefix="/tablet")
TABLET, ROUND = "minyi_tablet", "minyi_round"
ROUND_SECONDS = 3600
LEFT_SECONDS = 900  # a page that is left lying is cleared
THANKS_SECONDS = 60  # to note the receipt down


@blueprint.before_request
def prepare() -> Response | None:
    """Find the tablet and speak a language of its campaign."""
    if request.method == "POST":
        csrf.check_origin()
    try:
        g.tablet = tablets.of_token(request.cookies.get(TABLET, ""), now())
    except Refused as refused:
        return _page("tablet_off.html", status_of(refused), message=gettext(refused.entry.message))
    g.offered = _campaign().languages
    speak(language(g.offered))
    return None


@blueprint.after_request
def say_where(response: Response) -> Response:
    """With `no-referrer` our own forms could not say where they come from."""
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@blueprint.get("")
@public
def start() -> Response:
    """Where each round begins; whatever was before is over."""
    return _forget(_start())


@blueprint.post("")
@public
def begin() -> Response:
    """Takes the code of a slip or of the tablet, typed or read by a scanner, which types the whole address."""
    typed = request.form.get("code", "").strip()
    try:
        with slowdown.failures():
            code = tickets.normalise(typed.rsplit("/", 1)[-1])
            tablets.check_code(_tablet(), code, keys())
    except Refused as refused:
        if refused.reason not in ("code_mistyped", "code_unknown", "code_elsewhere"):
            raise
        return _forget(_start(status_of(refused), typed[:80], gettext(refused.entry.message)))
    response = make_response(redirect(url_for("tablet.questions", **_asked()), 303))
    return _remember(response, {"round": secrets.token_hex(8), "code": code})


@blueprint.post("/clear")
@public
def clear() -> Response:
    """Over, wherever the person was."""
    return _over()


@blueprint.get("/questions")
@public
def questions() -> Response:
    """The questions of the round's code; back at the start when the round is over."""
    round = _round()
    if "code" not in round:
        return _over()
    _place(round)
    return _left_alone(survey.show(round["code"]), LEFT_SECONDS)


@blueprint.post("/questions")
@public
def send() -> Response:
    """Takes the answers in. What an earlier round sends once more, by going back, is not looked at."""
    round = _round()
    if "code" not in round or request.args.get("round") != round["round"]:
        return _over()
    _place(round)
    taken = survey.take(round["code"])
    if isinstance(taken, Response):
        return _left_alone(taken, LEFT_SECONDS)
    response = make_response(redirect(url_for("tablet.thanks", lang=spoken()), 303))
    return _remember(response, {"round": round["round"], "receipt": taken.receipt})


@blueprint.get("/thanks")
@public
def thanks() -> Response:
    """The receipt, until the person is done or a minute is over."""
    round = _round()
    if "receipt" not in round:
        return _over()
    page = _page("tablet_thanks.html", campaign=_campaign(), receipt=round["receipt"], seconds=THANKS_SECONDS)
    return _left_alone(page, THANKS_SECONDS)


def set_up(response: Response, token: str) -> Response:
    """Make this device a tablet."""
    return _set_cookie(response, TABLET, token, int(TABLET_LIFE.total_seconds()))


def _tablet() -> Tablet:
    found: Tablet = g.tablet
    return found


def _campaign() -> Campaign:
    return campaigns.view(_tablet().campaign).campaign


def _place(round: dict[str, str]) -> None:
    g.place = Place(tablets.MODE, url_for("tablet.send", round=round["round"]))


def _start(status: int = 200, typed: str = "", error: str = "") -> Response:
    view = campaigns.view(_tablet().campaign)
    site = view.site_names.get(_tablet().site, "")
    return _page("tablet_start.html", status, campaign=view.campaign, site=site, typed=typed, error=error)


def _page(template: str, status: int = 200, **values: Any) -> Response:
    offered = {name: NAMES.get(name, name) for name in g.get("offered", NAMES)}
    common = {"offered": offered, "asked": _asked(), "local": survey.local}
    return make_response(render_template(f"survey/{template}", **common, **values), status)


def _asked() -> dict[str, Any]:
    return {"lang": spoken()} if "lang" in request.args else {}


def _left_alone(response: Response, seconds: int) -> Response:
    """Back to the start by itself, without a script; the next person must not find this one's answers."""
    response.headers["Refresh"] = f"{seconds}; url={url_for('tablet.start')}"
    return response


def _over() -> Response:
    return _forget(make_response(redirect(url_for("tablet.start"), 303)))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().derived("tablet-round"), salt=_tablet().id)


def _round() -> dict[str, str]:
    """The round under way, or nothing."""
    try:
        found: dict[str, str] = _signer().loads(request.cookies.get(ROUND, ""), max_age=ROUND_SECONDS)
    except BadData:
        return {}
    return found


def _remember(response: Response, round: dict[str, str]) -> Response:
    return _set_cookie(response, ROUND, str(_signer().dumps(round)), ROUND_SECONDS)


def _forget(response: Response) -> Response:
    response.delete_cookie(ROUND, path="/tablet")
    return response


def _set_cookie(response: Response, name: str, value: str, seconds: int) -> Response:
    https = settings().base_url.startswith("https://")
    response.set_cookie(name, value, max_age=seconds, path="/tablet", httponly=True, secure=https, samesite="Strict")
    return response
