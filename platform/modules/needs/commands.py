"""What adds, changes and removes unmet needs. Who did it is written nowhere, on purpose."""

import uuid
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from hjelpa.core.database import db
from hjelpa.core.events import UnmetNeed
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.schemas import printable
from hjelpa.core.types import new_blind_id, utcnow
from modules.citizens.commands import is_received
from modules.needs.models import Need
from modules.needs.rules import week_of
from modules.needs.schemas import LIMIT


def hear(need: UnmetNeed) -> None:
    """Keeps a need that somebody told in another feature, if there are words in it."""
    words = printable(need.words)[:LIMIT]
    if words:
        add(words, need.source)


def add(words: str, source: str, key: uuid.UUID | None = None) -> None:
    """Adds a need under a random id; the same form sent twice (`key`) is one need."""
    said = {"week": week_of(utcnow()), "source": source, "words": words}
    for id in (key or new_blind_id(), new_blind_id()):
        added = insert(Need).values(tenant_id=get_tenant_id(), id=id, **said).on_conflict_do_nothing()
        if db.session.execute(added.returning(Need.id)).first() is not None or is_received(Need, id, said):
            return


def remove(need_id: uuid.UUID) -> None:
    db.session.execute(delete(Need).where(Need.id == need_id))


def shuffle() -> None:
    """Writes the newest rows anew in the order of their random ids.

    PostgreSQL keeps with every row which transaction wrote it, and where: by either one could tell which need came
    together with which contact. After this they were all written at once.
    """
    columns = (Need.tenant_id, Need.id, Need.week, Need.source, Need.words)
    since = week_of(utcnow() - timedelta(days=7))
    taken = db.session.execute(delete(Need).where(Need.week >= since).returning(*columns)).all()
    rows = sorted((dict(row._mapping) for row in taken), key=lambda row: row["id"])
    if rows:
        db.session.execute(insert(Need).values(rows))
