"""Everything that moves responsibility, as the platform's own commands; each act picks its targets by two numbers."""

import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import psycopg
from sqlalchemy import text

from hjelpa.core.database import db
from hjelpa.core.types import new_id, utcnow
from hjelpa.core.visitor import Seat
from modules.citizens.commands import (
    add_conversation,
    begin_course,
    end_course,
    pass_on,
    pass_on_all,
    tell_responsible,
)
from modules.citizens.queries import find_head
from modules.contacts import climbing
from modules.contacts import commands as contacts
from modules.contacts.reach import Reach
from modules.handovers import commands as handovers
from modules.handovers import exchange, locks
from modules.handovers.jobs import settle
from modules.handovers.reminders import remind
from modules.handovers.sealing import Package
from tenants.colleagues.commands import end_seat
from tenants.units.commands import add_turn, change_unit, end_turn
from tenants.units.queries import find
from tests.people import Town

Work = Callable[[], Any]
WHO = {"name": "Invented", "phone": "", "age_band": "adult"}
TALK = {"matters": "", "happened": "", "next_step": "We meet", "missing": ""}


class Acts:
    """The acts of people and jobs in some municipalities. Each returns what to do, or None where there is nothing."""

    def __init__(self, superuser: psycopg.Connection[Any], towns: Sequence[Town]) -> None:
        self.superuser = superuser
        self.towns = towns

    def pick(self, town: Town, query: str, number: int) -> Any:
        """One of the rows that a query finds in the town, by a number; None where it finds none."""
        found = self.superuser.execute(query.encode(), {"here": town.tenant_id}).fetchall()
        return found[number % len(found)] if found else None

    def member(self, town: Town, number: int, *, living: bool = True) -> uuid.UUID:
        seated = "and ended_at is null" if living else ""
        row = self.pick(
            town, f"select id from memberships where tenant_id = %(here)s {seated} order by id", number
        )
        return uuid.UUID(str(row[0]))

    def seat(self, town: Town, number: int) -> Seat:
        id = self.member(town, number)
        return Seat(town.tenant_id, id, "Somebody", frozenset(), town.slug, "", "", "nb", "", frozenset())

    def course(self, town: Town, number: int, where: str = "true") -> uuid.UUID | None:
        query = f"select id from courses where tenant_id = %(here)s and {where} order by id"
        row = self.pick(town, query, number)
        return row and uuid.UUID(str(row[0]))

    def unit(self, town: Town, number: int) -> uuid.UUID:
        row = self.pick(town, "select id from units where tenant_id = %(here)s order by created_at, id", number)
        return uuid.UUID(str(row[0]))

    def clock(self, number: int) -> datetime:
        """Clocks of several machines are never quite together."""
        return utcnow() + timedelta(milliseconds=(0, 0, -800, 800)[number % 4])

    def begin(self, town: Town, n: int, m: int) -> Work:
        helper, unit, at = self.member(town, n), self.unit(town, m), self.clock(m)
        known = (
            self.pick(town, "select id from citizens where tenant_id = %(here)s order by id", n) if m % 3 else None
        )
        citizen = known and known[0]
        return lambda: begin_course(**WHO, helper_id=helper, at=at, citizen_id=citizen, unit_id=unit)

    def talk(self, town: Town, n: int, m: int) -> Work | None:
        course, seat, at = self.course(town, n, "closed_at is null"), self.seat(town, m), self.clock(n)
        if course is None:
            return None
        said = {name: words for name, words in TALK.items() if name != "missing"}

        def work() -> None:
            head = find_head(course, seat.id)
            assert head is not None
            add_conversation(course, key=new_id(), helper_id=seat.id, at=at, next_step_at=None, **said)
            tell_responsible(head, seat)

        return work

    def pass_on(self, town: Town, n: int, m: int) -> Work | None:
        course, to, at = self.course(town, n), self.member(town, m, living=False), self.clock(m)
        return None if course is None else lambda: pass_on(course, to_id=to, at=at)

    def pass_on_all(self, town: Town, n: int, m: int) -> Work:
        from_id, to, at = self.member(town, n), self.member(town, m), self.clock(n)
        return lambda: from_id == to or pass_on_all(from_id, to, at)

    def end(self, town: Town, n: int, m: int) -> Work | None:
        course = self.course(town, n)
        return None if course is None else lambda: end_course(course, "mutual")

    def leave(self, town: Town, n: int, m: int) -> Work:
        member, at = self.member(town, n, living=bool(m % 4)), self.clock(m)
        return lambda: end_seat(member, at)

    def receive(self, town: Town, n: int, m: int) -> Work:
        unit_id, key = self.unit(town, n), new_id()
        said = {"made_by": "self", "name": "", "words": "I would like to talk"}

        def work() -> None:
            unit, reach = find(unit_id), Reach("000 00 000", "")
            assert unit is not None
            contacts.receive(said, reach, key=key, unit=unit, channel="write", now=utcnow(), told="tomorrow")

        return work

    def register(self, town: Town, n: int, m: int) -> Work:
        values = {"key": new_id(), "made_by": "self", "consent": True, "channel": "call", "name": "", "phone": ""}
        values |= {"words": "I would like to talk", "next_step": "We call"}
        unit, holder, now = self.unit(town, n), self.member(town, m), utcnow()
        moments = {"now": now, "received_at": None, "next_step_at": now + timedelta(days=1)}
        return lambda: contacts.register(values, unit_id=unit, holder=holder, **moments)

    def take_over(self, town: Town, n: int, m: int) -> Work | None:
        return self._contact(town, n, m, lambda contact, seat: contacts.take_over(contact, seat, utcnow()))

    def first_conversation(self, town: Town, n: int, m: int) -> Work | None:
        known = (
            self.pick(town, "select id from citizens where tenant_id = %(here)s order by id", m) if n % 2 else None
        )
        citizen, values = known and known[0], {**WHO, **TALK, "key": new_id()}

        def hold(contact: Any, seat: Seat) -> None:
            now = max(utcnow(), contact.received_at)
            times = {"at": now, "next_step_at": now + timedelta(days=7)}
            contacts.hold_first_conversation(contact, seat, values, citizen_id=citizen, **times)

        return self._contact(town, n, m, hold)

    def _contact(self, town: Town, n: int, m: int, act: Callable[[Any, Seat], Any]) -> Work | None:
        waits = "select id from contacts where tenant_id = %(here)s and first_conversation_at is null order by id"
        row, seat = self.pick(town, waits, n), self.seat(town, m)

        def work() -> None:
            contact = contacts.lock(row[0])
            if contact is not None and contact.first_conversation_at is None:
                act(contact, seat)

        return row and work

    def climb(self, town: Town, n: int, m: int) -> Work:
        later = utcnow() + timedelta(hours=n % 60)

        def work() -> None:
            with patch.object(climbing, "utcnow", lambda: later):
                climbing.climb({})

        return work

    def change_door(self, town: Town, n: int, m: int) -> Work:
        unit, people = self.unit(town, n), [self.member(town, number) for number in (n, m, n + m)]
        values = {"name": "Door", "area": "", "age_group": "all", "phone": "", "visit": "", "answer_hours": 24}
        tasks = dict(zip(("leader_id", "duty_id", "deputy_id"), map(str, people), strict=True))
        return lambda: change_unit(unit, {**values, **tasks, "open": bool(m % 5)})

    def add_turn(self, town: Town, n: int, m: int) -> Work:
        unit, begins = self.unit(town, n), utcnow() + timedelta(hours=m % 9 - 4)
        people = {"duty_id": str(self.member(town, n)), "deputy_id": str(self.member(town, m))}
        ends = begins + timedelta(hours=1 + n % 5)
        return lambda: add_turn(unit, {"key": new_id(), **people}, begins, ends)

    def end_turn(self, town: Town, n: int, m: int) -> Work | None:
        row = self.pick(town, "select unit_id, id from duty_turns where tenant_id = %(here)s order by id", n)
        return None if row is None else lambda: end_turn(row[0], row[1], utcnow())

    def propose(self, town: Town, n: int, m: int) -> Work | None:
        """To a colleague, to a door, or to the other municipality."""
        course, seat, now = self.course(town, n, "closed_at is null"), self.seat(town, n), utcnow()
        kind = ("colleague", "door", "municipality")[m % 3]
        other = next(one for one in self.towns if one is not town).tenant_id
        values: dict[str, Any] = dict.fromkeys(handovers.SAID) | {
            "kind": kind,
            "service": "",
            "summary": "",
            "wishes": "",
        }
        values |= {"due_at": now + timedelta(days=2), "agreed_parts": ["who"] if kind == "municipality" else None}
        values |= {"receiver_id": None if kind == "municipality" else self.member(town, m)}
        values |= {"unit_id": self.unit(town, m)} if kind == "door" else {}
        values |= {"municipality_id": other} if kind == "municipality" else {}
        key = new_id()

        def work() -> None:
            if not locks.hold_open(course):
                return
            id, made = handovers.propose(course, values, seat, key=key, at=now)
            if made and kind == "municipality":
                exchange.send(id, other, Package("Invented", "", "adult"), at=now, due_at=values["due_at"])

        return work if course else None

    def answer(self, town: Town, n: int, m: int) -> Work | None:
        """Yes, no, or taken back, to a handover inside or to another municipality."""
        query = "select id, kind from handovers where tenant_id = %(here)s and state = 'open' order by id"
        row, seat, at = self.pick(town, query, n), self.seat(town, m), self.clock(m)

        def work() -> None:
            handover = locks.lock(row[0])
            if m % 3 == 0:
                handovers.withdraw(handover, seat, at)
            elif row[1] != "municipality" and m % 3 == 1:
                handovers.refuse(handover, seat, "There is no room here", at)
            elif row[1] != "municipality":
                handovers.accept(handover, seat, at)

        return row and work

    def answer_neighbour(self, town: Town, n: int, m: int) -> Work | None:
        query = (
            "select id from transfers where receiver_id = %(here)s and state in ('sent', 'accepted') order by id"
        )
        row, seat, helper = self.pick(town, query, n), self.seat(town, n), self.member(town, m, living=False)

        def work() -> None:
            if m % 4 == 0:
                exchange.refuse(row[0], seat, "There is no room here", utcnow())
            else:
                exchange.accept(row[0], WHO, seat, helper_id=helper, at=utcnow())

        return row and work

    def settle(self, town: Town, n: int, m: int) -> Work:
        return lambda: settle({})

    def remind(self, town: Town, n: int, m: int) -> Work:
        return lambda: remind({})

    def by_hand(self, town: Town, statement: str, n: int, m: int) -> Work:
        values = {"course": self.course(town, n), "member": self.member(town, m, living=False), "now": utcnow()}
        values |= {"id": uuid.uuid4(), "here": town.tenant_id, "unit": self.unit(town, n)}
        values |= {"begins": datetime(2026, 1, 1, tzinfo=UTC)}
        return lambda: db.session.execute(text(statement), values)


BY_HAND = (
    "update responsibilities set until_at = now() where course_id = :course and until_at is null",
    "update responsibilities set until_at = null where course_id = :course",
    "update responsibilities set until_at = until_at + interval '1 second' where course_id = :course",
    "insert into responsibilities (tenant_id, id, course_id, membership_id, since_at)"
    " values (:here, :id, :course, :member, :now)",
    "insert into responsibilities (tenant_id, id, course_id, membership_id, since_at, until_at)"
    " values (:here, :id, :course, :member, :begins, :now)",
    "update courses set closed_at = greatest(opened_at, :now), ending = 'mutual' where id = :course",
    "update courses set closed_at = null, ending = null where id = :course",
    "update courses set opened_at = :begins where id = :course",
    "insert into courses (tenant_id, id, citizen_id, unit_id, opened_at)"
    " select tenant_id, :id, citizen_id, unit_id, :now from courses where id = :course",
    "update memberships set ended_at = :now where id = :member",
    "update memberships set ended_at = null where id = :member",
    "update contacts set membership_id = :member",
    "update contacts set first_conversation_at = null",
    "update units set leader_id = :member, duty_id = :member where id = :unit",
    "update units set leader_id = null where id = :unit",
    "update duty_turns set duty_id = :member",
    "update duty_turns set ends_at = ends_at + interval '3 hours'",
)

NAMES = tuple(
    name
    for name, act in vars(Acts).items()
    if name[0] != "_" and act.__code__.co_varnames[:4] == ("self", "town", "n", "m")
)
