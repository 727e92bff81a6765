"""The JSON API under /api/v1: flask-smorest blueprints, one file a noun."""

from flask import Flask

from service.web.api import calendars, docs, organisations, projects, sessions
from service.web.api.collect import (
    batches,
    campaigns,
    drafts,
    media,
    opinions,
    progress,
    public,
    quality,
    question_figures,
    questionnaires,
    releases,
    responses,
    satisfaction,
    tickets,
    xlsforms,
)
from service.web.api.evaluate import entries, judgements, methods, rounds, schemes, scores
from service.web.api.evaluate import results as round_results
from service.web.api.inspect import (
    assignments,
    ceremonies,
    checklists,
    draws,
    field_tokens,
    follow_ups,
    frame_imports,
    frames,
    interviews,
    notices,
    published_draws,
    results,
    spot_checks,
    user_notifications,
    visits,
)
from service.web.api.procedure import (
    agency_assessments,
    approvals,
    calendar_feeds,
    comparisons,
    due,
    groups,
    objections,
    publications,
    reports,
    round_states,
    self_evaluations,
    targets,
)
from service.web.api.procedure import judging
from service.web.extensions import Api

BLUEPRINTS = (
    public.blp,
    media.blp,
    sessions.blp,
    organisations.blp,
    projects.blp,
    calendars.blp,
    questionnaires.blp,
    drafts.blp,
    xlsforms.blp,
    campaigns.blp,
    tickets.blp,
    batches.blp,
    responses.blp,
    satisfaction.blp,
    question_figures.blp,
    quality.blp,
    releases.blp,
    progress.blp,
    opinions.blp,
    frames.blp,
    frame_imports.blp,
    draws.blp,
    ceremonies.blp,
    checklists.blp,
    published_draws.blp,
    results.blp,
    user_notifications.blp,
    spot_checks.blp,
    field_tokens.blp,
    interviews.blp,
    visits.blp,
    assignments.blp,
    notices.blp,
    follow_ups.blp,
    schemes.blp,
    rounds.blp,
    judgements.blp,
    entries.blp,
    methods.blp,
    scores.blp,
    groups.blp,
    judging.blp,
    approvals.blp,
    publications.blp,
    round_results.blp,
    round_states.blp,
    due.blp,
    self_evaluations.blp,
    targets.blp,
    agency_assessments.blp,
    objections.blp,
    comparisons.blp,
    calendar_feeds.blp,
    reports.blp,
)


def install(app: Flask, api: Api) -> None:
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint, url_prefix="/api/v1")
    docs.install(app, api)
