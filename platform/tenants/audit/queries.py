"""Writing and reading the access log."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any, Literal, TypeAlias

from flask import request
from sqlalchemy import Row, Select, Uuid, and_, func, insert, literal, select

from hjelpa.core.database import db, side_transaction
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.visitor import find_guest, get_seat
from tenants.audit.models import AccessLogEntry
from tenants.guests.models import Access
from tenants.identity.models import Membership

AnyRow: TypeAlias = Row[*tuple[Any, ...]]


def record_read(
    subject_id: uuid.UUID, *, kind: Literal["citizen", "contact"] = "citizen", reason: str | None = None
) -> None:
    """Writes that the person of this request reads a citizen's record, or a contact that still waits.

    Call it before loading what will be shown: if the row cannot be written the exception ends the request, so
    nothing is shown unlogged.
    """
    guest = find_guest()
    entry = AccessLogEntry(
        membership_id=None if guest else get_seat().id,
        access_id=guest.id if guest else None,
        subject_kind=kind,
        subject_id=subject_id,
        page=request.endpoint or "",
        reason=reason,
    )
    # Apart from the request's own work: a form sent with a mistake in it is rolled back, yet was read.
    with side_transaction(apart=True) as session:
        session.add(entry)


def record_reads(citizens: Select[*tuple[Any, ...]]) -> None:
    """The same for all the citizens whose ids a select gives, in one statement: before they leave in one file."""
    here = citizens.subquery()
    entry = select(
        literal(get_tenant_id(), Uuid()),
        func.uuidv7(),
        literal(get_seat().id, Uuid()),
        literal("citizen"),
        here.c[0],
        literal(request.endpoint or ""),
    ).select_from(here)
    columns = ["tenant_id", "id", "membership_id", "subject_kind", "subject_id", "page"]
    with side_transaction(apart=True) as session:
        session.execute(insert(AccessLogEntry).from_select(columns, entry))


def list_reads(subjects: Collection[uuid.UUID], *, limit: int = 50) -> Sequence[AnyRow]:
    """The latest reads of any of these (a citizen and the contacts that led there), newest first.

    Each with who read: a colleague (`membership_id`, `name`, `roles`), or somebody on the citizen's own pages
    (`access_id`, `guest`, `relation`).
    """
    colleague = and_(
        Membership.tenant_id == AccessLogEntry.tenant_id, Membership.id == AccessLogEntry.membership_id
    )
    holder = and_(Access.tenant_id == AccessLogEntry.tenant_id, Access.id == AccessLogEntry.access_id)
    reader = (Membership.name, Membership.roles, Access.name.label("guest"), Access.relation)
    query = (
        select(
            AccessLogEntry.created_at,
            AccessLogEntry.page,
            AccessLogEntry.reason,
            AccessLogEntry.membership_id,
            AccessLogEntry.access_id,
            *reader,
        )
        .outerjoin(Membership, colleague)
        .outerjoin(Access, holder)
        .where(AccessLogEntry.subject_id.in_(subjects))
        .order_by(AccessLogEntry.created_at.desc())
        .limit(limit)
    )
    return db.session.execute(query).all()
