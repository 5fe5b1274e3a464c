"""Writing and reading the access log."""

import uuid
from collections.abc import Collection, Sequence
from typing import Literal

from flask import request
from sqlalchemy import select

from hjelpa.core.database import db, side_transaction
from hjelpa.core.visitor import get_seat
from tenants.audit.models import AccessLogEntry


def record_read(
    subject_id: uuid.UUID, *, kind: Literal["citizen", "contact"] = "citizen", reason: str | None = None
) -> None:
    """Writes that the person of this request reads a citizen's record, or a contact that still waits.

    Call it before loading what will be shown: if the row cannot be written the exception ends the request, so
    nothing is shown unlogged.
    """
    entry = AccessLogEntry(
        membership_id=get_seat().id,
        subject_kind=kind,
        subject_id=subject_id,
        page=request.endpoint or "",
        reason=reason,
    )
    # Apart from the request's own work: a form sent with a mistake in it is rolled back, yet was read.
    with side_transaction(apart=True) as session:
        session.add(entry)


def list_reads(subjects: Collection[uuid.UUID], *, limit: int = 50) -> Sequence[AccessLogEntry]:
    """The latest reads of any of these (a citizen and the contacts that led there), newest first."""
    newest = select(AccessLogEntry).where(AccessLogEntry.subject_id.in_(subjects))
    return db.session.scalars(newest.order_by(AccessLogEntry.created_at.desc()).limit(limit)).all()
