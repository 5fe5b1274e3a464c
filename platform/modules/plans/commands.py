"""What changes a plan, and writes each change down. Used by helpers' pages and by the citizen's own.

Every command takes its author; none commits. Whether somebody may write at all is `rules.may_write`, asked here once
more where a part belongs to an adult.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from hjelpa.core.database import db
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.types import new_id, utcnow
from hjelpa.core.versions import Conflict
from modules.plans.models import Agreement, Area, Goal, Measure, Plan, Progress, Words
from modules.plans.rules import Author, collides, find_difference, may_write
from modules.plans.wording import AREAS
from modules.plans.writing import (
    NAMES,
    NotYours,
    Part,
    about_of,
    in_words,
    keep_unsaved,
    lock,
    make_change,
    note,
    plan_of,
)
from modules.plans.writing_queries import get_own_words, last_writer


def begin_plan(citizen_id: uuid.UUID, author: Author) -> bool:
    """The citizen's one plan with its first areas; False when there is one already, made by whomever."""
    row = insert(Plan).values(tenant_id=get_tenant_id(), id=new_id(), citizen_id=citizen_id)
    plan_id = db.session.execute(row.on_conflict_do_nothing().returning(Plan.id)).scalar_one_or_none()
    if plan_id is None:
        return False
    db.session.add_all(
        Area(plan_id=plan_id, key=key, position=position) for position, key in enumerate(AREAS, start=1)
    )
    note(plan_id, author, part="plan", part_id=plan_id, field="made")
    return True


def change_part(
    part: Part, author: Author, *, sent_version: int, said: Mapping[str, Any], label: str = ""
) -> Conflict | None:
    """Changes a part and writes down what stood there; None when it is saved.

    When the part has another version than the one the author had before them, nothing in the plan changes: the text
    is kept in the history as not saved, and what stands there is returned, to choose from.
    """
    lock(part)
    about = about_of(part)
    if not may_write(about, author):
        raise NotYours(NAMES[type(part)])
    difference = find_difference({name: getattr(part, name) for name in said}, said)
    plan_id, name = plan_of(part), NAMES[type(part)]
    if collides(sent=sent_version, current=part.version, difference=difference):
        return _keep_both(part, author, difference, label)
    for key, (old, new) in difference.items():
        setattr(part, key, new)
        note(plan_id, author, part=name, part_id=part.id, field=key, label=label, old=old, new=new, about=about)
    if difference:
        part.version += 1
    return None


def _keep_both(part: Part, author: Author, difference: Mapping[str, tuple[Any, Any]], label: str) -> Conflict:
    """What was written goes into the history as not saved; what stands in the plan is returned beside it."""
    plan_id, name, about = plan_of(part), NAMES[type(part)], about_of(part)
    keep_unsaved(
        [
            make_change(plan_id, author, name, part.id, key, label, texts, about, saved=False)
            for key, texts in difference.items()
        ]
    )
    theirs = {key: in_words(key, stands, about) for key, (stands, _) in difference.items()}
    return Conflict(theirs, part.version, last_writer(part.id), tuple(difference))


def add_area(plan_id: uuid.UUID, author: Author, *, key: uuid.UUID, heading: str) -> bool:
    """An own heading on the canvas, after the others; False when this very form had come already."""
    last = select(func.coalesce(func.max(Area.position), 0) + 1).where(Area.plan_id == plan_id).scalar_subquery()
    values = {"plan_id": plan_id, "heading": heading, "position": last}
    if not insert_row(Area, key, values):
        return False
    note(plan_id, author, part="area", part_id=key, field="made", new=heading)
    return True


def write_words(
    plan_id: uuid.UUID,
    area_id: uuid.UUID,
    words: Words | None,
    author: Author,
    *,
    sent_version: int,
    said: Mapping[str, Any],
    label: str,
) -> Conflict | None:
    """What the author writes under one area of the canvas: the shared words, or an adult's own."""
    if words is None:
        values = {"plan_id": plan_id, "area_id": area_id, "author_adult_id": author.adult_id}
        # Two may begin under the same heading at once: the row is one, empty, and then both change it.
        insert_row(Words, new_id(), values)
        words = get_own_words(area_id, author.adult_id)
        # A page that was opened before anybody had written shows version 0: that is the empty row's first.
        sent_version = sent_version or 1
    return change_part(words, author, sent_version=sent_version, said=said, label=label)


def insert_row(model: type[Any], id: uuid.UUID, values: Mapping[str, Any]) -> bool:
    """Inserts under the form's own id; False when that, or what must be unique, is there already."""
    row = insert(model).values(tenant_id=get_tenant_id(), id=id, **values)
    return db.session.execute(row.on_conflict_do_nothing().returning(model.id)).first() is not None


def add_part(
    model: type[Goal | Measure | Agreement],
    plan_id: uuid.UUID,
    author: Author,
    *,
    key: uuid.UUID,
    said: Mapping[str, Any],
) -> None:
    """A new goal, measure or agreement. The same form sent twice is one; what an adult adds is their own words."""
    if not insert_row(model, key, {"plan_id": plan_id, "author_adult_id": author.adult_id, **said}):
        return
    main = said["words"] if model is Goal else said["what"]
    note(plan_id, author, part=NAMES[model], part_id=key, field="made", new=main, about=author.adult_id)


def add_progress(plan_id: uuid.UUID, goal: Goal, author: Author, *, key: uuid.UUID, value: int) -> None:
    """Where somebody stands on the way to a goal now."""
    values = {"plan_id": plan_id, "goal_id": goal.id, "author_adult_id": author.adult_id}
    if not insert_row(Progress, key, {**values, "value": value, "by_name": author.name}):
        return
    about = author.adult_id or goal.author_adult_id
    note(
        plan_id, author, part="progress", part_id=goal.id, field="value", label=goal.words, new=value, about=about
    )


def set_done(agreement: Agreement, author: Author, *, done: bool) -> None:
    """Marks an agreement as done, or takes that back."""
    lock(agreement)
    if (agreement.done_at is not None) == done:
        return
    agreement.done_at = utcnow() if done else None
    note(
        agreement.plan_id,
        author,
        part="agreement",
        part_id=agreement.id,
        field="done",
        label=agreement.what,
        old=not done,
        new=done,
        about=agreement.author_adult_id,
    )
