"""Interface texts: found in code and templates, kept in one catalogue per language.

`python -m hjelpa.web.catalogue` brings the catalogues up to date and names what is still untranslated.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).parent.parent.parent
TRANSLATIONS = Path(__file__).parent.parent / "translations"

# English is the language of the msgids, so that it needs no catalogue of its own.
TRANSLATED = ("nb",)

_METHODS = [("**/migrations/**", "ignore"), ("**.py", "python"), ("**/templates/**.html", "jinja2")]
_OPTIONS = {"**/templates/**.html": {"silent": "false", "trim_blocks": "true", "lstrip_blocks": "true"}}
_KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}


def extract() -> Catalog:
    """Every text of the platform, with the files it stands in."""
    catalogue = Catalog(charset="utf-8", fuzzy=False)
    found = extract_from_dir(SOURCE, _METHODS, _OPTIONS, keywords=_KEYWORDS)
    for file, _, message, comments, context in found:
        catalogue.add(message, None, [(file, 1)], auto_comments=comments, context=context)
    return catalogue


def catalogue_file(language: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    with catalogue_file(language).open("rb") as file:
        return read_po(file, locale=language)


def untranslated(language: str) -> Sequence[str]:
    """Texts in use that the language lacks, or has only as a guess."""
    catalogue = read(language)
    lacking = []
    for message in extract():
        if not message.id:
            continue
        known = catalogue.get(message.id)
        if known is None or known.fuzzy or not _complete(known.string):
            lacking.append(str(message.id))
    return lacking


def update(language: str, also: Sequence[Path] = (), words: Mapping[str, str] | None = None) -> None:
    """Adds new texts and drops those no longer in use.

    Translations in the `also` files replace those there are; `words` fill texts that have none yet.
    """
    file = catalogue_file(language)
    catalogue = read(language) if file.exists() else Catalog(locale=language, charset="utf-8", fuzzy=False)
    catalogue.project, catalogue.version, catalogue.header_comment = "Hjelpa", "1", "# Interface texts of Hjelpa."
    catalogue.update(extract(), no_fuzzy_matching=True, update_header_comment=False)
    catalogue.obsolete.clear()
    for other in also:
        with other.open("rb") as stream:
            _take({message.id: message.string for message in read_po(stream, locale=language)}, into=catalogue)
    _take(words or {}, into=catalogue, only_missing=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        write_po(stream, catalogue, width=110, sort_output=True, no_location=True)


def _take(words: Mapping[Any, Any], *, into: Catalog, only_missing: bool = False) -> None:
    for text, translation in words.items():
        known = into.get(text) if text else None
        if known is not None and _complete(translation) and not (only_missing and _complete(known.string)):
            known.string = translation


def _complete(words: Any) -> bool:
    return all(words) if isinstance(words, tuple | list) else bool(words)


if __name__ == "__main__":
    for code in TRANSLATED:
        update(code, [Path(name) for name in sys.argv[1:]])
        for text in untranslated(code):
            print(f"{code}: {text}")
