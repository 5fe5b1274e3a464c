"""Invented follow-ups: most were called the next day, some later, a few course ends came first, and a few wait now."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from sqlalchemy import Row, select

from hjelpa.core.database import db
from hjelpa.core.demo import Town
from hjelpa.core.schemas import LOCAL
from modules.citizens.demo_tools import at, insert_rows, is_closed, make_id
from modules.citizens.models import Conversation, Course, Responsibility
from modules.followups.models import FollowUp, Signal
from modules.followups.rules import due_after
from tenants.guests.queries import find_country

# Of all conversations that were followed by another: after how many of them something was not good enough.
SHARE = 0.03
# Working days until somebody called.
PAUSES = (1, 1, 1, 1, 1, 2, 2, 3, 6)
KINDS = ("alliance_low", "alliance_low", "alliance_low", "said", "off_track")

SAID = (
    "Det ble for mye prat om planer og for lite om meg.",
    "Jeg vet ikke helt hva vi holder på med.",
    "Jeg vil heller gå en tur enn å sitte på kontoret.",
    "Det går for fort.",
    "Jeg følte ikke at jeg ble trodd.",
    "Vi trenger hjelp hjemme, ikke bare å snakke.",
)
AGREED = (
    "Neste gang begynner vi med det hun selv vil snakke om.",
    "Vi møtes ute i stedet.",
    "En kollega blir med neste gang.",
    "Vi tar det roligere, og spør underveis.",
    "Vi ringer skolen sammen.",
)

Held = Row[uuid.UUID, uuid.UUID, uuid.UUID, datetime]


def fill(town: Town) -> None:
    """Writes follow-ups of the past with the conversations that ended them, and up to four open ones."""
    if town.opened_on is None:
        return
    now, country = at(town.today, 0), find_country()
    past = [_past(Random(f"followup:{one.id}"), one, following, now, country) for one, following in _followed()]
    kept = [found for found in past if found is not None]
    waiting = [*_waiting(town, country)]
    insert_rows(Conversation, [talk for *_, talk in kept if talk])
    insert_rows(FollowUp, [followup for followup, *_ in (*kept, *waiting)])
    insert_rows(Signal, [sign for _, sign, *_ in (*kept, *waiting)])


def _followed() -> Iterator[tuple[Held, Held]]:
    """Each conversation with the one after it in the same course."""
    columns = (Conversation.id, Conversation.course_id, Conversation.membership_id, Conversation.held_at)
    ordered = select(*columns).order_by(Conversation.course_id, Conversation.held_at, Conversation.id)
    rows: Sequence[Held] = db.session.execute(ordered).all()
    for one, following in pairwise(rows):
        if one.course_id == following.course_id:
            yield one, following


def _past(
    random: Random, one: Held, following: Held, now: datetime, country: str
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]] | None:
    """A follow-up, its sign and the conversation that ended it; None for most conversations, after which all was well."""
    if random.random() > SHARE:
        return None
    noticed = one.held_at + timedelta(minutes=random.randrange(50, 70))
    called = _called(random, noticed)
    if called + timedelta(hours=1) >= min(now, following.held_at):
        return None
    talk = {
        "id": make_id(random, called),
        "course_id": one.course_id,
        "membership_id": one.membership_id,
        "held_at": called,
        "matters": random.choice(SAID),
        "happened": "",
        "next_step": random.choice(AGREED),
        "next_step_at": following.held_at,
        "created_at": called,
    }
    followup = _row(random, one.course_id, noticed, country)
    followup |= {"conversation_id": talk["id"], "closed_at": called + timedelta(minutes=10)}
    followup["told_at"] = due if (due := followup["due_at"]) < followup["closed_at"] else None
    return followup, _sign(random, followup, noticed), talk


def _called(random: Random, noticed: datetime) -> datetime:
    day = noticed.astimezone(LOCAL).date()
    for _ in range(random.choice(PAUSES)):
        day += timedelta(days=1)
        while is_closed(day):
            day += timedelta(days=1)
    return at(day, random.randrange(8, 16), random.randrange(0, 60, 5))


def _waiting(town: Town, country: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Signs that nobody has answered yet: of the first helper's courses one is due today, and one has been too long."""
    held = select(Responsibility.course_id, Responsibility.membership_id, Course.opened_at).join(
        Course, (Course.tenant_id == Responsibility.tenant_id) & (Course.id == Responsibility.course_id)
    )
    turns = db.session.execute(
        held.where(Responsibility.until_at.is_(None)).order_by(Responsibility.course_id)
    ).all()
    first = [turn for turn in turns if turn.membership_id == town.helpers[0]]
    others = [turn for turn in turns if turn.membership_id != town.helpers[0]]
    for days, turn in zip((1, 5, 1, 2), (*first[2:4], *others[:2]), strict=False):
        noticed = at(town.today - timedelta(days=days), 13, 20)
        if turn.opened_at >= noticed:
            continue
        random = Random(f"followup:{turn.course_id}")
        followup = _row(random, turn.course_id, noticed, country)
        followup["told_at"] = followup["due_at"] if followup["due_at"] < at(town.today, 0) else None
        yield followup, _sign(random, followup, noticed)


def _row(random: Random, course_id: uuid.UUID, noticed: datetime, country: str) -> dict[str, Any]:
    """A follow-up that nobody has been told of and that has not ended."""
    return {
        "id": make_id(random, noticed),
        "course_id": course_id,
        "opened_at": noticed,
        "due_at": due_after(noticed, country),
        "told_at": None,
        "closed_at": None,
        "conversation_id": None,
        "created_at": noticed,
    }


def _sign(random: Random, followup: dict[str, Any], noticed: datetime) -> dict[str, Any]:
    return {
        "id": make_id(random, noticed),
        "followup_id": followup["id"],
        "kind": random.choice(KINDS),
        "noticed_at": noticed,
        "created_at": noticed,
    }
