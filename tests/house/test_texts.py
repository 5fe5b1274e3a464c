"""Every text a person reads exists in every language we offer."""

import re

import pytest

from hjelpa.web.catalogue import TRANSLATED, extract, read, untranslated
from hjelpa.web.i18n import LANGUAGES

PLACES = re.compile(r"%\((\w+)\)[sd]")
# Words that nobody needs diagnosed, blamed or sorted with; the whole house speaks everyday language.
UNWANTED = re.compile(r"\b(pasient|klient|bruker(e|en|ne)?|diagnose|symptom|alvorlighetsgrad|henvisning)\b", re.I)


def test_every_offered_language_is_the_msgids_own_or_translated() -> None:
    assert set(LANGUAGES) == {"en", *TRANSLATED}


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_missing(language: str) -> None:
    assert untranslated(language) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_places_for_values_are_the_same(language: str) -> None:
    catalogue = read(language)
    for message in extract():
        known = catalogue.get(message.id) if message.id else None
        if known is None:
            continue
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        words = known.string if isinstance(known.string, tuple | list) else (known.string,)
        wanted = {place for text in ids for place in PLACES.findall(text)}
        for text in words:
            assert set(PLACES.findall(text)) <= wanted, message.id


def test_bokmaal_is_everyday_language() -> None:
    for message in read("nb"):
        words = message.string if isinstance(message.string, tuple | list) else (message.string,)
        for text in words:
            assert not UNWANTED.search(text), text
