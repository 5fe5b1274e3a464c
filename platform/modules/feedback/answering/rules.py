"""Decisions about how answers come: until when they may, which one stays, and what a conversation without one counts as."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

from hjelpa.core.schemas import LOCAL, local_moment
from modules.feedback.rules import HAND_OVER_DAYS, Sheet, parse_value
from modules.feedback.scales.choosing import is_same_measure
from modules.feedback.scales.forms import Form

# Paper lies in a bag for some days; what is written in much later is no longer checked by anybody who was there.
ENTER_DAYS = timedelta(days=30)
# Whoever finds the link later, in a message that lies open, is not shown the curve.
CURVE_SHOWN = timedelta(minutes=30)
# Tenths of a point on the whole form. Less than this is less than a finger can aim at; used in words, in no figure.
ABOUT_THE_SAME = 10

Movement = Literal["first", "higher", "same", "lower"]
Standing = Literal["answered", "skipped", "declined", "missing"]


def end_of_link(now: datetime) -> datetime:
    """When a link stops working: at the local midnight that ends the next day."""
    return local_moment(now.astimezone(LOCAL).date() + timedelta(days=2), time())


def is_fresh(used_at: datetime | None, now: datetime) -> bool:
    """Whether whoever answered is surely still the one who holds the address: the curve is shown, and more may be said."""
    return used_at is not None and now - used_at <= CURVE_SHOWN


def last_day(expires_at: datetime) -> date:
    """The local day at whose end something stops."""
    return (expires_at - timedelta(seconds=1)).astimezone(LOCAL).date()


def may_enter(now: datetime, held_at: datetime, *, state: str | None, entered: bool) -> bool:
    """Whether an answer may be written in for somebody: not too late, and never over what they gave themselves.

    What a helper has written in may be put right in the same way.
    """
    return now - held_at <= ENTER_DAYS and (state != "answered" or entered)


def read_mark(typed: str, maximum: int) -> int:
    """`7,5` or `7.5` as 75 tenths; raises ValueError for anything else than 0 to the maximum (tenths)."""
    return parse_value(typed.strip().replace(",", "."), maximum)


def make_sheet(form: Form, marks: Sequence[int | None]) -> Sheet:
    """What was written in, as the sheet it would have been on the screen."""
    return Sheet(form, tuple(marks))


class Mark(NamedTuple):
    """One conversation on somebody's curve: the total in tenths and its form's key and version; empty without one."""

    held_at: datetime
    total: int | None = None
    form: tuple[str, int] | None = None


def comparable(marks: Sequence[Mark], forms: Mapping[tuple[str, int], Form]) -> tuple[tuple[Mark, ...], int]:
    """The conversations with those totals that can stand on one curve, and its highest total in tenths.

    Those are the totals that measure as the one given last does; the others become gaps.
    """
    last = next((forms.get(mark.form) for mark in reversed(marks) if mark.form is not None), None)
    if last is None:
        return tuple(Mark(mark.held_at) for mark in marks), 0
    same = {place for place, form in forms.items() if is_same_measure(form, last)}
    return tuple(mark if mark.form in same else Mark(mark.held_at) for mark in marks), last.maximum


def movement(totals: Sequence[int]) -> Movement | None:
    """How the last of some totals lies to the first; None where there is none."""
    if not totals:
        return None
    if len(totals) == 1:
        return "first"
    change = totals[-1] - totals[0]
    if abs(change) < ABOUT_THE_SAME:
        return "same"
    return "higher" if change > 0 else "lower"


@dataclass(frozen=True, slots=True)
class NoTime:
    """A time in which the citizen did not want to be asked; `until` is empty while it lasts."""

    since: datetime
    until: datetime | None = None

    def meets(self, begin: datetime, end: datetime) -> bool:
        return self.since <= end and (self.until is None or self.until > begin)


def standing(state: str | None, held_at: datetime, declined: Iterable[NoTime]) -> Standing:
    """What one conversation counts as on one scale.

    `state` is that of the answer, None without one. It was declined if the citizen said no at any time while it could
    be asked about: a no given in the conversation itself is for that conversation too.
    """
    if state == "answered":
        return "answered"
    if any(no.meets(held_at, held_at + HAND_OVER_DAYS) for no in declined):
        return "declined"
    return "skipped" if state == "skipped" else "missing"


def count_standings(standings: Iterable[Standing]) -> dict[Standing, int]:
    """How many of each; the four sum to all of them."""
    counted = Counter(standings)
    every: tuple[Standing, ...] = ("answered", "skipped", "declined", "missing")
    return {one: counted[one] for one in every}
