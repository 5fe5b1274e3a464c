"""After answering: the own curve in everyday words, a sentence more, the own goals, and the citizen's own page."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from hjelpa.core.database import db
from hjelpa.core.types import new_id, utcnow
from modules.citizens.models import Course
from modules.feedback.answering.rules import ABOUT_THE_SAME, CURVE_SHOWN, Mark, comparable, movement
from modules.feedback.scales.registry import FORMS
from modules.plans.commands import add_part, begin_plan
from modules.plans.models import Goal, Plan, Progress
from modules.plans.models_access import Adult
from modules.plans.rules import Author
from tests.guests import let_in
from tests.modules.feedback.asking import add_rater, answers, make_link, refusals
from tests.modules.feedback.courses import ALL_ANSWERED, add_answer, hand_over, inside, make_course
from tests.people import Town
from tests.statements import counted_statements

DAY = timedelta(days=1)


@pytest.fixture
def helper(town: Town) -> FlaskClient:
    return town.client()


def citizen_of(town: Town, course_id: uuid.UUID) -> uuid.UUID:
    with inside(town):
        return db.session.scalars(select(Course.citizen_id).where(Course.id == course_id)).one()


def two_talks(town: Town, first_total: int | None) -> tuple[uuid.UUID, uuid.UUID]:
    now = utcnow()
    course_id, (first, second) = make_course(town, held=[now - 5 * DAY, now - timedelta(hours=1)])
    if first_total is not None:
        add_answer(town, course_id, first, first_total)
    return course_id, second


@pytest.mark.parametrize(
    ("first", "sentence"),
    [
        (200, "You marked higher than the first time."),
        (244, "You marked about the same as the first time."),
        (280, "You marked lower than the first time."),
        (None, "This is where you begin."),
    ],
)
def test_the_thanks_show_the_own_curve_without_a_number(
    helper: FlaskClient, client: FlaskClient, town: Town, first: int | None, sentence: str
) -> None:
    _, conversation = two_talks(town, first)
    address = hand_over(helper, town, conversation)
    assert "Your curve" not in client.get(f"{address}?lang=en").text
    client.post(address, data=ALL_ANSWERED)
    page = client.get(f"{address}?lang=en").text
    assert sentence in page
    (curve,) = re.findall(r'<section class="ds-card" id="own-curve".*?</section>', page, re.S)
    assert not re.search(r"\d", re.sub(r"<[^>]*>", "", curve))
    assert curve.count("<circle") == (1 if first is None else 2)


def test_the_alliance_scale_gets_thanks_and_a_sentence_only(
    helper: FlaskClient, client: FlaskClient, town: Town
) -> None:
    _, conversation = two_talks(town, 200)
    address = hand_over(helper, town, conversation, "alliance")
    client.post(address, data=ALL_ANSWERED)
    page = client.get(f"{address}?lang=en").text
    assert "Your curve" not in page and "Your goals" not in page
    assert 'name="words"' in page


def test_whoever_finds_the_link_later_sees_no_curve(helper: FlaskClient, client: FlaskClient, town: Town) -> None:
    _, conversation = two_talks(town, 200)
    _, address = make_link(helper, town, conversation)
    client.post(address, data=ALL_ANSWERED)
    with time_machine.travel(utcnow() + CURVE_SHOWN + timedelta(minutes=1)):
        page = client.get(f"{address}?lang=en").text
        late = client.post(f"{address}/more?lang=en", data={"words": "ikke meg"})
        told = client.get(late.location).text
    assert "Thank you for answering" in page
    assert "Your curve" not in page and "<form" not in page
    assert "It is too late to add to it here." in told
    assert [row.words for row in answers(town, conversation)] == [""]


def test_a_sentence_is_kept_once_with_the_answer(helper: FlaskClient, client: FlaskClient, town: Town) -> None:
    course_id, conversation = two_talks(town, None)
    address = hand_over(helper, town, conversation)
    client.post(address, data=ALL_ANSWERED)
    words = "<script>alert(1)</script> أنا بخير 🙂 \u202eabc"
    for _ in range(2):
        assert client.post(f"{address}/more", data={"words": words}).status_code == 303
    assert 'name="words"' not in client.get(address).text
    client.post(f"{address}/more?lang=en", data={"words": "noe annet"})
    assert "What you wrote first had already arrived" in client.get(f"{address}?lang=en").text
    (kept,) = answers(town, conversation)
    assert kept.words == "<script>alert(1)</script> أنا بخير 🙂 abc"
    section = helper.get(town.path(f"/courses/{course_id}")).text
    assert "&lt;script&gt;alert(1)" in section and "<script>alert(1)" not in section


def test_the_same_sentence_at_once_is_one(
    app: Flask, helper: FlaskClient, client: FlaskClient, town: Town
) -> None:
    _, conversation = two_talks(town, None)
    address = hand_over(helper, town, conversation)
    client.post(address, data=ALL_ANSWERED)
    with ThreadPoolExecutor(4) as pool:
        sent = pool.map(lambda n: app.test_client().post(f"{address}/more", data={"words": f"nr {n}"}), range(4))
        assert [answer.status_code for answer in sent] == [303] * 4
    (kept,) = answers(town, conversation)
    assert re.fullmatch(r"nr [0-3]", kept.words)


def test_a_sentence_that_is_too_long_is_told_and_not_lost(
    helper: FlaskClient, client: FlaskClient, town: Town
) -> None:
    _, conversation = two_talks(town, None)
    address = hand_over(helper, town, conversation)
    client.post(address, data=ALL_ANSWERED)
    page = client.post(f"{address}/more?lang=en", data={"words": "å" * 501})
    assert page.status_code == 422
    assert 'id="words-error"' in page.text and "å" * 501 in page.text
    assert answers(town, conversation)[0].words == ""


def test_before_an_answer_there_is_nothing_to_add_to(helper: FlaskClient, client: FlaskClient, town: Town) -> None:
    _, conversation = two_talks(town, None)
    address = hand_over(helper, town, conversation)
    assert client.post(f"{address}/more", data={"words": "hei"}).status_code == 303
    client.post(address, data={"skip": "1"})
    assert client.post(f"{address}/more", data={"words": "hei"}).status_code == 303
    assert [row.words for row in answers(town, conversation)] == [""]


def make_goals(town: Town, course_id: uuid.UUID) -> dict[str, uuid.UUID]:
    """A plan with an open goal, a reached one, and one in an adult's own words."""
    citizen_id = citizen_of(town, course_id)
    author = Author("citizen", citizen_id, "Ada Liksom")
    keys = {name: new_id() for name in ("sleep", "reached", "mums")}
    with inside(town):
        begin_plan(citizen_id, author)
        plan_id = db.session.scalars(select(Plan.id).where(Plan.citizen_id == citizen_id)).one()
        add_part(Goal, plan_id, author, key=keys["sleep"], said={"words": "Å sove hele natta"})
        add_part(Goal, plan_id, author, key=keys["reached"], said={"words": "Å komme i gang", "state": "reached"})
        mum = Adult(plan_id=plan_id, name="Mor Oppdiktet", contact="+4799999999", given_by="Ada Liksom")
        db.session.add(mum)
        db.session.flush()
        adult = Author("adult", mum.id, mum.name)
        add_part(Goal, plan_id, adult, key=keys["mums"], said={"words": "Mor vil ha ro i huset"})
    return keys


def steps(town: Town) -> list[tuple[uuid.UUID, int, str]]:
    with inside(town):
        rows = db.session.execute(select(Progress.goal_id, Progress.value, Progress.by_name).order_by(Progress.at))
        return [(goal_id, value, name) for goal_id, value, name in rows]


def test_the_own_goals_are_asked_about_and_rated_once(
    helper: FlaskClient, client: FlaskClient, town: Town
) -> None:
    course_id, conversation = two_talks(town, None)
    goals = make_goals(town, course_id)
    address = hand_over(helper, town, conversation)
    client.post(address, data=ALL_ANSWERED)
    page = client.get(f"{address}?lang=en").text
    assert "Å sove hele natta" in page and "Å komme i gang" not in page and "Mor vil ha ro" not in page
    name, *others = (f"goal-{goals[key]}" for key in ("sleep", "reached", "mums"))
    bad = client.post(f"{address}/more", data={name: "11"})
    assert (bad.status_code, f'id="{name}-error"' in bad.text) == (422, True)
    for value in ("7", "7", "3"):
        assert client.post(f"{address}/more", data={name: value, **dict.fromkeys(others, "4")}).status_code == 303
    assert steps(town) == [(goals["sleep"], 7, "Ada Liksom")]
    later = client.get(f"{address}?lang=en").text
    assert "Å sove hele natta" not in later and 'name="words"' in later


def test_goals_are_asked_only_where_plans_are_on(helper: FlaskClient, client: FlaskClient, town: Town) -> None:
    course_id, conversation = two_talks(town, None)
    goals = make_goals(town, course_id)
    address = hand_over(helper, town, conversation)
    client.post(address, data=ALL_ANSWERED)
    town.client("administrator").post(town.path("/settings/features/plans"), data={"on": "0"})
    assert "Å sove hele natta" not in client.get(address).text
    assert client.post(f"{address}/more", data={f"goal-{goals['sleep']}": "7"}).status_code == 303
    assert steps(town) == []


def test_another_rater_is_not_asked_about_the_goals(helper: FlaskClient, client: FlaskClient, town: Town) -> None:
    course_id, conversation = two_talks(town, None)
    goals = make_goals(town, course_id)
    rater = add_rater(helper, town, course_id, "Mamma")
    _, address = make_link(helper, town, conversation, rater=str(rater))
    client.post(address, data=ALL_ANSWERED)
    assert "Å sove hele natta" not in client.get(address).text
    client.post(f"{address}/more", data={f"goal-{goals['sleep']}": "7", "words": "Jeg ser det annerledes"})
    assert steps(town) == []
    assert [row.words for row in answers(town, conversation)] == ["Jeg ser det annerledes"]


def test_the_own_page_shows_curve_table_and_words(town: Town) -> None:
    course_id, conversation = two_talks(town, 200)
    add_answer(town, course_id, conversation, 260)
    own = let_in(town, citizen_of(town, course_id))
    page = own.get(town.path("/my/feedback?lang=en"))
    assert page.status_code == 200
    assert "You marked higher than the first time." in page.text
    assert "You have answered in 2 of 2 conversations." in page.text
    assert '<td class="numeric">26</td>' in page.text
    assert "How I am doing" in own.get(town.path("/my/?lang=en")).text


def test_the_own_page_before_anything_and_without_a_course(town: Town) -> None:
    course_id, _ = make_course(town)
    assert (
        "Nothing here yet" in let_in(town, citizen_of(town, course_id)).get(town.path("/my/feedback?lang=en")).text
    )


def test_the_citizen_declines_and_accepts_on_the_own_page(town: Town) -> None:
    course_id, _ = make_course(town)
    own = let_in(town, citizen_of(town, course_id))
    for value, living in (("1", [True]), ("1", [True]), ("0", [False])):
        assert own.post(town.path("/my/feedback"), data={"declined": value}).status_code == 303
        assert [row.ended_at is None for row in refusals(town, course_id)] == living


def test_only_the_citizen_has_that_page(town: Town) -> None:
    course_id, _ = two_talks(town, 200)
    adult = let_in(
        town, citizen_of(town, course_id), relation="adult", name="Mor Oppdiktet", address="+4799999999"
    )
    assert adult.get(town.path("/my/feedback")).status_code == 404
    assert adult.post(town.path("/my/feedback"), data={"declined": "1"}).status_code == 404
    assert refusals(town, course_id) == []
    assert "my/feedback" not in adult.get(town.path("/my/")).text


@given(st.lists(st.integers(0, 400), max_size=6))
def test_words_about_a_curve_say_what_the_numbers_say(totals: list[int]) -> None:
    how = movement(totals)
    if len(totals) < 2:
        assert how == ("first" if totals else None)
    else:
        change = totals[-1] - totals[0]
        assert how == ("same" if abs(change) < ABOUT_THE_SAME else "higher" if change > 0 else "lower")


FORMS_BY_PLACE = {(form.key, form.version): form for form in FORMS.values()}
PLACES = st.none() | st.sampled_from([*FORMS_BY_PLACE, ("gone", 1)])


@given(st.lists(PLACES, max_size=8))
def test_only_totals_that_measure_alike_stand_on_one_curve(places: list[tuple[str, int] | None]) -> None:
    marks = [Mark(utcnow(), 100, place) if place else Mark(utcnow()) for place in places]
    shown, maximum = comparable(marks, FORMS_BY_PLACE)
    assert len(shown) == len(marks)
    kinds = {FORMS_BY_PLACE[mark.form].kind for mark in shown if mark.form}
    assert len(kinds) <= 1
    last = next((place for place in reversed(places) if place), None)
    if last in FORMS_BY_PLACE:
        assert maximum == FORMS_BY_PLACE[last].maximum
        assert any(mark.form == last for mark in shown)
    else:
        assert not any(mark.form for mark in shown)


def test_the_pages_cost_the_same_however_much_there_is(
    helper: FlaskClient, client: FlaskClient, town: Town
) -> None:
    """Those that the house's own test cannot open: they need a token, or a request that is a link."""
    now = utcnow()
    counted = []
    for talks in (1, 12):
        held = [now - timedelta(hours=talks - number) for number in range(talks)]
        course_id, conversations = make_course(town, held=held)
        make_goals(town, course_id)
        for number, conversation in enumerate(conversations[:-1]):
            add_answer(town, course_id, conversation, 200 + 4 * number)
            add_rater(helper, town, course_id, f"Nr. {number}")
        page, address = make_link(helper, town, conversations[-1])
        counted.append([count(helper, page), count(client, address)])
        client.post(address, data=ALL_ANSWERED)
        ways = town.path(f"/feedback/conversations/{conversations[-1]}/ways")
        counted[-1] += [count(client, address), count(helper, ways), count(helper, page)]
    few, many = counted
    assert few == many
    assert max(many) <= 12


def count(browser: FlaskClient, address: str) -> int:
    browser.get(address)
    with counted_statements() as statements:
        assert browser.get(address).status_code == 200
    return len(statements)
