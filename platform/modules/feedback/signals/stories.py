"""A course as the rules of signals see it: its conversations, the citizen's answers, and what a form's constants are."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

from modules.feedback.scales.forms import Form
from modules.feedback.trajectory.model import Expected

TENTHS = 10
# The expected trajectory speaks of totals from 0 to 40 points where more is better.
MODELLED = 400


class Expecting(Protocol):
    """What the trajectory model is asked; None where it is silent."""

    def expect(self, age_band: str, start: float, session: int, *, first: int = 1) -> Expected | None: ...


@dataclass(frozen=True, slots=True)
class Measure:
    """What the rules need of one form for one age band, in tenths of a point.

    `cut_off` and `change` (how much a total must change before it counts) are there only where they may be used.
    """

    form: Form
    cut_off: float | None = None
    change: float | None = None
    model: Expecting | None = None

    def orient(self, total: float) -> float:
        """A total with more as better."""
        return total if self.form.higher_is_better else self.form.maximum - total

    def expect(self, age_band: str, start: float, session: int, first: int) -> Expected | None:
        """What the model expects (points) at a session after a `start` (tenths) at the session `first`."""
        if self.model is None:
            return None
        return self.model.expect(age_band, start / TENTHS, session, first=first)


def measure_of(form: Form, age_band: str, *, estimated: float | None, model: Expecting | None) -> Measure:
    """`estimated` is the threshold (points) made from the answers, used where the form brings none of its own."""
    cut_off, own = form.cut_offs.get(age_band), form.reliable_change
    points = own.value if own is not None and own.usable else estimated
    fits = form.kind == "outcome" and form.maximum == MODELLED and form.higher_is_better
    return Measure(
        form,
        cut_off.value * TENTHS if cut_off is not None and cut_off.usable else None,
        None if points is None else round(points * TENTHS, 9),
        model if fits else None,
    )


class Reply(NamedTuple):
    """One answer. `rater_id` is empty for the citizen; `items` and `total` are tenths."""

    measure: Measure
    rater_id: uuid.UUID | None
    state: str
    total: int | None
    items: tuple[int | None, ...]
    answered_at: datetime

    @property
    def complete(self) -> bool:
        """A form that is not scored has no total, and is complete with anything answered."""
        return self.state == "answered" and (self.total is not None or not self.measure.form.scored)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One conversation, numbered from 1. On the alliance scale others than the citizen may have answered too."""

    number: int
    conversation_id: uuid.UUID
    held_at: datetime
    outcome: Reply | None = None
    alliance: tuple[Reply, ...] = ()

    @property
    def own(self) -> Iterator[Reply]:
        """The citizen's own answers."""
        if self.outcome is not None:
            yield self.outcome
        yield from (reply for reply in self.alliance if reply.rater_id is None)


@dataclass(frozen=True, slots=True)
class Story:
    """A course with everything that its signals follow from.

    `settled`: by kind, when a signal was last ended: what was known then has been talked about. `waiting`: the kinds of
    signals that are open. `declined`: the citizen does not want to be asked; `resumed_at`: took such a no back last.
    """

    course_id: uuid.UUID
    age_band: str
    meetings: tuple[Meeting, ...]
    settled: Mapping[str, datetime] = field(default_factory=dict)
    waiting: frozenset[str] = frozenset()
    declined: bool = False
    resumed_at: datetime | None = None
    ended: bool = False
