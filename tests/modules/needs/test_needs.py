"""Unmet needs: kept with the words and the week, and with nothing that leads to a person or a moment."""

import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import psycopg
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from hjelpa.core.config import Settings
from hjelpa.core.contract import Period
from hjelpa.core.events import UnmetNeed, publish
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from hjelpa.embedded import EmbeddedServers
from modules.citizens.unnamed import week_of
from modules.needs.jobs import mix
from modules.needs.models import Need
from modules.needs.rules import weeks_of
from network.benchmarks.rules import latest_quarters, period_of, quarter_of
from tests.modules.door import get, in_english, post, rows
from tests.modules.feedback.courses import inside
from tests.people import Town

COLUMNS = ["tenant_id", "id", "week", "source", "words"]


@pytest.fixture
def superuser(servers: EmbeddedServers, settings: Settings):
    with servers.superuser(settings.database_url.partition("@/")[2].partition("?")[0]) as connection:
        yield connection


def needs(town: Town) -> Sequence[Any]:
    return rows(town, select(Need.id, Need.week, Need.source, Need.words))


def write(client: FlaskClient, town: Town, **typed: str) -> Any:
    form = {"key": str(uuid.uuid4()), "words": "Noen å gå tur med", **typed}
    return post(client, town.path("/needs/new"), form)


def test_what_others_tell_is_kept_with_the_week(town: Town) -> None:
    with inside(town):
        publish(UnmetNeed("Leksehjelp\u202e", "plan"))
        publish(UnmetNeed(" \n ", "contact"))
    ((id, week, source, words),) = needs(town)
    assert (week, source, words) == (week_of(utcnow()), "plan", "Leksehjelp")
    assert id.version == 4


def test_nothing_ties_it_to_a_person_or_a_moment(town: Town, superuser: psycopg.Connection[Any]) -> None:
    """The row has these columns and no others, and no table of the municipality holds anything new beside it."""
    client = town.client()
    get(client, town.path("/needs/new"))
    before = traces(superuser, town)
    assert write(client, town).status_code == 303
    with inside(town):
        publish(UnmetNeed("Skyss", "contact"))
    get(client, town.path("/needs"))
    changed = {table for table, state in traces(superuser, town).items() if before[table] != state}
    assert changed == {"unmet_needs"}
    assert [column.name for column in Need.__table__.columns] == COLUMNS
    assert {id.version for id, *_ in needs(town)} == {4}


def traces(superuser: psycopg.Connection[Any], town: Town) -> Mapping[str, Any]:
    """Everything that any table holds of the municipality."""
    tables = superuser.execute(
        "select table_name from information_schema.columns where table_schema = 'public' and column_name = 'tenant_id'"
    ).fetchall()
    return {
        name: superuser.execute(
            f"select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {name} t where tenant_id = %s",
            (town.tenant_id,),
        ).fetchone()
        for (name,) in tables
    }


def test_the_order_within_a_week_tells_nothing(town: Town) -> None:
    for words in ("Å sove", "bolig", "Avlastning", "Turgruppe"):
        write(town.client(), town, words=words)
    page = get(town.client(), town.path("/needs"))
    places = [page.index(f">{words}<") for words in ("Avlastning", "bolig", "Turgruppe", "Å sove")]
    assert places == sorted(places)


def test_at_night_all_rows_become_written_at_once(town: Town, superuser: psycopg.Connection[Any]) -> None:
    for number in range(6):
        write(town.client(), town, words=f"Behov {number}")
    before = needs(town)
    hidden = "select count(distinct xmin::text), array_agg(id order by ctid) from unmet_needs where tenant_id = %s"
    assert one(superuser, hidden, town)[0] == 6
    with inside(town):
        mix({})
    transactions, placed = one(superuser, hidden, town)
    assert transactions == 1 and placed == sorted(placed)
    assert sorted(needs(town)) == sorted(before)


def one(superuser: psycopg.Connection[Any], query: str, town: Town) -> Any:
    return superuser.execute(query.encode(), (town.tenant_id,)).fetchone()


def test_sent_twice_it_is_one_need_and_other_words_are_kept(town: Town) -> None:
    key = str(uuid.uuid4())
    for words in ("En kafé", "En kafé", "En annen kafé"):
        assert write(town.client(), town, key=key, words=words).status_code == 303
    assert sorted(words for *_, words in needs(town)) == ["En annen kafé", "En kafé"]


@pytest.mark.parametrize("key", ["", "x", "01a20117-91d3-74e5-b93b-60d91e644934"])
def test_a_key_that_tells_the_time_is_not_taken(town: Town, key: str) -> None:
    assert write(town.client(), town, key=key).status_code == 303
    ((id, *_),) = needs(town)
    assert id.version == 4 and str(id) != key


@pytest.mark.parametrize(
    ("words", "message"), [(" ", "Write what would have helped"), ("x" * 2001, "At most 2000")]
)
def test_what_is_wrong_is_told_at_the_field(town: Town, words: str, message: str) -> None:
    answer = write(town.client(), town, words=words)
    assert answer.status_code == 422 and re.search(rf'id="words-error"[^>]*>[^<]*{message}', answer.text)
    assert words.strip() in answer.text and needs(town) == []


def test_searched_by_words_and_by_quarter(town: Town) -> None:
    write(town.client(), town, words="100 % avlastning")
    write(town.client(), town, words="Turgruppe")
    found = get(town.client(), town.path("/needs?q=100%20%25"))
    assert "avlastning" in found and "Turgruppe" not in found
    assert "Nothing found" in get(town.client(), town.path("/needs?q=_"))
    now, earlier, *_ = latest_quarters(utcnow().astimezone(LOCAL).date(), 3)
    first, last = weeks_of(period_of(now))
    shown = "Turgruppe" in get(town.client(), town.path(f"/needs?quarter={now}"))
    assert shown is (first <= week_of(utcnow()) <= last)
    assert "Nothing found" in get(town.client(), town.path(f"/needs?quarter={earlier}")) or not shown


def test_a_leader_takes_out_what_tells_who_it_was(town: Town) -> None:
    write(town.client(), town, words="Kari Liksom trenger skyss")
    ((id, *_),) = needs(town)
    where = town.path(f"/needs/{id}")
    assert town.client().get(where).status_code == 403 and "Change" not in get(town.client(), town.path("/needs"))
    leader = town.client("leader")
    assert "Kari Liksom" in get(leader, where)
    assert post(leader, where, {"words": ""}).status_code == 422
    assert post(leader, where, {"words": "Skyss", "version": version_in(leader, where)}).status_code == 303
    assert [words for *_, words in needs(town)] == ["Skyss"]
    assert post(leader, f"{where}/remove", {}).status_code == 303
    assert needs(town) == [] and leader.get(where).status_code == 404


def version_in(client: FlaskClient, where: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', get(client, where))
    assert found is not None
    return found[1]


def test_two_at_once_overwrite_no_words(town: Town) -> None:
    write(town.client(), town, words="Kari Liksom trenger skyss")
    ((id, *_),) = needs(town)
    where, leader, other = town.path(f"/needs/{id}"), town.client("leader"), town.client("everything")
    begun = version_in(leader, where)
    assert post(leader, where, {"words": "Skyss til trening", "version": begun}).status_code == 303
    met = post(other, where, {"words": "Skyss", "version": begun})
    assert met.status_code == 409 and needs(town)[0].words == "Skyss til trening"
    shown = met.text[met.text.index('id="conflict"') :]
    assert "Skyss til trening" in shown and ">Skyss<" in shown and "kept among the changes" not in shown
    assert town.leader.name not in shown
    # Without a version nothing is overwritten either; on what stands there now it is saved.
    assert post(other, where, {"words": "Skyss"}).status_code == 409
    assert post(other, where, {"words": "Skyss", "version": version_in(other, where)}).status_code == 303
    assert [words for *_, words in needs(town)] == ["Skyss"]


def test_the_leaders_figure_opens_the_list(town: Town) -> None:
    write(town.client(), town)
    page = town.client("leader").get(in_english(town.path("/steering"))).text
    assert town.path("/needs?quarter=") in page and "Unmet needs this quarter" in page


moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(lambda each: each.replace(tzinfo=UTC))


@given(moments, moments)
def test_a_later_week_sorts_later(one: datetime, other: datetime) -> None:
    first, second = sorted((one, other))
    assert week_of(first) <= week_of(second)
    assert week_of(first) == week_of(first.astimezone(LOCAL))


@given(st.integers(2020, 2040), st.integers(1, 4))
def test_every_week_is_in_one_quarter(year: int, quarter: int) -> None:
    this = period_of(f"{year}-Q{quarter}")
    following = period_of(quarter_of(this.end))
    assert weeks_of(this)[1] < weeks_of(following)[0]
    after_last = date.fromisocalendar(*_parts(weeks_of(this)[1]), 4) + timedelta(days=7)
    assert _parts(weeks_of(following)[0]) == after_last.isocalendar()[:2]


def _parts(week: str) -> tuple[int, int]:
    year, _, number = week.partition("-W")
    return int(year), int(number)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 12))
def test_the_latest_quarters_follow_each_other(today: date, count: int) -> None:
    names = latest_quarters(today, count)
    assert names[0] == quarter_of(today) and len(names) == count
    periods: list[Period] = [period_of(name) for name in names]
    assert all(later.start == earlier.end for later, earlier in pairwise(periods))
