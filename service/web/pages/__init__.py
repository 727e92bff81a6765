"""Server-rendered pages: the phone page, the desk and the auditor's app."""

from flask import Flask

from service.domain.collect.tickets import grouped
from service.web.languages import spoken
from service.web.pages import (
    audit,
    audit_sync,  # noqa: F401 - adds its routes to the app's blueprint
    desk,
    desk_collecting,  # noqa: F401 - the same as below
    desk_control,  # noqa: F401 - the same as below
    desk_draw_plans,  # noqa: F401 - adds its routes to the desk's blueprint
    desk_evidence,  # noqa: F401 - adds its routes to the desk's blueprint
    desk_field_apps,  # noqa: F401 - the same
    desk_follow_ups,  # noqa: F401 - the same
    desk_frames,  # noqa: F401 - the same
    desk_interview_plans,  # noqa: F401 - the same
    desk_interviews,  # noqa: F401 - the same
    desk_notices,  # noqa: F401 - the same
    desk_opinions,  # noqa: F401 - the same
    desk_paper,  # noqa: F401 - the same
    desk_quality,  # noqa: F401 - the same
    desk_questionnaires,  # noqa: F401 - the same
    desk_results,  # noqa: F401 - the same
    desk_rounds,  # noqa: F401 - the same
    desk_slips,  # noqa: F401 - the same
    desk_spot_checks,  # noqa: F401 - the same
    desk_trying,  # noqa: F401 - the same
    desk_visits,  # noqa: F401 - the same
    desk_workload,  # noqa: F401 - the same
    desk_xlsforms,  # noqa: F401 - the same
    health,
    survey,
    tablet,
    verify,
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
    app.register_blueprint(desk.blueprint)
    app.register_blueprint(audit.blueprint)
