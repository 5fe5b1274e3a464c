"""Invented handovers: the one behind every change of helper, some refusals, and a few that wait for an answer today."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from sqlalchemy import Row, select

from hjelpa.core.database import db
from hjelpa.core.demo import Town
from modules.citizens.demo_tools import at, insert_rows, make_id
from modules.citizens.models import Citizen, Course, Responsibility
from modules.handovers import exchange
from modules.handovers.models import Handover
from modules.handovers.rules import AGE, SUMMARY, WHO
from modules.handovers.sealing import Package
from tenants.municipalities.models import Municipality

# Hours from question to yes: most answer the same day or the next, some take long.
WAITS = (1, 2, 4, 6, 20, 26, 30, 44, 50, 70, 96)
SUMMARIES = (
    "Vi har snakket mest om kveldene hjemme. De vil gjerne fortsette med turene.",
    "Det går bedre på skolen. Hun ønsker å snakke mer om hvordan det er hjemme.",
    "Han har kommet i gang igjen og vil ha noen å ringe til når det butter.",
    "De vil møtes hjemme, helst sammen med bestemor.",
    "Vi har avtalt korte samtaler på telefon. Det passer best rett etter jobb.",
)
WISHES = (
    "Vil helst slippe å fortelle alt på nytt.",
    "Vil gjerne møtes ute.",
    "Ønsker at læreren får vite at det er en ny person.",
    "",
)
REASONS = (
    "Jeg kjenner familien privat, så en annen bør ta over.",
    "Jeg har ikke ledige timer før om tre uker, og det er for lenge å vente.",
)
# Who sends somebody to whom, so that both the demo's helper and its leader have something to answer.
BETWEEN = {"stange": "sortland", "sortland": "stange", "arendal": "stange"}

Turn = Row[uuid.UUID, uuid.UUID, datetime, datetime | None, uuid.UUID]


def fill(town: Town) -> None:
    """Writes handovers for the turns of responsibility that are there, and those still open."""
    if town.opened_on is None:
        return
    by_course: dict[uuid.UUID, list[Turn]] = {}
    columns = (
        Responsibility.course_id,
        Responsibility.membership_id,
        Responsibility.since_at,
        Responsibility.until_at,
        Responsibility.id,
    )
    for turn in db.session.execute(select(*columns).order_by(columns[0], columns[2])):
        by_course.setdefault(turn.course_id, []).append(turn)
    past = [row for turns in by_course.values() for row in _past_rows(town, turns)]
    mine = [turns[-1] for turns in by_course.values() if turns[-1].until_at is None]
    insert_rows(Handover, [*past, *_open_rows(town, mine)])
    _send(town, [turn for turn in mine if turn.membership_id == town.helpers[-1]])


def _past_rows(town: Town, turns: Sequence[Turn]) -> Iterator[dict[str, Any]]:
    """Each change of helper was asked for and accepted; before some, somebody else had said no."""
    for before, after in pairwise(turns):
        random = Random(f"handover:{after.id}")
        asked = max(before.since_at, after.since_at - timedelta(hours=random.choice(WAITS)))
        yield _row(random, before, after.membership_id, asked, state="accepted", decided_at=after.since_at)
        others = [one for one in town.helpers if one not in (before.membership_id, after.membership_id)]
        earlier = asked - timedelta(hours=30)
        if others and earlier > before.since_at and random.random() < 0.3:
            no = {"state": "refused", "decided_at": earlier + timedelta(hours=3), "reason": random.choice(REASONS)}
            yield _row(random, before, random.choice(others), earlier, **no)


def _open_rows(town: Town, turns: Sequence[Turn]) -> Iterator[dict[str, Any]]:
    """One to be answered today by the first helper, and one that the first helper has had no answer to in time."""
    if len(town.helpers) < 2:
        return
    random, first = Random(f"handovers:{town.slug}"), town.helpers[0]
    theirs = [turn for turn in turns if turn.membership_id == town.helpers[1]]
    own = [turn for turn in turns if turn.membership_id == first]
    # The latest courses, so that what is asked began after they did.
    for turn in theirs[:1]:
        asked = max(turn.since_at, at(town.today - timedelta(days=2), 10))
        yield _row(random, turn, first, asked, due_at=max(asked, at(town.today, 15)))
    for turn in own[-1:]:
        asked = max(turn.since_at, at(town.today - timedelta(days=6), 12))
        due = max(asked, at(town.today - timedelta(days=3), 15))
        yield _row(random, turn, town.helpers[-1], asked, due_at=due, reminded_at=due, escalated_at=due)


def _row(random: Random, turn: Turn, receiver: uuid.UUID, asked: datetime, **more: Any) -> dict[str, Any]:
    agreed = random.random() < 0.8
    return {
        "id": make_id(random, asked),
        "course_id": turn.course_id,
        "kind": "colleague",
        "sender_id": turn.membership_id,
        "receiver_id": receiver,
        "municipality_id": None,
        "summary": random.choice(SUMMARIES),
        "wishes": random.choice(WISHES),
        "agreed_at": asked if agreed else None,
        "agreed_parts": [WHO] if agreed else None,
        "proposed_at": asked,
        "due_at": asked + timedelta(days=2),
        "reminded_at": None,
        "escalated_at": None,
        "state": "open",
        "decided_at": None,
        "decided_by_id": receiver if "decided_at" in more else None,
        "answered_by": "",
        "service": "",
        "reason": "",
        "created_at": asked,
        **more,
    }


def _send(town: Town, turns: Sequence[Turn]) -> None:
    """One citizen who moves: what another municipality is asked is put where it finds it, as the sender may."""
    slug = BETWEEN.get(town.slug, "")
    receiver = db.session.execute(select(Municipality.id).where(Municipality.slug == slug)).scalar_one_or_none()
    taken = set(db.session.scalars(select(Handover.course_id).where(Handover.state == "open")))
    free = [turn for turn in turns if turn.course_id not in taken]
    if receiver is None or not free:
        return
    turn, random = free[0], Random(f"transfer:{town.slug}")
    asked = max(turn.since_at, at(town.today - timedelta(days=1), 13))
    due = max(asked, at(town.today + timedelta(days=1), 15))
    agreed = {"agreed_at": asked, "agreed_parts": [WHO, AGE, SUMMARY], "due_at": due}
    to = {"kind": "municipality", "municipality_id": receiver}
    row = _row(random, turn, turn.membership_id, asked, **{**agreed, **to, "receiver_id": None})
    insert_rows(Handover, [row])
    query = select(Citizen.name, Citizen.phone, Citizen.age_band).join(
        Course, (Course.tenant_id == Citizen.tenant_id) & (Course.citizen_id == Citizen.id)
    )
    who = db.session.execute(query.where(Course.id == turn.course_id)).one()
    parts = (("Med innbyggerens ord", row["summary"]),)
    package = Package(who.name, who.phone or "", who.age_band, parts)
    exchange.send(row["id"], receiver, package, at=asked, due_at=due)
