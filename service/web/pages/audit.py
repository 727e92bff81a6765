"""The auditor's web app: its page, its shell under one version, its service worker, and signing in without a page.

What phones read and send lies under /audit/data/ and answers in JSON; those routes are added to `blueprint` by others.
"""

from flask import Blueprint, Response, jsonify, make_response, request
from werkzeug.exceptions import NotFound

from service.domain.errors import Refused
from service.operations import organisations
from service.web import csrf
from service.web.auth import COOKIE, SIGNED_IN, actor, address, now, presented_token, public, requires
from service.web.extensions import settings
from service.web.headers import APP_POLICY, CONTENT_SECURITY
from service.web.pages import audit_shell

blueprint = Blueprint("audit", __name__, url_prefix="/audit")
DATA = "/audit/data/"
HEADER, USER_HEADER = "X-Minyi-Audit", "X-Minyi-User"
FOR_EVER = "public, max-age=31536000, immutable"


@blueprint.before_request
def prepare() -> None:
    """Only our own page can set the header, so no other site's page reads or sends anything here.

    A phone says whose records it sends: two auditors may share it, and the cookie is the one's who signed in last.
    """
    if not request.path.startswith(DATA):
        return
    if request.headers.get(HEADER) != "1":
        raise Refused("csrf")
    csrf.check_origin()
    meant = request.headers.get(USER_HEADER)
    if meant is not None and organisations.actor_of(presented_token(), now()).id != meant:
        raise Refused("session_of_another")


@blueprint.after_request
def protect(response: Response) -> Response:
    response.headers[CONTENT_SECURITY] = APP_POLICY
    return response


@blueprint.get("/")
@public
def page() -> Response:
    """The app's only page; what it shows is decided on the phone."""
    return _fresh(audit_shell.shell().page, "text/html; charset=utf-8")


@blueprint.get("/service-worker.js")
@public
def service_worker() -> Response:
    """Its bytes change with any file of the shell, by which a browser knows that there is a new version."""
    return _fresh(audit_shell.shell().service_worker, "text/javascript; charset=utf-8")


@blueprint.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    return _fresh(audit_shell.manifest(), "application/manifest+json")


@blueprint.get("/shell/<version>/<path:name>")
@public
def file(version: str, name: str) -> Response:
    """A file of the shell, under the version of all of them together: two versions cannot be mixed."""
    shell = audit_shell.shell()
    if version != shell.version or name not in shell.files:
        raise NotFound
    found = shell.files[name]
    response = Response(found.content, mimetype=found.mimetype)
    response.headers["Cache-Control"] = FOR_EVER
    return response


@blueprint.get("/data/session")
@requires(SIGNED_IN)
def session() -> Response:
    """Who is signed in."""
    return _user(actor().id, actor().username)


@blueprint.post("/data/session")
@public
def sign_in() -> Response:
    """Open a session in a cookie that scripts cannot read."""
    data = request.get_json(silent=True)
    name, password = (data.get(key) if isinstance(data, dict) else None for key in ("username", "password"))
    if not isinstance(name, str) or not isinstance(password, str):
        raise Refused("credentials_wrong")
    token, user = organisations.sign_in(name, password, now(), address())
    response = _user(user.id, user.username)
    seconds, https = int(organisations.TOKEN_LIFE.total_seconds()), settings().base_url.startswith("https://")
    response.set_cookie(COOKIE, token, max_age=seconds, path="/audit", httponly=True, secure=https, samesite="Lax")
    return response


@blueprint.delete("/data/session")
@requires(SIGNED_IN)
def sign_out() -> Response:
    """Revoke the session; whether the phone may let go of it is the phone's to judge, which knows its queue."""
    organisations.sign_out(presented_token())
    response = make_response("", 204)
    response.delete_cookie(COOKIE, path="/audit")
    return response


def _user(id: str, name: str) -> Response:
    return jsonify(user={"id": id, "name": name})


def _fresh(content: str, mimetype: str) -> Response:
    response = Response(content, content_type=mimetype)
    response.headers["Cache-Control"] = "no-cache"
    return response
