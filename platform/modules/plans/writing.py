"""How changes are written down: one line for each field, also for what met another's text and was not saved."""

import uuid
from typing import Any

from hjelpa.core.database import Base, db, side_transaction
from modules.plans.models import Agreement, Goal, Measure, Plan, Words
from modules.plans.models_access import Change
from modules.plans.rules import Author
from modules.plans.writing_queries import find_words, is_kept

Part = Plan | Words | Goal | Measure | Agreement

# What a part is called in the history, and which of its fields are told there when it is made.
NAMES: dict[type[Part], str] = {
    Plan: "plan",
    Words: "words",
    Goal: "goal",
    Measure: "measure",
    Agreement: "agreement",
}


class NotYours(RuntimeError):
    """An adult's own words were about to be changed by somebody else, or what is shared by an adult."""


def note(
    plan_id: uuid.UUID,
    author: Author,
    *,
    part: str,
    part_id: uuid.UUID,
    field: str,
    label: str = "",
    old: Any = "",
    new: Any = "",
    about: uuid.UUID | None = None,
) -> None:
    """One line of the history. `about` is the adult whose own words the part is."""
    db.session.add(make_change(plan_id, author, part, part_id, field, label, (old, new), about))


def make_change(
    plan_id: uuid.UUID,
    author: Author,
    part: str,
    part_id: uuid.UUID,
    field: str,
    label: str,
    texts: tuple[Any, Any],
    about: uuid.UUID | None,
    *,
    saved: bool = True,
) -> Change:
    """One line of the history; `texts` are what stood there and what was written."""
    return Change(
        plan_id=plan_id,
        part=part,
        part_id=part_id,
        field=field,
        label=label,
        old=in_words(field, texts[0], about),
        new=in_words(field, texts[1], about),
        saved=saved,
        author_adult_id=about,
        by_kind=author.kind,
        by_id=author.id,
        by_name=author.name,
        service=author.service,
    )


def as_text(value: Any) -> str:
    """A value as the history keeps it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def in_words(field: str, value: Any, about: uuid.UUID | None) -> str:
    """A value as people will read it later: whoever an id names, by the name or the words of now.

    A goal of another owner than the part's (`about`) has no words here: others read this line than that goal.
    """
    if isinstance(value, uuid.UUID):
        return find_words(field, value, about)
    return as_text(value)


def keep_unsaved(changes: list[Change]) -> None:
    """Keeps texts that could not be saved, whatever becomes of the request: an answer of 409 is rolled back."""
    with side_transaction(apart=True) as session:
        for change in changes:
            if not is_kept(change, session):
                session.add(change)


def lock(part: Base) -> None:
    """Holds the row until the request ends; a weaker lock than for update, since the history refers to the plan."""
    db.session.refresh(part, with_for_update={"key_share": True})


def about_of(part: Part) -> uuid.UUID | None:
    """The adult whose own words a part is; None for what is shared."""
    return None if isinstance(part, Plan) else part.author_adult_id


def plan_of(part: Part) -> uuid.UUID:
    return part.id if isinstance(part, Plan) else part.plan_id
