"""The platform's own scales: four lines each, in our own plain words, free for anyone to use.

They borrow nothing from other scales. Nobody has yet answered them outside help, so they have no norms: no cut-off,
no limit for a change that counts. A changed wording is a new version, and old answers keep the version they had.
"""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from modules.feedback.models import ITEMS

VERSION = 1
# Each line goes from 0 to 10 and is kept in tenths; four lines make a total of 0 to 40.
ITEM_MAXIMUM = 100
TOTAL_MAXIMUM = ITEM_MAXIMUM * len(ITEMS)


@dataclass(frozen=True, slots=True)
class Item:
    """One line: its title, a sentence under it, and the words at its ends. Further right is always better."""

    name: str
    title: LazyString
    text: LazyString
    left: LazyString
    right: LazyString


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale as the citizen meets it (`question`, `lead`, `items`) and as the employees do (`title`, `hand_over`)."""

    key: str
    version: int
    title: LazyString
    hand_over: LazyString
    question: LazyString
    lead: LazyString
    items: tuple[Item, ...]


OUTCOME = Scale(
    key="outcome",
    version=VERSION,
    title=_l("Outcome scale"),
    hand_over=_l("Hand over the outcome scale"),
    question=_l("How have things been for you this past week?"),
    lead=_l("Tap each line where it fits best. Left is bad, right is good. There are no right answers."),
    items=(
        Item(ITEMS[0], _l("Myself"), _l("Mood, sleep and body"), _l("Bad"), _l("Good")),
        Item(ITEMS[1], _l("Those closest to me"), _l("Family and people you are fond of"), _l("Bad"), _l("Good")),
        Item(
            ITEMS[2],
            _l("Everyday life with others"),
            _l("Where you spend your days, and the people there"),
            _l("Bad"),
            _l("Good"),
        ),
        Item(ITEMS[3], _l("All in all"), _l("When you look at everything together"), _l("Bad"), _l("Good")),
    ),
)

ALLIANCE = Scale(
    key="alliance",
    version=VERSION,
    title=_l("Alliance scale"),
    hand_over=_l("Hand over the alliance scale"),
    question=_l("How was this conversation for you?"),
    lead=_l("Tap each line where it fits best. What you answer helps us do it better next time."),
    items=(
        Item(
            ITEMS[0],
            _l("Being heard"),
            _l("Was there room for what you wanted to say?"),
            _l("Little room"),
            _l("Plenty of room"),
        ),
        Item(
            ITEMS[1],
            _l("What is important"),
            _l("Did we get to what means something to you?"),
            _l("Hardly"),
            _l("Yes, we did"),
        ),
        Item(
            ITEMS[2],
            _l("How we do it"),
            _l("Does the way we go about this suit you?"),
            _l("Needs to change"),
            _l("Keep it like this"),
        ),
        Item(
            ITEMS[3],
            _l("The whole conversation"),
            _l("Did you get something out of it?"),
            _l("Little"),
            _l("A lot"),
        ),
    ),
)

SCALES = {scale.key: scale for scale in (OUTCOME, ALLIANCE)}
