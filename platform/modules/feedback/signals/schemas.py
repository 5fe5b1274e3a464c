"""What helpers write about a signal, for supervision, and about what was learned."""

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates

from hjelpa.core.schemas import Input, check_field, choice_field, text_field
from modules.citizens.traceless import BlindKey
from modules.citizens.unnamed import names_a_number
from modules.feedback.signals.wording import DONE, SOURCES

LIMIT = 2_000
UNNAMED = _l("Write without names, places and anything else by which somebody could be recognised.")


def refuse_a_number(value: str) -> None:
    """A number long enough to belong to a person can be told from words; a name cannot."""
    if names_a_number(value):
        raise ValidationError([_l("Leave out phone numbers and other numbers that belong to a person")])


class EndInput(Input):
    """What was done about a signal."""

    done = choice_field(_l("What did you do?"), DONE, missing=_l("Choose what you did"))
    words = text_field(
        _l("In a few words"),
        hint=_l("What you agreed on. It stands in the course."),
        limit=LIMIT,
        required=False,
    )


class QuestionInput(Input):
    question = text_field(
        _l("What do you want help to think about?"),
        hint=UNNAMED,
        limit=LIMIT,
        missing=_l("Write what you want to ask"),
    )

    @validates("question")
    def refuse_numbers(self, value: str, **_: Any) -> None:
        refuse_a_number(value)


class NoteInput(Input):
    """`key` is the id that the note gets."""

    key = BlindKey()
    words = text_field(_l("What did we learn?"), hint=UNNAMED, limit=LIMIT, missing=_l("Write what we learned"))
    signed = check_field(
        _l("Sign with my name"),
        hint=_l("Without a signature nobody can see who wrote it, and it is not kept anywhere."),
    )

    @validates("words")
    def refuse_numbers(self, value: str, **_: Any) -> None:
        refuse_a_number(value)


class ThemeInput(Input):
    """`key` is the id that the theme gets."""

    key = BlindKey()
    source = choice_field(_l("Where have you seen it?"), SOURCES)
    words = text_field(
        _l("What is it that comes back?"),
        hint=UNNAMED,
        limit=LIMIT,
        missing=_l("Write what it is that comes back"),
    )

    @validates("words")
    def refuse_numbers(self, value: str, **_: Any) -> None:
        refuse_a_number(value)
