"""Answers in words and pictures: the sentences and curves that a course's pages show."""

from dataclasses import dataclass

from flask_babel import LazyString, get_locale, gettext
from flask_babel import lazy_gettext as _l

from hjelpa.web.charts import format_number
from modules.feedback.rules import Session, Sheet


@dataclass(frozen=True, slots=True)
class ScaleTitle:
    """A kind of scale as employees meet it."""

    key: str
    title: LazyString
    hand_over: LazyString


OUTCOME = ScaleTitle("outcome", _l("Outcome scale"), _l("Hand over the outcome scale"))
ALLIANCE = ScaleTitle("alliance", _l("Alliance scale"), _l("Hand over the alliance scale"))
TITLES = {title.key: title for title in (OUTCOME, ALLIANCE)}


def say_points(tenths: float) -> str:
    """Points as people write them: 279 tenths is `27,9`."""
    return format_number(tenths / 10, str(get_locale()))


def say_given(session: Session, scale: ScaleTitle) -> str:
    """What one conversation has on one scale: the score, or why there is none."""
    total = session.total(scale.key)
    if total is not None:
        return say_points(total)
    states = {"answered": gettext("Not all lines answered"), "skipped": gettext("Skipped")}
    return states.get(session.state(scale.key) or "", gettext("Not answered"))


def say_problems(sheet: Sheet, language: str) -> dict[str, str]:
    """What to tell the citizen by line that cannot be used. A line left open is none of them: answering is voluntary."""
    wrong = (item for item in sheet.form.items if item.name in sheet.wrong)
    return {
        item.name: gettext("Set the mark once more on “%(line)s”", line=item.words[language].title)
        for item in wrong
    }
