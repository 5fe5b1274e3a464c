"""Full-time positions: what is typed, what holds, and people helped for each."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from hjelpa.core.contract import Counts
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from modules.staffing.indicators import count_helped_per_position
from modules.staffing.models import Position
from modules.staffing.rules import parse_positions, positions_in, quarters_of
from network.benchmarks.rules import latest_quarters, period_of, quarter_of
from tests.modules.door import get, post, rows
from tests.modules.feedback.courses import make_course
from tests.people import Town


def this_quarter() -> str:
    return quarter_of(utcnow().astimezone(LOCAL).date())


def enter(town: Town, positions: str, quarter: str = "") -> int:
    form = {"quarter": quarter or this_quarter(), "positions": positions}
    return post(town.client("leader"), town.path("/staffing"), form).status_code


@given(st.integers(10, 99_900), st.sampled_from([",", "."]))
def test_any_number_of_positions_comes_back(hundredths: int, sign: str) -> None:
    whole, rest = divmod(hundredths, 100)
    assert parse_positions(f"{whole}{sign}{rest:02}") == hundredths
    if rest % 10 == 0:
        assert parse_positions(f"{whole}{sign}{rest // 10}") == hundredths


@pytest.mark.parametrize(
    "typed",
    ["", "0", "0,09", "999,01", "1000", "-1", "1,234", "1e2", "nan", "1 000", "12,5 %", "١٢", "1.5.5", "9" * 99],
)
def test_what_is_no_number_of_positions(typed: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        parse_positions(typed)


@given(st.dictionaries(st.sampled_from(quarters_of("2026")), st.integers(10, 99_900)))
def test_a_years_positions_are_the_mean_of_all_its_quarters_or_nothing(entered: Mapping[str, int]) -> None:
    found = positions_in("2026", entered)
    if len(entered) < 4:
        assert found == 0
    else:
        assert min(entered.values()) <= found <= max(entered.values())
        assert abs(4 * found - sum(entered.values())) <= 2
    assert all(positions_in(quarter, entered) == entered.get(quarter, 0) for quarter in quarters_of("2026"))


def test_the_last_entry_holds_and_the_earlier_stay(town: Town) -> None:
    assert [enter(town, typed) for typed in ("12,5", "13.25", "13.25")] == [303, 303, 303]
    entries = rows(town, select(Position.hundredths, Position.membership_id).order_by(Position.entered_at))
    assert [tuple(row) for row in entries] == [
        (1250, town.leader.membership_id),
        (1325, town.leader.membership_id),
    ]
    page = get(town.client("leader"), town.path("/staffing"))
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    assert "13.25" in table and "12.50" not in table and "Not entered" in table
    assert page.count("Leader ") >= 2 and "entered 12.50 for" in page


@pytest.mark.parametrize(
    ("form", "field", "message"),
    [
        ({"positions": "mange"}, "positions", "Write a number from 0,1 to 999"),
        ({"positions": "1000"}, "positions", "Write a number from 0,1 to 999"),
        ({"positions": ""}, "positions", "Write how many positions there were"),
        ({"quarter": "1999-Q1", "positions": "1"}, "quarter", "Choose a quarter"),
        ({"quarter": "", "positions": "1"}, "quarter", "Choose a quarter"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(town: Town, form: Mapping[str, str], field: str, message: str) -> None:
    answer = post(town.client("leader"), town.path("/staffing"), {"quarter": this_quarter(), **form})
    assert answer.status_code == 422
    assert re.search(rf'id="{field}-error"[^>]*>[^<]*{message}', answer.text), answer.text
    assert f'value="{form["positions"]}"' in answer.text
    assert rows(town, select(Position.id)) == []


def test_only_the_leader_enters(town: Town) -> None:
    form = {"quarter": this_quarter(), "positions": "3"}
    assert town.client().get(town.path("/staffing")).status_code == 403
    assert town.client("administrator").post(town.path("/staffing"), data=form).status_code == 403
    assert "Enter the positions" not in get(town.client("administrator"), town.path("/staffing"))


def test_people_helped_for_the_positions_of_the_period(town: Town) -> None:
    earlier = latest_quarters(utcnow().astimezone(LOCAL).date(), 2)[1]
    quarter = period_of(earlier)
    noon = datetime.combine(quarter.start, datetime.min.time(), LOCAL) + timedelta(hours=12)
    for days in (0, 1, 30):
        make_course(town, held=[noon + timedelta(days=days), noon + timedelta(days=days, hours=1)])
    make_course(town, held=[noon - timedelta(days=1)])
    assert _count(town, earlier) == Counts(3, 0, 3)
    enter(town, "1,5", earlier)
    assert _count(town, earlier) == Counts(3, 150, 3)
    year = str(quarter.start.year)
    assert _count(town, year).denominator == 0 and _count(town, year).numerator >= 3


def _count(town: Town, period: str) -> Counts:
    with town.app.app_context(), tenant_scope(town.tenant_id, read_only=True):
        return count_helped_per_position(period_of(period))


def test_a_day_is_in_its_quarter() -> None:
    days = [date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1), date(2026, 12, 31)]
    assert [quarter_of(day) for day in days] == ["2026-Q1", "2026-Q1", "2026-Q2", "2026-Q4"]
