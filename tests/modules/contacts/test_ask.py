"""The public door: anyone may knock, and somebody answers for it from that moment."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from hjelpa.core.database import auth_session, db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.types import utcnow
from modules.contacts import ask
from modules.contacts.ask import TRAP
from modules.contacts.models import Contact
from modules.contacts.ticket import Ticket, write_ticket
from tenants.municipalities.models import Municipality
from tenants.notices.models import Notice
from tenants.units.models import Unit
from tests.modules.door import add_door, count, get, in_english, rows
from tests.people import Town

ANYONE = "anyone who writes at night"


@pytest.fixture
def anyone(town: Town) -> FlaskClient:
    return town.app.test_client()


def ticket(town: Town, *, age: float = 60) -> str:
    shown = Ticket(uuid.uuid4(), utcnow() - timedelta(seconds=age))
    return write_ticket(town.app.config["SECRET_KEY"], shown)


def message(town: Town, **typed: str) -> dict[str, str]:
    return {
        "ticket": ticket(town),
        TRAP: "",
        "made_by": "self",
        "name": "Mina Oppdiktet",
        "reach": "000 11 222",
        "words": "Jeg får ikke sove.",
        **typed,
    }


def send(client: FlaskClient, town: Town, form: dict[str, str], *, way: str = "write") -> TestResponse:
    return client.post(in_english(town.path(f"/ask/hjelpa/{way}")), data=form)


def change_door(town: Town, **values: Any) -> None:
    with town.app.app_context(), tenant_scope(town.tenant_id):
        db.session.execute(update(Unit).where(Unit.id == town.unit_id).values(**values))
        db.session.commit()


def test_one_door_leads_straight_in_with_four_ways(town: Town, anyone: FlaskClient) -> None:
    change_door(town, phone="000 00 123", visit="Eksempelveien 1, mandag 9-15")
    page = get(anyone, town.path("/ask"))
    assert 'href="tel:00000123"' in page and "Eksempelveien 1" in page
    assert f'href="{town.path("/ask/hjelpa/write")}?lang=en"' in page
    assert f'href="{town.path("/ask/hjelpa/call-me")}?lang=en"' in page
    assert "answers within 24 hours" in page and "Choose another place" not in page


def test_several_doors_are_told_apart_by_area_and_age_and_nothing_else(town: Town, anyone: FlaskClient) -> None:
    add_door(town, "nord", "The northern door", area="North", age_group="children")
    add_door(town, "closed", "The closed door", open=False)
    page = get(anyone, town.path("/ask"))
    assert "North" in page and "Children and young people" in page and "The closed door" not in page
    assert len(re.findall(r'href="[^"]*/ask/[a-z]+\?lang=en"', page)) == 2
    assert "Choose another place" in get(anyone, town.path("/ask/nord"))
    assert anyone.get(town.path("/ask/nowhere")).status_code == 404


def test_no_open_door_has_no_form_but_tells_whom_to_call(town: Town, anyone: FlaskClient) -> None:
    change_door(town, open=False, phone="000 00 123")
    for end in ("", "/hjelpa", "/hjelpa/write", "/hjelpa/call-me"):
        page = get(anyone, town.path(f"/ask{end}"))
        assert "<form" not in page and "000 00 123" in page and "116 117" in page
    answer = send(anyone, town, message(town, words="Words that must survive"))
    assert answer.status_code == 409 and "Words that must survive" in answer.text
    assert count(town, Contact) == 0


@pytest.mark.parametrize(
    ("country", "numbers"), [("NO", ["113", "116 117", "116 111"]), ("DK", ["112", "70 201 201"])]
)
def test_whoever_is_in_danger_is_told_whom_to_call_on_every_page(
    town: Town, anyone: FlaskClient, country: str, numbers: list[str]
) -> None:
    with town.app.app_context():
        mine = update(Municipality).where(Municipality.id == town.tenant_id)
        auth_session.execute(mine.values(country=country))
        auth_session.commit()
    for end in ("", "/hjelpa", "/hjelpa/write", "/hjelpa/call-me", "/hjelpa/received"):
        page = get(anyone, town.path(f"/ask{end}"))
        for number in numbers:
            assert f'href="tel:{number.replace(" ", "")}"><strong>{number}<' in page


@pytest.mark.parametrize("way", ["write", "call-me"])
def test_at_most_four_things_are_asked(town: Town, anyone: FlaskClient, way: str) -> None:
    page = get(anyone, town.path(f"/ask/hjelpa/{way}"))
    asked = set(re.findall(r'<(?:input|textarea|select)[^>]* name="([^"]+)"', page))
    assert asked - {"csrf_token", "ticket", TRAP} == {"made_by", "name", "reach", "words"}
    hidden = re.search(rf'<div class="ds-sr-only" aria-hidden="true">.*?name="{TRAP}".*?tabindex="-1"', page, re.S)
    assert hidden


def test_a_message_is_somebodys_from_the_moment_it_comes(town: Town, anyone: FlaskClient) -> None:
    form = {**message(town), "ticket": ticket(town)}
    answer = send(anyone, town, form)
    assert (answer.status_code, answer.location) == (303, f"{town.path('/ask/hjelpa/received')}?lang=en")
    receipt = get(anyone, answer.location)
    assert "you hear from us by" in receipt
    assert "Mina" not in receipt and "000 11 222" not in receipt and "sove" not in receipt
    contact = rows(town, select(Contact.__table__))[0]
    assert (contact.unit_id, contact.membership_id) == (town.unit_id, town.helper.membership_id)
    assert (contact.channel, contact.made_by, contact.consent) == ("write", "self", False)
    assert contact.answered_at is None and contact.next_step_at - contact.received_at == timedelta(hours=24)
    assert rows(town, select(Notice.membership_id, Notice.kind)) == [
        (town.helper.membership_id, "contacts.arrived")
    ]
    helper = town.client()
    assert "Somebody has asked for help, and you are on duty." in get(helper, town.path("/notices"))
    page = get(helper, town.path(f"/contacts/{contact.id}"))
    assert "Not answered yet" in page and "We have promised an answer by" in page and "Jeg får ikke sove." in page
    assert "Answer by" in get(helper, town.path("/contacts"))
    # The same form sent twice is one contact and one notice; with other words it is another.
    assert send(anyone, town, form).status_code == 303 and count(town, Contact) == 1 and count(town, Notice) == 1
    assert send(anyone, town, {**form, "words": "Noe annet"}).status_code == 303 and count(town, Contact) == 2


def test_somebody_elses_yes_is_a_part_of_who_it_is_about(town: Town, anyone: FlaskClient) -> None:
    for who in ("for_someone", "with_service"):
        assert send(anyone, town, message(town, made_by=who, name="")).status_code == 303
    assert set(rows(town, select(Contact.made_by, Contact.consent, Contact.name))) == {
        ("for_someone", True, ""),
        ("with_service", True, ""),
    }


def test_being_called_needs_a_number_and_no_words(town: Town, anyone: FlaskClient) -> None:
    assert send(anyone, town, message(town, words=""), way="call-me").status_code == 303
    answer = send(anyone, town, message(town, reach="mina@example.no"), way="call-me")
    assert answer.status_code == 422 and "so that we can call" in answer.text
    assert rows(town, select(Contact.channel, Contact.phone, Contact.words)) == [("call_me", "000 11 222", "")]
    page = get(town.client(), town.path(f"/contacts/{rows(town, select(Contact.id))[0][0]}"))
    assert "Nothing was written." in page and 'href="tel:00011222"' in page


def test_an_address_is_a_link_that_writes(town: Town, anyone: FlaskClient) -> None:
    assert send(anyone, town, message(town, reach="mina@example.no")).status_code == 303
    contact = town.path(f"/contacts/{rows(town, select(Contact.id))[0][0]}")
    for page in (contact, f"{contact}/agreement"):
        assert '<a class="ds-link" href="mailto:mina@example.no">mina@example.no</a>' in get(town.client(), page)


@pytest.mark.parametrize(
    ("typed", "field", "message_"),
    [
        ({"made_by": ""}, "made_by", "Choose who it is about"),
        ({"made_by": "urgent"}, "made_by", "Choose who it is about"),
        ({"reach": ""}, "reach", "Write a telephone number or an e-mail address"),
        ({"reach": "vet ikke"}, "reach", "Write a telephone number or an e-mail address"),
        ({"words": ""}, "words", "Write a few words"),
        ({"words": "\u200b\u200d \ufeff"}, "words", "Write a few words"),
        ({"words": "x" * 2_000_000}, "words", "At most 20000 characters; this is 2000000"),
        ({"name": "x" * 201}, "name", "At most 200 characters"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_is_lost(
    town: Town, anyone: FlaskClient, typed: dict[str, str], field: str, message_: str
) -> None:
    sent = message(town, **{"name": "A name that must survive", **typed})
    answer = send(anyone, town, sent)
    assert answer.status_code == 422 and f'id="{field}-error">{message_}' in answer.text
    assert sent["name"] in answer.text and sent["words"] in answer.text and sent["ticket"] in answer.text
    assert "116 117" in answer.text and count(town, Contact) == 0


def test_emoji_writing_from_right_to_left_and_signs_without_width_arrive(town: Town, anyone: FlaskClient) -> None:
    words = "👩‍👧 🙂 مرحبا، كيف حالك \u202e hidden \u202c <script>alert(1)</script>"
    assert (
        send(anyone, town, message(town, words=words, name="\u200b\ufeff", reach="مينا ٩٠٠٠٠٠٠٠")).status_code
        == 303
    )
    contact = rows(town, select(Contact.__table__))[0]
    assert contact.words == words.replace("\u202e", "").replace("\u202c", "") and contact.name == ""
    page = get(town.client(), town.path(f"/contacts/{contact.id}"))
    assert "👩‍👧 🙂 مرحبا" in page and "<script>alert" not in page and "Without a name" in page


def test_what_a_form_filler_filled_in_unseen_costs_nobody_their_words(town: Town, anyone: FlaskClient) -> None:
    answer = send(anyone, town, message(town, **{TRAP: "http://example.no"}))
    assert answer.status_code == 422 and "This was not sent" in answer.text
    for kept in ("Mina Oppdiktet", "000 11 222", "Jeg får ikke sove."):
        assert kept in answer.text
    again = re.search(r'name="ticket" value="([^"]+)"', answer.text)
    assert again and "http://example.no" not in answer.text
    assert count(town, Contact) == 0 and count(town, Notice) == 0
    assert send(anyone, town, message(town, ticket=again[1])).status_code == 303
    assert count(town, Contact) == 1


@pytest.mark.parametrize("way", ["write", "call-me"])
def test_what_is_typed_stays_in_the_tab_until_it_is_received(town: Town, anyone: FlaskClient, way: str) -> None:
    assert "data-keep" in get(anyone, town.path(f"/ask/hjelpa/{way}"))
    refused = send(anyone, town, message(town, reach=""), way=way)
    assert refused.status_code == 422 and 'data-received=""' in refused.text
    assert 'data-received=""' in get(anyone, town.path("/ask"))
    answer = send(anyone, town, message(town), way=way)
    received = f'data-received="{town.path(f"/ask/hjelpa/{way}")}"'
    assert received in get(anyone, answer.location)
    assert received not in get(anyone, answer.location)


def links(page: str) -> set[str]:
    """Where the links at the foot of a page lead, without their language."""
    foot = page.partition('<footer class="foot"')[2]
    return {link.partition("?")[0] for link in re.findall(r'href="([^"]+)"', foot)}


def test_the_pages_that_anyone_may_open_lead_to_each_other(town: Town, anyone: FlaskClient) -> None:
    pages = {town.path(end) for end in ("/ask", "/help-that-exists", "/my/sign-in")}
    add_door(town, "nord", "The northern door")
    for page in pages:
        assert links(get(anyone, page)) == pages - {page}
    for end in ("/ask/nord", "/ask/nord/write"):
        assert links(get(anyone, town.path(end))) == pages
    assert 'href="' + town.path("/my/sign-in?lang=en") + '"' in get(anyone, town.path("/ask"))
    town.client("administrator").post(town.path("/settings/features/services"), data={"on": "0"})
    assert links(get(anyone, town.path("/ask"))) == {town.path("/my/sign-in")}


@pytest.mark.parametrize(
    ("age", "said"),
    [(0, "That went very fast"), (100_000, "This page has been open for a long time")],
)
def test_too_quick_or_too_late_is_asked_to_send_once_more(
    town: Town, anyone: FlaskClient, monkeypatch: pytest.MonkeyPatch, age: float, said: str
) -> None:
    answer = send(anyone, town, message(town, ticket=ticket(town, age=age)))
    assert answer.status_code == 422 and said in answer.text
    for kept in ("Mina Oppdiktet", "000 11 222", "Jeg får ikke sove."):
        assert kept in answer.text
    again = re.search(r'name="ticket" value="([^"]+)"', answer.text)
    assert again and count(town, Contact) == 0
    monkeypatch.setattr(ask, "utcnow", lambda: utcnow() + timedelta(seconds=5))
    assert send(anyone, town, message(town, ticket=again[1])).status_code == 303
    assert count(town, Contact) == 1


def test_a_form_without_its_key_is_shown_again(town: Town, anyone: FlaskClient) -> None:
    for wrong in ("", "nonsense", ticket(town)[:-2]):
        answer = send(anyone, town, message(town, ticket=wrong))
        assert answer.status_code == 422 and "Jeg får ikke sove." in answer.text


@pytest.mark.usefixtures("limited")
def test_a_flood_is_slowed_down_and_what_was_written_is_kept(town: Town, anyone: FlaskClient) -> None:
    answers = [send(anyone, town, message(town)).status_code for _ in range(20)]
    assert set(answers) == {303}
    answer = send(anyone, town, message(town, words="Words that must survive"))
    assert answer.status_code == 429 and "Words that must survive" in answer.text and "116 117" in answer.text
    assert count(town, Contact) == 20
    assert anyone.get(town.path("/ask")).status_code == 200


def test_the_door_speaks_the_language_that_was_chosen(town: Town, anyone: FlaskClient) -> None:
    answer = anyone.post(town.path("/ask/hjelpa/write?lang=en"), data=message(town, words=""))
    assert 'lang="en"' in answer.text and "/ask/hjelpa/write?lang=en" in answer.text


def test_whoever_is_signed_in_may_knock_too(town: Town) -> None:
    assert send(town.client(), town, message(town)).status_code == 303
    assert count(town, Contact) == 1


def test_whoever_meets_the_sign_in_page_is_shown_the_way(town: Town, anyone: FlaskClient) -> None:
    asked = anyone.get(town.path("/"))
    page = get(anyone, asked.location)
    assert f'href="{town.path("/ask")}"' in page
    for elsewhere in ("/", "/nowhere-at-all/", "/operator/"):
        assert "/ask" not in get(anyone, f"/account/sign-in?next={elsewhere}")
    town.client("administrator").post(town.path("/settings/features/contacts"), data={"on": "0"})
    assert "/ask" not in get(anyone, asked.location)
    assert anyone.get(town.path("/ask")).status_code == 404
