"""Decisions about packs and forms: whether a licence lives, which form is for whom, what may stand on one curve. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, TypeVar
from uuid import UUID

from hjelpa.core.schemas import LOCAL, local_moment
from modules.feedback.scales.forms import Form
from modules.feedback.scales.registry import own_form

# How long before its end a licence is spoken about.
NOTICE = timedelta(days=30)
# No licence runs longer: a year further away is a slip.
LONGEST_YEARS = 30

T = TypeVar("T")
Standing = Literal["living", "ending", "ended"]


def local_day(now: datetime) -> date:
    return now.astimezone(LOCAL).date()


def standing(expires_on: date, today: date) -> Standing:
    """Whether a licence holds: to the end of its last day."""
    if expires_on < today:
        return "ended"
    return "ending" if expires_on - today <= NOTICE else "living"


def end_of(expires_on: date) -> datetime:
    """The moment at which a licence with this last day has ended; the calendar's own last day has none after it."""
    return local_moment(min(expires_on, date.max - timedelta(days=1)) + timedelta(days=1), time())


def is_too_far(expires_on: date, today: date) -> bool:
    """Whether a last day is more than `LONGEST_YEARS` years away, by the calendar."""
    return (expires_on.year - LONGEST_YEARS, expires_on.month, expires_on.day) > (
        today.year,
        today.month,
        today.day,
    )


@dataclass(frozen=True, slots=True)
class PackInUse:
    """The pack that a municipality has taken into use, with the newest version of its forms, the latest entered first."""

    id: UUID
    name: str
    expires_on: date
    forms: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """The form to hand over. `closes_at` is when its licence ends; `ended` is the pack in use whose licence has ended,
    for which the platform's own form stands in."""

    form: Form
    closes_at: datetime | None = None
    ended: PackInUse | None = None

    def until(self, moment: datetime) -> datetime:
        """That moment, or when the licence ends if that is before: nothing is answered in a form that is closed."""
        return moment if self.closes_at is None else min(moment, self.closes_at)


def choose_among(pack: PackInUse | None, kind: str, age_band: str, today: date) -> Choice:
    """The form of a kind for an age band: the municipality's own where its licence lives and it fits, else ours."""
    if pack is None:
        return Choice(own_form(kind, age_band))
    if standing(pack.expires_on, today) == "ended":
        return Choice(own_form(kind, age_band), ended=pack)
    fitting = (form for form in pack.forms if form.kind == kind and age_band in form.ages)
    form = next(fitting, None)
    return Choice(form, end_of(pack.expires_on)) if form else Choice(own_form(kind, age_band))


def is_same_measure(one: Form, other: Form) -> bool:
    """Whether totals of two forms may be put together: the same kind, lines, range, direction and reversed lines."""
    return _measure(one) == _measure(other)


def _measure(form: Form) -> tuple[object, ...]:
    reversed_lines = tuple(item.reversed_ for item in form.items)
    return form.kind, len(form.items), form.item_maximum, form.higher_is_better, form.scored, reversed_lines


def comparable(forms: Sequence[Form]) -> tuple[Form, ...]:
    """Of a pack's outcome forms (the latest entered first), those that measure as the latest does: figures take these."""
    outcome = [form for form in forms if form.kind == "outcome" and form.scored and form.origin.usable]
    return tuple(form for form in outcome if is_same_measure(form, outcome[0]))


def agreed(values: Iterable[T]) -> T | None:
    """The value, where all there are say the same; None where they differ or there is none."""
    found = list(values)
    return found[0] if found and all(value == found[0] for value in found) else None
