"""Figures in the reader's words: value, what it rests on, and how it is worked out."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import get_locale, gettext, ngettext
from flask_babel import lazy_gettext as _l

from hjelpa.web.charts import format_number
from hjelpa.web.i18n import day
from modules.feedback.metrics.compute import Metric, Regression
from modules.feedback.metrics.formulas import CELLS, REGRESSION
from modules.feedback.metrics.messages import Message
from modules.feedback.metrics.records import ENDINGS
from modules.feedback.metrics.texts import title_of, translate, words_of
from modules.feedback.metrics.threshold import Threshold
from modules.feedback.team.definitions import ALL_FORMULAS, EFFECT, LENGTH, OF_BEGUN, PLACES, USE, Place, Unit
from modules.feedback.team.periods import ALL, Choice
from modules.feedback.team.shares import FEWEST, say_percent, say_share
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
OWN_TARGET = _l("About half reach this target whatever the help is like: it compares you with yourselves.")
CHANCE = _l("Some of this would have come without help: whoever starts low usually rises.")
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


def show_groups(
    metrics: Mapping[str, Metric], choice: Choice, own_targets: Collection[str]
) -> list[tuple[str, list[Shown]]]:
    """The figures in their groups; `own_targets` as in `working.Basis`."""
    beside = {"effect_size": str(CHANCE)}
    if choice.band in own_targets:
        beside["target_reached"] = str(OWN_TARGET)
    return [
        (
            str(title),
            [
                show(metrics[choice.key(place.key)], place, beside.get(place.key, ""))
                for place in PLACES
                if place.group == group and choice.key(place.key) in metrics
            ],
        )
        for group, title in GROUPS.items()
    ]


def has_something(metrics: Mapping[str, Metric], choice: Choice) -> bool:
    """Whether any figure is about anybody."""
    return any(
        metrics[choice.key(key)].completeness is not None for key in ALL_FORMULAS if choice.key(key) in metrics
    )


def show(metric: Metric, place: Place, beside: str = "") -> Shown:
    """A figure in words. `beside` is what must be said wherever it has a value."""
    formula, value, basis = ALL_FORMULAS[place.key], _value(metric, place.unit), _basis(metric, place)
    return Shown(
        place.key,
        title_of(formula),
        value,
        f"{basis} {beside}" if value and beside else basis,
        words_of(formula),
        metric.formula_version,
    )


def _value(metric: Metric, unit: Unit) -> str:
    if metric.value is None or _too_few(metric, unit):
        return ""
    if unit == "share":
        return say_share(round(metric.numerator or 0), metric.denominator)
    return say(metric.value, DECIMALS[unit])


def _too_few(metric: Metric, unit: Unit) -> bool:
    return unit == "size" and metric.denominator < FEWEST


def _basis(metric: Metric, place: Place) -> str:
    """What a figure rests on: numerator and denominator, and how complete it is."""
    if metric.reason is not None:
        return translate(metric.reason)
    if _too_few(metric, place.unit):
        return gettext(
            "Too few to show: %(measured)s measured, and at least %(fewest)s are needed.",
            measured=metric.denominator,
            fewest=FEWEST,
        )
    if place.unit == "share" and metric.denominator < FEWEST:
        # The counts are the value.
        return _completeness(metric)
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
    share = say_percent(metric.completeness) if about >= FEWEST else str(metric.denominator)
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


def say_endings(metrics: Mapping[str, Metric], choice: Choice, own_targets: Collection[str]) -> list[str]:
    """What must be said beside the six cells: how many endings are recorded, and what above and below mean or why there
    is neither."""
    metric = metrics[choice.key(CELLS[0])]
    said = []
    if metric.completeness is not None:
        share = say_share(round(metric.completeness * metric.denominator), metric.denominator)
        said.append(gettext("How it ended is recorded for %(share)s.", share=share))
    if metric.reason is not None:
        said.append(translate(metric.reason))
    elif choice.band in own_targets:
        said.append(str(OWN_TARGET))
    return said


def say_regression(regression: Regression | None) -> list[str]:
    """Regression to the mean, stated beside the effect size."""
    if regression is None:
        return []
    if regression.n < FEWEST:
        return [gettext(REGRESSION)]
    points, count = say(abs(regression.slope), 2), regression.n
    if regression.slope <= 0:
        told = gettext(
            "Here the change is %(points)s points less for each point higher at the start (%(count)s courses of help).",
            points=points,
            count=count,
        )
    else:
        told = gettext(
            "Here the change is %(points)s points more for each point higher at the start (%(count)s courses of help).",
            points=points,
            count=count,
        )
    return [gettext(REGRESSION), told]


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
