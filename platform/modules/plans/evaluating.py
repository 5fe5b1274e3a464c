"""Evaluations of the whole plan and of each measure: kept, told in the history, and followed by a new date or an end."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from hjelpa.core.database import db
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.versions import Conflict
from modules.plans.models import Evaluation, Measure, Plan
from modules.plans.rules import Author, may_write
from modules.plans.writing import (
    NAMES,
    about_of,
    as_text,
    keep_unsaved,
    lock,
    make_change,
    note,
    plan_of,
)
from modules.plans.writing_queries import last_writer

About = Plan | Measure


def evaluate(
    part: About, author: Author, *, key: uuid.UUID, sent_version: int, said: Mapping[str, Any], held_on: date
) -> Conflict | bool:
    """One evaluation of the whole or of a measure, which then has a new date or ends.

    `said` is effect, right_help, change, wanted, shared and next_on. What is shared keeps its date when an adult says
    what they think of it: that is for the citizen and the helper to move. True when it is saved, False when this very
    one had come already, and a Conflict when somebody else has changed the date or the measure meanwhile.
    """
    lock(part)
    if db.session.get(Evaluation, (get_tenant_id(), key)) is not None:
        return False
    if sent_version != part.version:
        return _keep_both(part, author, said)
    _keep(part, author, key, said, held_on)
    if may_write(about_of(part), author):
        _go_on(part, author, next_on=said["next_on"], held_on=held_on)
    return True


def _label(part: About) -> str:
    return part.what if isinstance(part, Measure) else ""


def _keep_both(part: About, author: Author, said: Mapping[str, Any]) -> Conflict:
    about = author.adult_id or about_of(part)
    written = [(name, ("", said[name])) for name in ("change", "wanted") if said[name]]
    keep_unsaved(
        [
            make_change(
                plan_of(part), author, "evaluation", part.id, name, _label(part), texts, about, saved=False
            )
            for name, texts in written
        ]
    )
    return Conflict({"evaluate_on": as_text(part.evaluate_on)}, part.version, last_writer(part.id))


def _keep(part: About, author: Author, key: uuid.UUID, said: Mapping[str, Any], held_on: date) -> None:
    about = author.adult_id or about_of(part)
    db.session.add(
        Evaluation(
            id=key,
            plan_id=plan_of(part),
            measure_id=part.id if isinstance(part, Measure) else None,
            author_adult_id=about,
            due_on=part.evaluate_on or held_on,
            held_on=held_on,
            by_name=author.name,
            **said,
        )
    )
    place: dict[str, Any] = {"part": "evaluation", "part_id": part.id, "label": _label(part), "about": about}
    for name in ("effect", "right_help", "change", "wanted"):
        if said[name]:
            note(plan_of(part), author, field=name, new=said[name], **place)


def _go_on(part: About, author: Author, *, next_on: date | None, held_on: date) -> None:
    """Sets the next date, or ends what was evaluated; a measure that never began ends on its first day."""
    name, new = "evaluate_on", next_on
    if isinstance(part, Measure) and next_on is None:
        name, new = "ended_on", max(held_on, part.begins_on)
    old = getattr(part, name)
    setattr(part, name, new)
    part.version += 1
    place: dict[str, Any] = {"part": NAMES[type(part)], "part_id": part.id, "label": _label(part)}
    note(plan_of(part), author, field=name, old=old, new=new, about=about_of(part), **place)
