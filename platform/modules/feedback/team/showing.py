"""Figures in the reader's words: value, what it rests on, and how it is worked out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import get_locale, gettext, ngettext
from flask_babel import lazy_gettext as _l

from hjelpa.web.charts import format_number, with_unit
from hjelpa.web.i18n import day
from modules.feedback.metrics.compute import Metric, Regression
from modules.feedback.metrics.formulas import CELLS, REGRESSION
from modules.feedback.metrics.messages import Message
from modules.feedback.metrics.records import ENDINGS
from modules.feedback.metrics.texts import title_of, translate, words_of
from modules.feedback.metrics.threshold import Threshold
from modules.feedback.team.definitions import ALL_FORMULAS, EFFECT, LENGTH, OF_BEGUN, PLACES, USE, Place, Unit
from modules.feedback.team.periods import ALL, Choice
from modules.feedback.trajectory.card import BANDS
from network.benchmarks.wording import period_name

GROUPS = {
    EFFECT: _l("How it goes"),
    LENGTH: _l("How long it takes"),
    USE: _l("How feedback is used"),
}
PLACE_WORDS = {
    "above": _l("Target reached"),
    "below": _l("Target not reached"),
    "unmeasured": _l("Not measured"),
}
ENDING_WORDS = {"mutual": _l("Both agreed"), "unilateral": _l("One side, or not recorded")}
DECIMALS: Mapping[Unit, int] = {"points": 1, "number": 1, "days": 0, "size": 2}


@dataclass(frozen=True, slots=True)
class Shown:
    """One figure as a page shows it. `value` is empty where there is none, and `basis` then says why."""

    key: str
    title: str
    value: str
    basis: str
    formula: str
    version: str


def band_words(band: str) -> str:
    return str(BANDS[band]) if band else gettext("All ages")


def period_words(period: str) -> str:
    return gettext("All the time") if period == ALL.id else period_name(period)


def show_groups(metrics: Mapping[str, Metric], choice: Choice) -> list[tuple[str, list[Shown]]]:
    """The figures in their groups."""
    return [
        (
            str(title),
            [
                show(metrics[choice.key(place.key)], place)
                for place in PLACES
                if place.group == group and choice.key(place.key) in metrics
            ],
        )
        for group, title in GROUPS.items()
    ]


def show(metric: Metric, place: Place) -> Shown:
    formula = ALL_FORMULAS[place.key]
    return Shown(
        place.key,
        title_of(formula),
        _value(metric, place.unit),
        _basis(metric, place),
        words_of(formula),
        metric.formula_version,
    )


def _value(metric: Metric, unit: Unit) -> str:
    if metric.value is None:
        return ""
    if unit == "share":
        return with_unit(100 * metric.value, "%", _language(), 0)
    return say(metric.value, DECIMALS[unit])


def _basis(metric: Metric, place: Place) -> str:
    """What a figure rests on: numerator and denominator, and how complete it is."""
    if metric.reason is not None:
        return translate(metric.reason)
    return " ".join([_part(metric, place), _completeness(metric)])


def _part(metric: Metric, place: Place) -> str:
    if place.unit == "share":
        return gettext(
            "%(part)s of %(whole)s.", part=say(metric.numerator or 0, 0), whole=say(metric.denominator, 0)
        )
    if place.key == "signal_days":
        return ngettext(
            "%(num)s signal was talked about.", "%(num)s signals were talked about.", metric.denominator
        )
    return ngettext("%(num)s course of help.", "%(num)s courses of help.", metric.denominator)


def _completeness(metric: Metric) -> str:
    if metric.completeness is None:
        return ""
    about = round(metric.denominator / metric.completeness) if metric.completeness else metric.denominator
    share = with_unit(100 * metric.completeness, "%", _language(), 0)
    return gettext("Complete for %(share)s of %(all)s.", share=share, all=say(about, 0))


@dataclass(frozen=True, slots=True)
class EndingRow:
    """One way of ending: a cell for each place, as (figure, count), and their sum."""

    title: str
    cells: tuple[tuple[str, int], ...]
    total: int


def show_endings(metrics: Mapping[str, Metric], choice: Choice) -> list[EndingRow]:
    """The six cells, a row for each way of ending."""
    rows = []
    for ending in ENDINGS:
        keys = [key for key in CELLS if key.startswith(f"ended_{ending}_")]
        cells = tuple((key, int(metrics[choice.key(key)].value or 0)) for key in keys)
        rows.append(EndingRow(str(ENDING_WORDS[ending]), cells, sum(count for _, count in cells)))
    return rows


def say_endings(metrics: Mapping[str, Metric], choice: Choice) -> list[str]:
    """What must be said beside the six cells: how many endings are recorded, and why nothing is above or below."""
    metric = metrics[choice.key(CELLS[0])]
    said = []
    if metric.completeness is not None:
        share = with_unit(100 * metric.completeness, "%", _language(), 0)
        said.append(gettext("How it ended is recorded for %(share)s.", share=share))
    if metric.reason is not None:
        said.append(translate(metric.reason))
    return said


def say_regression(regression: Regression | None) -> list[str]:
    """Regression to the mean, stated beside the effect size."""
    if regression is None:
        return []
    slope = gettext(
        "Slope of the change on the first answer: %(slope)s points for each point, in %(count)s courses of help.",
        slope=say(regression.slope, 2),
        count=regression.n,
    )
    return [gettext(REGRESSION), slope]


def show_threshold(limit: Threshold | Message) -> tuple[str, list[tuple[str, str]]]:
    """The limit for a reliable change: a sentence, and all that it was estimated from."""
    if isinstance(limit, Message):
        return translate(limit), []
    points = say(limit.points, 2)
    if not limit.estimated:
        return gettext(
            "A change counts when it is more than %(points)s points. Source: %(source)s",
            points=points,
            source=limit.source,
        ), []
    said = gettext("Estimated: a change counts when it is more than %(points)s points.", points=points)
    return said, list(_facts(limit))


def _facts(limit: Threshold) -> Iterator[tuple[str, str]]:
    yield gettext("Spread of first answers (standard deviation)"), say(limit.sd or 0, 2)
    yield gettext("Reliability (Cronbach’s alpha)"), say(limit.reliability or 0, 2)
    yield gettext("First answers"), str(limit.n)
    yield gettext("Estimated on"), day(limit.as_of)
    yield gettext("Version of the formula"), limit.formula_version


def say_about(key: str) -> str:
    """Which courses a figure is about."""
    return gettext("Courses of help that began") if key in OF_BEGUN else gettext("Courses of help that ended")


def say(number: float, decimals: int = 1) -> str:
    return format_number(number, _language(), decimals)


def _language() -> str:
    return str(get_locale())


def options(values: Sequence[str]) -> list[tuple[str, str]]:
    """Periods for a filter."""
    return [(value, period_words(value)) for value in values]


def ending_formula() -> str:
    """How the six cells are worked out."""
    return words_of(ALL_FORMULAS[CELLS[0]])
