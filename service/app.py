"""create_app(settings): wires, nothing else."""

from flask import Flask
from flask_babel import Babel
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix

from service import store
from service.config import Settings
from service.web import api, errors, headers, languages, logs, odata, openrosa, pages
from service.web.extensions import Api, api_config, keep_settings


def create_app(settings: Settings) -> Flask:
    """The WSGI application. Opens the database: call it after forking, once a process."""
    logs.configure(settings.log_level)
    store.open_database(settings.database)
    app = logs.Application("service.web", static_url_path="/static")
    app.config.update(
        MAX_CONTENT_LENGTH=settings.max_request_bytes,
        MAX_FORM_MEMORY_SIZE=settings.max_request_bytes,
        MAX_FORM_PARTS=2000,
        BABEL_DEFAULT_LOCALE=settings.default_language.replace("-", "_"),
        COMPRESS_ALGORITHM=["gzip"],
        COMPRESS_MIN_SIZE=500,
        COMPRESS_STREAMS=False,  # Flask-Compress 1.25 never closes the file behind a stream
        **api_config(),
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    keep_settings(app, settings)
    Babel(app, locale_selector=languages.babel_locale)
    Compress(app)
    logs.install(app, settings.log_level)
    headers.install(app, https=settings.base_url.startswith("https://"))
    errors.install(app)
    api.install(app, Api(app))
    pages.install(app)
    openrosa.install(app)
    odata.install(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    return app
