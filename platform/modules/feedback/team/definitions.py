"""The figures of a team's page in their order, and those that only the platform can work out: it knows who said no, and when
people talked about a signal. The others are those of `metrics.formulas`."""

from dataclasses import dataclass
from typing import Literal

from modules.feedback.metrics.formulas import CELLS, FORMULAS, Formula
from modules.feedback.metrics.messages import mark as _

Unit = Literal["points", "number", "days", "share", "size"]

DECLINED = Formula(
    "declined",
    _("Said no to feedback"),
    _(
        "Of all courses of help that began: the share where the citizen has said no to feedback and not taken it back. "
        "A no is counted as a no, never as a missing answer."
    ),
)
SIGNAL_DAYS = Formula(
    "signal_days",
    _("Days from a signal to a conversation"),
    _(
        "For the signals that were noticed: the median number of days until the first conversation in that course of help. "
        "Half were talked about sooner, half later. Completeness: signals with such a conversation as a share of all signals; "
        "those that still wait are not counted in the median."
    ),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands on the page, and how it is written."""

    key: str
    unit: Unit
    group: str


EFFECT, LENGTH, USE = "effect", "length", "use"

PLACES = (
    Place("start_score_mean", "points", EFFECT),
    Place("target_reached", "share", EFFECT),
    Place("improved_reliably", "share", EFFECT),
    Place("deteriorated_reliably", "share", EFFECT),
    Place("effect_size", "size", EFFECT),
    Place("sessions_mean", "number", LENGTH),
    Place("days_mean", "days", LENGTH),
    Place("feedback_first_meeting", "share", USE),
    Place("both_scales_used", "share", USE),
    Place("declined", "share", USE),
    Place("signal_days", "days", USE),
)

# About courses that began in the period; all others are about those that ended in it, or about signals noticed in it.
OF_BEGUN = ("start_score_mean", "feedback_first_meeting", "both_scales_used", "declined")

ALL_FORMULAS = {**FORMULAS, DECLINED.key: DECLINED, SIGNAL_DAYS.key: SIGNAL_DAYS}
# Those whose courses can be listed.
LISTED = (*(place.key for place in PLACES if place.key != SIGNAL_DAYS.key), *CELLS)
