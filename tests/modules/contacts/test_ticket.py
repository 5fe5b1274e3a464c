"""The signed key of a form that anyone may open: persons are never dropped, and nothing can be made up."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hjelpa.core.types import new_id
from modules.contacts.ticket import LONGEST, QUICKEST, Ticket, judge, read_ticket, write_ticket

NOW = datetime(2026, 11, 20, 3, 12, tzinfo=UTC)


def test_a_ticket_comes_back_as_it_was_and_only_from_us() -> None:
    ticket = Ticket(new_id(), NOW)
    written = write_ticket("our secret", ticket)
    assert read_ticket("our secret", written) == ticket
    assert read_ticket("another secret", written) is None
    assert read_ticket("our secret", written[:-1]) is None


@given(st.text(max_size=80))
def test_nobody_makes_one_up(text: str) -> None:
    assert read_ticket("our secret", text) is None


@given(st.timedeltas(timedelta(), timedelta(days=3)), st.text(max_size=3))
def test_only_what_fills_the_trap_is_a_program(age: timedelta, trap: str) -> None:
    sender = judge(Ticket(new_id(), NOW - age), trap, NOW)
    if trap:
        assert sender == "program"
    elif age < QUICKEST:
        assert sender == "quick"
    else:
        assert sender == ("person" if age <= LONGEST else "stale")


def test_without_a_ticket_one_is_asked_to_send_again() -> None:
    assert judge(None, "", NOW) == "stale"
