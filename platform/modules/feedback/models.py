"""Answers on the scales, who gives them, and the one-time requests by which citizens do it themselves."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import ALL, READ, WRITE, Base
from hjelpa.core.isolation import TenantOwned, tenant_key
from hjelpa.core.types import Moment, Name, PrivateText

SCALES = ("outcome", "alliance")
STATES = ("answered", "skipped")
# How an answer came: on the helper's screen, at the citizen's own link, from paper, by phone, or with an import.
CHANNELS = ("screen", "link", "paper", "phone", "import")


class Rater(TenantOwned, Base):
    """Somebody else than the citizen who answers in a course, such as a parent; `label` is what the course calls them."""

    __tablename__ = "raters"
    __grants__ = {"app": WRITE}
    __table_args__ = (tenant_key("course_id", to="courses"), Index("ix_raters_course", "tenant_id", "course_id"))

    course_id: Mapped[uuid.UUID]
    label: Mapped[str] = mapped_column(PrivateText)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))


class Refusal(TenantOwned, Base):
    """The citizen's no to feedback in a course, until it is taken back. Help goes on; it is counted as a no, not as missing."""

    __tablename__ = "feedback_refusals"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        tenant_key("course_id", to="courses"),
        CheckConstraint("ended_at >= declined_at", name="ended_after_declined"),
        Index(
            "uq_feedback_refusals_living",
            "tenant_id",
            "course_id",
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
    )

    course_id: Mapped[uuid.UUID]
    declined_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))


class ScaleRequest(TenantOwned, Base):
    """A form given to somebody for one conversation, on the helper's screen or as a link. Only the token's hash is kept."""

    __tablename__ = "scale_requests"
    # The role auth finds the municipality of a one-time token that names none (`feedback.api`).
    __grants__ = {"app": ALL, "auth": READ}
    __table_args__ = (
        tenant_key("course_id", to="courses"),
        tenant_key("conversation_id", to="conversations"),
        tenant_key("rater_id", to="raters"),
        UniqueConstraint("tenant_id", "token_hash"),
        Index("ix_scale_requests_hash", "token_hash"),
        CheckConstraint(f"scale in {SCALES}", name="scale"),
        CheckConstraint("channel in ('screen', 'link')", name="channel"),
    )

    course_id: Mapped[uuid.UUID]
    conversation_id: Mapped[uuid.UUID]
    scale: Mapped[str] = mapped_column(Name)
    form: Mapped[str] = mapped_column(Name)
    form_version: Mapped[int] = mapped_column(server_default=text("1"))
    rater_id: Mapped[uuid.UUID | None]
    channel: Mapped[str] = mapped_column(Name, server_default="screen")
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))


class Answer(TenantOwned, Base):
    """One filled-in form for one conversation, by the citizen (`rater_id` empty) or by another rater.

    `items` are tenths of a point, null where unanswered, in the order of the form's lines, and none at all where it was
    skipped. `total` is tenths too, and empty where too much is unanswered or the form is not scored. `entered_by` is
    who wrote it in for somebody who answered on paper or by phone. `words` is what they wanted to say besides.
    """

    __tablename__ = "answers"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        tenant_key("course_id", to="courses"),
        tenant_key("conversation_id", to="conversations"),
        tenant_key("rater_id", to="raters"),
        tenant_key("entered_by", to="memberships"),
        UniqueConstraint(
            "tenant_id",
            "conversation_id",
            "scale",
            "rater_id",
            name="uq_answers_once",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint(f"scale in {SCALES}", name="scale"),
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint(f"channel in {CHANNELS}", name="channel"),
        CheckConstraint("0 <= all (items) and 100 >= all (items)", name="items"),
        Index("ix_answers_course", "tenant_id", "course_id", "scale"),
    )

    course_id: Mapped[uuid.UUID]
    conversation_id: Mapped[uuid.UUID]
    scale: Mapped[str] = mapped_column(Name)
    form: Mapped[str] = mapped_column(Name)
    form_version: Mapped[int]
    rater_id: Mapped[uuid.UUID | None]
    channel: Mapped[str] = mapped_column(Name, server_default="screen")
    entered_by: Mapped[uuid.UUID | None]
    state: Mapped[str] = mapped_column(Name)
    items: Mapped[list[int | None]] = mapped_column(ARRAY(SmallInteger))
    total: Mapped[int | None] = mapped_column(SmallInteger)
    words: Mapped[str] = mapped_column(PrivateText, server_default="")
    answered_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
