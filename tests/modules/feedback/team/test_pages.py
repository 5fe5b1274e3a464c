"""The team's page, the lists behind it, and a helper's own figures."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask

from hjelpa.core.database import commit_all, db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.schemas import LOCAL
from modules.feedback.metrics.compute import Metric
from modules.feedback.metrics.formulas import CELLS
from modules.feedback.metrics.messages import message
from modules.feedback.metrics.scale import OWN, Constant
from modules.feedback.models import Refusal
from modules.feedback.team import showing, snapshots
from modules.feedback.team.definitions import PLACES
from modules.feedback.team.periods import ALL, Choice
from modules.feedback.team.working import Basis
from modules.feedback.trajectory.models import ScaleThreshold
from tests.modules.feedback.courses import add_answer, inside, make_course
from tests.modules.lives import write_lives
from tests.people import Town, make_town, signed_in
from tests.statements import counted_statements

NOW = datetime(2026, 11, 20, 10, tzinfo=LOCAL)
FEW = "Fewer than three helpers stand behind them"


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


def end_course(town: Town, totals: list[int | None], *, helper: str = "helper", weeks: int = 6):
    begun = NOW - timedelta(weeks=weeks)
    held = [begun + timedelta(weeks=number) for number in range(len(totals))]
    course_id, talks = make_course(town, held=held, closed_at=NOW - timedelta(days=1), helper=town.people[helper].membership_id)  # fmt: skip
    for talk, total in zip(talks, totals, strict=True):
        if total is not None:
            add_answer(town, course_id, talk, total)
    return course_id


def team(town: Town, asked: str = "", *, role: str = "leader", where: str = "/feedback/team") -> str:
    answer = town.client(role).get(town.path(f"{where}?lang=en{asked}"))
    assert answer.status_code == 200
    return answer.text.replace("\xa0", " ")


def figures(page: str) -> dict[str, str]:
    """By title: the value and what it rests on, or why there is none."""
    found = re.findall(
        r'number-label">(?:<[^>]*>)?([^<]+)(?:</a>)?</p>\s*<p class="number-(?:value|problem)">([^<]*)</p>'
        r'(?:\s*<p class="number-note">([^<]*))?',
        page,
    )
    return {title: f"{value} | {note}".rstrip(" |") for title, value, note in found}


def test_each_figure_has_denominator_completeness_and_formula(town: Town) -> None:
    for totals in ([100, 300], [200, None, 280], [240, 200], [120], [None]):
        end_course(town, totals)
    page = team(town)
    shown = figures(page)
    assert shown["Mean start score"] == "16.5 | 4 courses of help. Complete for 4 of 5."
    assert shown["Effect size"] == "Too few to show: 3 measured, and at least 10 are needed."
    assert shown["Feedback in the first meeting"] == "4 of 5 | Complete for 5 of 5."
    assert shown["Share reaching the target"].startswith("There is no target")
    assert shown["Share with reliable improvement"].startswith(
        "No limit for a reliable change has been estimated yet."
    )
    assert page.count("of the formula.") >= 10
    assert "part of a first score is chance" in page
    assert "for each point higher at the start" not in page


def test_from_ten_on_there_are_percentages_and_what_must_be_said_beside_them(town: Town) -> None:
    for total in range(100, 200, 10):
        end_course(town, [total, 260])
    end_course(town, [120])
    page = team(town)
    shown = figures(page)
    value, _, basis = shown["Effect size"].partition(" | ")
    assert float(value) > 3
    assert basis.startswith(
        "10 courses of help. Complete for 91 % of 11. Some of this would have come without help"
    )
    assert shown["Feedback in the first meeting"] == "100 % | 11 of 11. Complete for 100 % of 11."
    assert "the change is 1 points less for each point higher at the start (10 courses of help)" in page


SHARE = next(place for place in PLACES if place.key == "target_reached")


@pytest.mark.parametrize(
    ("part", "whole", "value"),
    [(0, 9, "0 of 9"), (4, 9, "4 of 9"), (5, 10, "50 %"), (0, 300, "0 %"), (1, 300, "under 1 %"), (2, 300, "1 %")],
)
def test_shares_of_few_are_counts_and_none_is_rounded_away(app: Flask, part: int, whole: int, value: str) -> None:
    metric = Metric(part / whole, part, whole, 1.0, "1")
    with app.test_request_context("/?lang=en"):
        assert showing.show(metric, SHARE).value.replace("\xa0", " ") == value


@pytest.mark.parametrize("cut_off", [False, True])
def test_ones_own_middle_as_a_target_is_said_to_be_that(app: Flask, cut_off: bool) -> None:
    fixed = {"adult": Constant(25.0, "Example Manual", "verified", NOW.date())} if cut_off else {}
    rules = replace(OWN, cut_offs=fixed)
    basis = Basis(rules, (), None, message("no limit"))
    reached = {
        key: Metric(0.5, 6, 12, 1.0, "1") for key in ("target_reached:adult", *(f"{key}:adult" for key in CELLS))
    }
    choice = Choice(ALL, "adult")
    with app.test_request_context("/?lang=en"):
        ((_, shown), *_) = showing.show_groups(reached, choice, basis.own_targets)
        notes = showing.say_endings(reached, choice, basis.own_targets)
    told = "About half reach this target whatever the help is like"
    assert [told in shown[0].basis, told in " ".join(notes)] == [not cut_off] * 2


def test_with_nothing_there_is_one_sentence_and_no_warning(town: Town) -> None:
    for where, role in (("/feedback/team", "leader"), ("/feedback/mine", "helper")):
        page = team(town, role=role, where=where)
        assert "No figures yet" in page and not figures(page)
        assert FEW not in page and "From first contact to measured" not in page


def test_a_limit_is_shown_with_all_that_it_rests_on(town: Town) -> None:
    for totals in ([100, 300], [300, 100], [100, 160]):
        end_course(town, totals)
    with inside(town):
        kept = {"sd": 6.25, "reliability": 0.91, "n": 212, "threshold": 7.5, "formula_version": "1"}
        db.session.add(ScaleThreshold(scale="outcome", pack="hjelpa", estimated_at=NOW, **kept))
    page = team(town)
    assert "Estimated: a change counts when it is more than 7.5 points." in page
    assert all(words in page for words in (">6.25<", ">0.91<", ">212<", ">20 Nov 2026<"))
    shown = figures(page)
    assert shown["Share with reliable improvement"] == "1 of 3 | Complete for 3 of 3."
    assert shown["Share with reliable deterioration"] == "1 of 3 | Complete for 3 of 3."


def test_a_no_is_a_no_and_not_a_gap(town: Town) -> None:
    ids = [end_course(town, [None]) for _ in range(4)]
    with inside(town):
        db.session.add(Refusal(course_id=ids[0], declined_at=NOW))
        db.session.add(Refusal(course_id=ids[1], declined_at=NOW - timedelta(days=2), ended_at=NOW))
    assert figures(team(town))["Said no to feedback"] == "1 of 4 | Complete for 4 of 4."


def test_periods_and_ages(town: Town) -> None:
    end_course(town, [100, 300])
    end_course(town, [200, 300], weeks=60)
    assert "| 1 course of help." in figures(team(town))["Mean start score"]
    assert "| 2 courses of help." in figures(team(town, "&period=all"))["Mean start score"]
    assert "No figures yet" in team(town, "&band=child")
    assert "No figures yet" in team(town, "&period=2026-Q1")
    assert figures(team(town, "&period=2025-Q3"))["Effect size"] == "No course has ended."
    for nonsense in ("&period=2026-Q9", "&band=dog", "&period=%00", "&period=" + "9" * 400):
        assert figures(team(town, nonsense)) == figures(team(town))


def body(page: str) -> list[str]:
    """What stands on a page, without the token of its forms."""
    return page[page.index("<main") :].split()


@pytest.mark.parametrize(("extra", "warned"), [(0, True), (1, False)])
def test_with_fewer_than_three_helpers_it_says_that_it_shows_persons(app: Flask, extra: int, warned: bool) -> None:
    # One helper, one with every role, and so many more.
    town = make_town(app, extra_helpers=extra)
    for helper in ("helper", "everything", "helper2") if extra else ("helper", "everything"):
        end_course(town, [100, 200], helper=helper)
    assert (FEW in team(town)) == warned


def test_few_helpers_behind_the_courses_shown_are_persons_too(app: Flask) -> None:
    town = make_town(app, extra_helpers=4)
    end_course(town, [100, 200])
    assert FEW in team(town)
    assert FEW not in team(town, "&period=2020")


def test_names_are_for_those_closest(app: Flask) -> None:
    town = make_town(app, extra_helpers=1)
    end_course(town, [100, 300])
    end_course(town, [100, 300], helper="everything")
    listed = "&figure=effect_size&part=counted"
    assert team(town, listed, where="/feedback/team/people").count("Ada Liksom") == 0
    everything = team(town, listed, role="everything", where="/feedback/team/people")
    assert everything.count(">Ada Liksom<") == 1
    assert everything.count(">Course of help</a></th>") == 1


def test_only_the_leader_opens_the_lists(town: Town) -> None:
    end_course(town, [100, 300])
    assert "/feedback/team/people" in team(town)
    assert "/feedback/team/people" not in team(town, role="helper")
    people = town.path("/feedback/team/people?figure=effect_size")
    assert [town.client(role).get(people).status_code for role in ("helper", "administrator")] == [403, 403]
    assert town.client("administrator").get(town.path("/feedback/team")).status_code == 403


@pytest.mark.parametrize("asked", ["figure=nothing", "leaf=nothing", "leaf=waiting", "figure=signal_days"])
def test_a_list_that_is_none_does_not_exist(town: Town, asked: str) -> None:
    assert town.client("leader").get(town.path(f"/feedback/team/people?{asked}")).status_code == 404


def test_a_helpers_own_figures_are_nobody_elses(app: Flask) -> None:
    town = make_town(app, extra_helpers=1)
    end_course(town, [100, 300])
    end_course(town, [200, 300], helper="helper2")
    own = team(town, role="helper", where="/feedback/mine")
    assert figures(own)["Mean start score"].startswith("10 | 1 course of help.")
    assert "Few people make large swings" in own
    other = signed_in(app, town.people["helper2"]).get(town.path("/feedback/mine?lang=en")).text
    assert figures(other)["Mean start score"].startswith("20 | 1 course of help.")
    for role in ("leader", "administrator"):
        assert town.client(role).get(town.path("/feedback/mine")).status_code == 403


def test_a_large_municipality_reads_what_was_worked_out_by_night(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = make_town(app, extra_helpers=2)
    write_lives(town, 61, citizens=30)
    pages = ("", "&period=all", "&period=2025&band=adult", "&period=2026-Q2")
    live = [team(town, page) for page in pages]
    monkeypatch.setattr(snapshots, "QUICK", 3)
    for _ in range(2):
        with app.test_request_context(), tenant_scope(town.tenant_id):
            snapshots.keep_snapshots({})
            commit_all()
    end_course(town, [100, 300])
    for page, before in zip(pages, live, strict=True):
        text = team(town, page)
        told = re.search(r"<p[^>]*>Worked out 20 Nov 2026 10:00[^<]*</p>", text)
        assert told is not None
        assert body(text.replace(told[0], "")) == body(before)


def test_the_page_costs_the_same_however_many_courses(town: Town) -> None:
    client = town.client("leader")

    def statements() -> int:
        with counted_statements() as seen:
            assert client.get(town.path("/feedback/team?period=all")).status_code == 200
        return len(seen)

    end_course(town, [100, 300])
    statements()
    one = statements()
    write_lives(town, 71, citizens=20)
    assert statements() == one <= 12
