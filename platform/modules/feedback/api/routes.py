"""The API of feedback: `/api/v1/feedback/…`."""

from typing import Any

from flask import Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint

from hjelpa.core.limits import limiter
from hjelpa.core.permissions import by_api_token, by_token
from hjelpa.core.types import utcnow
from hjelpa.web.api import PREFIX
from hjelpa.web.problems import make_problem
from modules.feedback.answering import commands
from modules.feedback.answering.choice import form_of
from modules.feedback.api.answers import describe, is_same, open_request, read_sheet
from modules.feedback.api.figures import find_figures
from modules.feedback.api.schemas import AnswerInput, FormSchema, MetricsQuery, MetricsSchema, ReceiptSchema
from modules.feedback.team.periods import period_named

READ_METRICS = "feedback.metrics.read"

blueprint = Blueprint("feedback_api", __name__, url_prefix=f"{PREFIX}/feedback", description="Does our help help?")


def _program() -> str:
    return str(g.program.id)


@blueprint.get("/metrics")
@by_api_token(READ_METRICS)
@limiter.limit("60 per minute", key_func=_program)
@blueprint.doc(security=[{"token": []}])
@blueprint.arguments(MetricsQuery, location="query")
@blueprint.response(200, MetricsSchema)
@blueprint.alt_response(304, description="Nothing has changed since the ETag that was sent")
@blueprint.alt_response(401, "UNAUTHORIZED")
@blueprint.alt_response(403, "FORBIDDEN")
@blueprint.alt_response(429, "TOO_MANY_REQUESTS")
def metrics(asked: dict[str, Any]) -> Response:
    """The municipality's own figures of a period, each with its denominator, completeness and formula."""
    figures = MetricsSchema().dump(find_figures(period_named(asked["period"]), asked["band"]))
    answer = jsonify(figures)
    answer.add_etag()
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.make_conditional(request)
    return answer


@blueprint.get("/scales/<token>")
@by_token
@limiter.limit("60 per minute")
@blueprint.response(200, FormSchema)
@blueprint.alt_response(404, "NOT_FOUND")
@blueprint.alt_response(429, "TOO_MANY_REQUESTS")
def scale(token: str) -> dict[str, Any]:
    """The form that a one-time token was made for, in all of its languages."""
    return describe(open_request(token))


@blueprint.post("/answers")
@by_token
@limiter.limit("60 per minute")
@blueprint.arguments(AnswerInput)
@blueprint.response(201, ReceiptSchema)
@blueprint.alt_response(200, schema=ReceiptSchema, description="The same answer had been received already")
@blueprint.alt_response(404, "NOT_FOUND")
@blueprint.alt_response(409, "CONFLICT")
@blueprint.alt_response(429, "TOO_MANY_REQUESTS")
def answer(sent: dict[str, Any]) -> ResponseReturnValue:
    """Answers the form of a one-time token. The same answer sent again is one answer; another one is refused."""
    asked = open_request(sent["token"], lock=True)
    sheet, wrong = read_sheet(form_of(asked), sent)
    if wrong:
        return make_problem(422, {"json": {"items": wrong}})
    receipt = {"state": sheet.state}
    if asked.used_at is not None or not commands.keep(asked, sheet, utcnow()):
        return (jsonify(receipt), 200) if is_same(asked, sheet) else make_problem(409)
    return jsonify(receipt), 201
