"""Advice while somebody writes, on a page of its own, and the municipality's own words."""

import pytest
from sqlalchemy import select

from tenants.plain_language.models import PlainWord
from tests.modules.door import get, post, rows
from tests.people import Town

TEXT = "Kommunen fatter vedtak i henhold til § 4-2. Barnevernstjenesten tar kontakt. Du kan ringe oss når du vil det, og så møtes vi."


def check(town: Town, text: str, **more: str):
    return post(town.client(), town.path("/plain-language/check"), {"text": text, "language": "nb", **more})


def test_advice_with_figures_comes_as_json(town: Town) -> None:
    answer = check(town, TEXT)
    assert answer.status_code == 200 and answer.mimetype == "application/json"
    said = answer.get_json()
    assert said["title"] == "LIX 26: very easy to read"
    assert said["counted"] == "22 words, 7.3 in each sentence, 18 % long words (more than six letters)."
    assert "“vedtak”: try “avgjørelse”" in said["lines"] and "“i henhold til”: try “etter”" in said["lines"]
    assert "“§ 4-2”: say what it means for the reader" in said["lines"]
    assert any("barnevernstjenesten" in line for line in said["lines"])


def test_a_short_text_is_not_judged(town: Town) -> None:
    assert "says little" in check(town, "Barnevernstjenesten").get_json()["title"]
    assert check(town, " ").get_json()["title"] == "There is no text to check yet."


def test_two_megabytes_are_refused_with_a_sentence(town: Town) -> None:
    answer = check(town, "Ord. " * 400_000)
    assert answer.status_code == 422
    assert answer.get_json() == {
        "title": "This text is too long to check. At most 50000 characters at a time.",
        "counted": "",
        "lines": [],
    }


@pytest.mark.parametrize("language", ["", "se", "xx", "nn", "da"])
def test_any_language_is_answered(town: Town, language: str) -> None:
    assert check(town, TEXT, language=language).status_code == 200


def test_without_scripts_the_advice_comes_on_a_page(town: Town) -> None:
    """The button sends the whole form of any feature there; each named text gets its advice, and nothing is kept."""
    form = {
        "plain": ["involves=What does it involve?", "empty=Empty"],
        "involves": TEXT,
        "empty": " ",
        "other": "x",
    }
    page = post(town.client(), town.path("/plain-language"), form)
    assert page.status_code == 200 and "LIX 26: very easy to read" in page.text
    assert "What does it involve?" in page.text and "“vedtak”: try “avgjørelse”" in page.text
    assert ">Empty<" not in page.text


def test_markup_in_a_text_stays_text(town: Town) -> None:
    form = {"plain": "text=<b>Label</b>", "text": "<script>alert(1)</script> hei"}
    page = post(town.client(), town.path("/plain-language"), form).text
    assert "<script>alert" not in page and "&lt;b&gt;Label" in page


def test_forms_for_citizens_texts_carry_the_advice(town: Town) -> None:
    page = get(town.client(), town.path("/services/new"))
    assert page.count(f'data-plain="{town.path("/plain-language/check")}"') == 3
    assert f'formaction="{town.path("/plain-language")}"' in page and "/static/js/plain.js" in page
    # Enter presses a form's first button: that one saves.
    assert page.index(">Save<") < page.index("data-plain-button")


def put(town: Town, word: str, instead: str, language: str = "nb"):
    sent = {"language": language, "word": word, "instead": instead}
    return post(town.client("administrator"), town.path("/plain-language/words"), sent)


def test_own_words_are_added_changed_and_taken_away(town: Town, other_town: Town) -> None:
    assert put(town, "  Barnesamtale ", "prat med barnet").status_code == 303
    assert put(town, "vedtak", "").status_code == 303
    lines = check(town, TEXT + " Barnesamtalen er frivillig.").get_json()["lines"]
    assert "“barnesamtalen”: try “prat med barnet”" in lines
    assert not any("avgjørelse" in line for line in lines)
    assert any("avgjørelse" in line for line in check(other_town, TEXT).get_json()["lines"])

    assert put(town, "barnesamtale", "samtale med barnet").status_code == 303
    page = get(town.client("administrator"), town.path("/plain-language/words"))
    assert "samtale med barnet" in page and "prat med barnet" not in page and "Fine with us" in page
    assert "you say something else" in page

    kept = rows(town, select(PlainWord.id, PlainWord.word).order_by(PlainWord.word))
    assert [row.word for row in kept] == ["barnesamtale", "vedtak"]
    where = town.path(f"/plain-language/words/{kept[1].id}/remove")
    assert post(town.client("administrator"), where, {}).status_code == 303
    assert any("avgjørelse" in line for line in check(town, TEXT).get_json()["lines"])
    assert post(town.client("administrator"), where, {}).status_code == 404


@pytest.mark.parametrize(
    ("word", "message"), [("", "Write the word"), ("…", "Write the word with letters"), ("x" * 81, "At most 80")]
)
def test_a_word_needs_letters(town: Town, word: str, message: str) -> None:
    answer = put(town, word, "noe")
    assert answer.status_code == 422 and message in answer.text and rows(town, select(PlainWord.id)) == []


def test_the_words_of_each_language_are_their_own(town: Town) -> None:
    put(town, "møde", "mødes", language="da")
    assert "mødes" in get(town.client("administrator"), town.path("/plain-language/words?language=da"))
    assert "mødes" not in get(town.client("administrator"), town.path("/plain-language/words"))


def test_only_an_administrator_changes_the_list(town: Town) -> None:
    assert town.client("helper").get(town.path("/plain-language/words")).status_code == 403
    assert town.client("helper").get(town.path("/plain-language")).status_code == 200
