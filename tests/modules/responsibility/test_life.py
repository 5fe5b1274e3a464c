"""Over everything that can happen to responsibility, struck anywhere, there is no moment without somebody responsible."""

from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from hjelpa.core.config import Settings
from hjelpa.embedded import EmbeddedServers
from tests.modules.responsibility.acts import NAMES
from tests.modules.responsibility.invariants import find_faults
from tests.modules.responsibility.machine import life_in
from tests.people import make_town


def database_of(settings: Settings) -> str:
    return settings.database_url.partition("@/")[2].partition("?")[0]


def live(servers: EmbeddedServers, where: Settings, app: Flask, *, examples: int, steps: int) -> None:
    # Shrinking would take minutes, since every try is a life: what is told is the life as it was lived.
    phases = (Phase.explicit, Phase.reuse, Phase.generate)
    bounds = settings(
        phases=phases,
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    with life_in(app, lambda: servers.superuser(database_of(where))) as life:
        run_state_machine_as_test(life, settings=bounds)


def test_nobody_is_let_go_of(servers: EmbeddedServers, fresh_settings: Settings, fresh_app: Flask) -> None:
    live(servers, fresh_settings, fresh_app, examples=25, steps=40)


def test_every_act_is_known() -> None:
    assert {"begin", "talk", "pass_on", "end", "leave", "receive", "first_conversation", "climb"} <= set(NAMES)
    assert {"propose", "answer", "answer_neighbour", "settle", "change_door", "add_turn", "end_turn"} <= set(NAMES)


DAMAGE = {
    "delete from responsibilities": {"a course that nobody ever answered for"},
    "update responsibilities set since_at = since_at + interval '1 second'": {"a course that began before"},
    "update responsibilities set until_at = now()": {"a last turn that does not end with its course"},
    "update courses set closed_at = now(), ending = 'mutual'": {"a closed course that somebody still answers for"},
    "insert into responsibilities select tenant_id, gen_random_uuid(), course_id, membership_id, since_at, now()"
    " from responsibilities": {"a gap between two turns, or two at once"},
    "update memberships set ended_at = now()": {
        "a course of somebody who has left",
        "an open door without leader",
    },
    "update units set deputy_id = leader_id, duty_id = leader_id": set(),
}


def test_the_question_finds_what_is_wrong(
    servers: EmbeddedServers, fresh_settings: Settings, fresh_app: Flask
) -> None:
    """The test of the test: each damage, done with the triggers off, is found and named."""
    town = make_town(fresh_app)
    with servers.superuser(database_of(fresh_settings)) as superuser:
        with superuser.transaction():
            for statement in COURSE:
                superuser.execute(
                    statement.encode(),
                    {"town": town.tenant_id, "unit": town.unit_id, "helper": town.helper.membership_id},
                )
        for damage, faults in DAMAGE.items():
            assert find_faults(superuser, [town]) == []
            with superuser.transaction(force_rollback=True):
                for table in ("responsibilities", "courses", "memberships", "units"):
                    superuser.execute(f"alter table {table} disable trigger user".encode())
                superuser.execute(damage.encode())
                found = {str(row[0]) for row in find_faults(superuser, [town])}
            assert all(any(fault in one for one in found) for fault in faults), (damage, found)
            assert bool(found) == bool(faults)


COURSE = (
    "insert into citizens (tenant_id, id, name, age_band) values (%(town)s, %(town)s, 'Invented', 'adult')",
    "insert into courses (tenant_id, id, citizen_id, unit_id, opened_at)"
    " values (%(town)s, %(town)s, %(town)s, %(unit)s, now() - interval '1 day')",
    "insert into responsibilities (tenant_id, id, course_id, membership_id, since_at)"
    " select tenant_id, id, id, %(helper)s, opened_at from courses where tenant_id = %(town)s",
)
