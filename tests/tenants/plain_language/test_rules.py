"""The figures are exact, the words are found, and no text takes long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.plain_language.rules import (
    LIMIT,
    TooLong,
    band_of,
    letters,
    make_lexicon,
    read,
)
from tenants.plain_language.words import LISTS

NONE = make_lexicon({})
NB = make_lexicon(LISTS["nb"])

# Small letters of the three languages; no word here is a shortened one, nor begins as a number.
WORDS = st.text("abcdefghijklmnoprstuvyæøåü", min_size=4, max_size=20).filter(lambda word: word not in ("ekskl",))
SENTENCES = st.lists(WORDS, min_size=1, max_size=30)


@given(st.lists(SENTENCES, min_size=1, max_size=12), st.sampled_from([". ", "! ", "? ", ":\n", "\n\n", " … "]))
def test_figures_are_exact(sentences: list[list[str]], end: str) -> None:
    text = end.join(" ".join(words).capitalize() for words in sentences) + "."
    figures = read(text, NONE).figures
    words = [word for sentence in sentences for word in sentence]
    long = sum(len(word) > 6 for word in words)
    assert (figures.words, figures.sentences, figures.long_words) == (len(words), len(sentences), long)
    assert figures.longest_sentence == max(map(len, sentences))
    assert figures.lix == pytest.approx(len(words) / len(sentences) + 100 * long / len(words))


@given(st.text(max_size=400))
def test_any_text_can_be_read(text: str) -> None:
    reading = read(text, NB)
    figures = reading.figures
    assert 0 <= figures.long_words <= figures.words and 0 <= figures.sentences <= figures.words
    assert (figures.lix is None) == (figures.words == 0) == (figures.sentences == 0)
    assert figures.words == 0 or 1 <= figures.longest_sentence <= figures.words
    assert all(remark.count > 0 and remark.found for remark in reading.remarks)


@given(st.text(max_size=200), st.text(max_size=200))
def test_lines_are_counted_each_for_itself(first: str, second: str) -> None:
    one, two, both = (read(text, NONE).figures for text in (first, second, f"{first}\n{second}"))
    for name in ("words", "sentences", "long_words"):
        assert getattr(both, name) == getattr(one, name) + getattr(two, name)


@pytest.mark.parametrize(
    ("text", "words", "sentences", "long_words"),
    [
        ("", 0, 0, 0),
        ("… !!! ?", 0, 0, 0),
        ("Vi møtes 21. november kl. 10.30 i Storgata 5. Ta med noe varmt.", 13, 2, 2),
        ("Ta med noe, f.eks. Kari.", 6, 1, 0),
        ("«Kom inn!» sa hun. (Det var kaldt.) Vi gikk.", 9, 4, 0),
        ("Mor-barn-gruppe", 1, 1, 1),  # hyphens are no letters: twelve and more than six
        ("Abc-def", 1, 1, 0),  # six letters
        ("1234567", 1, 1, 0),  # no letters at all
        ("En\nto\n\ntre", 3, 3, 0),
        ("Se www.example.no i dag", 6, 1, 1),
        ("E\u0301n to", 2, 1, 0),  # written with a loose accent
        ("😀 hei 😀", 1, 1, 0),
    ],
)
def test_known_texts(text: str, words: int, sentences: int, long_words: int) -> None:
    figures = read(text, NONE).figures
    assert (figures.words, figures.sentences, figures.long_words) == (words, sentences, long_words)


def test_lix_of_a_text_counted_by_hand() -> None:
    """Nine words in two sentences, three of them long: kommunen, hjelper and familier."""
    text = "Kommunen hjelper familier når de er slitne. Du ringer."
    figures = read(text, NONE).figures
    assert (figures.words, figures.sentences, figures.long_words) == (9, 2, 3)
    assert figures.lix == pytest.approx(9 / 2 + 100 * 3 / 9)


@pytest.mark.parametrize(
    ("lix", "band"),
    [
        *((0, "very_easy"), (29.9, "very_easy"), (30, "easy"), (40, "middling"), (49.99, "middling")),
        *((50, "heavy"), (59.9, "heavy"), (60, "very_heavy"), (2000, "very_heavy")),
    ],
)
def test_bands_begin_at_their_figure(lix: float, band: str) -> None:
    assert band_of(lix) == band


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Vi fatter vedtak i henhold til § 4-2.", [("vedtak", "avgjørelse"), ("i henhold til", "etter")]),
        ("Vedtaket og vedtakene", [("vedtaket", "avgjørelse"), ("vedtakene", "avgjørelse")]),
        ("Vi iverksetter, og det ble iverksatt", [("iverksetter", "sette i gang"), ("iverksatt", "satt i gang")]),
        ("Å fatte vedtak", [("fatte vedtak", "avgjøre")]),
        ("HJEMMEL", [("hjemmel", "regel som gir lov til det")]),
        ("jf. side 3", [("jf", "se")]),
        ("Hjemme er det godt, og samtalen om grunnen var fin.", []),
    ],
)
def test_office_words_are_found_in_their_forms(text: str, found: list[tuple[str, str]]) -> None:
    remarks = read(text, NB).remarks
    assert [(r.found, r.instead) for r in remarks if r.kind == "office_word"] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Etter § 4-2 og §§ 5–7", ["§ 4-2", "§§ 5–7"]),
        ("Etter paragraf 12", ["paragraf 12"]),
        ("Ingen § her, og paragrafen er borte", []),
    ],
)
def test_references_to_paragraphs_are_found(text: str, found: list[str]) -> None:
    assert [r.found for r in read(text, NB).remarks if r.kind == "reference"] == found


def test_long_sentences_and_long_words_are_named() -> None:
    remarks = read("en " * 26 + "barnevernstjenesten. Kort.", NONE).remarks
    assert [(r.kind, r.found, r.count) for r in remarks] == [
        ("long_sentence", "en en en en en", 27),
        ("long_word", "barnevernstjenesten", 1),
    ]


@given(st.sampled_from(sorted(LISTS)), st.data())
def test_every_word_of_our_lists_is_found_as_it_stands(language: str, data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(sorted(LISTS[language])))
    remarks = read(f"Her står {word} nå.", make_lexicon(LISTS[language])).remarks
    assert (word, LISTS[language][word]) in [(r.found, r.instead) for r in remarks]


def test_what_is_said_instead_is_no_office_word_itself() -> None:
    for language, words in LISTS.items():
        lexicon = make_lexicon(words)
        for instead in words.values():
            assert not [r for r in read(instead, lexicon).remarks if r.kind == "office_word"], (language, instead)


def test_what_a_municipality_accepts_is_not_named() -> None:
    own = make_lexicon({**LISTS["nb"], "vedtak": "", "barnesamtale": "prat med barnet"})
    remarks = read("Vedtak etter barnesamtalen", own).remarks
    assert [(r.found, r.instead) for r in remarks] == [("barnesamtalen", "prat med barnet")]


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "a ",
        ".",
        ". ",
        "!)",
        "§",
        "§ 1",
        "\n",
        " ",
        "a-",
        "'",
        "vedtak ",
        "i henhold ",
        "…x",
        "1.",
        "å\u0308",
        "🙂",
    ],
)
def test_no_text_takes_long(piece: str) -> None:
    text = (piece * LIMIT)[:LIMIT]
    begun = time.perf_counter()
    read(text, NB)
    assert time.perf_counter() - begun < 2


def test_more_than_can_be_checked_is_refused_at_once() -> None:
    begun = time.perf_counter()
    with pytest.raises(TooLong):
        read("Ord. " * 400_000, NB)
    assert time.perf_counter() - begun < 0.5


def test_letters_leave_out_what_is_no_letter() -> None:
    assert letters("mor-barn2’s") == 8
