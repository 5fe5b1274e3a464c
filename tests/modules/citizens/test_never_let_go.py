"""The database itself refuses a course, a contact or a door that nobody answers for, whoever writes and however."""

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask

from hjelpa.core.config import Settings
from hjelpa.embedded import EmbeddedServers
from tests.people import Town, make_town

HOUR = timedelta(hours=1)
OPENED = datetime(2026, 3, 2, 9, tzinfo=UTC)
Connection = psycopg.Connection[Any]

LEAVE = "update memberships set ended_at = now() where id = %s"


@pytest.fixture
def large(app: Flask) -> Town:
    return make_town(app, extra_helpers=2)


@pytest.fixture
def superuser(servers: EmbeddedServers, settings: Settings) -> Iterator[Connection]:
    with servers.superuser(settings.database_url.partition("@/")[2].partition("?")[0]) as connection:
        yield connection


class Desk:
    """One connection of the application's own role, working in one municipality."""

    def __init__(self, settings: Settings, town: Town) -> None:
        self.town = town
        self.connection = psycopg.connect(
            settings.url_for_role("app").replace("postgresql+psycopg", "postgresql"), options="-c lock_timeout=20s"
        )

    def run(self, statement: str, *values: Any) -> psycopg.Cursor[Any]:
        self.connection.execute("select set_config('app.tenant_id', %s, true)", (str(self.town.tenant_id),))
        return self.connection.execute(statement.encode(), values)

    def commit(self) -> None:
        self.connection.commit()

    def add(self, table: str, **values: Any) -> uuid.UUID:
        row = {"tenant_id": self.town.tenant_id, "id": uuid.uuid4(), **values}
        places = ", ".join(["%s"] * len(row))
        self.run(f"insert into {table} ({', '.join(row)}) values ({places})", *row.values())
        return uuid.UUID(str(row["id"]))

    def course(
        self, *turns: tuple[str, datetime, datetime | None], closed_at: datetime | None = None
    ) -> uuid.UUID:
        """A course with these turns (who, since, until), not committed."""
        citizen = self.add("citizens", name="Invented", age_band="adult")
        course = self.add(
            "courses",
            citizen_id=citizen,
            unit_id=self.town.unit_id,
            opened_at=OPENED,
            closed_at=closed_at,
            ending=closed_at and "mutual",
        )
        for who, since, until in turns:
            self.turn(course, who, since, until)
        return course

    def turn(self, course: uuid.UUID, who: str, since: datetime, until: datetime | None = None) -> None:
        member = self.town.people[who].membership_id
        self.add("responsibilities", course_id=course, membership_id=member, since_at=since, until_at=until)

    def pass_on(self, course: uuid.UUID, who: str, at: datetime) -> None:
        self.run("update responsibilities set until_at = %s where course_id = %s and until_at is null", at, course)
        self.turn(course, who, at)

    def contact(self, who: str, **values: Any) -> uuid.UUID:
        return self.add(
            "contacts",
            unit_id=self.town.unit_id,
            received_at=OPENED,
            channel="call",
            made_by="self",
            consent=True,
            words="invented",
            next_step="invented",
            next_step_at=OPENED,
            membership_id=self.town.people[who].membership_id,
            **values,
        )

    def leave(self, who: str) -> None:
        self.run(LEAVE, self.town.people[who].membership_id)


@pytest.fixture
def desks(settings: Settings, large: Town) -> Iterator[Callable[[], Desk]]:
    opened: list[Desk] = []

    def open_desk() -> Desk:
        opened.append(Desk(settings, large))
        return opened[-1]

    yield open_desk
    for desk in opened:
        desk.connection.close()


@contextmanager
def refused(name: str) -> Iterator[None]:
    with pytest.raises(psycopg.errors.IntegrityError) as error:
        yield
    assert error.value.diag.constraint_name == name, error.value


A, B, C, END = OPENED, OPENED + HOUR, OPENED + 2 * HOUR, OPENED + 9 * HOUR


@pytest.mark.parametrize(
    ("turns", "closed_at"),
    [
        ([("helper", A, None)], None),
        ([("helper", A, B), ("helper2", B, None)], None),
        ([("helper", A, A), ("helper2", A, None)], None),
        ([("helper", A, B), ("helper2", B, B), ("helper", B, C), ("leader", C, END)], END),
        ([("helper", A, A)], A),
    ],
)
def test_whole_courses_are_kept(desks: Callable[[], Desk], turns: list[Any], closed_at: datetime | None) -> None:
    desk = desks()
    desk.course(*turns, closed_at=closed_at)
    desk.commit()


@pytest.mark.parametrize(
    ("turns", "closed_at"),
    [
        ([], None),
        ([], END),
        ([("helper", B, None)], None),
        ([("helper", A - HOUR, None)], None),
        ([("helper", A, B)], None),
        ([("helper", A, B), ("helper2", C, None)], None),
        ([("helper", A, C), ("helper2", B, None)], None),
        ([("helper", A, None)], END),
        ([("helper", A, B), ("helper2", B, C)], END),
        ([("helper", A, END), ("helper2", B, C)], END),
        ([("helper", A, END), ("helper2", END, END + HOUR)], END),
    ],
)
def test_an_ownerless_instant_is_refused(
    desks: Callable[[], Desk], turns: list[Any], closed_at: datetime | None
) -> None:
    desk = desks()
    desk.course(*turns, closed_at=closed_at)
    with refused("course_is_held"):
        desk.commit()


def test_two_at_once_are_refused(desks: Callable[[], Desk]) -> None:
    desk = desks()
    with refused("ix_responsibilities_one"):
        desk.course(("helper", A, None), ("helper2", A, None))


def test_a_course_cannot_end_alone_nor_its_responsibility(desks: Callable[[], Desk]) -> None:
    desk = desks()
    course = desk.course(("helper", A, None))
    desk.commit()
    desk.run("update courses set closed_at = %s, ending = 'mutual' where id = %s", END, course)
    with refused("course_is_held"):
        desk.commit()
    desk.run("update responsibilities set until_at = %s where course_id = %s", END, course)
    with refused("course_is_held"):
        desk.commit()
    desk.run("update responsibilities set until_at = %s where course_id = %s", END, course)
    desk.run("update courses set closed_at = %s, ending = 'mutual' where id = %s", END, course)
    desk.commit()


@pytest.mark.parametrize("elsewhere", ["", "01a20000-0000-7000-8000-000000000000"])
def test_leaving_the_municipality_before_the_end_blinds_nobody(
    desks: Callable[[], Desk], superuser: Connection, elsewhere: str
) -> None:
    desk = desks()
    course = desk.course(("helper", A, None))
    desk.commit()
    desk.run("update responsibilities set until_at = %s where course_id = %s", END, course)
    desk.connection.execute("select set_config('app.tenant_id', %s, true)", (elsewhere,))
    with refused("stays_within"):
        desk.commit()
    held = superuser.execute("select until_at from responsibilities where course_id = %s", (course,)).fetchall()
    assert held == [(None,)]


def test_what_has_been_is_not_rewritten(desks: Callable[[], Desk], superuser: Connection) -> None:
    desk = desks()
    course = desk.course(("helper", A, B), ("helper2", B, None))
    desk.commit()
    for change in ("membership_id = gen_random_uuid()", "since_at = now()", "course_id = gen_random_uuid()"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            desk.run(f"update responsibilities set {change} where course_id = %s", course)
        desk.connection.rollback()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        desk.run("delete from responsibilities where course_id = %s", course)
    with refused("course_is_held"):
        superuser.execute("delete from responsibilities where course_id = %s and until_at is null", (course,))


def test_nobody_who_has_left_is_given_anything(desks: Callable[[], Desk]) -> None:
    desk = desks()
    desk.leave("helper3")
    desk.commit()
    gone = desk.town.people["helper3"].membership_id
    desk.course(("helper3", A, None))
    with refused("course_holder_is_seated"):
        desk.commit()
    desk.contact("helper3")
    with refused("contact_holder_is_seated"):
        desk.commit()
    for task in ("leader_id", "duty_id", "deputy_id"):
        desk.run(f"update units set {task} = %s", gone)
        with refused("unit_is_held"):
            desk.commit()
    now = datetime.now(UTC)
    turn = {"unit_id": desk.town.unit_id, "duty_id": desk.town.helper.membership_id, "deputy_id": gone}
    desk.add("duty_turns", **turn, starts_at=now, ends_at=now + HOUR)
    with refused("duty_is_held"):
        desk.commit()
    # What is over tells how it was.
    desk.add("duty_turns", **turn, starts_at=now - 2 * HOUR, ends_at=now - HOUR)
    desk.course(("helper3", A, END), closed_at=END)
    desk.contact("helper3", first_conversation_at=END)
    desk.commit()


@pytest.mark.parametrize("what", ["course", "contact", "unit", "turn"])
def test_nobody_leaves_with_something_in_hand(desks: Callable[[], Desk], what: str) -> None:
    desk = desks()
    me = desk.town.people["helper2"].membership_id
    now = datetime.now(UTC)
    if what == "course":
        desk.course(("helper2", A, None))
    elif what == "contact":
        desk.contact("helper2")
    elif what == "unit":
        desk.run("update units set deputy_id = %s", me)
    else:
        people = {"duty_id": me, "deputy_id": desk.town.helper.membership_id}
        desk.add("duty_turns", unit_id=desk.town.unit_id, **people, starts_at=now, ends_at=now + HOUR)
    desk.commit()
    desk.leave("helper2")
    with refused("seat_is_free"):
        desk.commit()


def test_turns_of_duty_do_not_overlap(desks: Callable[[], Desk]) -> None:
    one, other = desks(), desks()
    now = datetime.now(UTC)
    people = {"duty_id": one.town.helper.membership_id, "deputy_id": one.town.leader.membership_id}
    for desk, first in ((one, 1), (other, 2)):
        times = {"starts_at": now + first * HOUR, "ends_at": now + (first + 2) * HOUR}
        desk.add("duty_turns", unit_id=desk.town.unit_id, **people, **times)
    one.commit()
    with refused("duty_is_one"):
        other.commit()


def test_only_the_role_app_ends_seats(settings: Settings, large: Town) -> None:
    url = settings.url_for_role("auth").replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as auth, pytest.raises(psycopg.errors.InsufficientPrivilege):
        auth.execute(LEAVE, (large.helper.membership_id,))


def commit_behind(desk: Desk, first: Desk) -> list[BaseException]:
    """Commits while another transaction is open, in a thread, then the other; returns what was refused to the first."""
    errors: list[BaseException] = []

    def work() -> None:
        try:
            desk.commit()
        except psycopg.Error as error:
            errors.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(0.2)
    first.commit()
    thread.join()
    return errors


@pytest.mark.parametrize("leaves_first", [True, False])
def test_leaving_and_getting_something_at_once(desks: Callable[[], Desk], leaves_first: bool) -> None:
    """Of two transactions that each would be fine alone, one is refused."""
    leaver, giver = desks(), desks()
    course = giver.course(("helper", A, None))
    giver.commit()
    if leaves_first:
        leaver.leave("helper3")
        giver.pass_on(course, "helper3", B)
        (error,) = commit_behind(giver, leaver)
        assert isinstance(error, psycopg.errors.CheckViolation)
    else:
        giver.pass_on(course, "helper3", B)
        giver.run("set constraints all immediate")  # as far as it comes before its commit
        waiting = threading.Thread(target=leaver.leave, args=("helper3",))
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
        giver.commit()
        waiting.join()
        with refused("seat_is_free"):
            leaver.commit()


def test_two_handovers_at_once_leave_one_holder(desks: Callable[[], Desk], superuser: Connection) -> None:
    one, other = desks(), desks()
    course = one.course(("helper", A, None))
    one.commit()
    one.pass_on(course, "helper2", B)
    errors: list[BaseException] = []

    def late() -> None:
        try:
            other.pass_on(course, "helper3", C)
            other.commit()
        except psycopg.Error as error:
            errors.append(error)

    thread = threading.Thread(target=late)
    thread.start()
    thread.join(0.2)
    one.commit()
    thread.join()
    assert len(errors) == 1
    holders = superuser.execute(
        "select membership_id from responsibilities where course_id = %s and until_at is null", (course,)
    ).fetchall()
    assert holders == [(one.town.people["helper2"].membership_id,)]


def test_ending_and_handing_over_at_once(desks: Callable[[], Desk], superuser: Connection) -> None:
    ender, giver = desks(), desks()
    course = ender.course(("helper", A, None))
    ender.commit()
    ender.run("update responsibilities set until_at = %s where course_id = %s and until_at is null", B, course)
    ender.run("update courses set closed_at = %s, ending = 'mutual' where id = %s", B, course)
    errors: list[BaseException] = []

    def late() -> None:
        try:
            giver.pass_on(course, "helper2", C)
            giver.commit()
        except psycopg.Error as error:
            errors.append(error)

    thread = threading.Thread(target=late)
    thread.start()
    thread.join(0.2)
    ender.commit()
    thread.join()
    assert len(errors) == 1
    held = "select count(*) from responsibilities where course_id = %s and until_at is null"
    assert superuser.execute(held, (course,)).fetchone() == (0,)
