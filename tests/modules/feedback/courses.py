"""Courses of help and answers for the tests of feedback."""

import re
import uuid
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select, update

from hjelpa.core.database import commit_all, db
from hjelpa.core.isolation import new_id, tenant_scope
from hjelpa.core.types import utcnow
from modules.citizens.commands import add_conversation, begin_course
from modules.citizens.models import Course, Responsibility
from modules.feedback.models import Answer
from modules.feedback.scales.registry import own_form
from tests.people import SCREEN_CODE, Town

ITEMS = ("item1", "item2", "item3", "item4")
ALL_ANSWERED = {"item1": "7.7", "item2": "2.1", "item3": "10", "item4": "5"} | {
    f"{name}_answered": "1" for name in ITEMS
}


@contextmanager
def inside(town: Town):
    with town.app.app_context(), tenant_scope(town.tenant_id):
        yield
        commit_all()


def make_course(
    town: Town,
    *,
    held: Sequence[datetime] = (),
    closed_at: datetime | None = None,
    helper: uuid.UUID | None = None,
) -> tuple[uuid.UUID, list[uuid.UUID]]:
    """A course with a conversation at each moment (one just now unless given); returns both kinds of id."""
    moments = list(held) or [utcnow() - timedelta(minutes=5)]
    helper_id = helper or town.helper.membership_id
    assert helper_id is not None
    with inside(town):
        course_id = begin_course(
            name="Ada Liksom", phone="", age_band="adult", helper_id=helper_id, at=min(moments)
        )
        keys = [new_id() for _ in moments]
        for key, moment in zip(keys, moments, strict=True):
            words = {"matters": "Å sove", "happened": "", "next_step": "", "next_step_at": None}
            add_conversation(course_id, key=key, helper_id=helper_id, at=moment, **words)
        if closed_at is not None:
            course = db.session.scalars(select(Course).where(Course.id == course_id)).one()
            course.closed_at, course.ending = closed_at, "mutual"
            turns = update(Responsibility).where(Responsibility.course_id == course_id)
            db.session.execute(turns.values(until_at=closed_at))
    return course_id, keys


def add_answer(
    town: Town,
    course_id: uuid.UUID,
    conversation_id: uuid.UUID,
    total: int | None,
    *,
    scale: str = "outcome",
    state: str = "answered",
) -> None:
    """An answer with this total (a multiple of four in tenths), or without one."""
    value = None if total is None else total // 4
    with inside(town):
        db.session.add(
            Answer(
                course_id=course_id,
                conversation_id=conversation_id,
                scale=scale,
                form=own_form(scale, "adult").key,
                form_version=1,
                state=state,
                total=total,
                items=[value] * len(ITEMS) if state == "answered" else [],
            )
        )


def list_answers(town: Town, conversation_id: uuid.UUID) -> list[dict[str, Any]]:
    columns = (Answer.scale, Answer.state, Answer.total, Answer.items)
    with inside(town):
        rows = db.session.execute(select(*columns).where(Answer.conversation_id == conversation_id)).all()
        return [dict(row._mapping) for row in rows]


def hand_over(client: FlaskClient, town: Town, conversation_id: uuid.UUID, scale: str = "outcome") -> str:
    """Hands a scale over, takes the screen back, and returns the citizen's address."""
    answer = client.post(town.path(f"/feedback/conversations/{conversation_id}/hand-over"), data={"scale": scale})
    assert answer.status_code == 303
    assert re.fullmatch(rf"/{town.slug}/my/scale/[\w-]{{43}}", answer.location), answer.location
    assert client.post("/account/locked", data={"screen_code": SCREEN_CODE}).status_code == 303
    return answer.location
