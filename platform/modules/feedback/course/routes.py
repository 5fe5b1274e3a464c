"""The curve of a course, to look at together."""

import uuid
from collections.abc import Mapping

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from hjelpa.core.permissions import access
from modules.citizens.gate import open_record
from modules.citizens.queries import find_citizen
from modules.feedback.answering.own_words import forms_of
from modules.feedback.answering.queries import read_around
from modules.feedback.answering.rules import Mark, comparable
from modules.feedback.answering.showing import rater_curves
from modules.feedback.course.against import Against, cut_off_of, expect, limit_of
from modules.feedback.course.marks import list_marks
from modules.feedback.course.pictures import picture_of
from modules.feedback.course.reading import marks_of, sessions_of
from modules.feedback.scales.forms import Form
from modules.feedback.team.queries import estimated_limit
from modules.feedback.trajectory.queries import find_model

blueprint = Blueprint("feedback", __name__, url_prefix="/<tenant>/feedback", template_folder="../templates")


@blueprint.get("/courses/<uuid:course_id>")
@access("feedback.read")
def course(course_id: uuid.UUID) -> ResponseReturnValue:
    """The curve, large enough to look at together, and those of others who answer beside it."""
    head = open_record(course_id)
    around = read_around(course_id)
    sessions = sessions_of(around)
    outcome, alliance = (marks_of(sessions, kind, around) for kind in ("outcome", "alliance"))
    forms = forms_of([*outcome, *alliance])
    against = _hold(outcome, forms, find_citizen(head.citizen_id).age_band)
    events = list_marks(head, sessions)
    return render_template(
        "feedback/course/course.html",
        pictures=[
            picture_of("outcome", outcome, forms, against=against, events=events),
            picture_of("alliance", alliance, forms, events=events),
        ],
        usual=bool(against and against.expected),
        rater_curves=rater_curves(sessions, around),
        course_url=url_for("citizens.course", course_id=course_id, _anchor="feedback"),
    )


def _hold(marks: tuple[Mark, ...], forms: Mapping[tuple[str, int], Form], age_band: str) -> Against | None:
    """What the outcome answers are held against, by the form that was answered last; None before there is one."""
    form = next((forms.get(mark.form) for mark in reversed(marks) if mark.form is not None), None)
    if form is None:
        return None
    totals = [mark.total for mark in comparable(marks, forms)[0]]
    expected, silent = expect(find_model(form.pack), form, age_band, totals)
    limit = limit_of(form, estimated_limit(form.pack))
    return Against(cut_off_of(form, age_band), limit, expected, silent)
