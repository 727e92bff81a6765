"""Forms of signed-in pages: each carries a token bound to its session, and must have been sent by a page of ours."""

import hashlib

from flask import request
from itsdangerous import Signer

from service.domain.errors import Refused
from service.web.auth import presented_token
from service.web.extensions import settings

FIELD = "_token"
# What a browser says of where a request came from; `none` is the reader's own doing and no page can bring it about.
_OUR_SITE = frozenset({"same-origin", "none"})


def token() -> str:
    """What a form carries: a signature of the session that nobody without our secret can make."""
    return _signer().get_signature(presented_token()).decode()


def check() -> None:
    """Raises Refused("csrf") for a form of another site or of another session."""
    check_origin()
    if not _signer().verify_signature(presented_token(), request.form.get(FIELD, "")):
        raise Refused("csrf")


def check_origin() -> None:
    """Raises Refused("csrf") when a browser says that another site's page sends this.

    Browsers send Sec-Fetch-Site over https and on loopback, and Origin with every form. Who sends neither is no browser
    and has no cookies that could be abused.
    """
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    ours = (settings().base_url, request.host_url.rstrip("/"))
    if not (site in _OUR_SITE if site is not None else origin is None or origin in ours):
        raise Refused("csrf")


def _signer() -> Signer:
    return Signer(settings().derived("csrf"), salt=b"desk-form", digest_method=hashlib.sha256)
