"""The plan and its parts. Every part has a `version` that is sent with its form: nobody overwrites another unseen.

`author_adult_id` stands on what an adult named in a child's plan has written in their own words, and is empty on what
is shared. Who may see what is `rules.may_see`; addresses live in a table of their own (`models_access.py`).
"""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import WRITE, Base
from hjelpa.core.isolation import TenantOwned, tenant_key
from hjelpa.core.types import Moment, Name, PrivateText
from modules.plans.models_access import Adult

# Who decides who has access to a child's plan: the young person, or an adult for the child.
DECIDERS = ("young", "adult")
GOAL_STATES = ("open", "reached", "dropped")
# Whose effort a measure is. All stand in the same list, on equal terms.
MEASURE_KINDS = ("municipality", "own", "community")
EFFECTS = ("yes", "partly", "no", "unknown")
RIGHT = ("yes", "partly", "no")


class OfPlan:
    """Mixin of what is written in a plan: which one, and the adult whose own words it is (empty on what is shared)."""

    plan_id: Mapped[uuid.UUID]
    author_adult_id: Mapped[uuid.UUID | None]


class Versioned:
    """Mixin of what is changed by forms: `version` goes with each, so that nobody overwrites another unseen."""

    version: Mapped[int] = mapped_column(server_default=text("1"), sort_order=1)


class Made:
    """Mixin of what is shown in the order in which it was made."""

    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"), sort_order=2)


def _owners() -> tuple[ForeignKeyConstraint, ForeignKeyConstraint]:
    """The keys of `OfPlan`."""
    return tenant_key("plan_id", to="plans"), tenant_key("author_adult_id", to=Adult.__tablename__)


class Plan(Versioned, Made, TenantOwned, Base):
    """The citizen's one plan; the database refuses a second.

    `evaluate_on` is when the whole is looked at next. `birth_year` is asked for one thing only, who decides who has
    access to a child's plan, and the answer is `decided_by`. `protected` is that the citizen lives at a hidden address.
    """

    __tablename__ = "plans"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        tenant_key("citizen_id", to="citizens"),
        UniqueConstraint("tenant_id", "citizen_id"),
        CheckConstraint(f"decided_by in {DECIDERS}", name="decided_by"),
        CheckConstraint("birth_year between 1900 and 2200", name="birth_year"),
        Index("ix_plans_evaluate", "tenant_id", "evaluate_on", postgresql_where=text("evaluate_on is not null")),
    )

    citizen_id: Mapped[uuid.UUID]
    matters: Mapped[str] = mapped_column(PrivateText, server_default="")
    evaluate_on: Mapped[date | None]
    birth_year: Mapped[int | None] = mapped_column(SmallInteger)
    decided_by: Mapped[str | None] = mapped_column(Name)
    protected: Mapped[bool] = mapped_column(server_default=text("false"))


class Area(Made, TenantOwned, Base):
    """One area of life on the canvas: `key` names one of our headings (`wording.AREAS`), else `heading` is their own."""

    __tablename__ = "plan_areas"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        tenant_key("plan_id", to="plans"),
        UniqueConstraint("tenant_id", "plan_id", "key"),
        CheckConstraint("key is not null or heading <> ''", name="named"),
        Index("ix_plan_areas_plan", "tenant_id", "plan_id", "position"),
    )

    plan_id: Mapped[uuid.UUID]
    key: Mapped[str | None] = mapped_column(Name)
    heading: Mapped[str] = mapped_column(PrivateText, server_default="")
    position: Mapped[int] = mapped_column(SmallInteger)


class Words(OfPlan, Versioned, TenantOwned, Base):
    """What is written under one area: by the citizen and helper together, or by one adult in their own words."""

    __tablename__ = "plan_words"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        *_owners(),
        tenant_key("area_id", to="plan_areas"),
        UniqueConstraint("tenant_id", "area_id", "author_adult_id", postgresql_nulls_not_distinct=True),
        Index("ix_plan_words_plan", "tenant_id", "plan_id"),
    )

    area_id: Mapped[uuid.UUID]
    works: Mapped[str] = mapped_column(PrivateText, server_default="")
    hard: Mapped[str] = mapped_column(PrivateText, server_default="")
    wish: Mapped[str] = mapped_column(PrivateText, server_default="")


class Goal(OfPlan, Versioned, Made, TenantOwned, Base):
    """A goal in the citizen's own words."""

    __tablename__ = "plan_goals"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        *_owners(),
        CheckConstraint(f"state in {GOAL_STATES}", name="state"),
        Index("ix_plan_goals_plan", "tenant_id", "plan_id"),
    )

    words: Mapped[str] = mapped_column(PrivateText)
    state: Mapped[str] = mapped_column(Name, server_default="open")


class Progress(OfPlan, TenantOwned, Base):
    """Where somebody stood on the way to a goal at a moment, 0 to 10, as they said it themselves."""

    __tablename__ = "plan_goal_progress"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        *_owners(),
        tenant_key("goal_id", to="plan_goals"),
        CheckConstraint("value between 0 and 10", name="value"),
        Index("ix_plan_goal_progress_plan", "tenant_id", "plan_id"),
        Index("ix_plan_goal_progress_goal", "tenant_id", "goal_id", "at"),
    )

    goal_id: Mapped[uuid.UUID]
    value: Mapped[int] = mapped_column(SmallInteger)
    by_name: Mapped[str] = mapped_column(PrivateText)
    at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))


class Measure(OfPlan, Versioned, Made, TenantOwned, Base):
    """Something that is done, under a goal or the plan. It has an owner and an evaluation date, or it is none.

    `who` is the owner as people say it, `membership_id` the colleague where it is one. `needs_decision` is whether it
    took a formal decision. It runs from `begins_on` until `ended_on`.
    """

    __tablename__ = "plan_measures"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        *_owners(),
        tenant_key("goal_id", to="plan_goals"),
        tenant_key("membership_id", to="memberships"),
        CheckConstraint(f"kind in {MEASURE_KINDS}", name="kind"),
        CheckConstraint("who <> '' or membership_id is not null", name="owned"),
        CheckConstraint("evaluate_on >= begins_on", name="evaluate_after_begin"),
        CheckConstraint("ended_on >= begins_on", name="end_after_begin"),
        Index("ix_plan_measures_plan", "tenant_id", "plan_id"),
        Index("ix_plan_measures_begun", "tenant_id", "begins_on"),
        Index("ix_plan_measures_evaluate", "tenant_id", "evaluate_on", postgresql_where=text("ended_on is null")),
    )

    goal_id: Mapped[uuid.UUID | None]
    kind: Mapped[str] = mapped_column(Name)
    what: Mapped[str] = mapped_column(PrivateText)
    who: Mapped[str] = mapped_column(PrivateText, server_default="")
    membership_id: Mapped[uuid.UUID | None]
    begins_on: Mapped[date]
    evaluate_on: Mapped[date]
    needs_decision: Mapped[bool]
    ended_on: Mapped[date | None]


class Agreement(OfPlan, Versioned, Made, TenantOwned, Base):
    """What somebody has promised to do, and by when; done when `done_at` is there."""

    __tablename__ = "plan_agreements"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        *_owners(),
        CheckConstraint("what <> '' and who <> ''", name="what_and_who"),
        Index("ix_plan_agreements_plan", "tenant_id", "plan_id", "due_on"),
    )

    what: Mapped[str] = mapped_column(PrivateText)
    who: Mapped[str] = mapped_column(PrivateText)
    due_on: Mapped[date]
    done_at: Mapped[datetime | None] = mapped_column(Moment)


class Evaluation(OfPlan, Made, TenantOwned, Base):
    """One look at the whole plan (`measure_id` empty) or at one measure.

    `due_on` is the date that had been agreed, `held_on` when it was done, `next_on` the new date; without one, what
    was evaluated ended. `wanted` is help they want and do not get; it leaves the plan, without a name, if `shared`.
    """

    __tablename__ = "plan_evaluations"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        *_owners(),
        tenant_key("measure_id", to="plan_measures"),
        CheckConstraint(f"effect in {EFFECTS}", name="effect"),
        CheckConstraint(f"right_help in {RIGHT}", name="right_help"),
        CheckConstraint("next_on > held_on", name="next_after_held"),
        Index("ix_plan_evaluations_plan", "tenant_id", "plan_id"),
        Index("ix_plan_evaluations_measure", "tenant_id", "measure_id"),
        Index("ix_plan_evaluations_due", "tenant_id", "due_on"),
    )

    measure_id: Mapped[uuid.UUID | None]
    due_on: Mapped[date]
    held_on: Mapped[date]
    effect: Mapped[str] = mapped_column(Name)
    right_help: Mapped[str] = mapped_column(Name)
    change: Mapped[str] = mapped_column(PrivateText, server_default="")
    wanted: Mapped[str] = mapped_column(PrivateText, server_default="")
    shared: Mapped[bool] = mapped_column(server_default=text("false"))
    next_on: Mapped[date | None]
    by_name: Mapped[str] = mapped_column(PrivateText)
