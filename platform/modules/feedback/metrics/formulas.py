"""Every figure in words: what it is called, how it is worked out, and in which version. Pages show them one click away.

A changed formula is a new version, so that figures of two versions are never compared unawares.
"""

from dataclasses import dataclass

from modules.feedback.metrics.messages import mark as _
from modules.feedback.metrics.records import ENDINGS

PLACES = ("above", "below", "unmeasured")


@dataclass(frozen=True, slots=True)
class Formula:
    """How a figure is worked out. `title` and `words` are English; `texts` gives them in the reader's language."""

    key: str
    title: str
    words: str
    version: str = "1"


_ENDED_WORDS = _(
    "How many of the ended courses ended like this. Mutual: both agreed; an ending that nobody recorded counts as "
    "unilateral. Above: the last total reached the target. Below: it did not. Not measured: fewer than two complete "
    "totals, or no target. The six counts add up to all ended courses. Completeness: the share whose ending is recorded."
)

_ALL = (
    Formula(
        "start_score_mean",
        _("Mean start score"),
        _(
            "The sum of each course's first complete outcome total (points), divided by the number of courses that "
            "have one. Completeness: those courses as a share of all courses."
        ),
    ),
    Formula(
        "sessions_mean",
        _("Mean number of sessions"),
        _("The sum of each ended course's highest session number, divided by the number of ended courses."),
    ),
    Formula(
        "days_mean",
        _("Mean length in days"),
        _(
            "The sum of days from each ended course's first session to its end, divided by the number of ended courses."
        ),
    ),
    Formula(
        "target_reached",
        _("Share reaching the target"),
        _(
            "Of ended courses with at least two complete outcome totals and a target: the share whose last total is at "
            "the target or better. The target is the scale's cut-off for the age band, or else the middle of the "
            "expected trajectory at that session; about half reach that middle whatever the help is like, because it "
            "compares the municipality with itself. Completeness: those courses as a share of all ended courses."
        ),
    ),
    Formula(
        "improved_reliably",
        _("Share with reliable improvement"),
        _(
            "Of ended courses with at least two complete outcome totals: the share whose last total is better than the "
            "first by more than the limit for a reliable change. Completeness: those courses as a share of all ended "
            "courses."
        ),
    ),
    Formula(
        "deteriorated_reliably",
        _("Share with reliable deterioration"),
        _(
            "Of ended courses with at least two complete outcome totals: the share whose last total is worse than the "
            "first by more than the limit for a reliable change. Completeness: those courses as a share of all ended "
            "courses."
        ),
    ),
    Formula(
        "effect_size",
        _("Effect size"),
        _(
            "For ended courses with at least two complete outcome totals: the mean of last minus first total, divided by "
            "the standard deviation (n − 1) of the first totals; more than zero is better. Completeness: those courses "
            "as a share of all ended courses. Part of it is regression to the mean, which is stated beside it."
        ),
    ),
    Formula("ended_mutual_above", _("Ended together, target reached"), _ENDED_WORDS),
    Formula("ended_mutual_below", _("Ended together, target not reached"), _ENDED_WORDS),
    Formula("ended_mutual_unmeasured", _("Ended together, not measured"), _ENDED_WORDS),
    Formula("ended_unilateral_above", _("Ended by one side, target reached"), _ENDED_WORDS),
    Formula("ended_unilateral_below", _("Ended by one side, target not reached"), _ENDED_WORDS),
    Formula("ended_unilateral_unmeasured", _("Ended by one side, not measured"), _ENDED_WORDS),
    Formula(
        "feedback_first_meeting",
        _("Feedback in the first meeting"),
        _(
            "Of all courses: the share where the citizen answered at least one line of the outcome scale in the first "
            "session."
        ),
    ),
    Formula(
        "both_scales_used",
        _("Both scales used"),
        _(
            "Of all courses: the share where the citizen answered at least one line of the outcome scale and at least one "
            "line of the alliance scale, each in any session."
        ),
    ),
)

FORMULAS = {formula.key: formula for formula in _ALL}
CELLS = tuple(f"ended_{ending}_{place}" for ending in ENDINGS for place in PLACES)

REGRESSION = _(
    "Those who start low tend to rise and those who start high to fall, also without help, because part of a first score "
    "is chance. The effect size is not corrected for it."
)
