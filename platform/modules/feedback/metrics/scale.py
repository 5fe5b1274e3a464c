"""The rules of an outcome scale that figures need.

A constant that is marked `unverified` is read, shown and not used: a figure must not rest on a number that nobody checked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from modules.feedback.scales.forms import Constant, Form

TENTHS = 10


@dataclass(frozen=True, slots=True)
class ScaleRules:
    """An outcome scale: `items` lines whose scores add up to at most `maximum` points.

    `reversed_items` are numbers of lines (from 1) where a higher score pulls the total down; `may_miss` lines may be
    open in a total, and count with the mean of the others. `cut_offs` (points, by age band) are the first total on the
    side where people do well. Without `reliable_change` (points) it is estimated from the answers.
    """

    name: str = "hjelpa"
    items: int = 4
    maximum: float = 40
    higher_is_better: bool = True
    reversed_items: frozenset[int] = frozenset()
    may_miss: int = 0
    cut_offs: Mapping[str, Constant] = field(default_factory=dict)
    reliable_change: Constant | None = None
    kind: str = "outcome"

    @property
    def item_maximum(self) -> float:
        """The highest score of one line, in tenths."""
        return tidy(self.maximum * TENTHS / self.items)

    @property
    def plain(self) -> bool:
        """Whether a total is simply the sum of four lines from 0 to 10, all answered."""
        return not self.reversed_items and not self.may_miss and (self.items, self.maximum) == (4, 40)

    def orient(self, items: Sequence[float | None]) -> tuple[float | None, ...]:
        """The lines (tenths) with the reversed ones turned round."""
        top = self.item_maximum
        return tuple(
            tidy(top - value) if value is not None and number in self.reversed_items else value
            for number, value in enumerate(items[: self.items], 1)
        )

    def total(self, items: Sequence[float | None]) -> float | None:
        """The total (tenths) of lines as they were answered; None when too many are open."""
        answered = [value for value in self.orient(items) if value is not None]
        if not answered or self.items - len(answered) > self.may_miss:
            return None
        return tidy(sum(answered) * self.items / len(answered))

    def cut_off(self, age_band: str) -> Constant | None:
        """The cut-off of an age band, where there is one that may be used."""
        return _usable(self.cut_offs.get(age_band))

    def fixed_change(self) -> Constant | None:
        """The reliable change that the scale brings, where it may be used."""
        return _usable(self.reliable_change)

    def unused(self) -> list[str]:
        """The constants that are not used because nobody has verified them."""
        named = [(f"cut_off.{band}", constant) for band, constant in self.cut_offs.items()]
        if self.reliable_change:
            named.append(("reliable_change", self.reliable_change))
        return [name for name, constant in named if _usable(constant) is None]


OWN = ScaleRules()


def _usable(constant: Constant | None) -> Constant | None:
    return constant if constant and constant.verification != "unverified" else None


def tidy(value: float) -> float:
    """A whole number as one, and anything finer without the dust of binary fractions."""
    if isinstance(value, int):
        return value
    value = round(value, 9)
    return int(value) if value.is_integer() else value


def rules_of(form: Form) -> ScaleRules:
    """The rules of a form of the registry, whose own values are tenths."""
    return ScaleRules(
        name=form.pack,
        items=len(form.items),
        maximum=tidy(form.maximum / TENTHS),
        higher_is_better=form.higher_is_better,
        reversed_items=frozenset(number for number, item in enumerate(form.items, 1) if item.reversed_),
        may_miss=form.may_miss,
        cut_offs=form.cut_offs,
        reliable_change=form.reliable_change,
        kind=form.kind,
    )
