"""Signals of the demo: the very rules, run over the demo's answers conversation by conversation as they would have been."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import or_, select

from hjelpa.core.database import db
from hjelpa.core.demo import Town
from modules.citizens.demo_tools import at, insert_rows, make_id
from modules.citizens.models import Citizen, Conversation, Course, Responsibility
from modules.citizens.unnamed import week_of
from modules.feedback.models import Answer, Refusal
from modules.feedback.signals.models import FeedbackSignal, FeedbackTheme, LearningNote, SupervisionCase
from modules.feedback.signals.reading import Row, assemble
from modules.feedback.signals.rules import FRESH, Found, find
from modules.feedback.signals.stories import Meeting, Story
from tenants.identity.models import Membership

# Days until somebody had talked about it.
PAUSES = (1, 1, 1, 2, 2, 3, 5)
DONE = ("talked", "talked", "talked", "way", "way", "goal", "helpers", "go_on", "other")
WORDS = {
    "way": ("Vi møtes ute i stedet.", "Kortere samtaler, og oftere."),
    "goal": ("Målet var blitt for stort. Vi tar ett skritt om gangen.",),
    "helpers": ("En kollega blir med neste gang.", "Fastlegen er spurt."),
    "go_on": ("Det har vært ei tung uke. Vi fortsetter som før.",),
    "other": ("Vi ringer skolen sammen.",),
}
QUESTION = "Vi har snakket mye, og lite har flyttet seg. Hva har dere gjort når samtalene går i ring?"
NOTES = (
    "Når noen slutter å svare, hjelper det å spørre om de heller vil si det med egne ord.",
    "Spør om hva som er annerledes nå, før du spør om hva som er galt.",
)
THEME = "Flere sier at de heller vil møtes ute eller hjemme enn på kontoret."


class Life(NamedTuple):
    """Until when a course has lasted so far, whether it has ended, and who answered for it."""

    until: datetime
    closed: bool
    holder: uuid.UUID | None


def fill(town: Town) -> None:
    """Writes the signals that there would have been, one course for supervision, two notes and a theme."""
    if town.opened_on is None:
        return
    now = at(town.today, 12)
    lives = _lives(now)
    signals = []
    for story in assemble(_rows(), {}):
        life = lives[story.course_id]
        # What waits is found by the first night's work, which has the expected trajectory that pages show; the
        # latest of the first helper's is left to it, so that there is something to talk about.
        own = [row for row in _replay(story, life) if row["ended_at"] is not None]
        if own and not life.closed and life.holder == town.helpers[0] and own[-1]["noticed_at"] > now - FRESH:
            own.pop()
        signals += own
    insert_rows(FeedbackSignal, signals)
    _bring(town, now)
    week, signed = week_of(now - timedelta(days=10)), _name_of(town.helpers[0])
    notes = [
        {"id": _blind(town), "week": week, "words": words, "signature": signature}
        for words, signature in zip(NOTES, (signed, ""), strict=True)
    ]
    insert_rows(LearningNote, notes)
    insert_rows(FeedbackTheme, [{"id": _blind(town), "week": week, "source": "answers", "words": THEME}])


def _lives(now: datetime) -> Mapping[uuid.UUID, Life]:
    holders = {
        row.course_id: row.membership_id
        for row in db.session.execute(
            select(Responsibility.course_id, Responsibility.membership_id).order_by(
                Responsibility.since_at, Responsibility.id
            )
        )
    }
    courses = db.session.execute(select(Course.id, Course.closed_at))
    return {
        row.id: Life(min(row.closed_at or now, now), row.closed_at is not None, holders.get(row.id))
        for row in courses
    }


def _rows() -> list[Row]:
    """What `reading` has one statement for, read apart: a join of tables that were just filled has no statistics."""
    bands = {row.id: row.age_band for row in db.session.execute(select(Citizen.id, Citizen.age_band))}
    courses = {row.id: bands[row.citizen_id] for row in db.session.execute(select(Course.id, Course.citizen_id))}
    declined = set(db.session.scalars(select(Refusal.course_id).where(Refusal.ended_at.is_(None))))
    answers: defaultdict[uuid.UUID, list[Any]] = defaultdict(list)
    given = (Answer.scale, Answer.form, Answer.form_version, Answer.rater_id, Answer.state, Answer.total)
    own = or_(Answer.rater_id.is_(None), Answer.scale == "alliance")
    query = select(Answer.conversation_id, *given, Answer.items, Answer.answered_at).where(own)
    for conversation_id, *answer in db.session.execute(query):
        answers[conversation_id].append(answer)
    talks = select(Conversation.course_id, Conversation.id, Conversation.held_at)
    in_time = db.session.execute(talks.order_by(Conversation.course_id, Conversation.held_at, Conversation.id))
    return [
        Row(course, False, courses[course], course in declined, None, id, held_at, *answer)
        for course, id, held_at in in_time
        for answer in answers[id] or [()]
    ]


def _replay(story: Story, life: Life) -> Iterator[dict[str, Any]]:
    """A course's signals as they were noticed one after the other, each talked about some days later."""
    random, ends = Random(f"signals:{story.course_id}"), dict[str, datetime]()
    for number, meeting in enumerate(story.meetings, 1):
        when = _looked(meeting)
        if when >= life.until:
            return
        seen = replace(
            story,
            meetings=story.meetings[:number],
            settled={kind: end for kind, end in ends.items() if end <= when},
            waiting=frozenset(kind for kind, end in ends.items() if end > when),
            ended=False,
        )
        for found in find(seen, when):
            ends[found.kind] = when + timedelta(days=random.choice(PAUSES), hours=random.randrange(-3, 4))
            yield _row(random, story.course_id, found, when, ends[found.kind], life)


def _looked(meeting: Meeting) -> datetime:
    """When somebody looked: with the last answer, or some nights after a conversation without any."""
    answered = [reply.answered_at for reply in (meeting.outcome, *meeting.alliance) if reply is not None]
    return max(answered, default=meeting.held_at + timedelta(days=2, hours=12))


def _row(
    random: Random, course_id: uuid.UUID, found: Found, when: datetime, end: datetime, life: Life
) -> dict[str, Any]:
    done, words = random.choice(DONE), ""
    if done in WORDS:
        words = random.choice(WORDS[done])
    # A course was ended with a conversation about how it had been.
    end = min(end, life.until) if life.closed else end
    ended = life.closed or end < life.until
    return {
        "id": make_id(random, when),
        "course_id": course_id,
        "kind": found.kind,
        "conversation_id": found.conversation_id,
        "noticed_at": when,
        "ended_at": end if ended else None,
        "done": done if ended else None,
        "words": words if ended else "",
        "ended_by": life.holder if ended else None,
    }


def _bring(town: Town, now: datetime) -> None:
    """The first helper takes the course that began first to supervision."""
    own = (
        select(Course.id, Course.opened_at)
        .join(
            Responsibility,
            (Responsibility.tenant_id == Course.tenant_id) & (Responsibility.course_id == Course.id),
        )
        .where(Responsibility.membership_id == town.helpers[0], Responsibility.until_at.is_(None))
        .order_by(Course.opened_at, Course.id)
    )
    found = db.session.execute(own.limit(1)).first()
    if found is None:
        return
    brought = max(now - timedelta(days=2, hours=3), found.opened_at)
    id = make_id(Random(f"supervision:{found.id}"), brought)
    row = {"id": id, "course_id": found.id, "question": QUESTION, "brought_at": brought, "talked_at": None}
    insert_rows(SupervisionCase, [row])


def _name_of(helper: uuid.UUID) -> str:
    return str(db.session.scalars(select(Membership.name).where(Membership.id == helper)).one())


def _blind(town: Town) -> uuid.UUID:
    """Random as all such ids are, and still the same on every machine."""
    return uuid.UUID(int=town.random.getrandbits(128), version=4)
