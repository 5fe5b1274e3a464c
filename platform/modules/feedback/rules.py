"""Decisions about answers: what was sent, what it adds up to, and what a course's curve shows. Values are tenths."""

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Literal, NamedTuple

from modules.feedback.scales.forms import Form

# A hand-over is for the conversation at hand; a scale answered much later would tell of another day.
HAND_OVER_DAYS = timedelta(days=7)
REQUEST_LIFETIME = timedelta(hours=2)

_VALUE = re.compile(r"([0-9]{1,2})(?:\.([0-9]))?")

Decision = Literal["wrong", "unanswered", "answered", "skipped"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A scale as it was sent: a value per line, None where unanswered, and the lines that cannot be used."""

    form: Form
    values: tuple[int | None, ...]
    wrong: frozenset[str] = frozenset()

    @property
    def unanswered(self) -> tuple[str, ...]:
        return tuple(name for name, value in zip(self.form.names, self.values, strict=True) if value is None)

    @property
    def total(self) -> int | None:
        return add_up(self.form, self.values)

    @property
    def state(self) -> Literal["answered", "skipped"]:
        """Nothing answered at all is the same as skipping."""
        return "skipped" if len(self.unanswered) == len(self.values) else "answered"


def empty_sheet(form: Form) -> Sheet:
    """The form with nothing answered."""
    return Sheet(form, (None,) * len(form.items))


def parse_value(text: str, maximum: int = 100) -> int:
    """`7.7` as 77 tenths; raises ValueError for anything but 0 to the maximum (tenths) with at most one decimal."""
    found = _VALUE.fullmatch(text)
    value = int(found[1]) * 10 + int(found[2] or 0) if found else -1
    if not 0 <= value <= maximum:
        raise ValueError("not a place on the line")
    return value


def read_sheet(form: Form, sent: Mapping[str, str]) -> Sheet:
    """Reads the form. A line is answered if its flag says so, or (without scripts) if the thumb was moved."""
    values: list[int | None] = []
    wrong: set[str] = set()
    untouched = form.item_maximum // 2
    for name in form.names:
        text = sent.get(name, "")
        try:
            value = parse_value(text, form.item_maximum) if text else None
        except ValueError:
            value = None
            wrong.add(name)
        # A picture has no thumb that stands in the middle: one that was chosen is an answer, also the middle one.
        touched = form.in_pictures or sent.get(f"{name}_answered") == "1" or value != untouched
        values.append(value if touched else None)
    return Sheet(form, tuple(values), frozenset(wrong))


def decide(sheet: Sheet, *, skip: bool, as_it_is: bool) -> Decision:
    """What to do with what was sent. Lines left open are asked about once, and then taken as they are."""
    if skip:
        return "skipped"
    if sheet.wrong:
        return "wrong"
    if sheet.unanswered and not as_it_is:
        return "unanswered"
    return sheet.state


def add_up(form: Form, values: Sequence[int | None]) -> int | None:
    """The total in tenths. None where the form is not scored, or more lines are unanswered than it allows.

    Where it allows some, the answered lines count for them by their mean; else nothing is guessed.
    """
    pairs = zip(form.items, values, strict=True)
    counted = [
        form.item_maximum - value if item.reversed_ else value for item, value in pairs if value is not None
    ]
    if not form.scored or not counted or len(values) - len(counted) > form.may_miss:
        return None
    return round(sum(counted) * len(values) / len(counted))


def may_hand_over(now: datetime, held_at: datetime, state: str | None) -> bool:
    """Whether a scale may be handed over for a conversation: a recent one, not answered yet; skipped may be asked again."""
    return state != "answered" and now - held_at <= HAND_OVER_DAYS


class AnswerRow(NamedTuple):
    """A conversation with one of its answers; the last three are empty where there is none."""

    conversation_id: uuid.UUID
    held_at: datetime
    scale: str | None
    state: str | None
    total: int | None


@dataclass(frozen=True, slots=True)
class Given:
    """What the citizen gave on one scale: a total where every line was answered."""

    state: str
    total: int | None


@dataclass(frozen=True, slots=True)
class Session:
    """One conversation of a course, numbered from 1, with what was given by scale."""

    number: int
    conversation_id: uuid.UUID
    held_at: datetime
    given: Mapping[str, Given]

    def total(self, scale: str) -> int | None:
        return self.given[scale].total if scale in self.given else None

    def state(self, scale: str) -> str | None:
        return self.given[scale].state if scale in self.given else None


def assemble(rows: Iterable[AnswerRow]) -> tuple[Session, ...]:
    """A course's conversations in order, each with its answers; `rows` may come in any order."""
    in_order = sorted(rows, key=lambda row: (row.held_at, row.conversation_id))
    grouped = groupby(in_order, key=lambda row: (row.held_at, row.conversation_id))
    return tuple(
        Session(
            number,
            conversation_id,
            held_at,
            {row.scale: Given(row.state, row.total) for row in group if row.scale and row.state},
        )
        for number, ((held_at, conversation_id), group) in enumerate(grouped, 1)
    )


@dataclass(frozen=True, slots=True)
class Curve:
    """One scale through a course: a total per conversation, None for a gap."""

    totals: tuple[int | None, ...]

    @property
    def measured(self) -> tuple[int, ...]:
        return tuple(total for total in self.totals if total is not None)

    @property
    def last(self) -> int | None:
        return self.measured[-1] if self.measured else None

    @property
    def change(self) -> int | None:
        """From the first measured conversation to the last; None before there are two."""
        return self.measured[-1] - self.measured[0] if len(self.measured) > 1 else None


def curve_of(sessions: Sequence[Session], scale: str) -> Curve:
    return Curve(tuple(session.total(scale) for session in sessions))
