"""Municipalities that were here before there were doors get their first one, and their courses stand at it."""

import uuid

from hjelpa.core import migrate
from hjelpa.embedded import EmbeddedServers
from tests.conftest import settings_for

BEFORE = (
    "insert into municipalities (id, slug, name, service, status) values (%(id)s, %(slug)s, 'By', 'Byhjelpa', 'active')",
    "insert into accounts (id, email, name) select %(id)s, %(slug)s || '@by.example', 'Invented'",
)
SEAT = "insert into memberships (tenant_id, id, account_id, name, roles) values (%s, %s, %s, 'Invented', %s)"


def test_first_doors(servers: EmbeddedServers) -> None:
    servers.make_database("hjelpa_doors")
    settings = settings_for(servers, "hjelpa_doors")
    migrate.upgrade(settings, "0006")
    staffed, empty = uuid.uuid4(), uuid.uuid4()
    seats = [uuid.uuid4() for _ in range(3)]
    with servers.superuser("hjelpa_doors") as server:
        for slug, id in (("staffed", staffed), ("empty", empty)):
            for statement in BEFORE:
                server.execute(statement.encode(), {"id": id, "slug": slug})
        for number, (seat, role) in enumerate(zip(seats, ("leader", "helper", "helper"), strict=True)):
            account = uuid.uuid4()
            server.execute(
                "insert into accounts (id, email, name) values (%s, %s, 'Invented')",
                (account, f"{number}@by.example"),
            )
            server.execute(SEAT, (staffed, seat, account, [role]))
        server.execute(
            "insert into citizens (tenant_id, id, name, age_band) values (%s, %s, 'Invented', 'adult')",
            (staffed, staffed),
        )
        server.execute(
            "insert into courses (tenant_id, id, citizen_id, opened_at) values (%s, %s, %s, now())",
            (staffed, staffed, staffed),
        )
        migrate.upgrade(settings)
        doors = server.execute(
            "select tenant_id, slug, name, open, leader_id, array[duty_id, deputy_id] from units order by open"
        ).fetchall()
        assert [door[:4] for door in doors] == [
            (empty, "hjelpa", "Byhjelpa", False),
            (staffed, "hjelpa", "Byhjelpa", True),
        ]
        assert doors[1][4] == seats[0] and set(doors[1][5]) == set(seats[1:])
        at_door = server.execute("select u.tenant_id from courses c join units u on u.id = c.unit_id").fetchall()
        assert at_door == [(staffed,)]
        # Not even the owner sees a municipality's rows without having entered it.
        forced = "select count(*) from pg_class where relname in ('units', 'courses', 'memberships') and relforcerowsecurity"
        assert server.execute(forced).fetchone() == (3,)
