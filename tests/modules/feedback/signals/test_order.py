"""Nobody comes sooner or later by what they answered: every list stands the same, whatever the scores and the signals are."""

import re
import uuid
from datetime import datetime, timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select, update

from hjelpa.core.database import db
from hjelpa.core.types import utcnow
from modules.citizens.models import Conversation
from modules.feedback.signals.commands import bring
from modules.feedback.signals.models import DONE, FeedbackSignal
from modules.feedback.signals.rules import KINDS
from modules.followups.models import KINDS as SIGNS
from modules.followups.models import FollowUp, Signal
from tests.modules.door import get, id_in, registered
from tests.modules.feedback.courses import add_answer, inside, make_course
from tests.people import Town, make_town

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
COURSES, CONTACTS = 6, 3

# What each list is of, where it stands, and as whom.
LISTS = {
    "contacts": ("/contacts", "helper"),
    "courses": ("/courses", "helper"),
    "all courses": ("/courses?show=all", "leader"),
    "today": ("/", "helper"),
    "follow-ups": ("/followups", "helper"),
    "all follow-ups": ("/followups?show=all", "leader"),
    "supervision": ("/feedback/supervision", "helper"),
    "brought": ("/feedback/supervision?show=brought", "leader"),
}
# Whatever is typed behind an address.
ASKED = ("sort=kind", "order=score", "by=total", "sort=-noticed_at")


def lay_out(town: Town, now: datetime) -> dict[uuid.UUID, str]:
    """The same municipality each time: contacts, and courses with all that is waited for at times of their own."""
    names: dict[uuid.UUID, str] = {}
    for place in range(CONTACTS):
        names[id_in(registered(town.client(), town, next_time=f"{10 + place}:30"))] = f"contact {place}"
    # Each list by another order of time, so that none is right by accident.
    orders = [Random(turn).sample(range(COURSES), COURSES) for turn in range(4)]
    for place in range(COURSES):
        began, agreed, due, noticed = (order[place] for order in orders)
        held = [now - (20 + began) * DAY + step * DAY for step in range(6)]
        course_id, _ = make_course(town, held=held)
        names[course_id] = f"course {place}"
        with inside(town):
            db.session.execute(
                update(Conversation)
                .where(Conversation.course_id == course_id)
                .values(next_step="Vi møtes", next_step_at=now - agreed * HOUR)
            )
            opened = now - due * HOUR
            followup = FollowUp(course_id=course_id, opened_at=opened, due_at=opened + DAY)
            names[followup.id] = f"follow-up {place}"
            db.session.add(followup)
            bring(course_id, "Hva nå?", now - noticed * HOUR)
    return names


def give(town: Town, random: Random, now: datetime, names: dict[uuid.UUID, str]) -> None:
    """Any answers and any signals; when they were noticed is the same each time."""
    noticed = Random("noticed")
    for id, name in names.items():
        kind = name.partition(" ")[0]
        if kind == "follow-up":
            with inside(town):
                for _ in range(random.randrange(1, 4)):
                    db.session.add(Signal(followup_id=id, kind=random.choice(SIGNS), noticed_at=now))
        if kind != "course":
            continue
        with inside(town):
            talks = db.session.scalars(select(Conversation.id).where(Conversation.course_id == id)).all()
        for talk_id in talks:
            for scale in ("outcome", "alliance"):
                add_answer(town, id, talk_id, random.choice((None, 0, 120, 240, 400)), scale=scale)
        at = now - timedelta(minutes=noticed.randrange(10, 5000))
        with inside(town):
            for each in random.sample(KINDS, random.randrange(1, 4)):
                db.session.add(FeedbackSignal(course_id=id, kind=each, noticed_at=at))
            ended = {"noticed_at": at, "ended_at": now, "done": random.choice(DONE)}
            db.session.add(FeedbackSignal(course_id=id, kind=random.choice(KINDS), **ended))


def stand(town: Town, names: dict[uuid.UUID, str]) -> dict[str, list[str]]:
    """Everything that stands in each list, in its order."""
    found = {}
    for title, (where, role) in LISTS.items():
        page = get(town.client(role), town.path(where))
        page = page[page.index("<main") : page.index("</main>")]
        ids = [uuid.UUID(id) for id in re.findall(r"/(?:courses|contacts|followups)/([0-9a-f-]{36})", page)]
        found[title] = [names[id] for id in dict.fromkeys(ids) if id in names]
    return found


@pytest.fixture(scope="module")
def before(app: Flask) -> tuple[datetime, dict[str, list[str]]]:
    """How the lists stand without any answer at all."""
    now = utcnow()
    town = make_town(app)
    return now, stand(town, lay_out(town, now))


@pytest.mark.parametrize("seed", range(4))
def test_every_list_stands_the_same_whatever_was_answered(
    app: Flask, before: tuple[datetime, dict[str, list[str]]], seed: int
) -> None:
    now, expected = before
    assert all(len(found) >= CONTACTS for found in expected.values()), expected
    town = make_town(app)
    names = lay_out(town, now)
    give(town, Random(seed), now, names)
    found = stand(town, names)
    # Signals bring nothing to any list but the one of supervision, whose courses all were brought before.
    assert {title: sorted(each) for title, each in found.items()} == {
        title: sorted(each) for title, each in expected.items()
    }
    assert {title: each for title, each in found.items() if title != "supervision"} == {
        title: each for title, each in expected.items() if title != "supervision"
    }
    assert found["supervision"] == by_time(town, now, names)


def by_time(town: Town, now: datetime, names: dict[uuid.UUID, str]) -> list[str]:
    """Courses by when the first thing to talk about was known, which is the same for any answers."""
    noticed, known = Random("noticed"), {}
    order = Random(3).sample(range(COURSES), COURSES)
    for name in names.values():
        kind, _, place = name.partition(" ")
        if kind == "course":
            at = now - timedelta(minutes=noticed.randrange(10, 5000))
            known[name] = min(at, now - order[int(place)] * HOUR)
    return sorted(known, key=lambda name: known[name])


@pytest.mark.parametrize("title", LISTS)
def test_no_list_can_be_asked_for_another_order(app: Flask, title: str) -> None:
    town = make_town(app)
    names = lay_out(town, utcnow())
    give(town, Random(7), utcnow(), names)
    where, role = LISTS[title]
    page = body(get(town.client(role), town.path(where)))
    for asked in ASKED:
        assert body(get(town.client(role), town.path(f"{where}{'&' if '?' in where else '?'}{asked}"))) == page


def body(page: str) -> str:
    """What a page says, without what differs in each answer."""
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r'name="csrf_token" value="[^"]*"|name="key" value="[^"]*"', "", main)
