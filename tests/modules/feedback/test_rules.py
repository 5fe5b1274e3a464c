"""Scoring, reading of the form, and curves, for any answers at all."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.feedback.rules import (
    AnswerRow,
    Curve,
    Sheet,
    add_up,
    assemble,
    curve_of,
    decide,
    empty_sheet,
    may_hand_over,
    parse_value,
    read_sheet,
)
from modules.feedback.scales.registry import own_form
from tests.modules.feedback.courses import ITEMS

FORM = own_form("outcome", "adult")

tenths = st.integers(0, 100)
lines = st.lists(st.none() | tenths, min_size=4, max_size=4).map(tuple)
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def written(value: int) -> str:
    return f"{value // 10}.{value % 10}"


@given(tenths)
def test_a_place_on_the_line_is_read_as_it_was_written(value: int) -> None:
    assert parse_value(written(value)) == value
    if value % 10 == 0:
        assert parse_value(str(value // 10)) == value


@pytest.mark.parametrize(
    "text", ["11", "10.1", "-1", "abc", "5.55", "1e1", "nan", "", " 5", "5,5", "٥", "5.", ".5", "100", "5\n"]
)
def test_what_is_no_place_on_the_line_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="line"):
        parse_value(text)


@given(st.text(max_size=6))
def test_any_text_is_a_place_or_refused(text: str) -> None:
    sheet = read_sheet(FORM, {"item1": text, "item1_answered": "1"})
    assert sheet.values[0] is None or 0 <= sheet.values[0] <= 100
    assert sheet.wrong <= {"item1"}


@given(lines)
def test_with_scripts_the_flag_decides(values: tuple[int | None, ...]) -> None:
    sent = {name: "5" if value is None else written(value) for name, value in zip(ITEMS, values, strict=True)}
    sent |= {f"{name}_answered": "" if value is None else "1" for name, value in zip(ITEMS, values, strict=True)}
    assert read_sheet(FORM, sent) == Sheet(FORM, values)


@given(lines)
def test_without_scripts_a_moved_thumb_is_an_answer(values: tuple[int | None, ...]) -> None:
    sent = {name: "5" if value is None else written(value) for name, value in zip(ITEMS, values, strict=True)}
    expected = tuple(None if value == 50 else value for value in values)
    assert read_sheet(FORM, sent).values == expected


def test_a_form_without_lines_is_unanswered() -> None:
    assert read_sheet(FORM, {}) == empty_sheet(FORM)
    assert read_sheet(FORM, {"item1_answered": "1"}) == empty_sheet(FORM)


@given(lines)
def test_nothing_is_added_up_before_every_line_is_answered(values: tuple[int | None, ...]) -> None:
    total = add_up(FORM, values)
    if None in values:
        assert total is None
    else:
        assert total is not None and 0 <= total <= 400
        assert total == sum(round(float(written(value or 0)) * 10) for value in values)


@given(lines, st.booleans(), st.booleans(), st.frozensets(st.sampled_from(ITEMS)))
def test_every_sending_has_one_outcome(
    values: tuple[int | None, ...], skip: bool, as_it_is: bool, wrong: frozenset[str]
) -> None:
    decision = decide(Sheet(FORM, values, wrong), skip=skip, as_it_is=as_it_is)
    if skip:
        assert decision == "skipped"
    elif wrong:
        assert decision == "wrong"
    elif None not in values:
        assert decision == "answered"
    elif not as_it_is:
        assert decision == "unanswered"
    else:
        assert decision == ("skipped" if set(values) == {None} else "answered")


sessions = st.lists(
    st.tuples(
        st.integers(0, 1000), st.none() | st.integers(0, 400), st.sampled_from(["outcome", "alliance", "both", ""])
    )
)


@given(sessions, st.randoms())
def test_a_curve_has_one_place_per_conversation_in_order(drawn, random) -> None:
    """Whatever order the rows come in, each conversation stands once, and gaps stay gaps."""
    rows, expected = [], {}
    for days, total, scales in drawn:
        conversation_id, held_at = uuid.uuid4(), NOW + timedelta(days=days)
        answered = {"both": ("outcome", "alliance"), "": (None,)}.get(scales, (scales,))
        state = None if scales == "" else "skipped" if total is None else "answered"
        rows += [AnswerRow(conversation_id, held_at, scale, state, total if scale else None) for scale in answered]
        expected[conversation_id] = total if "outcome" in answered else None
    random.shuffle(rows)
    found = assemble(rows)
    assert [session.number for session in found] == list(range(1, len(drawn) + 1))
    assert [session.held_at for session in found] == sorted(session.held_at for session in found)
    assert {session.conversation_id: session.total("outcome") for session in found} == expected
    assert curve_of(found, "outcome").totals == tuple(session.total("outcome") for session in found)


@given(st.lists(st.none() | st.integers(0, 400)).map(tuple))
def test_change_is_from_first_to_last_measured(totals: tuple[int | None, ...]) -> None:
    curve = Curve(totals)
    known = [total for total in totals if total is not None]
    assert curve.last == (known[-1] if known else None)
    assert curve.change == (known[-1] - known[0] if len(known) > 1 else None)


def test_a_scale_is_handed_over_for_a_recent_conversation_that_lacks_it() -> None:
    recent, old = NOW - timedelta(days=7), NOW - timedelta(days=7, minutes=1)
    assert may_hand_over(NOW, recent, None)
    assert may_hand_over(NOW, recent, "skipped")
    assert not may_hand_over(NOW, recent, "answered")
    assert not may_hand_over(NOW, old, None)
