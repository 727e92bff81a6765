"""Headers of every answer: nothing from outside, nothing framed, no address passed on, no copy kept."""

import secrets

from flask import Flask, Response, g, request

# Scripts and styles come from our own address, or stand in the page itself under the nonce of this one answer.
POLICY = (
    "default-src 'none'; style-src {own}; img-src 'self' data:; script-src {own}; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def nonce() -> str:
    """For the page's own inline style and script; fresh in every answer."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(12)
    value: str = g.nonce
    return value


def install(app: Flask, *, https: bool) -> None:
    app.jinja_env.globals["csp_nonce"] = nonce

    always = [
        ("X-Content-Type-Options", "nosniff"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        *([("Strict-Transport-Security", "max-age=31536000")] if https else []),
    ]

    @app.after_request
    def protect(response: Response) -> Response:
        own = f"'self' 'nonce-{g.nonce}'" if "nonce" in g else "'self'"
        response.headers.extend([("Content-Security-Policy", POLICY.format(own=own)), *always])
        if "Referrer-Policy" not in response.headers:
            # A code stands in the address of its page: no other site may learn it.
            response.headers.add("Referrer-Policy", "no-referrer")
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response
