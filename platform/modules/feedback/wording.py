"""Answers in words and pictures: the sentences and curves that a course's pages show."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import get_locale, gettext, ngettext

from hjelpa.web.charts import Chart, CourseTexts, CurvePoint, course_curve, format_number
from modules.feedback.rules import Curve, Session, Sheet, curve_of
from modules.feedback.scales import TOTAL_MAXIMUM, Scale


@dataclass(frozen=True, slots=True)
class ScalePicture:
    """One scale through a course: its sentence always, its curve once something was measured."""

    scale: Scale
    sentence: str
    chart: Chart | None


def picture_of(scale: Scale, sessions: Sequence[Session], *, drawn: bool = True) -> ScalePicture:
    """The scale's sentence, and its curve where a page shows it."""
    curve = curve_of(sessions, scale.key)
    sentence = say_curve(curve)
    return ScalePicture(
        scale, sentence, _draw(scale, sessions, curve, sentence) if drawn and curve.measured else None
    )


def say_points(tenths: float) -> str:
    """Points as people write them: 279 tenths is `27,9`."""
    return format_number(tenths / 10, str(get_locale()))


def say_curve(curve: Curve) -> str:
    """What a curve shows, in words: where it is, how it has moved, and how much of it was measured."""
    if curve.last is None:
        return gettext("No complete answers yet.")
    measured = ngettext(
        "Measured in %(measured)s of %(num)s conversation.",
        "Measured in %(measured)s of %(num)s conversations.",
        len(curve.totals),
        measured=len(curve.measured),
    )
    return f"{_say_movement(curve.last, curve.change)} {measured}"


def _say_movement(last: int, change: int | None) -> str:
    words = {
        "last": say_points(last),
        "maximum": say_points(TOTAL_MAXIMUM),
        "change": say_points(abs(change or 0)),
    }
    if change is None:
        return gettext("The score is %(last)s of %(maximum)s.", **words)
    if change == 0:
        return gettext("The last score is %(last)s of %(maximum)s, the same as the first.", **words)
    if change > 0:
        return gettext("The last score is %(last)s of %(maximum)s, %(change)s higher than the first.", **words)
    return gettext("The last score is %(last)s of %(maximum)s, %(change)s lower than the first.", **words)


def say_given(session: Session, scale: Scale) -> str:
    """What one conversation has on one scale: the score, or why there is none."""
    total = session.total(scale.key)
    if total is not None:
        return say_points(total)
    states = {"answered": gettext("Not all lines answered"), "skipped": gettext("Skipped")}
    return states.get(session.state(scale.key) or "", gettext("Not answered"))


def say_problems(scale: Scale, sheet: Sheet) -> dict[str, str]:
    """What to tell the citizen by line that cannot be used. A line left open is none of them: answering is voluntary."""
    wrong = (item for item in scale.items if item.name in sheet.wrong)
    return {item.name: gettext("Set the mark once more on “%(line)s”", line=item.title) for item in wrong}


def _draw(scale: Scale, sessions: Sequence[Session], curve: Curve, sentence: str) -> Chart:
    texts = CourseTexts(
        title=str(scale.title),
        sentence=sentence,
        axis=gettext("Conversation no."),
        point=gettext("Conversation"),
        value=gettext("Score"),
        missing=gettext("Not measured"),
    )
    points = [
        CurvePoint(str(session.number), None if total is None else total / 10)
        for session, total in zip(sessions, curve.totals, strict=True)
    ]
    return course_curve(
        points, key=f"curve-{scale.key}", maximum=TOTAL_MAXIMUM / 10, texts=texts, locale=str(get_locale())
    )
