"""The desk: its blueprint, languages and refusals, signing in and out. The first page stands in `due`.

Every page works without JavaScript and changes nothing when it is opened; forms carry the token of service.web.csrf.
"""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, g, make_response, redirect, render_template, request, url_for

from service.domain.errors import Kind, Refused
from service.operations import organisations
from service.web import csrf
from service.web.auth import COOKIE, SIGNED_IN, address, now, presented_token, public, requires
from service.web.errors import RETRY_SECONDS, fault_text, message_of, status_of
from service.web.extensions import settings
from service.web.languages import NAMES, speak
from service.web.pages.desk import words as desk_words
from service.web.pages.desk.ways import ways

blueprint = Blueprint("desk", __name__, url_prefix="/desk")
LANGUAGE_COOKIE = "minyi_language"
LANGUAGE_DAYS = 365
HOME = "/desk/"
LARGE_FORMS: dict[str, int] = {}  # endpoints whose forms carry files -> bytes; each page enters its own
# These show the phone page, which speaks other languages than the desk.
TRYING = (
    *("desk.try_draft", "desk.send_trial", "desk.preview_draft", "desk.turn_preview"),
    *("desk.interview_questions", "desk.send_interview"),
)


@blueprint.before_request
def prepare() -> None:
    """Speak the reader's language, and refuse forms that no page of ours has sent."""
    chosen = (request.args.get("lang"), request.cookies.get(LANGUAGE_COOKIE))
    if known := [name for name in chosen if name in NAMES]:
        speak(str(known[0]))
    if request.method != "POST":
        return
    if request.endpoint in LARGE_FORMS:
        organisations.actor_of(presented_token(), now())  # nobody else's megabytes are read
        request.max_content_length = LARGE_FORMS[request.endpoint]
    if request.endpoint == "desk.sign_in":
        csrf.check_origin()  # there is no session yet that a token could be bound to
    elif presented_token():
        csrf.check()


@blueprint.after_request
def remember(response: Response) -> Response:
    """Keep the chosen language; let our own forms say where they come from (with `no-referrer` they say `null`)."""
    if request.args.get("lang") in NAMES and request.endpoint not in TRYING:
        _set_cookie(response, LANGUAGE_COOKIE, request.args["lang"], LANGUAGE_DAYS * 86400)
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@blueprint.context_processor
def words() -> dict[str, Any]:
    """What the desk's templates use."""
    return {
        **desk_words.HELPERS,
        "me": g.get("actor"),
        "form_token": csrf.token,
        "token_field": csrf.FIELD,
        "languages": NAMES,
        "address_in": _address_in,
        "navigation": _navigation,
    }


def _navigation() -> list[tuple[str, str]]:
    """[(label, address)] of the main navigation: pages of the desk that stand under no heading."""
    return [one for heading, found in ways(g.actor, "desk") if not heading for one in found]


@blueprint.errorhandler(Refused)
def refused(refused: Refused) -> Response:
    """Who is not signed in is led to the sign-in page and back; every other refusal is a page of the desk."""
    if refused.entry.kind is Kind.UNAUTHENTICATED:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else HOME
        return make_response(redirect(url_for("desk.sign_in", next=wanted), 303))
    return page("error.html", status_of(refused), reason=refused.reason, message=message(refused))


def page(template: str, status: int = 200, **values: Any) -> Response:
    """An HTML answer of the desk."""
    response = make_response(render_template(f"desk/{template}", **values), status)
    if status in (429, 503):
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


@blueprint.get("/sign-in")
@public
def sign_in_form() -> Response:
    """User name and password."""
    return page("sign_in.html", next=_local(request.args.get("next", "")), username="", error="")


@blueprint.post("/sign-in")
@public
def sign_in() -> Response:
    """Open a session in a cookie that scripts cannot read, and go on to the page that was wanted.

    SameSite is Lax, not Strict: a link to a round in a letter must open the round. What it lets through are visits,
    which change nothing; forms need their token.
    """
    username, next = request.form.get("username", ""), _local(request.form.get("next", ""))
    try:
        token, _ = organisations.sign_in(username, request.form.get("password", ""), now(), address())
    except Refused as refused:
        if refused.reason not in ("credentials_wrong", "slow_down"):
            raise
        values = {"next": next, "username": username[:40], "error": message(refused)}
        response = page("sign_in.html", status_of(refused), **values)
        if refused.reason == "slow_down":
            response.headers["Retry-After"] = str(refused.params.get("seconds", RETRY_SECONDS))
        return response
    response = make_response(redirect(next, 303))
    _set_cookie(response, COOKIE, token, int(organisations.TOKEN_LIFE.total_seconds()))
    return response


@blueprint.post("/sign-out")
@requires(SIGNED_IN)
def sign_out() -> Response:
    """Revoke the session; its cookie is of no more use to anybody."""
    organisations.sign_out(presented_token())
    response = make_response(redirect(url_for("desk.sign_in_form"), 303))
    response.delete_cookie(COOKIE, path="/desk")
    return response


def message(refused: Refused) -> str:
    """The refusal in one sentence of the reader's language."""
    return message_of(refused)


def told(refused: Refused | None) -> list[str]:
    """The refusal and each of its faults, in the reader's language."""
    if refused is None:
        return []
    return [message(refused), *(f"{fault.field}: {fault_text(fault)}" for fault in refused.faults)]


def _local(wanted: str) -> str:
    """A page of the desk, or the first one: a prepared link must not lead a signed-in person to another site."""
    return wanted if wanted.startswith(HOME) and wanted.isascii() and wanted.isprintable() else HOME


def _address_in(language: str) -> str:
    """This page in another language. A form that was refused is shown at the address of its empty form."""
    if request.method == "POST" and g.get("actor") and current_app.create_url_adapter(request).test(method="GET"):  # type: ignore[union-attr]
        return f"{request.path}?{urlencode({'lang': language})}"
    if request.method != "GET" or not request.endpoint:
        return url_for("desk.sign_in_form", lang=language, next=_local(request.form.get("next", "")))
    # Not as arguments of url_for: it takes some, such as `_scheme`, for orders, and a prepared address could give them.
    asked = urlencode({**request.args.to_dict(), "lang": language})
    return f"{url_for(request.endpoint, **(request.view_args or {}))}?{asked}"


def _set_cookie(response: Response, name: str, value: str, seconds: int) -> None:
    https = settings().base_url.startswith("https://")
    response.set_cookie(name, value, max_age=seconds, path="/desk", httponly=True, secure=https, samesite="Lax")
