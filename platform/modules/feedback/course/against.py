"""What a course's answers are held against: a cut-off, the limit for a change that counts, and what is usual. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

from modules.feedback.metrics.messages import Message, message
from modules.feedback.metrics.messages import mark as _
from modules.feedback.metrics.threshold import Threshold
from modules.feedback.scales.forms import Form
from modules.feedback.trajectory.model import HIGHEST, MINIMUM_COURSES, Expected, Model

TENTHS = 10

_NO_MODEL = _("Nothing is expected yet: it takes at least %(fewest)s courses of help with two whole answers here.")
_NO_BAND = _("Nothing is expected for this age yet: too few of them have answered here.")
_OTHER_SCALE = _("Nothing is expected on this scale: what is usual is worked out for scales from 0 to 40.")

Standing = Literal["below", "within", "above"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Against:
    """For one scale through one course. `cut_off` is in points and there only where somebody has verified it.

    `limit` is None where a change is not judged at all (the alliance scale). `expected` has one for each conversation, None
    before the first answer, and is empty where the model is silent: `silent` then says why.
    """

    cut_off: float | None = None
    limit: Threshold | Message | None = None
    expected: tuple[Expected | None, ...] = ()
    silent: Message | None = None

    def is_reliable(self, change: int) -> bool | None:
        """Whether a change (tenths) is greater than chance alone usually gives; None without a limit."""
        return abs(change) > self.limit.tenths if isinstance(self.limit, Threshold) else None

    def standing(self, totals: Sequence[int | None]) -> Standing | None:
        """How the last total (tenths) lies to what is expected there; None before there are two, and while silent."""
        measured = [place for place, total in enumerate(totals) if total is not None]
        if not self.expected or len(measured) < 2:
            return None
        total, usual = totals[measured[-1]], self.expected[measured[-1]]
        if total is None or usual is None:
            return None
        points = total / TENTHS
        return "below" if points < usual.low else "above" if points > usual.high else "within"


def cut_off_of(form: Form, age_band: str) -> float | None:
    """The cut-off of a form for an age band, in points, where it is verified."""
    found = form.cut_offs.get(age_band)
    return found.value if found is not None and found.verification == "verified" else None


def limit_of(form: Form, estimated: Threshold | Message) -> Threshold | Message:
    """The form's own limit for a change where it may be used, else the estimate."""
    own = form.reliable_change
    if own is None or not own.usable:
        return estimated
    return Threshold(own.value, False, source=own.source, verification=own.verification)


def expect(
    model: Model | None, form: Form, age_band: str, totals: Sequence[int | None]
) -> tuple[tuple[Expected | None, ...], Message | None]:
    """What is expected at each conversation from the first complete answer on, or why nothing is."""
    if form.maximum != HIGHEST * TENTHS or not form.higher_is_better:
        return (), message(_OTHER_SCALE)
    if model is None:
        return (), message(_NO_MODEL, fewest=MINIMUM_COURSES)
    first = next((place for place, total in enumerate(totals) if total is not None), None)
    if first is None:
        return (), None
    start = (totals[first] or 0) / TENTHS
    found = [
        None if place < first else model.expect(age_band, start, place + 1, first=first + 1)
        for place in range(len(totals))
    ]
    if found[first] is None:
        return (), message(_NO_BAND)
    return tuple(found), None


def place_marks(
    held: Sequence[date], marks: Sequence[tuple[date, T]], ended_on: date | None = None
) -> list[tuple[int, T]]:
    """Which conversation (from 0) each thing that happened stands at: the first one held that day or later, as it may show
    from then on; the last one when there is none yet. What happened before the first, or after the end, is left out."""
    if not held:
        return []
    placed = []
    for day, what in marks:
        if day < held[0] or (ended_on is not None and day > ended_on):
            continue
        place = next((place for place, talk in enumerate(held) if talk >= day), len(held) - 1)
        placed.append((place, what))
    return sorted(placed, key=lambda found: found[0])
