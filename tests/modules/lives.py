"""Invented rows with every edge an indicator has, and their second counting in plain Python."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random

from hjelpa.core.contract import Period
from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.schemas import local_moment
from modules.citizens.models import Citizen, Conversation, Course, Responsibility
from modules.contacts.models import Contact
from modules.feedback.models import Answer, Rater
from network.benchmarks.rules import period_of
from tests.people import Town

PERIODS = tuple(period_of(name) for name in ("2025", "2025-Q4", "2026-Q1", "2026-Q2"))

# Moments at the edges of the periods above, where a second decides.
EDGES = [local_moment(period.start, time()) for period in PERIODS] + [local_moment(PERIODS[-1].end, time())]


@dataclass
class Lives:
    """What was written, by kind."""

    courses: list[Course] = field(default_factory=list)
    conversations: list[Conversation] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)


def within(moment: datetime | None, period: Period) -> bool:
    begin, end = local_moment(period.start, time()), local_moment(period.end, time())
    return moment is not None and begin <= moment < end


def write_lives(town: Town, seed: int, *, citizens: int = 60) -> Lives:
    """Adds invented people to a municipality and returns everything that was added."""
    random, lives = Random(seed), Lives()
    helper = town.helper.membership_id
    assert helper is not None
    with town.app.app_context(), tenant_scope(town.tenant_id):
        for number in range(citizens):
            person = Citizen(name=f"Invented {number}", age_band="adult")
            db.session.add(person)
            db.session.flush()
            for _ in range(random.choice((1, 1, 1, 2, 3))):
                _live(random, lives, person.id, town.unit_id, helper)
        lives.contacts += [
            _contact(random, _moment(random), None, None, (town.unit_id, helper)) for _ in range(citizens // 3)
        ]
        db.session.add_all(lives.contacts)
        db.session.commit()
        for rows in (lives.courses, lives.conversations, lives.contacts, lives.answers):
            for row in rows:
                db.session.refresh(row)
        db.session.expunge_all()
    return lives


def _moment(random: Random) -> datetime:
    if random.random() < 0.25:
        return random.choice(EDGES) + timedelta(seconds=random.choice((-1, 0, 1)))
    return EDGES[0] + timedelta(minutes=random.randrange(550 * 24 * 60))


def _live(random: Random, lives: Lives, citizen_id: uuid.UUID, unit_id: uuid.UUID, helper: uuid.UUID) -> None:
    start = _moment(random)
    closed = start + timedelta(days=random.randrange(200)) if random.random() < 0.7 else None
    ending = "mutual" if closed else None
    course = Course(citizen_id=citizen_id, unit_id=unit_id, opened_at=start, closed_at=closed, ending=ending)
    db.session.add(course)
    db.session.flush()
    db.session.add(Responsibility(course_id=course.id, membership_id=helper, since_at=start, until_at=closed))
    lives.courses.append(course)
    gaps = (0, 0, 3, 7, 30)
    held = [start + timedelta(days=random.choice(gaps) * place) for place in range(random.randrange(5))]
    random.shuffle(held)
    for moment in held:
        talk = Conversation(course_id=course.id, membership_id=helper, held_at=moment)
        db.session.add(talk)
        db.session.flush()
        lives.conversations.append(talk)
        lives.answers += _answers(random, talk)
    db.session.add_all(lives.answers)
    first = min(held, default=None)
    for _ in range(random.choice((0, 1, 1, 2))):
        wait = timedelta(days=random.choice((0, 6, 7, 8)), seconds=random.choice((-1, 0, 1)))
        received = (first or start) - max(wait, timedelta())
        lives.contacts.append(_contact(random, received, course.id, first, (unit_id, helper)))


def _contact(
    random: Random,
    received: datetime,
    course_id: uuid.UUID | None,
    first: datetime | None,
    door: tuple[uuid.UUID, uuid.UUID],
) -> Contact:
    unit_id, helper = door
    return Contact(
        unit_id=unit_id,
        received_at=received,
        channel="call",
        made_by=random.choice(("self", "self", "for_someone", "with_service")),
        consent=True,
        words="invented",
        next_step="invented",
        next_step_at=received,
        membership_id=helper,
        course_id=course_id,
        first_conversation_at=first,
    )


def _answers(random: Random, talk: Conversation) -> Sequence[Answer]:
    found = []
    carer = Rater(course_id=talk.course_id, label="Invented carer")
    db.session.add(carer)
    db.session.flush()
    for scale, rater_id in (("outcome", None), ("outcome", carer.id), ("alliance", None)):
        if random.random() < 0.3:
            continue
        state = random.choice(("answered", "answered", "answered", "skipped"))
        items = [random.choice((20, 40, 40, 60, None if random.random() < 0.2 else 80)) for _ in range(4)]
        whole = state == "answered" and None not in items
        found.append(
            Answer(
                course_id=talk.course_id,
                conversation_id=talk.id,
                scale=scale,
                form=f"hjelpa.{scale}",
                form_version=1,
                rater_id=rater_id,
                state=state,
                total=sum(item or 0 for item in items) if whole else None,
                items=items if state == "answered" else [],
            )
        )
    return found
