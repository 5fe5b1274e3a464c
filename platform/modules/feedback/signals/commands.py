"""What opens and ends signals, and what is brought to supervision and learned there. Nothing here commits."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from hjelpa.core.database import db
from hjelpa.core.events import Dissatisfaction, FollowedUp, Theme, publish
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.types import new_id
from hjelpa.core.visitor import find_seat
from modules.citizens.traceless import keep, write_anew
from modules.feedback.signals.models import FeedbackSignal, FeedbackTheme, LearningNote, SupervisionCase
from modules.feedback.signals.reading import read_story
from modules.feedback.signals.rules import Found, find


def notice(course_id: uuid.UUID, now: datetime) -> None:
    """Looks at a course just after an answer, in the same transaction, and opens what there is to talk about."""
    story = read_story(course_id)
    found = [(course_id, each) for each in find(story, now)]
    if story.ended:
        # There is nobody to talk within the course any more; whoever held it to its end is told by who listens.
        # No signal stands open here to say what they have heard: only what rests on the answer kept now is news.
        for _, each in found:
            if each.at >= now:
                publish(Dissatisfaction(course_id, each.kind, now))
        return
    open_signals(found, now)


def open_signals(found: Sequence[tuple[uuid.UUID, Found]], now: datetime) -> int:
    """Opens signals of courses in one statement, and lets the rest of the house know of each; returns how many.

    One of a kind that is open already stays as it is. Of two at once, one waits for the other here.
    """
    rows = [
        {
            "tenant_id": get_tenant_id(),
            "id": new_id(),
            "course_id": course_id,
            "kind": each.kind,
            "conversation_id": each.conversation_id,
            "noticed_at": now,
        }
        for course_id, each in found
    ]
    if not rows:
        return 0
    added = insert(FeedbackSignal).values(rows).on_conflict_do_nothing()
    new = db.session.execute(added.returning(FeedbackSignal.course_id, FeedbackSignal.kind))
    opened = {(course_id, kind) for course_id, kind in new}
    for course_id, each in found:
        if (course_id, each.kind) in opened:
            publish(Dissatisfaction(course_id, each.kind, now))
    return len(opened)


def hear(followed: FollowedUp) -> None:
    """A conversation about what was not good enough was held: the course's open signals have been talked about."""
    seat = find_seat()
    waiting = update(FeedbackSignal).where(
        FeedbackSignal.course_id == followed.course_id, FeedbackSignal.ended_at.is_(None)
    )
    ended_at = func.greatest(FeedbackSignal.noticed_at, followed.at)
    db.session.execute(waiting.values(ended_at=ended_at, done="talked", ended_by=seat.id if seat else None))


def lock(signal_id: uuid.UUID) -> FeedbackSignal:
    """The signal, held until the request ends, so that two people cannot end it at once."""
    return db.session.scalars(
        select(FeedbackSignal)
        .where(FeedbackSignal.id == signal_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def end(signal: FeedbackSignal, done: str, words: str, *, by: uuid.UUID, now: datetime) -> None:
    """Ends a locked signal with what was done, or adds what was done to one that a conversation has ended."""
    signal.ended_at = signal.ended_at or max(now, signal.noticed_at)
    signal.done, signal.words, signal.ended_by = done, words, by


def bring(course_id: uuid.UUID, question: str, now: datetime) -> None:
    """Takes a course to supervision; where it waits for that already, the question is what is asked now."""
    place = {"tenant_id": get_tenant_id(), "course_id": course_id}
    row = insert(SupervisionCase).values(id=new_id(), **place, question=question, brought_at=now)
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=list(place),
            index_where=SupervisionCase.talked_at.is_(None),
            set_={"question": question},
        )
    )


def end_case(case_id: uuid.UUID, now: datetime) -> None:
    """It has been talked through; said twice, it is once."""
    waiting = update(SupervisionCase).where(SupervisionCase.id == case_id, SupervisionCase.talked_at.is_(None))
    db.session.execute(waiting.values(talked_at=func.greatest(SupervisionCase.brought_at, now)))


def write_down(words: str, signature: str, key: uuid.UUID) -> None:
    """Keeps what was learned; the same form sent twice is one note."""
    keep(LearningNote, {"words": words, "signature": signature}, key)


def hand_on(theme: Theme, key: uuid.UUID) -> None:
    """Keeps a theme and hands it to whoever works on making the service better; the same form sent twice is one."""
    if keep(FeedbackTheme, {"words": theme.words, "source": theme.source}, key):
        publish(theme)


def shuffle() -> None:
    """The newest notes and themes lose the order in which they were written."""
    for model in (LearningNote, FeedbackTheme):
        write_anew(model)
