"""What is asked while a change is written down: names in words, who wrote last, and what is kept already."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from hjelpa.core.database import db
from modules.plans.models import Goal, Words
from modules.plans.models_access import Change
from tenants.identity.models import Membership


def find_words(field: str, id: uuid.UUID, about: uuid.UUID | None) -> str:
    """Whom or what an id in a field names, in words; empty for what the readers of a part (`about`) may not see."""
    names = {
        "membership_id": select(Membership.name).where(Membership.id == id),
        "goal_id": select(Goal.words).where(Goal.id == id, Goal.author_adult_id.is_not_distinct_from(about)),
    }
    return db.session.scalars(names[field]).one_or_none() or ""


def is_kept(change: Change, session: Session) -> bool:
    """Whether the very same unsaved text is in the history already."""
    same = select(Change.id).where(
        Change.part_id == change.part_id,
        Change.field == change.field,
        Change.by_id == change.by_id,
        Change.new == change.new,
        Change.saved.is_(False),
    )
    return session.execute(same.limit(1)).first() is not None


def last_writer(part_id: uuid.UUID) -> str:
    """Who changed a part last, by name."""
    newest = select(Change.by_name).where(Change.part_id == part_id, Change.saved).order_by(Change.id.desc())
    return db.session.scalars(newest.limit(1)).one_or_none() or ""


def get_own_words(area_id: uuid.UUID, adult_id: uuid.UUID | None) -> Words:
    """What stands under one area of the canvas: the shared words (None), or those of one adult."""
    own = Words.author_adult_id.is_not_distinct_from(adult_id)
    return db.session.scalars(select(Words).where(Words.area_id == area_id, own)).one()
