"""Server-rendered pages: the phone page, the desk and the auditor's app."""

from importlib import import_module
from pkgutil import walk_packages

from flask import Flask

from service.domain.collect.tickets import grouped
from service.web.languages import spoken
from service.web.pages import (
    audit,
    audit_sync,  # noqa: F401 - adds its routes to the app's blueprint
    calendar_feed,
    desk,
    guide,
    health,
    published_results,
    survey,
    tablet,
    verify,
)
from service.web.pages.desk import home

for module in walk_packages(desk.__path__, f"{desk.__name__}."):
    import_module(module.name)  # each adds its routes to the desk's blueprint


def install(app: Flask) -> None:
    """Register the pages' blueprints."""
    # Template tags leave no lines and indents behind: a page is paid for by the byte on an old phone.
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["lang"] = spoken
    app.jinja_env.globals["grouped"] = grouped
    app.register_blueprint(survey.blueprint)
    app.register_blueprint(tablet.blueprint)
    app.register_blueprint(health.blp)
    app.register_blueprint(verify.blueprint)
    app.register_blueprint(published_results.blueprint)
    app.register_blueprint(guide.blueprint)
    app.register_blueprint(calendar_feed.blueprint)
    app.register_blueprint(home.blueprint)
    app.register_blueprint(audit.blueprint)
