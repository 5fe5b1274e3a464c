"""The demo's data: the same everywhere, unequal and imperfect as life is, and made up at a glance."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from hjelpa.core.config import Settings
from hjelpa.core.schemas import LOCAL
from hjelpa.demo.people import LAST_NAMES as STAFF_NAMES
from hjelpa.demo.people import SIGN_INS, STANGE_HELPER, staff_of
from hjelpa.demo.towns import TOWNS
from hjelpa.embedded import EmbeddedServers
from modules.citizens.demo import SEASON
from modules.citizens.demo_words import LAST_NAMES
from tests.hjelpa.seeding import MIDNIGHT, TABLES, Query, seeded

# Stange as it is, the others just large enough to be somebody.
SMALL = tuple(town if town.slug == "stange" else replace(town, size=town.size // 20) for town in TOWNS)


@pytest.fixture(scope="module")
def ask(servers: EmbeddedServers, copy_database: Callable[[], Settings]) -> Iterator[Query]:
    with seeded(servers, copy_database(), SMALL) as (_, query):
        yield query


def test_thirteen_contribute_and_three_have_not_begun(ask: Query) -> None:
    having = {
        slug
        for (slug,) in ask(
            "select slug from municipalities m where exists (select from courses where tenant_id = m.id)"
        )
    }
    assert len(having) == 13
    assert {town.slug for town in TOWNS} - having == {"larvik", "moss", "fjellfjord"}
    joining = ask("select slug from municipalities where status = 'joining' order by slug")
    assert [slug for (slug,) in joining] == ["fjellfjord", "larvik", "moss"]
    for table in TABLES[:-1]:
        assert not ask(
            f"select from {table} t join municipalities m on m.id = t.tenant_id where m.status = 'joining'"
        ), table


def test_sizes_are_very_unequal_and_small_ones_are_not_too_small() -> None:
    sizes = sorted(town.size for town in TOWNS if town.opened_on)
    assert sizes[-1] > 10 * sizes[0]
    assert sizes[0] >= 30


def test_every_town_has_its_people(ask: Query) -> None:
    roles = ask(
        "select m.slug, array_agg(distinct r) from memberships s join municipalities m on m.id = s.tenant_id, unnest(s.roles) r group by 1"
    )
    assert dict(roles) == {town.slug: ["administrator", "helper", "leader"] for town in TOWNS}
    for town in TOWNS:
        names = [person.name for person, _ in staff_of(town).seats]
        assert len(set(names)) == len(names)


def test_sign_ins_lead_to_their_places(ask: Query) -> None:
    seats = ask(
        "select a.email, m.slug, s.roles from accounts a join memberships s on s.account_id = a.id join municipalities m on m.id = s.tenant_id"
    )
    posts = ask(
        "select a.email, o.shell, p.roles from accounts a join organisation_members p on p.account_id = a.id join organisations o on o.id = p.organisation_id"
    )
    places: dict[str, set[tuple[str, ...]]] = {email: set() for _, email in SIGN_INS}
    for email, place, roles in (*seats, *posts):
        places.get(email, set()).add((place, *roles))
    assert list(places.values()) == [
        {("stange", "helper")},
        {("sortland", "leader"), ("trondheim", "helper")},
        {("fjellfjord", "administrator")},
        {("network", "network_editor")},
        {("national", "national_viewer")},
        {("operator", "operator")},
    ]


def test_every_open_course_has_exactly_one_responsible(ask: Query) -> None:
    open_turns = ask("""
        select c.closed_at is null, count(r.id) from courses c
        left join responsibilities r on r.course_id = c.id and r.until_at is null group by c.id, c.closed_at
    """)
    assert {(is_open, count) for is_open, count in open_turns} == {(True, 1), (False, 0)}


def test_responsibility_has_no_hole(ask: Query) -> None:
    turns = ask("select course_id, since_at, until_at from responsibilities order by course_id, since_at")
    handed_over = [(first, then) for first, then in pairwise(turns) if first[0] == then[0]]
    assert handed_over
    assert all(first[2] == then[1] for first, then in handed_over)
    begun = ask(
        "select from courses c where opened_at is distinct from (select min(since_at) from responsibilities where course_id = c.id)"
    )
    assert not begun


def test_every_course_began_with_a_contact_and_a_conversation(ask: Query) -> None:
    assert not ask("""
        select from courses c where 1 <> (select count(*) from contacts where course_id = c.id)
        or opened_at is distinct from (select first_conversation_at from contacts where course_id = c.id)
        or opened_at is distinct from (select min(held_at) from conversations where course_id = c.id)
    """)
    waits = [
        days
        for (days,) in ask(
            "select extract(epoch from first_conversation_at - received_at) / 86400 from contacts where course_id is not null"
        )
    ]
    assert min(waits) >= 0 and max(waits) <= 21
    assert sum(days <= 7 for days in waits) > 0.6 * len(waits)
    assert ask("select from contacts where first_conversation_at is null and course_id is null")


def test_data_are_of_whole_years_and_nothing_lies_in_the_future(ask: Query) -> None:
    times = """
        select held_at from conversations union all select opened_at from courses union all select closed_at from courses
        union all select answered_at from answers union all select received_at from contacts
        union all select since_at from responsibilities union all select until_at from responsibilities
    """
    first, last = ask(f"select min(held_at), max(held_at) from ({times}) t")[0]
    assert last < MIDNIGHT + timedelta(hours=1)
    assert datetime(2024, 1, 1, tzinfo=LOCAL) <= first < datetime(2024, 1, 10, tzinfo=LOCAL)
    early = ask("""
        select from contacts k join municipalities m on m.id = k.tenant_id
        where extract(year from received_at) < m.since
    """)
    assert not early


def test_summers_are_calm_and_autumns_busy(ask: Query) -> None:
    months = dict(
        ask("""
        select extract(month from received_at)::int, count(*) from contacts k
        join municipalities m on m.id = k.tenant_id where slug = 'stange' group by 1
    """)
    )
    assert months[7] < months[10] / 2
    assert min(SEASON) == SEASON[6]


LAST_AND_FIRST = """
    select course_id, (array_agg(total order by answered_at desc))[1] - (array_agg(total order by answered_at))[1]
    from answers where scale = 'outcome' and total is not null group by 1 having count(*) > 1
"""


def test_help_helps_many_and_not_everybody(ask: Query) -> None:
    moves = [move for _, move in ask(LAST_AND_FIRST)]
    better = sum(move >= 50 for move in moves) / len(moves)
    worse = sum(move <= -50 for move in moves) / len(moves)
    assert 0.3 < better < 0.7
    assert 0.02 < worse < 0.2


def test_measurement_is_as_imperfect_as_life(ask: Query) -> None:
    unmeasured = ask("select from courses c where not exists (select from answers where course_id = c.id)")
    endings = dict(ask("select ending, count(*) from courses where closed_at is not null group by 1"))
    states = dict(ask("select state, count(*) from answers group by 1"))
    assert unmeasured
    assert 0 < endings["unilateral"] < endings["mutual"]
    assert 0 < states["skipped"] < states["answered"] / 5
    assert ask("select from answers where state = 'answered' and total is null")
    assert not ask(
        "select from answers where state = 'answered' and total is distinct from items[1] + items[2] + items[3] + items[4]"
    )
    assert not ask("select from answers where state = 'skipped' and cardinality(items) > 0")


KARIS = "s.name = %s and r.until_at is null"


def test_the_helper_in_stange_has_a_day_to_look_at(ask: Query) -> None:
    mine = f"from responsibilities r join memberships s on s.id = r.membership_id where {KARIS}"
    courses = [course for (course,) in ask(f"select r.course_id {mine}", STANGE_HELPER.name)]
    assert 10 <= len(courses) <= 20
    agreed = ask(
        "select distinct on (course_id) next_step_at from conversations where course_id = any(%s) order by course_id, held_at desc",
        courses,
    )
    today = [moment for (moment,) in agreed if moment and MIDNIGHT <= moment < MIDNIGHT + timedelta(days=1)]
    assert len(today) >= 3
    assert any(moment < MIDNIGHT for (moment,) in agreed if moment)
    waiting = ask(
        "select next_step_at from contacts k join memberships s on s.id = k.membership_id "
        "where s.name = %s and first_conversation_at is null",
        STANGE_HELPER.name,
    )
    assert len(waiting) >= 3
    assert any(MIDNIGHT <= moment < MIDNIGHT + timedelta(days=1) for (moment,) in waiting)


def test_the_helpers_curves_show_all_there_is_to_see(ask: Query) -> None:
    measured = ask(
        f"""
        select count(distinct v.id), count(a.id), max(a.total) - min(a.total)
        from responsibilities r join memberships s on s.id = r.membership_id
        join conversations v on v.course_id = r.course_id
        left join answers a on a.conversation_id = v.id and a.scale = 'outcome'
        where {KARIS} group by r.course_id
    """,
        STANGE_HELPER.name,
    )
    assert max(sessions for sessions, _, _ in measured) >= 5
    assert any(sessions >= 4 and 0 < answers < sessions for sessions, answers, _ in measured)
    assert any(sessions >= 4 and answers >= 3 and spread < 50 for sessions, answers, spread in measured)
    assert any(answers >= 3 and spread >= 60 for _, answers, spread in measured)


def test_everybody_is_made_up_at_a_glance(ask: Query) -> None:
    names = ask("select name from citizens union select name from contacts")
    assert {name.split()[-1] for (name,) in names} <= set(LAST_NAMES)
    phones = ask(
        "select phone from citizens where phone is not null union select phone from contacts where phone <> ''"
    )
    assert all(phone.startswith("000 ") for (phone,) in phones)
    accounts = ask("select name, email, password_hash from accounts")
    assert {name.split()[-1] for name, _, _ in accounts} <= set(STAFF_NAMES)
    assert all(email.endswith(".example") and password is None for _, email, password in accounts)


def test_consent_is_there_whenever_somebody_else_made_contact(ask: Query) -> None:
    assert ask("select from contacts where made_by <> 'self'")
    assert not ask("select from contacts where consent <> (made_by <> 'self')")
