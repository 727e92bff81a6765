"""What needs no account: the form of a code, the answer, the withdrawal. For native clients; phones use /s/<code>."""

from typing import Any

from flask import Response
from flask.views import MethodView

from schemas.collect.responses import FormSchema, OwnAnswersSchema, ReceiptSchema, SubmissionSchema, WithdrawalSchema
from service.domain.collect import questionnaires
from service.domain.collect.tickets import normalise
from service.domain.errors import Refused
from service.operations.collect import quotas, responses
from service.operations.collect.responses import Submission
from service.web import qr, slowdown
from service.web.auth import now, public
from service.web.extensions import Blueprint, keys, settings

blp = Blueprint("public", __name__, description="For respondents: no account needed")


@blp.route("/public/forms/<code>")
class Form(MethodView):
    @public
    @blp.response(200, FormSchema)
    @blp.doc(security=[])
    def get(self, code: str) -> Any:
        """The questionnaire behind a code and what the respondent must be told; spends nothing"""
        with slowdown.failures():
            view, batch = responses.form_of(code, keys())
        responses.refuse_if_closed(view, batch, now())
        quotas.refuse_if_full(view, batch)
        campaign = view.campaign
        return {
            "name": campaign.name,
            "site": view.site_names.get(batch.site, ""),
            "closes_at": campaign.closes_at,
            "languages": campaign.languages,
            "modes": responses.PUBLIC_MODES,
            "notice": campaign.notice,
            "questionnaire": questionnaires.to_plain(view.questionnaire),
        }


@blp.route("/public/forms/<code>/qr.<kind>")
class Code(MethodView):
    @public
    @blp.response(200, content_type="image/svg+xml", schema={"type": "string", "format": "binary"})
    @blp.doc(security=[])
    def get(self, code: str, kind: str) -> Any:
        """The QR code of a ticket as SVG or PNG; whoever has the code may have its picture"""
        url = f"{settings().base_url}/s/{normalise(code)}"
        match kind:
            case "svg":
                return Response(qr.svg(url), mimetype="image/svg+xml")
            case "png":
                return Response(qr.png(url), mimetype="image/png")
        raise Refused("not_found", noun="picture")


@blp.route("/public/forms/<code>/responses")
class Responses(MethodView):
    @public
    @blp.arguments(SubmissionSchema)
    @blp.response(201, ReceiptSchema)
    @blp.doc(security=[])
    def post(self, values: dict[str, Any], code: str) -> Any:
        """Send an answer: 201 with a receipt, 200 for a repeat under the same submission_id"""
        values["language"] = values.pop("lang")
        with slowdown.failures():
            acknowledged = responses.submit(code, Submission(**values), now(), keys())
        # Written out: the way through schema and jsonify costs a tenth of a request, and this is the busiest one. A
        # receipt has letters, digits and hyphens only.
        body = f'{{"receipt":"{acknowledged.receipt}"}}\n'
        return Response(body, 200 if acknowledged.repeated else 201, mimetype="application/json")


@blp.route("/public/withdrawals")
class Withdrawals(MethodView):
    @public
    @blp.arguments(WithdrawalSchema)
    @blp.response(204)
    @blp.doc(security=[])
    def post(self, values: dict[str, str]) -> None:
        """Withdraw the answer that a receipt belongs to"""
        with slowdown.failures():
            responses.withdraw(values["receipt"])


@blp.route("/public/answers")
class Answers(MethodView):
    @public
    @blp.arguments(WithdrawalSchema)
    @blp.response(200, OwnAnswersSchema)
    @blp.doc(security=[])
    def post(self, values: dict[str, str]) -> Any:
        """What is kept of the answer that a receipt belongs to: for whoever holds the receipt"""
        with slowdown.failures():
            view, own = responses.own(values["receipt"])
        shown = {"mode": own.cell.mode, "language": own.cell.language, "hour": own.hour, "answers": own.answers}
        return shown | {"name": view.campaign.name}
