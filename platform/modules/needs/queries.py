"""Reading unmet needs. Within a week they stand by their words: their order tells nothing of when they came."""

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select

from hjelpa.core.database import db
from modules.citizens.paging import PAGE_SIZE, counted, one
from modules.citizens.queries import AnyRow
from modules.needs.models import Need


def list_needs(words: str, weeks: tuple[str, str] | None, page: int) -> Sequence[AnyRow]:
    """One page, the latest week on top; `total` stands on every row. `weeks` are the first and the last to show."""
    wanted = [Need.words.icontains(words, autoescape=True)] if words else []
    if weeks is not None:
        wanted += [Need.week >= weeks[0], Need.week <= weeks[1]]
    query = (
        select(
            Need.id,
            Need.week,
            Need.source,
            Need.words,
            counted(one().select_from(Need).where(*wanted)).label("total"),
        )
        .where(*wanted)
        .order_by(Need.week.desc(), func.lower(Need.words), Need.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return db.session.execute(query).all()


def find(need_id: uuid.UUID) -> Need | None:
    return db.session.scalars(select(Need).where(Need.id == need_id)).one_or_none()


def count_in(weeks: tuple[str, str]) -> int:
    counting = select(func.count()).select_from(Need).where(Need.week >= weeks[0], Need.week <= weeks[1])
    return db.session.scalar(counting) or 0
