"""The pages of scales: who may see and change what, licences, entering forms, and hostile input."""

import re
import uuid

import pytest
from flask import Flask
from sqlalchemy import Row, func, select

from hjelpa.core.database import db
from modules.feedback.scales.models import ScaleChoice, ScaleForm, ScaleLicence, ScalePack
from modules.feedback.scales.queries import find_pack_in_use, list_forms_of
from tests.modules.feedback.courses import inside
from tests.modules.feedback.scales.packs import add_form, add_pack, definition, licence, use
from tests.people import Town, make_town
from tests.statements import counted_statements

SCALES = "/feedback/scales"


def count(town: Town, model: type) -> int:
    with inside(town):
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def newest_form(town: Town) -> Row[uuid.UUID, str]:
    with inside(town):
        return db.session.execute(
            select(ScaleForm.id, ScaleForm.key).order_by(ScaleForm.version.desc()).limit(1)
        ).one()


@pytest.mark.parametrize("role", ["helper", "leader", "administrator"])
def test_everybody_who_works_here_may_read(town: Town, role: str) -> None:
    pack_id = add_pack(town)
    add_form(town, pack_id)
    for address in ("", "/own", f"/packs/{pack_id}"):
        assert town.client(role).get(town.path(SCALES + address)).status_code == 200


@pytest.mark.parametrize("role", ["helper", "leader"])
def test_only_the_administrator_changes_anything(town: Town, role: str) -> None:
    pack_id = add_pack(town)
    add_form(town, pack_id)
    form_id = newest_form(town).id
    client = town.client(role)
    for address in (
        "/packs/new",
        f"/packs/{pack_id}/licence",
        f"/packs/{pack_id}/forms/new",
        f"/forms/{form_id}/change",
    ):
        assert client.get(town.path(SCALES + address)).status_code == 403
        assert client.post(town.path(SCALES + address), data=licence()).status_code == 403
    assert client.post(town.path(SCALES + "/use"), data={"pack": "own"}).status_code == 403
    page = client.get(town.path(f"{SCALES}/packs/{pack_id}?lang=en")).text
    assert "New version" not in page and "Record a new licence" not in page


def test_the_own_pack_shows_every_constant_with_source_and_state(town: Town) -> None:
    page = town.client().get(town.path(SCALES + "/own?lang=en")).text
    for said in (
        "0 to 10 for each line, 0 to 40 in all",
        "None: nobody has measured one",
        "None yet. It is estimated",
    ):
        assert said in page
    assert "never added up, and in no figure" in page
    assert page.count("Verified") >= 5
    for question in ("Hvordan har uka di vært?", "Korleis har veka di vore?", "Hvordan har din uge været?"):
        assert question in page


def test_a_licence_says_who_recorded_it(town: Town) -> None:
    pack_id = add_pack(town)
    page = town.client().get(town.path(f"{SCALES}/packs/{pack_id}?lang=en")).text
    for said in ("Prøveby kommune", "L-17", town.administrator.name):
        assert said in page


@pytest.mark.parametrize("missing", ["name", "holder", "reference", "expires_on"])
def test_a_licence_needs_everything(town: Town, missing: str) -> None:
    sent = licence() | {missing: ""}
    answer = town.client("administrator").post(town.path(SCALES + "/packs/new?lang=en"), data=sent)
    assert answer.status_code == 422
    kept = {name: value for name, value in sent.items() if value}
    assert all(value in answer.text for value in kept.values())
    assert f'href="#{missing}"' in answer.text
    assert count(town, ScalePack) == 0


def test_a_first_licence_that_has_ended_is_a_slip(town: Town) -> None:
    answer = town.client("administrator").post(town.path(SCALES + "/packs/new?lang=en"), data=licence(days=-1))
    assert (answer.status_code, "This day has passed" in answer.text) == (422, True)


@pytest.mark.parametrize("last", ["9999-12-31", "31.12.2106"])
def test_a_licence_for_longer_than_thirty_years_is_a_slip(town: Town, last: str) -> None:
    client, pack_id = town.client("administrator"), add_pack(town)
    for address in ("/packs/new", f"/packs/{pack_id}/licence"):
        answer = client.post(town.path(f"{SCALES}{address}?lang=en"), data=licence() | {"expires_on": last})
        assert (answer.status_code, 'id="expires_on-error"' in answer.text) == (422, True)
        assert "more than 30 years away" in answer.text and last in answer.text
    assert count(town, ScaleLicence) == 1


def test_the_same_licence_sent_twice_is_one(town: Town) -> None:
    client, sent = town.client("administrator"), licence() | {"key": str(uuid.uuid4())}
    first, second = (client.post(town.path(SCALES + "/packs/new"), data=sent) for _ in range(2))
    assert first.location == second.location
    assert (count(town, ScalePack), count(town, ScaleLicence)) == (1, 1)


def test_two_packs_may_have_the_same_name(town: Town) -> None:
    one, other = add_pack(town), add_pack(town)
    assert one != other
    page = town.client().get(town.path(SCALES)).text
    assert f"/packs/{one}" in page and f"/packs/{other}" in page


def test_the_form_sent_twice_is_one(town: Town) -> None:
    pack_id = add_pack(town)
    key = str(uuid.uuid4())
    for _ in range(2):
        add_form(town, pack_id, key=key)
    assert count(town, ScaleForm) == 1


def test_a_new_version_keeps_the_old_one(town: Town) -> None:
    pack_id = add_pack(town)
    add_form(town, pack_id)
    form, client = newest_form(town), town.client("administrator")
    address = town.path(f"{SCALES}/forms/{form.id}/change")
    assert "Mast 1" in client.get(address).text
    sent = definition(question="Hvordan går det med båten?") | {"version": "1", "key": str(uuid.uuid4())}
    for _ in range(2):  # sent twice, it is one
        assert client.post(address, data=sent).status_code == 303
    with inside(town):
        kept = db.session.execute(select(ScaleForm.key, ScaleForm.version).order_by(ScaleForm.version)).all()
    assert kept == [(form.key, 1), (form.key, 2)]
    page = client.get(town.path(f"{SCALES}/packs/{pack_id}?lang=en")).text
    assert "Hvordan går det med båten?" in page and "Hvordan står det til med skuta?" in page
    assert "Earlier versions" in page


def test_a_colleagues_new_version_is_not_overwritten(town: Town) -> None:
    pack_id = add_pack(town)
    add_form(town, pack_id)
    form, client = newest_form(town), town.client("administrator")
    address = town.path(f"{SCALES}/forms/{form.id}/change?lang=en")
    assert client.post(address, data=definition(question="Den ene?") | {"version": "1"}).status_code == 303
    answer = client.post(address, data=definition(question="Den andre?") | {"version": "1"})
    assert (answer.status_code, "Den andre?" in answer.text) == (409, True)
    assert "saved another version meanwhile" in answer.text
    assert count(town, ScaleForm) == 2


def test_another_language_joins_and_the_first_stays(town: Town) -> None:
    pack_id = add_pack(town)
    add_form(town, pack_id)
    form, client = newest_form(town), town.client("administrator")
    address = town.path(f"{SCALES}/forms/{form.id}/change?language=nn")
    empty = client.get(address).text
    assert 'value="Mast 1"' not in empty and 'name="language" value="nn"' in empty
    sent = definition(question="Korleis står det til med skuta?", language="nn") | {"version": "1"}
    assert client.post(address, data=sent).status_code == 303
    with inside(town):
        (kept,) = list_forms_of(str(pack_id))
    assert kept.languages == ("nb", "nn")
    assert (kept.words["nb"].question, kept.words["nn"].question) == (
        "Hvordan står det til med skuta?",
        "Korleis står det til med skuta?",
    )


def test_the_rules_of_a_form_do_not_change_with_its_words(town: Town) -> None:
    pack_id = add_pack(town)
    add_form(town, pack_id)
    client, form = town.client("administrator"), newest_form(town)
    sent = definition(question="Nytt?", direction="lower", item_maximum="4", lines=5, kind="alliance")
    client.post(town.path(f"{SCALES}/forms/{form.id}/change"), data=sent | {"version": "1"})
    with inside(town):
        (kept,) = list_forms_of(str(pack_id))
    assert (kept.version, kept.kind, kept.maximum, kept.higher_is_better) == (2, "outcome", 300, True)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ages": []}, "Choose at least one"),
        ({"question": ""}, "Write the question"),
        ({"line1_left": ""}, "Line 1: fill this in"),
        ({"line2_right": "Skakk"}, "Line 2: the ends must differ"),
        ({"line2_title": "Mast 1"}, "Each line must have a title of its own"),
        ({"item_maximum": "11"}, "Write a whole number from 1 to 10"),
        ({"item_maximum": "1e3"}, "Write a whole number from 1 to 10"),
        ({"item_maximum": "9" * 5000}, "Write a whole number from 1 to 10"),
        ({"may_miss": "3"}, "At least one line must be answered"),
        ({"line7_reversed": "1"}, "Line 7: fill this in"),
        ({"ages": ["adult", "elderly"]}, "Choose among those shown"),
        ({"language": "tlh"}, "Choose one"),
        ({"checked_on": ""}, "Write when it was checked"),
        ({"state": "certain"}, "Choose one"),
        ({"cut_off_adult": "25"}, "Write where the number is from"),
        ({"cut_off_adult": "31", "cut_off_adult_source": "x"}, "The highest total is 30"),
        ({"cut_off_adult": "nan"}, "Write a number, such as 25 or 25,5"),
        ({"cut_off_adult": "-1"}, "Write a number, such as 25 or 25,5"),
        ({"cut_off_adult": "٣"}, "Write a number, such as 25 or 25,5"),
        ({"reliable_change": "5", "reliable_change_source": "x"}, "Choose whether it is verified"),
        (
            {"reliable_change": "0,0", "reliable_change_source": "x", "reliable_change_state": "unverified"},
            'id="reliable_change-error"',
        ),
        (
            {"reliable_change": "5", "reliable_change_source": "x", "reliable_change_state": "verified"},
            "Write when it was checked",
        ),
    ],
    ids=str,
)
def test_what_does_not_hold_together_is_told_beside_the_field(
    town: Town, wrong: dict[str, str | list[str]], said: str
) -> None:
    pack_id = add_pack(town)
    address = town.path(f"{SCALES}/packs/{pack_id}/forms/new?lang=en")
    answer = town.client("administrator").post(address, data=definition() | wrong)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert "Sett et merke." in answer.text
    assert count(town, ScaleForm) == 0


def test_no_lines_are_no_form(town: Town) -> None:
    pack_id = add_pack(town)
    address = town.path(f"{SCALES}/packs/{pack_id}/forms/new?lang=en")
    answer = town.client("administrator").post(address, data=definition(lines=0))
    assert (answer.status_code, "Write at least one line" in answer.text) == (422, True)
    assert town.client("administrator").post(address, data={}).status_code == 422


def test_ten_lines_are_kept_in_their_order(town: Town) -> None:
    pack_id = add_pack(town)
    add_form(
        town,
        pack_id,
        lines=10,
        item_maximum="4",
        direction="lower",
        line2_reversed="1",
        line3_reversed="1",
        may_miss="1",
    )
    with inside(town):
        (form,) = list_forms_of(str(pack_id))
    assert [item.words["nb"].title for item in form.items] == [f"Mast {number}" for number in range(1, 11)]
    assert [item.name for item in form.items if item.reversed_] == ["item2", "item3"]
    assert (form.maximum, form.may_miss, form.higher_is_better) == (400, 1, False)


HOSTILE = [
    "<script>alert(1)</script>",
    "{{ 7*7 }} %(x)s %s",
    "👩🏽‍🚒 hei",
    "שלום עולם",
    "=1+1|cmd",
    "'; drop table answers; --",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:8].encode("unicode_escape").decode())
def test_strange_words_are_only_words(town: Town, text: str) -> None:
    pack_id = add_pack(town, name=text)
    add_form(town, pack_id, question=text, line1_title=text, source=text)
    use(town, pack_id)
    client = town.client("administrator")
    for address in ("", f"/packs/{pack_id}", f"/packs/{pack_id}/licence", f"/forms/{newest_form(town).id}/change"):
        page = client.get(town.path(SCALES + address))
        assert page.status_code == 200
        assert (
            "<script>alert" not in page.text
            and "49 " not in re.sub(r'd="[^"]*"', "", page.text).split("%(x)s")[0][-20:]
        )
    with inside(town):
        (form,) = list_forms_of(str(pack_id))
    assert form.words["nb"].question == text


@pytest.mark.parametrize("field", ["question", "lead", "line1_text", "source"])
def test_far_too_long_is_refused_in_words(town: Town, field: str) -> None:
    pack_id = add_pack(town)
    address = town.path(f"{SCALES}/packs/{pack_id}/forms/new?lang=en")
    answer = town.client("administrator").post(address, data=definition() | {field: "x" * 2_000_000})
    assert (answer.status_code, "At most" in answer.text) == (422, True)


def test_taking_into_use_has_a_history(town: Town) -> None:
    pack_id = add_pack(town)
    use(town, pack_id)  # no forms yet
    assert count(town, ScaleChoice) == 0
    add_form(town, pack_id)
    use(town, pack_id)
    use(town, "own")
    page = town.client().get(town.path(SCALES + "?lang=en")).text
    who = re.escape(town.administrator.name)
    assert re.findall(rf"{who} took “([^”]+)” into use", page) == [
        "The platform's own scales",
        "Trivselsmåler",
    ]
    with inside(town):
        assert find_pack_in_use() is None


@pytest.mark.parametrize("sent", ["", "x", str(uuid.uuid4())], ids=["nothing", "word", "unknown"])
def test_what_does_not_exist_is_not_taken_into_use(town: Town, sent: str) -> None:
    answer = town.client("administrator").post(town.path(SCALES + "/use"), data={"pack": sent})
    assert (answer.status_code, count(town, ScaleChoice)) == (404, 0)


def test_an_ended_licence_closes_entering_and_use(town: Town) -> None:
    pack_id = add_pack(town)
    add_form(town, pack_id)
    form_id, client = newest_form(town).id, town.client("administrator")
    # A licence that was taken back is recorded with the day on which it ended.
    client.post(town.path(f"{SCALES}/packs/{pack_id}/licence"), data=licence(days=-1))
    page = client.get(town.path(f"{SCALES}/packs/{pack_id}?lang=en")).text
    assert "Nothing is handed over in these forms" in page and "Mast 1" in page
    for address in (f"/packs/{pack_id}/forms/new", f"/forms/{form_id}/change"):
        assert client.get(town.path(SCALES + address)).status_code == 404
        assert client.post(town.path(SCALES + address), data=definition()).status_code == 404
    use(town, pack_id)
    assert count(town, ScaleChoice) == 0
    renewed = client.post(town.path(f"{SCALES}/packs/{pack_id}/licence"), data=licence(days=400))
    assert renewed.status_code == 303
    assert client.get(town.path(f"{SCALES}/packs/{pack_id}/forms/new")).status_code == 200
    assert "Earlier licences" in client.get(town.path(f"{SCALES}/packs/{pack_id}?lang=en")).text


def test_another_municipalitys_packs_do_not_exist(town: Town, other_town: Town) -> None:
    pack_id = add_pack(other_town)
    add_form(other_town, pack_id)
    form_id = newest_form(other_town).id
    client = town.client("everything")
    for address in (
        f"/packs/{pack_id}",
        f"/packs/{pack_id}/licence",
        f"/packs/{pack_id}/forms/new",
        f"/forms/{form_id}/change",
    ):
        assert client.get(town.path(SCALES + address)).status_code == 404
    assert client.post(town.path(SCALES + "/use"), data={"pack": str(pack_id)}).status_code == 404
    assert client.post(town.path(f"{SCALES}/packs/{pack_id}/forms/new"), data=definition()).status_code == 404
    with inside(town):
        assert list_forms_of(str(pack_id)) == ()


def test_pages_cost_no_more_with_more_rows(app: Flask) -> None:
    town = make_town(app)
    client = town.client("administrator")
    costs = []
    for _ in range(2):
        pack_id = add_pack(town)
        add_form(town, pack_id)
        add_form(town, pack_id, kind="alliance")
        for address in ("", "/own", f"/packs/{pack_id}"):
            with counted_statements() as seen:
                client.get(town.path(SCALES + address))
            costs.append(len(seen))
    assert costs[:3] == costs[3:]
    assert max(costs) <= 12
