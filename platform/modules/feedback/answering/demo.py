"""What the demo shows of answering in other ways: two parents beside a child's own curve, paper, a sentence, and a no."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Row, func, select, update

from hjelpa.core.database import db
from hjelpa.core.demo import Town
from modules.citizens.demo_tools import insert_rows, make_id
from modules.citizens.models import Conversation, Course, Responsibility
from modules.feedback.models import Answer, Rater, Refusal
from modules.feedback.scales.registry import own_form

# What they are called, and how far above the middle each tends to mark (tenths of one line).
FAMILY = (("Mamma", 8), ("Pappa", -6))
SAID = (
    "Jeg sov bedre denne uka.",
    "Det var fint at vi snakket om skolen.",
    "Neste gang vil jeg gå en tur mens vi snakker.",
)

# A conversation's id and when it was held.
Held = Row[uuid.UUID, datetime]


def fill(town: Town) -> None:
    """Adds to the answers that are there already, in courses of the first helper's; nothing where there are none."""
    random, courses = Random(f"answering:{town.slug}"), _courses(town)
    if len(courses) < 3:
        return
    _add_family(random, courses[1])
    _say_and_write_in(random, courses[0], town)
    _decline(random, courses[-1])


def _courses(town: Town) -> list[uuid.UUID]:
    """The first helper's open courses, the one with most conversations first."""
    talks = (Conversation.tenant_id == Course.tenant_id) & (Conversation.course_id == Course.id)
    turn = (Responsibility.tenant_id == Course.tenant_id) & (Responsibility.course_id == Course.id)
    query = (
        select(Course.id)
        .join(Responsibility, turn)
        .join(Conversation, talks)
        .where(Course.closed_at.is_(None), Responsibility.until_at.is_(None))
        .where(Responsibility.membership_id == town.helpers[0])
        .group_by(Course.id)
        .order_by(func.count().desc(), Course.id)
    )
    return list(db.session.scalars(query))


def _talks(course_id: uuid.UUID) -> Sequence[Held]:
    query = select(Conversation.id, Conversation.held_at).where(Conversation.course_id == course_id)
    return db.session.execute(query.order_by(Conversation.held_at)).all()


def _add_family(random: Random, course_id: uuid.UUID) -> None:
    talks, form = _talks(course_id), own_form("outcome", "adult")
    raters, answers = [], []
    for label, leaning in FAMILY:
        rater = {"id": make_id(random, talks[0].held_at), "course_id": course_id, "label": label}
        raters.append(rater | {"created_at": talks[0].held_at})
        for number, talk in enumerate(talks):
            items = [min(100, max(0, round(random.gauss(50 + leaning + 3 * number, 6)))) for _ in form.items]
            answers.append(
                {
                    "id": make_id(random, talk.held_at),
                    "course_id": course_id,
                    "conversation_id": talk.id,
                    "scale": "outcome",
                    "form": form.key,
                    "form_version": form.version,
                    "rater_id": rater["id"],
                    "channel": "link",
                    "state": "answered",
                    "items": items,
                    "total": sum(items),
                    "answered_at": talk.held_at + timedelta(hours=3),
                }
            )
    insert_rows(Rater, raters)
    insert_rows(Answer, answers)


def _say_and_write_in(random: Random, course_id: uuid.UUID, town: Town) -> None:
    """Sentences beside the latest answers, and one that came on paper."""
    own = Answer.course_id == course_id, Answer.rater_id.is_(None), Answer.scale == "outcome"
    latest = (
        select(Answer.id)
        .where(*own, Answer.state == "answered")
        .order_by(Answer.answered_at.desc(), Answer.id)
        .limit(len(SAID))
    )
    for number, id in enumerate(db.session.scalars(latest).all()):
        values: dict[str, Any] = {"words": SAID[number]}
        if number == len(SAID) - 1:
            values |= {"channel": "paper", "entered_by": random.choice(town.helpers[:1])}
        db.session.execute(update(Answer).where(Answer.id == id).values(values))


def _decline(random: Random, course_id: uuid.UUID) -> None:
    declined_at = _talks(course_id)[-1].held_at + timedelta(minutes=40)
    insert_rows(
        Refusal, [{"id": make_id(random, declined_at), "course_id": course_id, "declined_at": declined_at}]
    )
