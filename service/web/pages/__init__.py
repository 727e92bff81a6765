"""Server-rendered pages: the phone page, the desk and the auditor's app."""

from flask import Flask

from service.domain.collect.tickets import grouped
from service.web.languages import spoken
from service.web.pages import (
    audit,
    audit_sync,  # noqa: F401 - adds its routes to the app's blueprint
    calendar_feed,
    health,
    published_results,
    survey,
    tablet,
    verify,
)
from service.web.pages.desk import (
    collecting,  # noqa: F401 - adds its routes to the desk's blueprint
    control,  # noqa: F401 - the same
    districts,  # noqa: F401 - the same
    draw_plans,  # noqa: F401 - the same
    evidence,  # noqa: F401 - the same
    field_apps,  # noqa: F401 - the same
    follow_ups,  # noqa: F401 - the same
    frames,  # noqa: F401 - the same
    home,
    interview_plans,  # noqa: F401 - the same
    interviews,  # noqa: F401 - the same
    notices,  # noqa: F401 - the same
    opinions,  # noqa: F401 - the same
    paper,  # noqa: F401 - the same
    quality,  # noqa: F401 - the same
    questionnaires,  # noqa: F401 - the same
    reports,  # noqa: F401 - the same
    results,  # noqa: F401 - the same
    rounds,  # noqa: F401 - the same
    slips,  # noqa: F401 - the same
    spot_checks,  # noqa: F401 - the same
    trying,  # noqa: F401 - the same
    visits,  # noqa: F401 - the same
    workload,  # noqa: F401 - the same
    xlsforms,  # noqa: F401 - the same
)


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
    app.register_blueprint(calendar_feed.blueprint)
    app.register_blueprint(home.blueprint)
    app.register_blueprint(audit.blueprint)
