"""One pass over courses gives every figure, for all together and by age band. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import sqrt

from modules.feedback.metrics.formulas import CELLS, FORMULAS
from modules.feedback.metrics.messages import Message, message
from modules.feedback.metrics.messages import mark as _
from modules.feedback.metrics.records import AGE_BANDS, CourseRecord
from modules.feedback.metrics.scale import OWN, TENTHS, ScaleRules
from modules.feedback.metrics.tally import Tally
from modules.feedback.metrics.targets import Target
from modules.feedback.metrics.threshold import FirstAnswers, Threshold, variance_of

_NO_COURSE = _("There are no courses.")
_NO_START = _("No course has a complete outcome total.")
_NO_END = _("No course has ended.")
_NO_SESSION = _("No ended course has a session.")
_NO_PAIR = _("No ended course has two complete outcome totals.")
_ONE_PAIR = _("Only one ended course has two complete outcome totals.")
_SAME_START = _("All first totals are alike, so there is no spread to measure the change with.")
_NO_TARGET = _("There is no target: no cut-off, and no expected trajectory for these courses.")


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure. `value` is `numerator` / `denominator` (a count's is its numerator), and None with a `reason`.

    The denominator is always a number of courses, and `completeness` says what share of those that the figure is about
    it is: from 0 to 1, None when it is about none. Scores are points, shares go from 0 to 1.
    """

    value: float | None
    numerator: float | None
    denominator: int
    completeness: float | None
    formula_version: str
    reason: Message | None = None


@dataclass(frozen=True, slots=True)
class Regression:
    """How the change depends on the start (points per point, ended courses with two totals), stated with effect sizes."""

    slope: float
    mean_first: float
    sd_first: float
    mean_change: float
    n: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures by key, those of an age band as `<key>:<band>`; `regressions` by age band, "" for all together.

    `threshold` is the limit for a reliable change that was used, or why there is none.
    """

    metrics: Mapping[str, Metric]
    threshold: Threshold | Message
    regressions: Mapping[str, Regression]
    courses: int


def compute(
    records: Iterable[CourseRecord],
    rules: ScaleRules = OWN,
    *,
    target: Target | None = None,
    threshold: Threshold | Message | None = None,
    as_of: date | None = None,
) -> Figures:
    """Every figure over `records`, in any order.

    The limit for a reliable change is the scale's own, else `threshold` (or the reason for having none), else estimated
    from the records and dated `as_of`. Targets come from `target`; see `targets.ScaleTarget`.
    """
    bands: dict[str, Tally] = {band: Tally() for band in AGE_BANDS}
    answers = FirstAnswers()
    for record in records:
        bands[record.age_band].add(record, target, higher_is_better=rules.higher_is_better)
        if record.first_items is not None:
            answers.add(record.first_items)
    whole = Tally()
    for tally in bands.values():
        whole.take(tally)
    limit = _fixed(rules) or threshold or answers.estimate(as_of)
    metrics: dict[str, Metric] = {}
    regressions = {}
    groups = {"": whole, **bands}
    for band, tally in groups.items():
        ending = f":{band}" if band else ""
        metrics |= {key + ending: metric for key, metric in _measure(tally, rules, limit)}
        if (regression := _regress(tally)) is not None:
            regressions[band] = regression
    return Figures(metrics, limit, regressions, whole.courses)


def _fixed(rules: ScaleRules) -> Threshold | None:
    constant = rules.fixed_change()
    if constant is None:
        return None
    return Threshold(constant.value, False, source=constant.source, verification=constant.verification)


def _measure(tally: Tally, rules: ScaleRules, limit: Threshold | Message) -> Iterator[tuple[str, Metric]]:
    """The figures of one group, with their keys."""
    ended = _NO_END if not tally.ended else ""
    starts = _NO_COURSE if not tally.courses else _NO_START if not tally.started else ""
    yield _figure("start_score_mean", tally.start_sum / TENTHS, tally.started, tally.courses, starts)
    met = ended or (_NO_SESSION if not tally.met else "")
    yield _figure("sessions_mean", tally.sessions, tally.met, tally.ended, met)
    yield _figure("days_mean", tally.days, tally.met, tally.ended, met)
    pairs = ended or (_NO_PAIR if not tally.paired else "")
    targets = pairs or (_NO_TARGET if not tally.targeted else "")
    yield _figure("target_reached", tally.reached, tally.targeted, tally.ended, targets)
    yield from _reliable(tally, rules, limit, pairs)
    yield _effect(tally, rules, pairs)
    for key in CELLS:
        count = tally.cell(key)
        reason = message(targets) if targets and not key.endswith("unmeasured") else None
        share = tally.recorded / tally.ended if tally.ended else None
        yield key, Metric(count, count, tally.ended, share, FORMULAS[key].version, reason)
    some = _NO_COURSE if not tally.courses else ""
    yield _figure("feedback_first_meeting", tally.first_meeting, tally.courses, tally.courses, some)
    yield _figure("both_scales_used", tally.both, tally.courses, tally.courses, some)


def _figure(key: str, numerator: float, count: int, about: int, why: str | Message = "") -> tuple[str, Metric]:
    """A mean or share over `count` of the `about` courses; without a value when there is a `why`."""
    version = FORMULAS[key].version
    completeness = count / about if about else None
    if why:
        reason = message(why) if isinstance(why, str) else why
        return key, Metric(None, None, count, completeness, version, reason)
    return key, Metric(numerator / count, numerator, count, completeness, version)


def _reliable(
    tally: Tally, rules: ScaleRules, limit: Threshold | Message, pairs: str
) -> Iterator[tuple[str, Metric]]:
    why: str | Message = pairs or (limit if isinstance(limit, Message) else "")
    sides = {"improved_reliably": 1, "deteriorated_reliably": -1}
    for key, side in sides.items():
        count = 0
        if isinstance(limit, Threshold):
            towards = side if rules.higher_is_better else -side
            count = sum(times for change, times in tally.changes.items() if towards * change > limit.tenths)
        yield _figure(key, count, tally.paired, tally.ended, why)


def _effect(tally: Tally, rules: ScaleRules, pairs: str) -> tuple[str, Metric]:
    why = pairs or (_ONE_PAIR if tally.paired == 1 else "")
    spread = 0.0
    if not why:
        spread = variance_of(tally.paired, tally.first, tally.first_square)
        why = _SAME_START if spread <= 0 else ""
    better = tally.change if rules.higher_is_better else -tally.change
    return _figure("effect_size", better / sqrt(spread) if spread > 0 else 0, tally.paired, tally.ended, why)


def _regress(tally: Tally) -> Regression | None:
    """The least squares slope of change on start; None where there is no spread."""
    n = tally.paired
    spread = variance_of(n, tally.first, tally.first_square) if n > 1 else 0
    if spread <= 0:
        return None
    together = (n * tally.first_change - tally.first * tally.change) / (n * (n - 1))
    return Regression(
        slope=together / spread,
        mean_first=tally.first / n / TENTHS,
        sd_first=sqrt(spread) / TENTHS,
        mean_change=tally.change / n / TENTHS,
        n=n,
    )
