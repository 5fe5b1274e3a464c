"""The scales as they are shipped: whole in four languages, in nobody else's words, and with no borrowed number."""

import re
from collections import Counter
from dataclasses import FrozenInstanceError, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hjelpa.web.catalogue import read
from modules.citizens.models import AGE_BANDS
from modules.feedback.rules import add_up, read_sheet
from modules.feedback.scales.forms import AGES, KINDS, LANGUAGES, Constant, Form, FormError, Origin
from modules.feedback.scales.reading import read_form, write_form
from modules.feedback.scales.registry import FORMS, VERSIONS, own_form, youngest_form
from modules.feedback.scales.wording import OWN_SOURCE
from modules.feedback.trajectory.queries import OWN_PACK

# Words that stand together in protected scales, by language: a text of ours may have none of these groups whole.
# Groups and not sentences, so that nothing protected is written out here either.
PROTECTED = {
    "en": (
        {"individually"},
        {"interpersonally"},
        {"socially"},
        {"personal", "well", "being"},
        {"general", "well", "being"},
        {"family", "close", "relationships"},
        {"work", "school", "friendships"},
        {"heard", "understood", "respected"},
        {"worked", "talked"},
        {"good", "fit"},
        {"right", "for", "me"},
        {"missing", "session"},
        {"therapist"},
        {"session", "rating"},
        {"outcome", "rating"},
        {"relationship"},
        {"goals", "topics"},
        {"approach", "method"},
        {"how", "am", "doing"},
        {"listened", "me"},
        {"liked", "what", "did"},
        {"same", "kind", "things"},
        {"how", "important"},
    ),
    "nb": (
        {"individuelt"},
        {"mellommenneskelig"},
        {"sosialt"},
        {"personlig", "velvære"},
        {"generell", "velvære"},
        {"familie", "nære", "relasjoner"},
        {"familie", "nære", "forhold"},
        {"arbeid", "skole", "vennskap"},
        {"hørt", "forstått", "respektert"},
        {"arbeidet", "snakket"},
        {"passet", "godt", "meg"},
        {"riktig", "for", "meg"},
        {"manglet", "timen"},
        {"terapeut"},
        {"mål", "tema"},
        {"metode"},
        {"relasjon"},
        {"hørte", "på", "meg"},
        {"likte", "gjorde"},
        {"samme", "type", "ting"},
    ),
    "nn": (
        {"individuelt"},
        {"mellommenneskeleg"},
        {"sosialt"},
        {"personleg", "velvære"},
        {"familie", "nære", "relasjonar"},
        {"arbeid", "skule", "venskap"},
        {"høyrd", "forstått", "respektert"},
        {"rett", "for", "meg"},
        {"terapeut"},
        {"metode"},
    ),
    "da": (
        {"individuelt"},
        {"mellemmenneskeligt"},
        {"socialt"},
        {"personligt", "velbefindende"},
        {"generelt", "velbefindende"},
        {"familie", "nære", "relationer"},
        {"familie", "tætte", "forhold"},
        {"arbejde", "skole", "venskaber"},
        {"hørt", "forstået", "respekteret"},
        {"arbejdede", "talte"},
        {"passede", "godt", "mig"},
        {"rigtig", "for", "mig"},
        {"manglede", "sessionen"},
        {"terapeut"},
        {"mål", "emner"},
        {"metode"},
        {"relation"},
        {"lyttede", "mig"},
    ),
}


def texts_of(form: Form, language: str) -> list[str]:
    """Every text of a form in one language, each by itself."""
    said = form.words[language]
    lines = [item.words[language] for item in form.items]
    return [said.question, said.lead] + [
        text for words in lines for text in (words.title, words.text, words.left, words.right, *words.steps)
    ]


def protected_in(text: str, language: str) -> list[set[str]]:
    words = set(re.findall(r"\w+", text.lower()))
    return [group for group in PROTECTED[language] if group <= words]


def every_text() -> list[tuple[str, str]]:
    return [
        (language, text)
        for form in VERSIONS.values()
        for language in form.languages
        for text in texts_of(form, language)
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("age_band", AGE_BANDS)
def test_every_age_has_a_form_of_four_lines_from_0_to_40(kind: str, age_band: str) -> None:
    form = own_form(kind, age_band)
    assert (form.kind, len(form.items), form.maximum) == (kind, 4, 400)
    assert tuple(AGE_BANDS) == AGES


@pytest.mark.parametrize("kind", KINDS)
def test_children_have_words_of_their_own(kind: str) -> None:
    child, adult = own_form(kind, "child"), own_form(kind, "adult")
    assert own_form(kind, "adolescent") is adult
    for language in LANGUAGES:
        lengths = [sum(map(len, texts_of(form, language)[2:])) for form in (child, adult)]
        assert not set(texts_of(child, language)[:2]) & set(texts_of(adult, language)[:2])
        assert lengths[0] < 2 * lengths[1]


@pytest.mark.parametrize("form", VERSIONS.values(), ids=lambda form: f"{form.key} {form.version}")
def test_a_form_is_whole_in_all_four_languages(form: Form) -> None:
    assert form.languages == LANGUAGES
    for language in LANGUAGES:
        assert all(text == text.strip() and text for text in texts_of(form, language))
        assert all(len(item.words[language].steps) == len(item.words["nb"].steps) for item in form.items)


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.key)
def test_no_two_lines_of_a_form_ask_the_same(form: Form) -> None:
    for language in form.words:
        asked = [item.words[language].text for item in form.items]
        assert len(set(asked)) == len(asked)
        assert all(item.words[language].left != item.words[language].right for item in form.items)


@pytest.mark.parametrize(
    ("language", "other_words"),
    [
        ("nb", r"ikkje|korleis|kva|veka|gjere|seie|hvad|hvor meget|sidste|uge|noget"),
        ("nn", r"ikke|hvordan|hva|uka|uken|noe|gjøre|si|hvad|uge|noget|jeg"),
        ("da", r"ikkje|korleis|uka|veka|noe|noko|på linja|deg|meg|seg|gjøre|hva"),
        ("en", r"ikke|og|det|hvordan"),
    ],
)
def test_each_language_is_that_language(language: str, other_words: str) -> None:
    """Words that give another of the four away: a text that was copied and not translated."""
    said = " ".join(text for code, text in every_text() if code == language)
    assert re.findall(rf"\b({other_words})\b", said, re.I) == []


def test_the_languages_are_not_copies_of_each_other() -> None:
    for form in FORMS.values():
        questions = Counter(form.words[language].question for language in LANGUAGES)
        assert max(questions.values()) == 1, form.key


@pytest.mark.parametrize("form", VERSIONS.values(), ids=lambda form: f"{form.key} {form.version}")
def test_the_own_forms_borrow_no_numbers(form: Form) -> None:
    assert not form.cut_offs
    assert form.reliable_change is None
    assert (form.origin.verification, form.origin.source) == ("verified", str(OWN_SOURCE))
    assert form.origin.checked_on is not None


def test_no_protected_wording_in_the_forms() -> None:
    assert [(text, found) for code, text in every_text() if (found := protected_in(text, code))] == []


def test_no_protected_item_in_what_the_pages_say() -> None:
    """In the catalogue only groups of three words or more: single words are everybody's."""
    for message in read("nb"):
        for text in message.string if isinstance(message.string, tuple | list) else (message.string,):
            assert [group for group in protected_in(text, "nb") if len(group) > 2] == [], text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I felt Understood, respected and HEARD!"),
        ("nb", "Jeg ble respektert, forstått og hørt"),
        ("da", "Forstået, hørt, respekteret"),
    ],
)
def test_the_guard_sees_protected_words_in_any_order(language: str, text: str) -> None:
    assert protected_in(text, language)


def test_the_youngest_are_never_added_up() -> None:
    form = youngest_form()
    assert (form.scored, len(form.items), form.ages) == (False, 1, ("child",))
    assert all(add_up(form, [value]) is None for value in range(0, 101, 25))
    assert all(own_form(kind, band) is not form for kind in KINDS for band in AGE_BANDS)


@pytest.mark.parametrize("chosen", ["0", "2.5", "5", "7.5", "10"])
def test_every_face_is_an_answer_without_scripts(chosen: str) -> None:
    sheet = read_sheet(youngest_form(), {"item1": chosen})
    assert (sheet.values, sheet.total) == ((int(float(chosen) * 10),), None)
    assert read_sheet(youngest_form(), {}).values == (None,)


def test_a_form_cannot_be_changed_while_running() -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(own_form("outcome", "adult"), "version", 2)  # noqa: B010 - the type checker would refuse it too


@pytest.mark.parametrize("form", VERSIONS.values(), ids=lambda form: f"{form.key} {form.version}")
def test_written_and_read_it_is_the_same_form(form: Form) -> None:
    assert read_form(write_form(form)) == form


CONSTANTS = st.builds(
    Constant,
    st.floats(0, 40),
    st.text(min_size=1, max_size=20),
    st.sampled_from(["verified", "estimated", "unverified"]),
    st.none() | st.dates(),
)


@given(
    st.dictionaries(st.sampled_from(AGES), CONSTANTS),
    st.none() | CONSTANTS,
    st.booleans(),
    st.integers(0, 3),
    st.builds(Origin, st.text(max_size=20), st.sampled_from(["verified", "unverified"]), st.none() | st.dates()),
)
def test_every_constant_is_kept_with_source_state_and_date(
    cut_offs: dict[str, Constant], change: Constant | None, higher: bool, may_miss: int, origin: Origin
) -> None:
    form = replace(
        own_form("outcome", "adult"),
        cut_offs=cut_offs,
        reliable_change=change,
        higher_is_better=higher,
        may_miss=may_miss,
        origin=origin,
    )
    assert read_form(write_form(form)) == form


ADULT = own_form("outcome", "adult")
CHECKED = Constant(25, "a table", "verified", date(2026, 11, 1))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"kind": "mood"}, "unknown kind mood"),
        ({"version": 0}, "version must be 1 or more"),
        ({"items": ()}, "needs lines"),
        ({"items": (*ADULT.items, ADULT.items[0])}, "names of their own"),
        ({"items": tuple(replace(ADULT.items[0], name=f"item{n}") for n in range(11))}, "at most 10 lines"),
        ({"may_miss": 4}, "too many lines may be missing"),
        ({"may_miss": -1}, "too many lines may be missing"),
        ({"item_maximum": 0}, "10 points at most"),
        ({"item_maximum": 101}, "10 points at most"),
        ({"ages": ("elderly",)}, "unknown age band"),
        ({"cut_offs": {"elderly": CHECKED}}, "unknown age band"),
        ({"cut_offs": {"adult": replace(CHECKED, value=41)}}, "adult must be a number from 0 to 40"),
        ({"cut_offs": {"adult": replace(CHECKED, value=float("nan"))}}, "must be a number"),
        ({"cut_offs": {"adult": replace(CHECKED, source="")}}, "where it is from"),
        ({"reliable_change": replace(CHECKED, verification="sure")}, "verified, estimated or unverified"),
        ({"scored": False, "cut_offs": {"adult": CHECKED}}, "not scored has no cut-off"),
        ({"words": {}}, "languages are among"),
        ({"words": {**ADULT.words, "tlh": ADULT.words["en"]}}, "languages are among"),
        ({"words": {"nb": ADULT.words["nb"]}}, "item1 is not in the same languages"),
    ],
    ids=[
        *(
            "kind",
            "version",
            "none",
            "twice",
            "eleven",
            "missing",
            "negative",
            "empty",
            "long",
            "age",
            "cut-off age",
        ),
        *("beyond", "nan", "source", "state", "unscored", "wordless", "language", "half"),
    ],
)
def test_what_does_not_hold_together_is_told_with_the_forms_key(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(FormError, match=rf"hjelpa\.outcome: .*{message}"):
        replace(ADULT, **wrong)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("left_out", ["key", "pack", "kind", "version", "ages", "words", "items", "origin"])
def test_data_with_something_missing_is_told(left_out: str) -> None:
    data = {name: value for name, value in write_form(ADULT).items() if name != left_out}
    with pytest.raises(FormError, match=left_out):
        read_form(data)


@pytest.mark.parametrize(("state", "usable"), [("verified", True), ("estimated", True), ("unverified", False)])
def test_only_what_is_verified_or_estimated_may_be_used(state: str, usable: bool) -> None:
    assert replace(CHECKED, verification=state).usable is usable  # type: ignore[arg-type]  # one of the three
    assert ADULT.pack == OWN_PACK
