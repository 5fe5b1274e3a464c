"""Help that exists, from the pages of those who work here and of everybody."""

import re
import uuid
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select, update

from hjelpa.core.contract import Listener, Manifest
from hjelpa.core.database import db
from hjelpa.core.events import UnmetNeed
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from modules.contacts import manifest as contacts
from modules.services.figures import find_offers
from modules.services.models import Service
from tenants.identity.models import Membership
from tests.modules.door import get, id_in, post, rows
from tests.people import Town, make_town

TODAY = utcnow().astimezone(LOCAL).date()


def service(town: Town, **typed: str) -> dict[str, str]:
    """The form of a service, filled in; `typed` overrides."""
    return {
        "key": str(uuid.uuid4()),
        "version": "0",
        "name": "Kveld om søvn",
        "kind": "municipality",
        "audience": "families",
        "involves": "Vi snakker om netter og leggetid.",
        "for_whom": "For foreldre.",
        "how_to_start": "Ring oss.",
        "keywords": "trøtt, våken",
        "language": "nb",
        "owner": str(town.helper.membership_id),
        **typed,
    }


def added(town: Town, **typed: str) -> str:
    answer = post(town.client(), town.path("/services/new"), service(town, **typed))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def put(town: Town, where: str, **values: object) -> None:
    """Changes a service behind the application's back."""
    with town.app.app_context(), tenant_scope(town.tenant_id):
        db.session.execute(update(Service).where(Service.id == id_in(where)).values(**values))
        db.session.commit()


def leave(town: Town, key: str) -> None:
    """Somebody leaves the municipality."""
    with town.app.app_context(), tenant_scope(town.tenant_id):
        this = Membership.id == town.people[key].membership_id
        db.session.execute(update(Membership).where(this).values(ended_at=utcnow()))
        db.session.commit()


def names(page: str) -> list[str]:
    found: list[str] = re.findall(r'<li><div lang="\w+"><a [^>]*>([^<]*)<', page)
    return found


def test_what_is_written_is_found_by_those_who_work_here_and_by_everybody(town: Town, app: Flask) -> None:
    where = added(town, phone="000 11 222", web="www.example.no/sovn", address="Torget 1", cost="50 kroner")
    for page in (
        get(town.client(), where),
        get(app.test_client(), town.path(f"/help-that-exists/{id_in(where)}")),
    ):
        for words in (
            "Kveld om søvn",
            "Vi snakker om netter",
            "Ring oss.",
            "For foreldre.",
            "50 kroner",
            "Torget 1",
        ):
            assert words in page
        assert 'href="tel:00011222"' in page and 'href="https://www.example.no/sovn"' in page
    assert "Kveld om søvn" in get(app.test_client(), town.path("/help-that-exists?q=søvn"))
    assert town.helper.name not in get(app.test_client(), town.path(f"/help-that-exists/{id_in(where)}"))


def test_the_same_form_sent_twice_is_one_service(town: Town) -> None:
    sent = service(town)
    first, second = (post(town.client(), town.path("/services/new"), sent) for _ in range(2))
    assert first.location == second.location and len(rows(town, select(Service.id))) == 1


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"name": ""}, "name", "Write what it is called"),
        ({"involves": ""}, "involves", "Write what it involves"),
        ({"involves": "x" * 4001}, "involves", "At most 4000"),
        ({"kind": "unknown"}, "kind", "Choose one"),
        ({"web": "javascript:alert(1)"}, "web", "Write the address of a web page"),
        ({"web": "not an address"}, "web", "Write the address of a web page"),
        ({"owner": str(uuid.uuid4())}, "owner", "Choose who keeps this right"),
        ({"language": "xx"}, "language", "Choose one"),
        ({"version": "abc"}, "version", "Open the page again"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_lost(
    town: Town, typed: dict[str, str], field: str, message: str
) -> None:
    answer = post(town.client(), town.path("/services/new"), service(town, how_to_start="Ord som blir", **typed))
    assert answer.status_code == 422 and message in answer.text and f'href="#{field}"' in answer.text
    assert "Ord som blir" in answer.text and rows(town, select(Service.id)) == []


@pytest.mark.parametrize(
    "words",
    ["søvn", "Søvnen", "NETTENE", "trøtte", "jeg er så trøtt om natta", "søvn & | ! ( ' : *", "søvn 🌙 مرحبا"],
)
def test_everyday_words_and_their_forms_find_it(town: Town, words: str) -> None:
    added(town)
    added(town, name="Gågruppe", involves="Vi går tur.", keywords="ensom")
    assert names(get(town.client(), town.path(f"/services?q={words.replace('&', '%26')}"))) == ["Kveld om søvn"]


def test_the_best_fit_stands_first(town: Town) -> None:
    added(town, name="Annet", involves="Noen ganger om søvn.", keywords="")
    added(town, name="Bare krangel", involves="Om krangel hjemme.", keywords="")
    added(town, name="Søvn og krangel", involves="Om begge.", keywords="")
    found = names(get(town.client(), town.path("/services?q=søvn krangel")))
    assert found[0] == "Søvn og krangel" and set(found) == {"Søvn og krangel", "Bare krangel", "Annet"}


def test_danish_is_searched_as_danish(town: Town) -> None:
    added(town, name="Aften om børn", involves="For jer, der er trætte.", keywords="", language="da")
    # «børnene» and «trætte» have the stems of «børn» and «træt» in Danish alone.
    for words in ("børnene", "trættes"):
        assert names(get(town.client(), town.path(f"/services?q={words}"))) == ["Aften om børn"], words


@pytest.mark.parametrize("words", ["og", "&|!", "''", "x" * 300, ")(", "\\", "%", "a:*", "<->"])
def test_nothing_typed_breaks_the_search(town: Town, words: str) -> None:
    added(town)
    answer = town.client().get(town.path("/services"), query_string={"q": words, "lang": "en"})
    assert answer.status_code == 200 and names(answer.text) == ([] if len(words) < 200 else ["Kveld om søvn"])


def test_filters_choose_by_who_offers_and_for_whom(town: Town) -> None:
    added(town, name="Alle", audience="everyone", kind="community")
    added(town, name="Voksne", audience="adults", kind="community")
    added(town, name="Barn", audience="children", kind="outside")
    client = town.client()
    assert names(get(client, town.path("/services?audience=children"))) == ["Alle", "Barn"]
    assert names(get(client, town.path("/services?kind=community"))) == ["Alle", "Voksne"]
    assert names(get(client, town.path("/services?kind=outside&audience=adults"))) == []
    assert names(get(client, town.path("/services?kind=nonsense&audience=x&show=y"))) == ["Alle", "Barn", "Voksne"]


def test_what_nobody_has_checked_for_a_year_is_shown_and_asked_about(town: Town, app: Flask) -> None:
    fresh, old = added(town, name="Frisk"), added(town, name="Gammel")
    put(town, fresh, checked_on=TODAY - timedelta(days=364))
    put(town, old, checked_on=TODAY - timedelta(days=367))
    helper = town.client()
    assert names(get(helper, town.path("/services?show=old"))) == ["Gammel"]
    today = get(helper, town.path("/"))
    assert "Gammel" in today and "Frisk" not in today
    assert "Gammel" not in get(town.client("leader"), town.path("/"))
    public = get(app.test_client(), town.path(f"/help-that-exists/{id_in(old)}"))
    assert "Not checked for a year" in public
    post(helper, f"{old}/still-correct", {})
    assert "Not checked for a year" not in get(helper, old)
    assert "Gammel" not in get(helper, town.path("/"))


def test_a_new_owner_is_asked_for_when_somebody_leaves(app: Flask) -> None:
    town = make_town(app, extra_helpers=1)
    owner = town.people["helper2"]
    where = added(town, owner=str(owner.membership_id))
    leader = town.client("leader")
    assert "Services need a new owner" not in get(leader, town.path("/"))
    leave(town, "helper2")
    today = get(leader, town.path("/"))
    assert "Services need a new owner" in today and "1 text has nobody" in today
    assert names(get(leader, town.path("/services?show=ownerless"))) == ["Kveld om søvn"]
    assert f"{owner.name}, who kept this right, has left" in get(leader, where)
    post(leader, f"{where}/take-over", {})
    assert "Services need a new owner" not in get(leader, town.path("/"))
    assert names(get(leader, town.path("/services?show=mine"))) == ["Kveld om søvn"]


def test_what_is_put_away_is_offered_to_nobody(town: Town, app: Flask) -> None:
    where = added(town)
    helper, anybody = town.client(), app.test_client()
    post(helper, f"{where}/put-away", {})
    assert names(get(helper, town.path("/services"))) == []
    assert names(get(helper, town.path("/services?show=archived"))) == ["Kveld om søvn"]
    assert anybody.get(town.path(f"/help-that-exists/{id_in(where)}")).status_code == 404
    assert "Kveld" not in get(anybody, town.path("/help-that-exists"))
    assert "Put away" in get(helper, where)
    post(helper, f"{where}/take-back", {})
    assert names(get(helper, town.path("/services"))) == ["Kveld om søvn"]


def test_two_who_write_at_once_overwrite_nothing_silently(town: Town) -> None:
    where = added(town)
    version = re.search(r'name="version" value="(\d+)"', get(town.client(), f"{where}/edit"))
    assert version
    first = service(town, version=version[1], involves="Det den første skrev.")
    second = service(town, version=version[1], involves="Det den andre skrev.")
    assert post(town.client(), f"{where}/edit", first).status_code == 303
    refused = post(town.client("leader"), f"{where}/edit", second)
    assert refused.status_code == 409
    assert "Det den første skrev." in refused.text and "Det den andre skrev." in refused.text
    assert rows(town, select(Service.involves)) == [("Det den første skrev.",)]
    # The same words once more are no conflict, and whoever has seen the other's may replace them.
    assert post(town.client(), f"{where}/edit", first).status_code == 303
    shown = re.search(r'name="version" value="(\d+)"', refused.text)
    assert shown
    assert post(town.client("leader"), f"{where}/edit", {**second, "version": shown[1]}).status_code == 303
    assert rows(town, select(Service.involves)) == [("Det den andre skrev.",)]


def test_help_that_does_not_exist_becomes_an_unmet_need(
    town: Town, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[UnmetNeed] = []
    manifest = app.extensions["hjelpa_features"].find("services")
    monkeypatch.setattr("modules.services.wishes.are_heard", lambda: True)
    monkeypatch.setattr("hjelpa.core.events.features", lambda: _only(manifest, Listener(UnmetNeed, heard.append)))
    helper = town.client()
    page = get(helper, town.path("/services?q=ridehest"))
    assert "Does it not exist?" in page and ">\nridehest</textarea>" in page
    empty = post(helper, town.path("/services/missing"), {"words": " "})
    assert empty.status_code == 422 and "Write what would have helped" in empty.text and heard == []
    assert post(helper, town.path("/services/missing"), {"words": "En hest å ri på"}).status_code == 303
    assert heard == [UnmetNeed("En hest å ri på", "catalogue")]


def _only(manifest: Manifest | None, listener: Listener) -> object:
    """Features among which one listens."""

    class One:
        listeners = (listener,)

    class Only:
        def enabled(self, off: object) -> tuple[type, ...]:
            return (One,)

        def __getattr__(self, name: str) -> object:
            return getattr(manifest, name)

    return Only()


def test_nobody_is_asked_for_needs_that_nobody_gathers(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("modules.services.wishes.are_heard", lambda: False)
    assert "Does it not exist?" not in get(town.client(), town.path("/services?q=ridehest"))
    assert post(town.client(), town.path("/services/missing"), {"words": "En hest"}).status_code == 404


def test_the_headers_search_and_plans_find_services(town: Town, app: Flask) -> None:
    where = added(town)
    assert where in get(town.client(), town.path("/search?q=våken"))
    with app.test_request_context(town.path("/")), tenant_scope(town.tenant_id, read_only=True):
        app.preprocess_request()
        (offer,) = find_offers("hun får ikke sove, hun er trøtt")
        assert (offer.title, offer.kind, offer.summary) == ("Kveld om søvn", "municipality", "For foreldre.")
        assert offer.url == town.path(f"/help-that-exists/{offer.id}")
        assert find_offers(" ") == [] == find_offers("ridehest")
        db.session.remove()


def test_other_peoples_words_stay_text(town: Town, app: Flask) -> None:
    where = added(
        town, name="<b>Fet</b> 🌻", involves="مرحبا\n<script>x</script>", web="https://example.no/?a=1&b=2"
    )
    page = get(town.client(), where) if "/services/" in where else ""
    assert "&lt;b&gt;Fet" in page and "<script>x" not in page


@pytest.mark.usefixtures("limited")
def test_the_public_pages_are_limited_for_each_address(town: Town, app: Flask) -> None:
    anybody = app.test_client()
    codes: list[int] = []
    # Two minutes' worth, should the minute turn meanwhile.
    while len(codes) < 121 and 429 not in codes:
        where = {"path": town.path("/help-that-exists"), "environ_base": {"REMOTE_ADDR": "192.0.2.77"}}
        codes.append(anybody.get(**where).status_code)
    assert len(codes) > 60 and set(codes[:-1]) == {200} and codes[-1] == 429


def test_the_public_pages_lead_to_the_door_that_is_open(town: Town) -> None:
    where, door = town.path("/help-that-exists"), town.path("/ask")
    visitor = town.app.test_client()
    assert f'href="{door}"' in get(visitor, where).split("<footer")[0]
    town.client("administrator").post(town.path("/settings/features/contacts"), data={"on": "0"})
    assert "Get in touch" not in get(visitor, where)


def test_the_door_is_whichever_feature_announces_one(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    other = replace(contacts.manifest, front_door="help_that_exists.index")
    monkeypatch.setattr("tenants.identity.way_back.features", lambda: SimpleNamespace(enabled=lambda _: (other,)))
    page = get(town.app.test_client(), town.path("/help-that-exists"))
    assert "Get in touch" in page and f'href="{town.path("/ask")}"' not in page.split("<footer")[0]
