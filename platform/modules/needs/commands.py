"""What adds, changes and removes unmet needs. Who did it is written nowhere, on purpose."""

import uuid

from sqlalchemy import delete

from hjelpa.core.database import db
from hjelpa.core.events import UnmetNeed
from hjelpa.core.schemas import printable
from hjelpa.core.versions import Conflict, version_of
from modules.citizens.traceless import keep, write_anew
from modules.needs.models import Need
from modules.needs.schemas import LIMIT


def hear(need: UnmetNeed) -> None:
    """Keeps a need that somebody told in another feature, if there are words in it."""
    words = printable(need.words)[:LIMIT]
    if words:
        add(words, need.source)


def add(words: str, source: str, key: uuid.UUID | None = None) -> None:
    """Adds a need under a random id; the same form sent twice (`key`) is one need."""
    keep(Need, {"source": source, "words": words}, key)


def change(need: Need, words: str, *, sent_version: int) -> Conflict | None:
    """Changes the words; None when they are saved, else what another has put there meanwhile.

    The version comes of the words alone: a count of changes would be one thing more that a row tells of its life.
    """
    db.session.refresh(need, with_for_update=True)
    if need.words != words and sent_version != version_of(need.words):
        return Conflict({"words": need.words}, version_of(need.words), "", ("words",), kept=False)
    need.words = words
    return None


def remove(need_id: uuid.UUID) -> None:
    db.session.execute(delete(Need).where(Need.id == need_id))


def shuffle() -> None:
    """The newest needs lose the order in which they were written."""
    write_anew(Need)
