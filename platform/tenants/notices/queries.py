"""Sending, counting and reading notices."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select, update

from hjelpa.core.contract import NoticeKind
from hjelpa.core.database import db, side_transaction
from hjelpa.core.prepared import PreparedInTenant
from hjelpa.core.types import utcnow
from tenants.notices.models import Notice


def notify(
    membership_id: uuid.UUID, kind: NoticeKind, values: Mapping[str, Any], address: Mapping[str, Any]
) -> None:
    """Tells one person something. `values` fill the kind's sentence, `address` its endpoint; neither names a citizen."""
    texts = {name: str(value) for name, value in values.items()}
    target = {name: str(value) for name, value in address.items()}
    db.session.add(Notice(membership_id=membership_id, kind=kind.id, values={"texts": texts, "address": target}))


_UNREAD = PreparedInTenant(
    select(func.count(Notice.id)).where(
        Notice.membership_id == bindparam("membership_id"), Notice.read_at.is_(None)
    )
)


def count_unread(membership_id: uuid.UUID) -> int:
    ((count,),) = _UNREAD.run(membership_id=membership_id)
    return int(count)


def list_latest(membership_id: uuid.UUID, *, limit: int = 100) -> Sequence[Notice]:
    latest = select(Notice).where(Notice.membership_id == membership_id)
    return db.session.scalars(latest.order_by(Notice.created_at.desc()).limit(limit)).all()


def mark_read(membership_id: uuid.UUID) -> None:
    """A read mark: one of the few rows that a GET may write."""
    with side_transaction() as session:
        session.execute(
            update(Notice)
            .where(Notice.membership_id == membership_id, Notice.read_at.is_(None))
            .values(read_at=utcnow())
        )
