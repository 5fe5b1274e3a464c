"""A plan as a document to read: what is shared with services, and what a copy is made from.

Nothing that is known of where people live or how they are reached comes in here: a document is made from the plan's
parts alone, and holds an adult's own words only for that adult.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l

from hjelpa.web.i18n import day
from modules.plans.models import Plan
from modules.plans.queries import Sheet
from modules.plans.wording import CELLS, EFFECTS, GOAL_STATES, MEASURE_KINDS, RIGHT, heading_of

# The adult that nobody is: whoever reads as this one sees what is shared, and nobody's own words.
NOBODY = uuid.UUID(int=0)

# The parts that can be held back from a service, in the order in which they stand.
PARTS: dict[str, str | LazyString] = {
    "matters": _l("What matters to me"),
    "canvas": _l("The canvas"),
    "goals": _l("Goals"),
    "measures": _l("Measures"),
    "agreements": _l("Agreements"),
    "evaluations": _l("Evaluations"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing: a title in somebody's own words or ours, facts as (term, value), and own words as (label, text)."""

    title: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    items: tuple[Item, ...]


def build(
    plan: Plan, sheet: Sheet, *, own: uuid.UUID | None, held_back: Collection[str] = ()
) -> tuple[Section, ...]:
    """The plan's parts that are not empty and not held back.

    `own` is the adult whose own words belong in it; everybody else's own words stay out.
    """
    made = {
        "matters": [Item(words=(("", plan.matters),))] if plan.matters else [],
        "canvas": _canvas(sheet, own),
        "goals": [_goal(goal, sheet) for goal in _shared(sheet.goals, own)],
        "measures": [_measure(measure) for measure in _shared(sheet.measures, own)],
        "agreements": [_agreement(agreed) for agreed in _shared(sheet.agreements, own)],
        "evaluations": [
            _evaluation(held, what)
            for held, what in sheet.evaluations
            # One of a measure tells what the measure is.
            if _is_for(held, own) and not (held.measure_id and "measures" in held_back)
        ],
    }
    return tuple(
        Section(key, str(PARTS[key]), tuple(items))
        for key, items in made.items()
        if items and key not in held_back
    )


def _is_for(part: Any, own: uuid.UUID | None) -> bool:
    return part.author_adult_id is None or part.author_adult_id == own


def _shared(parts: Sequence[Any], own: uuid.UUID | None) -> list[Any]:
    return [part for part in parts if _is_for(part, own)]


def _canvas(sheet: Sheet, own: uuid.UUID | None) -> list[Item]:
    items = []
    for area in sheet.areas:
        for words in _shared(sheet.words.get(area.area_id, []), own):
            said = tuple(
                (str(title), getattr(words, cell)) for cell, title in CELLS.items() if getattr(words, cell)
            )
            if said:
                items.append(Item(heading_of(area.key, area.heading), words=said))
    return items


def _goal(goal: Any, sheet: Sheet) -> Item:
    steps = sheet.steps.get(goal.id, [])
    facts = [(gettext("How it stands"), str(GOAL_STATES[goal.state]))]
    facts += [(day(step.at), gettext("At %(now)s of 10.", now=step.value)) for step in steps]
    return Item(goal.words, tuple(facts))


def _measure(measure: Any) -> Item:
    who = ", ".join(name for name in (measure.who, measure.colleague) if name)
    facts = [
        (gettext("Who"), who),
        (gettext("Whose effort"), str(MEASURE_KINDS[measure.kind])),
        (gettext("From"), day(measure.begins_on)),
    ]
    if measure.ended_on:
        facts.append((gettext("Ended"), day(measure.ended_on)))
    else:
        facts.append((gettext("Evaluation date"), day(measure.evaluate_on)))
    return Item(measure.what, tuple(facts))


def _agreement(agreed: Any) -> Item:
    facts = [(gettext("Who"), agreed.who), (gettext("By when"), day(agreed.due_on))]
    if agreed.done_at:
        facts.append((gettext("Done"), day(agreed.done_at)))
    return Item(agreed.what, tuple(facts))


def _evaluation(held: Any, what: str | None) -> Item:
    facts = (
        (gettext("When"), day(held.held_on)),
        (gettext("Wanted effect"), str(EFFECTS[held.effect])),
        (gettext("The right measure"), str(RIGHT[held.right_help])),
    )
    words = ((gettext("What to change"), held.change), (gettext("Help I want and do not get"), held.wanted))
    return Item(what or gettext("The whole plan"), facts, tuple(pair for pair in words if pair[1]))
