"""The leader's figures, counted a second way, and silent about what is too little to show."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine

from hjelpa.core.schemas import LOCAL
from tests.modules.feedback.courses import add_answer, make_course
from tests.people import Town

NOW = datetime(2026, 11, 20, 10, tzinfo=LOCAL)


def end_course(town: Town, totals: list[int | None], *, ended: datetime = NOW - timedelta(days=30)) -> None:
    """A course that ended with these outcome totals, weekly and the last on the day it ended."""
    held = [ended - timedelta(days=7 * number) for number in reversed(range(len(totals)))]
    course_id, conversations = make_course(town, held=held, closed_at=ended)
    for conversation, total in zip(conversations, totals, strict=True):
        if total is not None:
            add_answer(town, course_id, conversation, total)


def figures(town: Town) -> dict[str, tuple[str, str]]:
    """Value and sentence by title, as the leader's page shows them."""
    with time_machine.travel(NOW, tick=False):
        page = town.client("leader").get(town.path("/steering?lang=en"))
    assert page.status_code == 200
    found = re.findall(
        r'number-label">(?:<[^>]*>)?([^<]+)(?:</a>)?</p>\s*<p class="number-value">([^<]*)</p>\s*<p class="number-note">([^<]*)',
        page.text,
    )
    return {title: (value.replace("\xa0", " "), note.replace("\xa0", " ")) for title, value, note in found}


def test_shares_and_mean_with_denominator_and_completeness(town: Town) -> None:
    changes = [40, 80, -20, 0, 120, 60, 10, -35, 90, 100, 55]
    for change in changes:
        end_course(town, [160, None, 200, 160 + change])
    for totals in ([200, None, None], [None, None]):
        end_course(town, totals)
    end_course(town, [0, 400], ended=datetime(2024, 12, 31, 23, tzinfo=LOCAL))
    shown = figures(town)
    higher = sum(change > 0 for change in changes)
    rests_on = f"{higher} of 11. Measured for 85 % of the 13 who ended this year or last."
    assert shown["Higher at the end than at the start"] == (f"{100 * higher / 11:.0f} %", rests_on)
    mean = sum(changes) / len(changes) / 10
    assert shown["Mean change on the outcome scale"] == (
        f"+{mean:.1f}",
        "Points of 40, from first to last answer. 11 measured: 85 % of the 13 who ended this year or last.",
    )
    assert shown["Feedback in the first conversation"] == (
        f"{100 * 12 / 13:.0f} %",
        "12 of 13 who had their first conversation this year or last.",
    )


def test_a_fall_has_its_sign(town: Town) -> None:
    for _ in range(10):
        end_course(town, [200, 165])
    assert figures(town)["Mean change on the outcome scale"][0] == "-3.5"


@pytest.mark.parametrize("number", [0, 1, 9])
def test_too_few_are_not_averaged(town: Town, number: int) -> None:
    for _ in range(number):
        end_course(town, [100, 300])
    shown = figures(town)
    assert shown["Mean change on the outcome scale"] == (
        "–",
        f"Too few to show: {number} measured, and at least 10 are needed.",
    )
    assert shown["Higher at the end than at the start"][0] == (f"{number} of {number}" if number else "–")


def test_half_answered_scales_measure_nothing(town: Town) -> None:
    end_course(town, [100, None])
    course_id, (first, second) = make_course(
        town, held=[NOW - timedelta(days=20), NOW - timedelta(days=10)], closed_at=NOW - timedelta(days=1)
    )
    add_answer(town, course_id, first, 100)
    add_answer(town, course_id, second, None)
    sentence = "Measured for none of the 2 who ended this year or last."
    assert figures(town)["Higher at the end than at the start"] == ("–", sentence)


def test_no_figure_for_the_helper_nor_by_helper(app, town: Town) -> None:
    for _ in range(10):
        end_course(town, [100, 300])
    with time_machine.travel(NOW, tick=False):
        assert town.client("helper").get(town.path("/steering")).status_code == 403
        assert town.helper.name not in town.client("leader").get(town.path("/steering")).text
