"""Curves in words and pictures: the sentence that says what one shows, and the drawing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import get_locale, gettext, ngettext

from hjelpa.web.charts import Band, Chart, CourseTexts, CurveEvent, CurvePoint, course_curve, format_number
from hjelpa.web.i18n import day
from modules.feedback.answering.rules import Mark, comparable
from modules.feedback.course.against import TENTHS, Against
from modules.feedback.metrics.messages import Message
from modules.feedback.metrics.texts import translate
from modules.feedback.metrics.threshold import Threshold
from modules.feedback.rules import Curve
from modules.feedback.scales.forms import Form
from modules.feedback.wording import TITLES, ScaleTitle, say_points


@dataclass(frozen=True, slots=True)
class ScalePicture:
    """One scale through a course: its sentence always, its curve once something was measured, and the curve's legend."""

    scale: ScaleTitle
    sentence: str
    chart: Chart | None
    legend: tuple[tuple[str, str], ...] = ()


def picture_of(
    kind: str,
    marks: Sequence[Mark],
    forms: Mapping[tuple[str, int], Form],
    *,
    against: Against | None = None,
    events: Sequence[CurveEvent] = (),
    drawn: bool = True,
) -> ScalePicture:
    """A scale's sentence, and its curve where a page shows it. Totals of forms that measure otherwise are left out."""
    scale, held = TITLES[kind], against or Against()
    shown, maximum = comparable(marks, forms)
    curve = Curve(tuple(mark.total for mark in shown))
    left_out = sum(mark.total is not None for mark in marks) - len(curve.measured)
    sentence = " ".join(_sentences(curve, maximum, held, left_out))
    if not drawn or not curve.measured:
        return ScalePicture(scale, sentence, None)
    chart = _draw(scale, curve, maximum, sentence, held, events)
    return ScalePicture(scale, sentence, chart, tuple(_legend(curve, held)))


def _sentences(curve: Curve, maximum: int, against: Against, left_out: int) -> Iterator[str]:
    """What a curve shows: where it is, how it has moved, how much was measured, whether it counts, and what is usual."""
    if curve.last is None:
        yield gettext("No complete answers yet.")
        return
    yield _say_movement(curve.last, curve.change, maximum)
    yield ngettext(
        "Measured in %(measured)s of %(num)s conversation.",
        "Measured in %(measured)s of %(num)s conversations.",
        len(curve.totals),
        measured=len(curve.measured),
    )
    if curve.change is not None and against.limit is not None:
        yield _say_limit(curve.change, against, against.limit)
    standing = against.standing(curve.totals)
    if standing is not None:
        yield {
            "below": gettext(
                "It is lower than what is usual for people who began like this. Talk about what it means."
            ),
            "within": gettext("It is within what is usual for people who began like this."),
            "above": gettext("It is higher than what is usual for people who began like this."),
        }[standing]
    if left_out:
        yield ngettext(
            "%(num)s answer was given on another scale and does not stand on this curve.",
            "%(num)s answers were given on another scale and do not stand on this curve.",
            left_out,
        )
    if against.silent is not None:
        yield translate(against.silent)


def _say_movement(last: int, change: int | None, maximum: int) -> str:
    words = {
        "last": say_points(last),
        "maximum": say_points(maximum),
        "change": say_points(abs(change or 0)),
    }
    if change is None:
        return gettext("The score is %(last)s of %(maximum)s.", **words)
    if change == 0:
        return gettext("The last score is %(last)s of %(maximum)s, the same as the first.", **words)
    if change > 0:
        return gettext("The last score is %(last)s of %(maximum)s, %(change)s higher than the first.", **words)
    return gettext("The last score is %(last)s of %(maximum)s, %(change)s lower than the first.", **words)


def _say_limit(change: int, against: Against, limit: Threshold | Message) -> str:
    if isinstance(limit, Message):
        return translate(limit)
    words = {"points": format_number(limit.points, str(get_locale())), "count": limit.n, "day": day(limit.as_of)}
    if against.is_reliable(change):
        if limit.estimated:
            return gettext("The change is more than the %(points)s points that may be chance (estimated from %(count)s first answers, %(day)s).", **words)  # fmt: skip
        return gettext("The change is more than the %(points)s points that may be chance.", **words)
    if limit.estimated:
        return gettext("The change may be chance: it takes more than %(points)s points (estimated from %(count)s first answers, %(day)s).", **words)  # fmt: skip
    return gettext("The change may be chance: it takes more than %(points)s points.", **words)


def _legend(curve: Curve, against: Against) -> Iterator[tuple[str, str]]:
    yield "line", gettext("Score in the conversation")
    if len(curve.measured) < len(curve.totals):
        yield "gap", gettext("Conversation without a score")
    if against.expected:
        yield "band", gettext("Where eight of ten who began like this are")
        yield "expected", gettext("The middle of them")
    if against.cut_off is not None:
        yield "cut", gettext("Cut-off of the scale")


def _draw(
    scale: ScaleTitle, curve: Curve, maximum: int, sentence: str, against: Against, events: Sequence[CurveEvent]
) -> Chart:
    texts = CourseTexts(
        title=str(scale.title),
        sentence=sentence,
        axis=gettext("Conversation no."),
        point=gettext("Conversation"),
        value=gettext("Score"),
        missing=gettext("Not measured"),
        expected=gettext("Usual range"),
        event=gettext("What happened"),
    )
    points = [
        CurvePoint(str(number), None if total is None else total / TENTHS)
        for number, total in enumerate(curve.totals, 1)
    ]
    label = None
    if against.cut_off is not None:
        label = gettext("Cut-off %(points)s", points=format_number(against.cut_off, str(get_locale())))
    return course_curve(
        points,
        key=f"curve-{scale.key}",
        maximum=maximum / TENTHS,
        texts=texts,
        cutoff=against.cut_off,
        cutoff_label=label,
        band=_band(against),
        events=events,
        locale=str(get_locale()),
    )


def _band(against: Against) -> Band | None:
    usual = against.expected
    if not usual:
        return None
    sides = ([None if one is None else getattr(one, side) for one in usual] for side in ("low", "middle", "high"))
    return Band(*sides)
