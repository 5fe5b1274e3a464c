"""Imports of sessions, and the names under which courses came with one."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import ADD, ALL, Base
from hjelpa.core.isolation import TenantOwned, tenant_key
from hjelpa.core.types import Moment, Name, PrivateText

STATES = ("waiting", "checked", "refused", "confirmed", "done", "failed")
# While the file is needed; afterwards it is gone.
HOLDING = ("waiting", "checked", "confirmed")


class SessionImport(TenantOwned, Base):
    """A file of sessions on its way in.

    `waiting` to be checked, `checked` and shown, or `refused` for what is wrong with it; `confirmed`, then `done` or
    `failed`. `summary` holds what was found, without anything of the file's own once that is gone. `work_id` is the
    job that is under way.
    """

    __tablename__ = "session_imports"
    __grants__ = {"app": ALL}
    __table_args__ = (
        tenant_key("made_by", to="memberships"),
        tenant_key("unit_id", to="units"),
        tenant_key("helper_id", to="memberships"),
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint(f"content is null or state in {HOLDING}", name="content_while_needed"),
        Index("ix_session_imports_latest", "tenant_id", "created_at"),
    )

    made_by: Mapped[uuid.UUID]
    unit_id: Mapped[uuid.UUID]
    helper_id: Mapped[uuid.UUID]
    pack: Mapped[str] = mapped_column(Name)
    filename: Mapped[str] = mapped_column(PrivateText)
    size: Mapped[int]
    state: Mapped[str] = mapped_column(Name, server_default="waiting")
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    summary: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    rows_done: Mapped[int] = mapped_column(server_default=text("0"))
    work_id: Mapped[uuid.UUID | None]
    changed_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))

    @property
    def busy(self) -> bool:
        """Whether a job is to do something about it."""
        return self.state in ("waiting", "confirmed")


class ImportedCourse(TenantOwned, Base):
    """A course that came with a file, under the file's own name for it. Found by the name's hash, which tells nothing."""

    __tablename__ = "imported_courses"
    __grants__ = {"app": ADD}
    __table_args__ = (
        tenant_key("course_id", to="courses"),
        UniqueConstraint("tenant_id", "reference_key"),
        UniqueConstraint("tenant_id", "course_id"),
    )

    course_id: Mapped[uuid.UUID]
    reference: Mapped[str] = mapped_column(PrivateText)
    reference_key: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
