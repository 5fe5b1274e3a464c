"""How changes are written down: one line for each field, also for what met another's text and was not saved."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from hjelpa.core.database import db, side_transaction
from modules.plans.models import Agreement, Goal, Measure, Plan, Words
from modules.plans.models_access import Change
from modules.plans.rules import Author
from tenants.identity.models import Membership

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


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else has changed the part meanwhile: what stands there now, by field, and the version to save on."""

    theirs: Mapping[str, str]
    version: int
    by_name: str
    fields: tuple[str, ...] = field(default=())


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
        names = {
            "membership_id": select(Membership.name).where(Membership.id == value),
            "goal_id": select(Goal.words).where(
                Goal.id == value, Goal.author_adult_id.is_not_distinct_from(about)
            ),
        }
        return db.session.scalars(names[field]).one_or_none() or ""
    return as_text(value)


def keep_unsaved(changes: list[Change]) -> None:
    """Keeps texts that could not be saved, whatever becomes of the request: an answer of 409 is rolled back."""
    with side_transaction(apart=True) as session:
        for change in changes:
            same = select(Change.id).where(
                Change.part_id == change.part_id,
                Change.field == change.field,
                Change.by_id == change.by_id,
                Change.new == change.new,
                Change.saved.is_(False),
            )
            if session.execute(same.limit(1)).first() is None:
                session.add(change)


def lock(part: Part) -> None:
    """Holds the row until the request ends; a weaker lock than for update, since the history refers to the plan."""
    db.session.refresh(part, with_for_update={"key_share": True})


def about_of(part: Part) -> uuid.UUID | None:
    """The adult whose own words a part is; None for what is shared."""
    return None if isinstance(part, Plan) else part.author_adult_id


def plan_of(part: Part) -> uuid.UUID:
    return part.id if isinstance(part, Plan) else part.plan_id


def last_writer(part_id: uuid.UUID) -> str:
    """Who changed a part last, by name."""
    newest = select(Change.by_name).where(Change.part_id == part_id, Change.saved).order_by(Change.id.desc())
    return db.session.scalars(newest.limit(1)).one_or_none() or ""
