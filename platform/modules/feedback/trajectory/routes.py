"""The model card: what is expected here, from what, how well it holds, and what it must not be used for."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import access
from modules.feedback.metrics.threshold import FEWEST
from modules.feedback.trajectory import card, queries
from modules.feedback.trajectory.model import Model

blueprint = Blueprint("feedback_model", __name__, url_prefix="/<tenant>/feedback/model")


@blueprint.get("")
@access("feedback.read")
def show() -> ResponseReturnValue:
    kept, threshold = queries.find_kept(), queries.find_threshold()
    model = Model.from_json(kept.parameters) if kept and kept.parameters else None
    return render_template(
        "feedback/model.html",
        model=model,
        silent=card.say_why_silent(kept),
        facts=card.list_facts(model, kept) if model and kept else [],
        examples=card.list_examples(model) if model else [],
        headers=[gettext("Conversation %(number)s", number=number) for number in card.SESSIONS],
        checks=card.list_checks(model) if model else [],
        simulated=card.list_simulated(),
        threshold=card.list_threshold(threshold) if threshold else [],
        fewest=FEWEST,
    )
