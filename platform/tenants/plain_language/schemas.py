"""What is written on the pages of plain language."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from hjelpa.core.schemas import LONG_TEXT, Input, choice_field, text_field

LANGUAGES: dict[str, str | LazyString] = {"nb": "Bokmål", "nn": "Nynorsk", "da": "Dansk"}


class TextInput(Input):
    """Any text, to be looked at and kept nowhere."""

    language = choice_field(_l("Language of the text"), LANGUAGES)
    text = text_field(_l("The text"), required=False, limit=LONG_TEXT)


class WordInput(Input):
    """A municipality's own word."""

    language = choice_field(_l("Language"), LANGUAGES)
    word = text_field(_l("Office word"), limit=80, hint=_l("A word or a few words."), missing=_l("Write the word"))
    instead = text_field(
        _l("Say instead"),
        required=False,
        limit=120,
        hint=_l("Leave it empty when the word is fine with you: then nobody is told about it."),
    )
