"""The citizen's own curve in everyday words, and as a drawing without a number on it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import get_locale, gettext, ngettext
from markupsafe import Markup

from hjelpa.web.charts import Chart, CourseTexts, CurvePoint, course_curve
from hjelpa.web.charts.svg import Drawing
from hjelpa.web.i18n import day
from modules.feedback.answering.rules import Mark, comparable, movement
from modules.feedback.scales.forms import Form
from modules.feedback.scales.queries import find_forms

WIDTH, HEIGHT, EDGE = 320.0, 140.0, 14.0


def say(totals: Sequence[int], *, whose: str = "") -> str:
    """What somebody's totals show, without a number. `whose` is what a course calls another rater."""
    how = movement(totals)
    if how is None:
        return gettext("Nothing that can be drawn has been answered yet.")
    return _say_of(whose, how) if whose else _say_own(how)


def _say_own(how: str) -> str:
    return {
        "first": gettext("This is where you begin. Next time you can see whether something has changed."),
        "higher": gettext("You marked higher than the first time."),
        "same": gettext("You marked about the same as the first time."),
        "lower": gettext(
            "You marked lower than the first time. Say so to your helper, if you want something done differently."
        ),
    }[how]


def _say_of(whose: str, how: str) -> str:
    return {
        "first": gettext("%(name)s has answered once.", name=whose),
        "higher": gettext("%(name)s marked higher than the first time.", name=whose),
        "same": gettext("%(name)s marked about the same as the first time.", name=whose),
        "lower": gettext("%(name)s marked lower than the first time.", name=whose),
    }[how]


def say_way() -> str:
    """What a drawing without numbers means."""
    return gettext("Each dot is one time you answered, the latest to the right. Higher up is a higher mark.")


@dataclass(frozen=True, slots=True)
class OwnCurve:
    """Somebody's curve: a sentence always, and a picture once there is something to draw."""

    sentence: str
    chart: Chart | None
    sketch: Markup | None


def tell_curve(
    marks: Sequence[Mark],
    forms: Mapping[tuple[str, int], Form],
    *,
    key: str,
    title: str,
    whose: str = "",
    numbers: bool = True,
) -> OwnCurve:
    """The curve with its numbers and table, or, while the screen is being handed about, as a sketch without any."""
    shown, maximum = comparable(marks, forms)
    totals = [mark.total for mark in shown if mark.total is not None]
    sentence = say(totals, whose=whose)
    if not totals:
        return OwnCurve(sentence, None, None)
    if not numbers:
        return OwnCurve(sentence, None, _sketch(totals, maximum, key, title, sentence))
    return OwnCurve(sentence, _draw(shown, maximum, key, title, sentence), None)


def forms_of(marks: Iterable[Mark]) -> Mapping[tuple[str, int], Form]:
    """The forms that some totals were given in, one statement at most."""
    return find_forms(mark.form for mark in marks if mark.form is not None)


def say_measured(marks: Sequence[Mark]) -> str:
    """How many of the conversations there is a mark for."""
    measured = sum(mark.total is not None for mark in marks)
    return ngettext(
        "You have answered in %(measured)s of %(num)s conversation.",
        "You have answered in %(measured)s of %(num)s conversations.",
        len(marks),
        measured=measured,
    )


def _draw(marks: Sequence[Mark], maximum: int, key: str, title: str, sentence: str) -> Chart:
    texts = CourseTexts(
        title=title,
        sentence=sentence,
        axis=gettext("Conversation"),
        point=gettext("Conversation"),
        value=gettext("Score"),
        missing=gettext("Not measured"),
    )
    points = [CurvePoint(day(mark.held_at), None if mark.total is None else mark.total / 10) for mark in marks]
    return course_curve(points, key=key, maximum=maximum / 10, texts=texts, locale=str(get_locale()))


def _sketch(totals: Sequence[int], maximum: int, key: str, title: str, sentence: str) -> Markup:
    drawing = Drawing(key, WIDTH, HEIGHT)
    for height in (EDGE, HEIGHT - EDGE):
        drawing.line((EDGE, height), (WIDTH - EDGE, height), "c-grid")
    step = (WIDTH - 2 * EDGE) / max(len(totals) - 1, 1)
    low, room = HEIGHT - EDGE, HEIGHT - 2 * EDGE
    spots = [(EDGE + number * step, low - room * total / maximum) for number, total in enumerate(totals)]
    if len(spots) > 1:
        drawing.path(spots, "c-line s1")
    for spot in spots:
        drawing.dot(spot, 5, "c-dot s1")
    return drawing.finish(title, sentence)
