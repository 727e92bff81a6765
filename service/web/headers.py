"""Headers of every answer: nothing from outside, nothing framed, no address passed on, no copy kept."""

import secrets

from flask import Flask, Response, g, request

# With this the pages work fully; scripts come with the pages that need them, from our own address.
POLICY = (
    "default-src 'none'; style-src {style}; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def nonce() -> str:
    """For the page's own inline style; fresh in every answer."""
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
        style = f"'self' 'nonce-{g.nonce}'" if "nonce" in g else "'self'"
        response.headers.extend([("Content-Security-Policy", POLICY.format(style=style)), *always])
        if "Referrer-Policy" not in response.headers:
            # A code stands in the address of its page: no other site may learn it.
            response.headers.add("Referrer-Policy", "no-referrer")
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response
