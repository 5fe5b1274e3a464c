"""What a course's pages show of its answering: raters side by side, a no, and how each answer came."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext
from markupsafe import Markup

from hjelpa.core.permissions import may
from hjelpa.core.types import utcnow
from hjelpa.web.i18n import day
from modules.feedback import rules
from modules.feedback.answering.own_queries import make_mark
from modules.feedback.answering.own_words import OwnCurve, forms_of, say, tell_curve
from modules.feedback.answering.queries import Around, GivenRow, RaterRow
from modules.feedback.answering.rules import Mark, comparable, may_enter
from modules.feedback.scales.forms import Form
from modules.feedback.wording import say_points


@dataclass(frozen=True, slots=True)
class CellNote:
    """Beside one answer: what was said, how it came, and whether there are other ways to ask.

    `rater` is the first who can still answer, None for the citizen.
    """

    said: str
    came: str
    other_ways: bool
    rater: uuid.UUID | None


def note_of(session: rules.Session, scale: str, around: Around) -> CellNote:
    """What stands beside the citizen's answer on one scale in one conversation."""
    given = around.given.get((session.conversation_id, scale, None))
    who = [None] if around.declined_at is None else []
    asked = [*who, *(one.id for one in around.asked)]
    still = [rater_id for rater_id in asked if _is_open(session, scale, rater_id, around)]
    ways = bool(still) and may("feedback.hand_over")
    return CellNote(given.words if given else "", _came(given), ways, still[0] if still else None)


def _is_open(session: rules.Session, scale: str, rater_id: uuid.UUID | None, around: Around) -> bool:
    given = around.given.get((session.conversation_id, scale, rater_id))
    state, entered = (given.state, bool(given.entered_by)) if given else (None, False)
    return may_enter(utcnow(), session.held_at, state=state, entered=entered)


def _came(given: GivenRow | None) -> str:
    if given is None or given.entered_by is None:
        return gettext("By link") if given is not None and given.channel == "link" else ""
    words = {"paper": gettext("On paper"), "phone": gettext("By phone")}.get(given.channel, "")
    by = gettext("written in by %(name)s %(day)s", name=given.entered_by, day=day(given.answered_at))
    return f"{words}, {by}"


@dataclass(frozen=True, slots=True)
class Side:
    """One rater beside the others: what their marks show in words, and a total per conversation, the latest first."""

    rater: RaterRow
    sentence: str
    cells: tuple[str, ...]


def render_around(course_id: uuid.UUID, sessions: Sequence[rules.Session], around: Around) -> Markup:
    """The end of the section: the raters side by side, and the citizen's no or the way to it."""
    part = current_app.jinja_env.get_template("feedback/answering/around.html").render(
        course_id=course_id,
        around=around,
        sessions=list(reversed(sessions)),
        sides=_sides(sessions, around),
        may_ask=may("feedback.hand_over"),
    )
    return Markup(part)  # noqa: S704  # our own template, which escapes


def _sides(sessions: Sequence[rules.Session], around: Around) -> list[Side]:
    by_rater = {rater: marks_of(rater, sessions, around) for rater in around.raters}
    forms = forms_of(mark for marks in by_rater.values() for mark in marks)
    return [_side(rater, marks, forms) for rater, marks in by_rater.items()]


def _side(rater: RaterRow, marks: Sequence[Mark], forms: Mapping[tuple[str, int], Form]) -> Side:
    totals = [mark.total for mark in comparable(marks, forms)[0] if mark.total is not None]
    sentence = (
        say(totals, whose=rater.label) if totals else gettext("%(name)s has not answered yet.", name=rater.label)
    )
    cells = tuple("–" if mark.total is None else say_points(mark.total) for mark in reversed(marks))
    return Side(rater, sentence, cells)


def marks_of(rater: RaterRow, sessions: Sequence[rules.Session], around: Around) -> tuple[Mark, ...]:
    """One rater's outcome totals by conversation."""
    found = [around.given.get((session.conversation_id, "outcome", rater.id)) for session in sessions]
    return tuple(
        make_mark(session.held_at, given.total, given.form, given.form_version) if given else Mark(session.held_at)
        for session, given in zip(sessions, found, strict=True)
    )


def rater_curves(sessions: Sequence[rules.Session], around: Around) -> list[tuple[RaterRow, OwnCurve]]:
    """A curve for each rater who has answered the outcome scale, to stand beside the citizen's; never put together."""
    by_rater = {rater: marks_of(rater, sessions, around) for rater in around.raters}
    forms = forms_of(mark for marks in by_rater.values() for mark in marks)
    curves = [
        (rater, tell_curve(marks, forms, key=f"rater-{rater.id}", title=rater.label, whose=rater.label))
        for rater, marks in by_rater.items()
    ]
    return [(rater, curve) for rater, curve in curves if curve.chart is not None]
