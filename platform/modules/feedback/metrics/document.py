"""From a file of sessions to the JSON of its figures; `docs/formats.md` describes it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from modules.feedback.metrics.compute import Figures, Metric, compute
from modules.feedback.metrics.expected import ExpectedMiddles, fit_trajectory
from modules.feedback.metrics.formulas import FORMULAS, REGRESSION
from modules.feedback.metrics.messages import Message, message
from modules.feedback.metrics.messages import mark as _
from modules.feedback.metrics.records import AGE_BANDS, CourseRecord, newest_date
from modules.feedback.metrics.scale import OWN, ScaleRules
from modules.feedback.metrics.targets import ScaleTarget
from modules.feedback.metrics.threshold import Threshold
from modules.feedback.scales.forms import Constant
from modules.feedback.trajectory.model import FORMULA_VERSION, HIGHEST, MINIMUM_COURSES, Model

FORMAT = "hjelpa.feedback.metrics/1"

_SILENT = _("The expected trajectory is silent below %(fewest)s courses with two complete outcome totals.")
_OTHER_RANGE = _("The expected trajectory is made for totals from 0 to %(highest)s, where more is better.")


def make_document(records: Sequence[CourseRecord], rules: ScaleRules = OWN) -> dict[str, Any]:
    """All figures of the records as plain values, the same for the same records in any order."""
    needed = any(rules.cut_off(band) is None for band in AGE_BANDS)
    fits = rules.maximum == HIGHEST and rules.higher_is_better
    model = fit_trajectory(records) if needed and fits else None
    otherwise = ExpectedMiddles(model, records) if model else None
    figures = compute(records, rules, target=ScaleTarget(rules, otherwise), as_of=newest_date(records))
    silent = message(_SILENT, fewest=MINIMUM_COURSES) if fits else message(_OTHER_RANGE, highest=f"{HIGHEST:g}")
    return {
        "format": FORMAT,
        "courses": figures.courses,
        "scale": _say_scale(rules),
        "target": {band: _say_target(rules.cut_off(band), model, silent) for band in AGE_BANDS},
        "reliable_change": _say_threshold(figures.threshold),
        "regression_to_the_mean": _say_regressions(figures),
        "metrics": {key: say_metric(metric) for key, metric in figures.metrics.items()},
        "formulas": {
            key: {"version": formula.version, "words": formula.words} for key, formula in FORMULAS.items()
        },
    }


def say_metric(metric: Metric) -> dict[str, Any]:
    """A figure as it stands in JSON; `reason` only where it needs one."""
    said: dict[str, Any] = {
        "value": metric.value,
        "numerator": metric.numerator,
        "denominator": metric.denominator,
        "completeness": metric.completeness,
        "formula_version": metric.formula_version,
    }
    return said | ({"reason": str(metric.reason)} if metric.reason else {})


def _say_scale(rules: ScaleRules) -> dict[str, Any]:
    return {
        "name": rules.name,
        "items": rules.items,
        "maximum": rules.maximum,
        "direction": "higher_is_better" if rules.higher_is_better else "lower_is_better",
        "reversed": [f"item{number}" for number in sorted(rules.reversed_items)],
        "may_miss": rules.may_miss,
        "cut_off": {band: _say_constant(constant) for band, constant in rules.cut_offs.items()},
        "reliable_change": _say_constant(rules.reliable_change) if rules.reliable_change else None,
        "not_used": rules.unused(),
    }


def _say_constant(constant: Constant) -> dict[str, Any]:
    checked = constant.checked_on.isoformat() if constant.checked_on else None
    return asdict(constant) | {"checked_on": checked}


def _say_target(cut_off: Constant | None, model: Model | None, silent: Message) -> dict[str, Any]:
    """What courses of one age band were held against."""
    if cut_off is not None:
        return {"kind": "cut_off", "value": cut_off.value}
    if model is not None:
        return {"kind": "trajectory", "courses": model.courses, "formula_version": FORMULA_VERSION}
    return {"kind": None, "reason": str(silent)}


def _say_threshold(threshold: Threshold | Message) -> dict[str, Any]:
    if isinstance(threshold, Message):
        return {"value": None, "reason": str(threshold)}
    if not threshold.estimated:
        return {"value": threshold.points, "source": threshold.source, "verification": threshold.verification}
    return {
        "value": threshold.points,
        "verification": "estimated",
        "sd": threshold.sd,
        "reliability": threshold.reliability,
        "n": threshold.n,
        "date": threshold.as_of.isoformat() if threshold.as_of else None,
        "formula_version": threshold.formula_version,
    }


def _say_regressions(figures: Figures) -> Mapping[str, Any]:
    groups = {
        f"effect_size:{band}" if band else "effect_size": asdict(of) for band, of in figures.regressions.items()
    }
    return {"statement": REGRESSION, "by_metric": groups}
