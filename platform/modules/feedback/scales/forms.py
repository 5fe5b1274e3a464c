"""What a form of a scale is. Pure: no Flask and no database; `reading.py` has how one is read and written.

A scale's kind says when it is asked: `outcome` before a conversation, `alliance` after it. A form is one versioned
wording of it for some ages; forms that belong together are a pack. A changed wording is a new version, and old answers
keep the version they had.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import isfinite
from typing import Literal

Kind = Literal["outcome", "alliance"]
Verification = Literal["verified", "estimated", "unverified"]

KINDS: tuple[Kind, ...] = ("outcome", "alliance")
VERIFICATIONS: tuple[Verification, ...] = ("verified", "estimated", "unverified")
LANGUAGES = ("nb", "nn", "da", "en")
AGES = ("child", "adolescent", "adult")

# More lines than this are no short scale, and a line is kept in tenths of a point up to 100.
MOST_LINES = 10
MOST_TENTHS = 100


class FormError(ValueError):
    """A form's data does not hold together; the message says where."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number that figures rest on, in points of the total, with where it is from and whether that was checked."""

    value: float
    source: str
    verification: Verification
    checked_on: date | None = None

    @property
    def usable(self) -> bool:
        """Whether a figure may rest on it: what nobody has checked or estimated is shown and never used."""
        return self.verification != "unverified"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a form's words and the rules of its total (range, direction, what may be missing) are from."""

    source: str
    verification: Verification = "unverified"
    checked_on: date | None = None

    @property
    def usable(self) -> bool:
        return self.verification != "unverified"


@dataclass(frozen=True, slots=True)
class ItemWords:
    """One line in one language: its title, a sentence under it, and the words at its ends.

    `steps` are the names of the pictures to choose among, the lowest first, for those who do not read; a line
    without any is answered anywhere along it.
    """

    title: str
    text: str
    left: str
    right: str
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One line, from 0 to the form's `item_maximum`. `reversed_` means that further right is worse."""

    name: str
    words: Mapping[str, ItemWords]
    reversed_: bool = False


@dataclass(frozen=True, slots=True)
class FormWords:
    """What the citizen reads above the lines, in one language."""

    question: str
    lead: str


@dataclass(frozen=True, slots=True)
class Form:
    """One versioned form. Values are tenths of a point: a line from 0 to 10 goes to 100.

    `ages` are the age bands it is for. `may_miss` is how many lines may be unanswered in a total; the others then
    count for them by their mean. A form that is not `scored` has no total and is never added up. `higher_is_better` is
    the direction of the total. Raises FormError, with the form's key, when it does not hold together.
    """

    key: str
    pack: str
    kind: Kind
    version: int
    ages: tuple[str, ...]
    words: Mapping[str, FormWords]
    items: tuple[Item, ...]
    item_maximum: int = MOST_TENTHS
    scored: bool = True
    higher_is_better: bool = True
    may_miss: int = 0
    cut_offs: Mapping[str, Constant] = field(default_factory=dict)
    reliable_change: Constant | None = None
    origin: Origin = Origin("")

    def __post_init__(self) -> None:
        for problem in _problems(self):
            raise FormError(f"{self.key}: {problem}")

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(item.name for item in self.items)

    @property
    def maximum(self) -> int:
        """The highest total, in tenths."""
        return self.item_maximum * len(self.items)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it can be shown in, in the platform's order."""
        return tuple(language for language in LANGUAGES if language in self.words)

    @property
    def in_pictures(self) -> bool:
        """Whether its lines are answered by choosing a picture: then a picture chosen is an answer, wherever it stands."""
        return any(words.steps for item in self.items for words in item.words.values())

    def in_language(self, language: str) -> str:
        """The language to show it in: the one asked for where the form has it, else the first that it has."""
        return language if language in self.words else self.languages[0]


def _problems(form: Form) -> list[str]:
    """What does not hold together, in words for whoever wrote the data."""
    return [
        *_rule_problems(form),
        *_word_problems(form),
        *(
            f"{name} must be a number from 0 to {form.maximum / 10:g}"
            for name, constant in [*form.cut_offs.items(), ("reliable_change", form.reliable_change)]
            if constant is not None and not (isfinite(constant.value) and 0 <= constant.value <= form.maximum / 10)
        ),
    ]


def _rule_problems(form: Form) -> list[str]:
    constants = [*form.cut_offs.values(), *([form.reliable_change] if form.reliable_change else [])]
    broken = {
        f"unknown kind {form.kind}": form.kind not in KINDS,
        "the version must be 1 or more": form.version < 1,
        "needs lines with names of their own": not form.items or len(set(form.names)) < len(form.items),
        f"at most {MOST_LINES} lines": len(form.items) > MOST_LINES,
        "too many lines may be missing": not 0 <= form.may_miss < max(len(form.items), 1),
        f"a line goes to {MOST_TENTHS / 10:g} points at most": not 0 < form.item_maximum <= MOST_TENTHS,
        "unknown age band": bool({*form.ages, *form.cut_offs} - set(AGES)),
        "a constant's state is verified, estimated or unverified": bool(
            {form.origin.verification, *(given.verification for given in constants)} - set(VERIFICATIONS)
        ),
        "a constant must say where it is from": any(not constant.source for constant in constants),
        "what is not scored has no cut-off and no reliable change": not form.scored and bool(constants),
    }
    return [message for message, wrong in broken.items() if wrong]


def _word_problems(form: Form) -> list[str]:
    unknown = set(form.words) - set(LANGUAGES)
    if unknown or not form.words:
        return [f"languages are among {', '.join(LANGUAGES)}"]
    return [
        f"{item.name} is not in the same languages as the form"
        for item in form.items
        if set(item.words) != set(form.words)
    ]
