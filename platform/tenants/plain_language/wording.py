"""The figures and the advice, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString, gettext, ngettext
from flask_babel import lazy_gettext as _l

from hjelpa.web.i18n import decimal
from tenants.plain_language.rules import LIMIT, Band, Figures, Lexicon, Remark, TooLong, band_of, read

BANDS: Mapping[Band, str | LazyString] = {
    "very_easy": _l("very easy to read"),
    "easy": _l("easy to read"),
    "middling": _l("about as a newspaper"),
    "heavy": _l("heavy to read"),
    "very_heavy": _l("very heavy to read"),
}


@dataclass(frozen=True, slots=True)
class Advice:
    """What is shown beside a text: one line with the figure, one with what was counted, and what may be changed."""

    title: str
    counted: str
    lines: tuple[str, ...] = ()


def too_long() -> str:
    return str(gettext("This text is too long to check. At most %(limit)s characters at a time.", limit=LIMIT))


def advise(text: str, lexicon: Lexicon) -> Advice:
    """Advice about one text; a text that is too long is told so instead. Nothing here stops anyone from saving."""
    try:
        reading = read(text, lexicon)
    except TooLong:
        return Advice(too_long(), "")
    figures = reading.figures
    if figures.lix is None:
        return Advice(gettext("There is no text to check yet."), "")
    return Advice(_title(figures, figures.lix), _counted(figures), tuple(map(_line, reading.remarks)))


def _title(figures: Figures, lix: float) -> str:
    shown = round(lix)
    if figures.few:
        return str(gettext("LIX %(lix)s. The text is short, so the figure says little.", lix=shown))
    return str(gettext("LIX %(lix)s: %(band)s", lix=shown, band=BANDS[band_of(lix)]))


def _counted(figures: Figures) -> str:
    return str(
        gettext(
            "%(words)s words, %(each)s in each sentence, %(long)s %% long words (more than six letters).",
            words=figures.words,
            each=decimal(figures.words / figures.sentences),
            long=round(100 * figures.long_words / figures.words),
        )
    )


def _line(remark: Remark) -> str:
    if remark.kind == "office_word":
        return str(gettext("“%(found)s”: try “%(instead)s”", found=remark.found, instead=remark.instead))
    if remark.kind == "reference":
        return str(gettext("“%(found)s”: say what it means for the reader", found=remark.found))
    if remark.kind == "long_sentence":
        return str(
            ngettext(
                "“%(found)s …” is a sentence of %(num)s word: can it be two?",
                "“%(found)s …” is a sentence of %(num)s words: can it be two?",
                remark.count,
                found=remark.found,
            )
        )
    return str(gettext("“%(found)s” is a long word: is there a shorter one?", found=remark.found))
