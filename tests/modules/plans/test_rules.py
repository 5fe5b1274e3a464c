"""Visibility, versions, dates and who decides, for any people and days."""

import uuid
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from modules.plans.rules import (
    FURTHEST,
    Author,
    collides,
    find_difference,
    find_due_problem,
    find_evaluation_problem,
    is_on_time,
    may_decide_access,
    may_see,
    may_see_address,
    may_write,
    who_decides,
)

IDS = st.uuids()
AUTHORS = st.builds(Author, st.sampled_from(["member", "citizen", "adult"]), IDS, st.text())
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
TEXTS = st.dictionaries(st.sampled_from(["works", "hard", "wish"]), st.text(), min_size=1)


@given(st.none() | IDS, AUTHORS)
def test_an_adult_sees_what_is_shared_and_their_own(about: uuid.UUID | None, reader: Author) -> None:
    seen = may_see(about, reader)
    assert seen or (reader.kind == "adult" and about is not None and about != reader.id)
    assert not may_write(about, reader) or seen


@given(IDS, IDS)
def test_no_adult_ever_sees_anothers(one: uuid.UUID, other: uuid.UUID) -> None:
    assert may_see(one, Author("adult", other, "x")) == (one == other)
    assert may_write(one, Author("member", other, "x")) is False
    assert may_write(None, Author("adult", other, "x")) is False


@given(AUTHORS, st.booleans(), st.booleans())
def test_an_address_is_a_helpers_matter(reader: Author, protected: bool, responsible: bool) -> None:
    seen = may_see_address(protected=protected, reader=reader, responsible=responsible)
    assert not seen or reader.kind == "member"
    assert not (seen and protected) or responsible


@given(st.integers(0, 50), st.integers(1, 50), TEXTS, TEXTS)
def test_nothing_is_overwritten_unseen(sent: int, current: int, now: dict[str, str], said: dict[str, str]) -> None:
    stands = {name: now.get(name, "") for name in said}
    difference = find_difference(stands, said)
    if not collides(sent=sent, current=current, difference=difference):
        # Saving replaces only what its author had before them, or nothing at all.
        assert sent == current or stands == said


@given(DAYS, st.integers(-400, 400))
def test_on_time_is_seven_days_and_not_one_more(due: date, days: int) -> None:
    assert is_on_time(due, due + timedelta(days=days)) == (days <= 7)


@given(DAYS, DAYS, DAYS, st.none() | DAYS)
def test_an_evaluation_day_that_is_accepted_can_be_right(
    begins: date, evaluate: date, today: date, before: date | None
) -> None:
    if find_evaluation_problem(evaluate, begins_on=begins, today=today, before=before) is None:
        assert evaluate >= begins
        assert evaluate == before or today <= evaluate <= today + FURTHEST
        assert evaluate == before or before is None or before >= today


@given(DAYS, DAYS, st.none() | DAYS)
def test_an_agreement_lies_ahead_or_stays_where_it_was(due: date, today: date, before: date | None) -> None:
    if find_due_problem(due, today, before) is None:
        assert due == before or today <= due


@given(st.none() | st.integers(1, 18), st.none() | st.integers(1990, 2030), DAYS, AUTHORS)
def test_the_young_person_decides_from_the_age_the_municipality_has_set(
    age: int | None, year: int | None, today: date, author: Author
) -> None:
    decider = who_decides(age, year, today)
    assert (decider == "undecided") == (age is None)
    assert (decider == "young") == (age is not None and year is not None and today.year - year >= age)
    assert not may_decide_access(decider, author) or decider in ("young", "adult")
    assert not (may_decide_access(decider, author) and author.kind == "adult")
