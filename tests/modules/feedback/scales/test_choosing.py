"""Which form is handed over: the pack in use while its licence lives, else the platform's own. Data and curves stay."""

import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from hjelpa.core.database import db
from hjelpa.core.permissions import features
from hjelpa.core.types import utcnow
from modules.feedback.models import Answer, ScaleRequest
from modules.feedback.scales.choosing import end_of, is_too_far, standing
from modules.feedback.scales.constants import rules_for
from modules.feedback.scales.jobs import remind
from modules.feedback.scales.models import ScaleForm, ScaleLicence
from modules.feedback.scales.queries import (
    choose,
    choose_form,
    find_form,
    find_forms,
    find_pack_in_use,
    find_pack_key,
    list_measuring,
)
from modules.feedback.scales.wording import say_ended
from tenants.notices.models import Notice
from tests.modules.feedback.courses import hand_over, inside, list_answers, make_course
from tests.modules.feedback.scales.packs import add_form, add_pack, definition, licence, use
from tests.people import Town
from tests.statements import counted_statements

DAY = timedelta(days=1)
OSLO = ZoneInfo("Europe/Oslo")


@pytest.fixture
def pack_id(town: Town) -> uuid.UUID:
    """A pack in use with a form before the conversation, for young people and adults; its licence ends in 40 days."""
    pack_id = add_pack(town, days=40)
    add_form(town, pack_id)
    use(town, pack_id)
    return pack_id


def key_of(town: Town) -> str:
    with inside(town):
        return db.session.scalars(select(ScaleForm.key).order_by(ScaleForm.created_at)).first() or ""


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(-400, 400))
def test_a_licence_holds_through_its_last_local_day(last: date, days: int) -> None:
    today = last - timedelta(days=days)
    assert standing(last, today) == ("ended" if days < 0 else "ending" if days <= 30 else "living")
    assert end_of(last) == datetime(last.year, last.month, last.day, tzinfo=OSLO) + DAY


def test_without_a_choice_it_is_our_own(town: Town) -> None:
    with inside(town):
        assert choose_form("outcome", "adult").key == "hjelpa.outcome"
        assert choose_form("alliance", "child").key == "hjelpa.alliance.child"
        assert choose("outcome", "child", youngest=True).form.key == "hjelpa.youngest"
        assert choose("alliance", "child", youngest=True).form.key == "hjelpa.alliance.child"
        assert find_pack_key() == "hjelpa"


def test_a_pack_in_use_gives_what_it_has_and_ours_the_rest(town: Town, pack_id: uuid.UUID) -> None:
    with inside(town):
        assert choose_form("outcome", "adult").pack == str(pack_id)
        assert choose_form("outcome", "child").key == "hjelpa.outcome.child"
        assert choose_form("alliance", "adult").key == "hjelpa.alliance"
        assert find_pack_key() == str(pack_id)


def test_a_choice_is_one_statement(town: Town, pack_id: uuid.UUID) -> None:
    for number in range(3):
        add_form(town, pack_id, question=f"Nummer {number}?")
    key = key_of(town)
    with inside(town):
        db.session.connection()
        for work in (
            lambda: choose_form("outcome", "adult"),
            lambda: find_form(key, 1),
            lambda: rules_for(str(pack_id)),
        ):
            with counted_statements() as seen:
                work()
            assert len([one for one in seen if "scale_" in one]) == 1
        with counted_statements() as seen:
            assert find_form("hjelpa.outcome", 1) is not None
            assert rules_for("hjelpa") is not None
        assert seen == []


def test_of_two_forms_that_fit_the_one_entered_last_is_handed_over(town: Town, pack_id: uuid.UUID) -> None:
    add_form(town, pack_id, ages=["adult"], question="Den nye?")
    with inside(town):
        assert choose_form("outcome", "adult").words["nb"].question == "Den nye?"
        assert choose_form("outcome", "adolescent").words["nb"].question == "Hvordan står det til med skuta?"


def test_at_midnight_after_the_last_day_ours_is_offered_with_the_reason(town: Town, pack_id: uuid.UUID) -> None:
    with inside(town):
        ends = end_of(db.session.scalars(select(ScaleLicence.expires_on)).one())
        with time_machine.travel(ends - timedelta(seconds=1), tick=False):
            living = choose("outcome", "adult")
        with time_machine.travel(ends, tick=False):
            ended = choose("outcome", "adult")
            assert find_form(key_of(town), 1) is not None  # data and curves stay
            assert find_pack_key() == str(pack_id)
    assert (living.form.pack, living.closes_at, living.ended) == (str(pack_id), ends, None)
    assert (ended.form.key, ended.closes_at) == ("hjelpa.outcome", None)
    assert ended.ended is not None
    with town.app.test_request_context("/?lang=en"):
        assert "The licence for “Trivselsmåler” ended on" in say_ended(ended.ended)


def test_the_helper_is_told_why_ours_is_offered(town: Town, pack_id: uuid.UUID) -> None:
    _, (conversation,) = make_course(town)
    page, client = town.path(f"/feedback/conversations/{conversation}/ways?lang=en"), town.client()
    assert "The licence for" not in client.get(page).text
    renew = town.path(f"/feedback/scales/packs/{pack_id}/licence")
    town.client("administrator").post(renew, data=licence(days=-1))
    assert "Until a new one is recorded" in client.get(page).text
    address = hand_over(client, town, conversation)
    assert "Hvordan har du hatt det den siste uka?" in town.app.test_client().get(address).text


def test_nothing_is_open_longer_than_the_licence(town: Town, pack_id: uuid.UUID) -> None:
    with inside(town):
        choice = choose("outcome", "adult")
    assert choice.closes_at is not None
    assert choice.until(utcnow() + 90 * DAY) == choice.closes_at
    soon = utcnow() + timedelta(hours=2)
    assert choice.until(soon) == soon


def test_a_new_licence_opens_the_form_again(town: Town, pack_id: uuid.UUID) -> None:
    client = town.client("administrator")
    for days, pack in ((-1, "hjelpa"), (365, str(pack_id))):
        client.post(town.path(f"/feedback/scales/packs/{pack_id}/licence"), data=licence(days=days))
        with inside(town):
            assert choose_form("outcome", "adult").pack == pack


def test_answers_keep_the_version_they_were_given_to(app: Flask, town: Town, pack_id: uuid.UUID) -> None:
    """Also when a new version is saved while the citizen has the old one before them."""
    _, (conversation,) = make_course(town)
    address = hand_over(town.client(), town, conversation)
    citizen = app.test_client()
    assert "Hvordan står det til med skuta?" in citizen.get(address).text
    key = key_of(town)
    with inside(town):
        form_id = db.session.scalars(select(ScaleForm.id)).one()
    change = town.path(f"/feedback/scales/forms/{form_id}/change")
    sent = definition(question="Nye ord?") | {"version": "1"}
    assert town.client("administrator").post(change, data=sent).status_code == 303
    assert "Hvordan står det til med skuta?" in citizen.get(address).text
    marks = {f"item{number}": "7.5" for number in (1, 2, 3)}
    assert citizen.post(address, data=marks).status_code == 303
    with inside(town):
        kept = db.session.execute(select(Answer.form, Answer.form_version, Answer.total)).one()
        assert kept == (key, 1, 225)
        assert choose_form("outcome", "adult").version == 2
        both = find_forms([(key, 1), (key, 2), (key, 3), ("hjelpa.outcome", 1), ("hjelpa.outcome", 9)])
    assert set(both) == {(key, 1), (key, 2), ("hjelpa.outcome", 1)}


def close(town: Town, pack_id: uuid.UUID) -> None:
    """Records a licence that has ended: the forms are closed today."""
    answer = town.client("administrator").post(
        town.path(f"/feedback/scales/packs/{pack_id}/licence"), data=licence(days=-1)
    )
    assert answer.status_code == 303


def test_a_form_that_was_closed_is_not_answered_by_an_open_request(
    app: Flask, town: Town, pack_id: uuid.UUID
) -> None:
    _, (conversation,) = make_course(town)
    address, citizen = hand_over(town.client(), town, conversation), app.test_client()
    assert "Hvordan står det til med skuta?" in citizen.get(address).text
    close(town, pack_id)
    marks = {f"item{number}": "7.5" for number in (1, 2, 3)}
    for answer in (citizen.get(address), citizen.post(address, data=marks)):
        assert (answer.status_code, "skuta" in answer.text) == (404, False)
    assert list_answers(town, conversation) == []


def test_what_was_answered_before_the_form_was_closed_is_thanked_for(
    app: Flask, town: Town, pack_id: uuid.UUID
) -> None:
    """Also when it is sent again, as the reply was lost."""
    _, (conversation,) = make_course(town)
    address, citizen = hand_over(town.client(), town, conversation), app.test_client()
    marks = {f"item{number}": "7.5" for number in (1, 2, 3)}
    citizen.post(address, data=marks)
    close(town, pack_id)
    assert citizen.post(address, data=marks).status_code == 303
    assert citizen.get(address).status_code == 200
    assert [row["total"] for row in list_answers(town, conversation)] == [225]


def test_what_was_written_in_is_not_put_right_in_a_closed_form(town: Town, pack_id: uuid.UUID) -> None:
    _, (conversation,) = make_course(town)
    helper, where = town.client(), town.path(f"/feedback/conversations/{conversation}/enter?lang=en")
    sent = {"scale": "outcome", "channel": "paper", "words": ""}
    sent |= {f"item{number}": "7,5" for number in (1, 2, 3)}
    assert helper.post(where, data=sent).status_code == 303
    assert helper.get(where).status_code == 200
    close(town, pack_id)
    for method, changed in (("GET", None), ("POST", sent | {"item1": "0"})):
        answer = helper.open(where, method=method, data=changed)
        assert (answer.status_code, "/courses/" in answer.location) == (303, True)
        page = helper.get(answer.location.replace("#", "?lang=en#")).text
        assert "Nothing was written in: the licence for “Trivselsmåler” has ended." in page
    assert [row["total"] for row in list_answers(town, conversation)] == [225]


def test_a_last_day_at_the_end_of_the_calendar_closes_nothing_before(town: Town, pack_id: uuid.UUID) -> None:
    """As it may have been recorded before there was a limit."""
    with inside(town):
        db.session.scalars(select(ScaleLicence)).one().expires_on = date.max
    _, (conversation,) = make_course(town)
    address = hand_over(town.client(), town, conversation)
    assert "Hvordan står det til med skuta?" in town.app.test_client().get(address).text


@pytest.mark.parametrize(
    ("last", "today", "too_far"),
    [
        (date(2056, 11, 22), date(2026, 11, 22), False),
        (date(2056, 11, 23), date(2026, 11, 22), True),
        (date(2057, 1, 1), date(2026, 12, 31), True),
        (date(2058, 2, 28), date(2028, 2, 29), False),
        (date(2058, 3, 1), date(2028, 2, 29), True),
        (date.max, date(2026, 11, 22), True),
        (date.min, date(2026, 11, 22), False),
    ],
    ids=["the day", "the day after", "next year", "leap day", "after a leap day", "last of all", "first of all"],
)
def test_thirty_years_ahead_are_by_the_calendar(last: date, today: date, too_far: bool) -> None:
    assert is_too_far(last, today) == too_far


def test_a_request_ends_with_the_licence(app: Flask, town: Town) -> None:
    pack_id = add_pack(town, days=0)
    add_form(town, pack_id)
    use(town, pack_id)
    _, (conversation,) = make_course(town)
    address = hand_over(town.client(), town, conversation)
    with inside(town):
        asked = db.session.scalars(select(ScaleRequest)).one()
        ends = end_of(db.session.scalars(select(ScaleLicence.expires_on)).one())
        assert asked.expires_at <= ends
        # As a link that was given in the evening.
        asked.expires_at = ends
    with time_machine.travel(ends + timedelta(seconds=1), tick=False):
        assert app.test_client().get(address).status_code == 404
        assert app.test_client().post(address, data={"item1": "3"}).status_code == 404


def test_another_municipalitys_form_is_nobodys(town: Town, other_town: Town, pack_id: uuid.UUID) -> None:
    key = key_of(town)
    with inside(other_town):
        assert find_form(key, 1) is None
        assert find_pack_in_use() is None
        assert choose_form("outcome", "adult").pack == "hjelpa"
        assert rules_for(str(pack_id)) is None


def test_a_form_that_does_not_hold_together_is_handed_to_nobody(town: Town, pack_id: uuid.UUID) -> None:
    with inside(town):
        seat, key = town.administrator.membership_id, key_of(town)
        row = {"pack_id": pack_id, "key": key, "kind": "outcome", "version": 2, "entered_by": seat}
        db.session.add(ScaleForm(**row, definition={"key": key}))
    with inside(town):
        assert choose_form("outcome", "adult").key == "hjelpa.outcome"
        assert find_form(key, 2) is None
    assert town.client().get(town.path(f"/feedback/scales/packs/{pack_id}")).status_code == 200


CHECKED = {"_source": "Tabell 3", "_state": "verified", "_checked_on": "2026-11-01"}


def numbers(**values: str) -> dict[str, str]:
    return {f"{name}{end}": said for name in values for end, said in {"": values[name], **CHECKED}.items()}


def test_figures_take_what_is_verified_and_nothing_else(town: Town) -> None:
    pack_id = add_pack(town)
    told = numbers(cut_off_adult="18,5", cut_off_adolescent="20", reliable_change="4")
    add_form(
        town, pack_id, **told | {"cut_off_adolescent_state": "unverified", "reliable_change_state": "estimated"}
    )
    with inside(town):
        rules = rules_for(str(pack_id))
    assert rules is not None
    adult, change = rules.cut_off("adult"), rules.fixed_change()
    assert adult is not None and (adult.value, adult.source, adult.verification) == (18.5, "Tabell 3", "verified")
    assert rules.cut_off("adolescent") is None
    assert change is not None and (change.value, change.verification) == (4, "estimated")
    assert (rules.items, rules.maximum, rules.higher_is_better) == (3, 30, True)
    page = town.client().get(town.path(f"/feedback/scales/packs/{pack_id}?lang=en")).text
    assert page.count("Used in no figure") == 1


def test_a_form_whose_own_rules_nobody_has_verified_is_in_no_figure(town: Town) -> None:
    pack_id = add_pack(town)
    add_form(town, pack_id, state="unverified", checked_on="")
    with inside(town):
        assert rules_for(str(pack_id)) is None
        assert list_measuring(str(pack_id)) == ()


def test_forms_that_measure_otherwise_are_not_put_together(town: Town) -> None:
    pack_id = add_pack(town)
    add_form(town, pack_id, **numbers(cut_off_adult="18"))
    add_form(town, pack_id, ages=["child"], **numbers(cut_off_child="22", reliable_change="4"))
    add_form(town, pack_id, kind="alliance")
    with inside(town):
        both = rules_for(str(pack_id))
        assert len(list_measuring(str(pack_id))) == 2
    assert both is not None and {band: one.value for band, one in both.cut_offs.items()} == {
        "adult": 18,
        "child": 22,
    }
    assert both.reliable_change is not None
    add_form(town, pack_id, lines=4, ages=["adult"], **numbers(cut_off_adult="25", reliable_change="6"))
    with inside(town):
        latest = rules_for(str(pack_id))
        assert len(list_measuring(str(pack_id))) == 1
    assert latest is not None and (latest.maximum, dict(latest.cut_offs)["adult"].value) == (40, 25)


def test_reliable_changes_that_differ_are_none(town: Town) -> None:
    pack_id = add_pack(town)
    add_form(town, pack_id, **numbers(reliable_change="4"))
    add_form(town, pack_id, ages=["child"], **numbers(reliable_change="6"))
    with inside(town):
        rules = rules_for(str(pack_id))
    assert rules is not None and rules.fixed_change() is None


def test_our_own_pack_has_no_cut_off_and_no_fixed_change(town: Town) -> None:
    with inside(town):
        rules = rules_for("hjelpa")
    assert rules is not None and (rules.plain, dict(rules.cut_offs), rules.reliable_change) == (True, {}, None)


def notices(town: Town) -> list[tuple[uuid.UUID, str]]:
    with inside(town):
        kind = Notice.kind == "feedback.licence_ends"
        rows = db.session.scalars(select(Notice).where(kind).order_by(Notice.created_at)).all()
        return [(row.membership_id, row.values["texts"]["day"]) for row in rows]


def test_administrators_are_told_30_days_before_and_once(town: Town, pack_id: uuid.UUID) -> None:
    with inside(town):
        assert features().jobs["feedback.remind_of_licences"].schedule is not None
    begin = utcnow()
    told = {town.administrator.membership_id, town.people["everything"].membership_id}
    for days, expected in ((0, 0), (9, 0), (10, 2), (11, 2), (41, 2)):
        with inside(town), time_machine.travel(begin + days * DAY, tick=False):
            remind({})
        assert len(notices(town)) == expected
    assert {person for person, _ in notices(town)} == told
    page = town.client("administrator").get(town.path("/notices?lang=en")).text
    assert "The licence for “Trivselsmåler” ends on" in page


def test_a_licence_with_a_successor_is_not_announced(town: Town, pack_id: uuid.UUID) -> None:
    client = town.client("administrator")
    client.post(town.path(f"/feedback/scales/packs/{pack_id}/licence"), data=licence(days=400))
    with inside(town), time_machine.travel(utcnow() + 20 * DAY, tick=False):
        remind({})
    assert notices(town) == []
