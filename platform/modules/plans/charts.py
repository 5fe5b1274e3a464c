"""The way to a goal as a small curve, in the words of those who said where they stand."""

from collections.abc import Sequence

from flask_babel import get_locale, gettext

from hjelpa.web.charts import Chart, CourseTexts, CurvePoint, course_curve
from hjelpa.web.i18n import dates
from modules.plans.models import Goal
from modules.plans.queries import Step

HIGHEST = 10
MOST_POINTS = 20


def say_way(steps: Sequence[Step]) -> str:
    """Where they stand, and where they stood at first."""
    if not steps:
        return str(gettext("Nobody has said where you are yet."))
    if len(steps) == 1:
        return str(gettext("At %(now)s of 10.", now=steps[0].value))
    return str(gettext("At %(now)s of 10 now, %(first)s at first.", now=steps[-1].value, first=steps[0].value))


def draw_way(goal: Goal, steps: Sequence[Step]) -> tuple[str, Chart | None]:
    """The way as a sentence, and as a curve from the second time on (the latest twenty)."""
    sentence = say_way(steps)
    if len(steps) < 2:
        return sentence, None
    shown, written = steps[-MOST_POINTS:], dates()
    texts = CourseTexts(
        title=str(gettext("The way to the goal")),
        sentence=sentence,
        axis=str(gettext("Day")),
        point=str(gettext("Day")),
        value=str(gettext("Where we are, 0 to 10")),
        missing="–",
    )
    points = [CurvePoint(written.day(step.at), float(step.value)) for step in shown]
    drawn = course_curve(points, key=f"way-{goal.id}", maximum=HIGHEST, texts=texts, locale=str(get_locale()))
    return sentence, drawn
