"""The model card of a municipality in words: what its model was made from, what it expects, and how well it holds."""

from collections.abc import Iterator

from flask_babel import get_locale, gettext, ngettext
from flask_babel import lazy_gettext as _l

from hjelpa.web.charts import format_number
from hjelpa.web.i18n import day
from modules.citizens.models import AGE_BANDS
from modules.feedback.trajectory.model import MINIMUM_COURSES, MINIMUM_IN_BAND, Model
from modules.feedback.trajectory.models import ScaleThreshold, TrajectoryModel
from modules.feedback.trajectory.simulated import SIMULATED

BANDS = {
    "child": _l("Children (0–12)"),
    "adolescent": _l("Adolescents (13–18)"),
    "adult": _l("Adults (19 and over)"),
}
# Starting levels (points) and sessions that the card gives as examples.
STARTS = (10.0, 20.0, 30.0)
SESSIONS = (2, 5, 10)

Rows = list[tuple[str, ...]]


def say_why_silent(kept: TrajectoryModel | None) -> str:
    """Why there is no model yet."""
    return gettext(
        "It is made when at least %(fewest)s courses of help have two complete answers on the outcome scale. "
        "When it was last looked at there were %(count)s.",
        fewest=MINIMUM_COURSES,
        count=kept.courses if kept else 0,
    )


def list_facts(model: Model, kept: TrajectoryModel) -> list[tuple[str, str]]:
    """What the model was made from, and when."""
    return [
        (gettext("Made from"), _say_material(model)),
        (gettext("By age"), "; ".join(_say_bands(model))),
        (gettext("Made on"), day(kept.fitted_at)),
        (gettext("Version of the formula"), kept.formula_version),
    ]


def _say_material(model: Model) -> str:
    courses = ngettext("%(num)s course of help", "%(num)s courses of help", model.courses)
    return gettext("%(courses)s with %(answers)s answers after the first", courses=courses, answers=model.answers)


def _say_bands(model: Model) -> Iterator[str]:
    for band in AGE_BANDS:
        count = model.bands.get(band, 0)
        words = gettext("%(band)s: %(count)s", band=str(BANDS[band]), count=count)
        silent = gettext("too few, so nothing is expected (at least %(fewest)s)", fewest=MINIMUM_IN_BAND)
        yield words if count >= MINIMUM_IN_BAND else f"{words} – {silent}"


def list_examples(model: Model) -> Rows:
    """By age band and starting level: what is expected at some sessions."""
    return [
        (f"{BANDS[band]}, {say(start)}", *(_say_expected(model, band, start, session) for session in SESSIONS))
        for band in AGE_BANDS
        if model.bands.get(band, 0) >= MINIMUM_IN_BAND
        for start in STARTS
    ]


def _say_expected(model: Model, band: str, start: float, session: int) -> str:
    expected = model.expect(band, start, session)
    if expected is None:
        return "–"
    words = {"middle": say(expected.middle), "low": say(expected.low), "high": say(expected.high)}
    return gettext("%(middle)s (%(low)s to %(high)s)", **words)


def list_checks(model: Model) -> list[tuple[str, str]]:
    """How it held in courses here that it was not made from."""
    check = model.check
    return [
        (gettext("Answers inside the range"), _percent(check.covered)),
        (gettext("Below it, above it"), f"{_percent(check.below)}, {_percent(check.above)}"),
        (gettext("Slope of answers on what was expected"), "–" if check.slope is None else say(check.slope, 2)),
        (
            gettext("Mean distance from what was expected"),
            gettext("%(points)s points", points=say(check.distance)),
        ),
        (
            gettext("The same, had everybody been expected to stay where they began"),
            gettext("%(points)s points", points=say(check.unmoved)),
        ),
    ]


def list_simulated() -> Rows:
    """How it holds for invented municipalities, whose truth is known."""
    return [
        (
            ngettext("%(num)s course of help", "%(num)s courses of help", size.courses),
            f"{_percent(size.covered[0])}–{_percent(size.covered[1])}",
            f"{say(size.slope[0], 2)}–{say(size.slope[1], 2)}",
        )
        for size in SIMULATED
    ]


def list_threshold(kept: ScaleThreshold) -> list[tuple[str, str]]:
    """The limit for a change that counts, with all that it was estimated from."""
    if kept.threshold is None or kept.sd is None or kept.reliability is None:
        return []
    return [
        (
            gettext("A change counts when it is more than"),
            gettext("%(points)s points", points=say(kept.threshold, 2)),
        ),
        (gettext("Spread of first answers (standard deviation)"), say(kept.sd, 2)),
        (gettext("Reliability (Cronbach’s alpha)"), say(kept.reliability, 2)),
        (gettext("First answers"), str(kept.n)),
        (gettext("Estimated on"), day(kept.estimated_at)),
    ]


def say(number: float, decimals: int = 1) -> str:
    return format_number(number, str(get_locale()), decimals)


def _percent(share: float) -> str:
    return gettext("%(share)s %%", share=say(100 * share, 0))
