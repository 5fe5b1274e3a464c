"""From courses to figures: the same code as for a file, given what the municipality's own figures rest on. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from modules.feedback.metrics.compute import Metric, Regression, compute
from modules.feedback.metrics.expected import ExpectedMiddles
from modules.feedback.metrics.messages import Message, message
from modules.feedback.metrics.messages import mark as _
from modules.feedback.metrics.records import AGE_BANDS, CourseRecord
from modules.feedback.metrics.scale import ScaleRules
from modules.feedback.metrics.tally import Tally
from modules.feedback.metrics.targets import ScaleTarget, Target
from modules.feedback.metrics.threshold import Threshold
from modules.feedback.signals.times import Talk, sum_up
from modules.feedback.team.courses import TeamCourse
from modules.feedback.team.definitions import DECLINED, OF_BEGUN, SIGNAL_DAYS
from modules.feedback.trajectory.model import HIGHEST, Model

_NONE_BEGAN = _("No course of help began.")
_NO_SIGNAL = _("No signal was noticed.")
_NO_TALK = _("No conversation has been held after a signal yet.")

PARTS = ("counted", "others", "unmeasured")


@dataclass(frozen=True, slots=True)
class Basis:
    """What figures rest on: the scale's rules, the forms whose totals count, the expected trajectory (None while it is
    silent), and the limit for a reliable change or why there is none."""

    rules: ScaleRules
    forms: tuple[str, ...]
    model: Model | None
    threshold: Threshold | Message

    def target_for(self, records: Sequence[CourseRecord]) -> Target:
        """What the last totals of these courses are held against."""
        fits = self.rules.maximum == HIGHEST and self.rules.higher_is_better
        expected = ExpectedMiddles(self.model, records) if self.model is not None and fits else None
        return ScaleTarget(self.rules, expected)

    @property
    def own_targets(self) -> tuple[str, ...]:
        """The age bands whose target is the municipality's own middle; "" with them where all are."""
        bands = tuple(band for band in AGE_BANDS if self.rules.cut_off(band) is None)
        return ("", *bands) if len(bands) == len(AGE_BANDS) else bands


@dataclass(frozen=True, slots=True)
class Worked:
    """All figures by key (`<key>:<age band>` for one), and how change depends on the start, by age band or ""."""

    metrics: Mapping[str, Metric]
    regressions: Mapping[str, Regression]


def work_out(courses: Iterable[TeamCourse], basis: Basis) -> Worked:
    """Every figure: some of the courses that began in the period, the others of those that ended in it."""
    found = list(courses)
    begun = [course.record for course in found if course.begun]
    over = [course.record for course in found if course.over]
    ended = compute(over, basis.rules, target=basis.target_for(over), threshold=basis.threshold)
    # Only what they began with is asked of these, so that no ending of theirs is worked out twice.
    started = compute([replace(record, ended_on=None) for record in begun], basis.rules, threshold=basis.threshold)
    metrics = {key: metric for key, metric in ended.metrics.items() if key.partition(":")[0] not in OF_BEGUN}
    metrics |= {key: metric for key, metric in started.metrics.items() if key.partition(":")[0] in OF_BEGUN}
    return Worked(metrics | _declined(begun), ended.regressions)


def _declined(begun: Sequence[CourseRecord]) -> dict[str, Metric]:
    found = {}
    for band in ("", *AGE_BANDS):
        group = [record.declined for record in begun if band in ("", record.age_band)]
        key = f"{DECLINED.key}:{band}" if band else DECLINED.key
        if group:
            said_no = sum(group)
            found[key] = Metric(said_no / len(group), said_no, len(group), 1.0, DECLINED.version)
        else:
            found[key] = Metric(None, None, 0, None, DECLINED.version, message(_NONE_BEGAN))
    return found


def talk_metrics(talks: Iterable[Talk]) -> dict[str, Metric]:
    """How soon signals were talked about, for all ages and by age band."""
    told = list(talks)
    found = {}
    for band in ("", *AGE_BANDS):
        times = sum_up(talk for talk in told if band in ("", talk.age_band))
        share = times.talked / times.signals if times.signals else None
        reason = None if times.talked else message(_NO_TALK if times.signals else _NO_SIGNAL)
        key = f"{SIGNAL_DAYS.key}:{band}" if band else SIGNAL_DAYS.key
        found[key] = Metric(times.median_days, None, times.talked, share, SIGNAL_DAYS.version, reason)
    return found


def list_part(courses: Iterable[TeamCourse], basis: Basis, key: str, part: str) -> list[TeamCourse]:
    """The courses behind one figure.

    "counted" are those in its numerator, "others" the rest of its denominator, and "unmeasured" those that it is about
    and that are not measured. Together they are all that it is about.
    """
    found = [course for course in courses if (course.begun if key in OF_BEGUN else course.over)]
    target = basis.target_for([course.record for course in found])
    return [course for course in found if _part_of(course.record, key, basis, target) == part]


def _part_of(record: CourseRecord, key: str, basis: Basis, target: Target) -> str:
    tally = Tally()
    tally.add(record, target, higher_is_better=basis.rules.higher_is_better)
    measured, counted = _places(tally, record, key, basis)
    return "unmeasured" if not measured else "counted" if counted else "others"


def _places(tally: Tally, record: CourseRecord, key: str, basis: Basis) -> tuple[bool, bool]:
    """Whether one course is in a figure's denominator, and in its numerator. One tally holds this one course only."""
    if key.startswith("ended_"):
        return True, bool(tally.cell(key))
    changed = _changed(tally, basis)
    places: dict[str, tuple[float, float]] = {
        "start_score_mean": (tally.started, tally.started),
        "sessions_mean": (tally.met, tally.met),
        "days_mean": (tally.met, tally.met),
        "target_reached": (tally.targeted, tally.reached),
        "improved_reliably": (tally.paired, changed > 0),
        "deteriorated_reliably": (tally.paired, changed < 0),
        "effect_size": (tally.paired, tally.paired),
        "feedback_first_meeting": (1, tally.first_meeting),
        "both_scales_used": (1, tally.both),
        "declined": (1, record.declined),
    }
    measured, counted = places[key]
    return bool(measured), bool(counted)


def _changed(tally: Tally, basis: Basis) -> int:
    """1 for a reliable improvement, -1 for a deterioration, 0 for neither or where there is no limit."""
    if isinstance(basis.threshold, Message) or not tally.paired:
        return 0
    change = tally.change if basis.rules.higher_is_better else -tally.change
    return (change > basis.threshold.tenths) - (change < -basis.threshold.tenths)
