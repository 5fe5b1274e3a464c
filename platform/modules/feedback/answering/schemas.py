"""What is typed besides the scale itself: marks from paper, where to send a link, a rater's name, a sentence."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, validates

from hjelpa.core.contract import OwnGoal
from hjelpa.core.schemas import Input, check_field, choice_field, text_field
from modules.citizens.schemas import FormKey
from modules.feedback.answering.rules import read_mark
from modules.feedback.scales.forms import Form, Item

WORDS_LENGTH = 500
LABEL_LENGTH = 40

CHANNELS = {"paper": _l("On paper"), "phone": _l("By phone")}


class MarkField(fields.Field[int]):
    """A place on a line as a number of points, at most one decimal; kept in tenths."""

    def __init__(self, item: Item, language: str, maximum: int) -> None:
        words = item.words[language]
        self.maximum = maximum
        ends = gettext(
            "“%(left)s” is 0 and “%(right)s” is %(most)s.", left=words.left, right=words.right, most=maximum // 10
        )
        super().__init__(load_default=None, metadata={"label": words.title, "hint": ends})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        try:
            return read_mark(str(value), self.maximum)
        except ValueError:
            said = gettext("Write a number from 0 to %(most)s, with one decimal at most", most=self.maximum // 10)
            raise ValidationError(said) from None


def _input(asked: Mapping[str, fields.Field[Any]]) -> type[Input]:
    """A form whose fields are known when it is shown."""
    return cast(type[Input], Input.from_dict(dict(asked), name="AskedInput"))


def entering_input(form: Form, language: str) -> type[Input]:
    """The form's lines as fields, how the answer came, and what was said besides."""
    marks: dict[str, fields.Field[Any]] = {
        item.name: MarkField(item, language, form.item_maximum) for item in form.items
    }
    about = {
        "channel": choice_field(_l("How was it answered?"), CHANNELS, missing=_l("Choose how it was answered")),
        "words": words_field(_l("Did they say something more?")),
    }
    return _input({**marks, **about})


def words_field(label: Any) -> fields.String:
    return text_field(label, required=False, limit=WORDS_LENGTH)


GOAL = "goal-"


def more_input(goals: Sequence[OwnGoal]) -> type[Input]:
    """A sentence, and where somebody is on the way to each goal."""
    steps = {str(number): str(number) for number in range(11)}
    asked: dict[str, fields.Field[Any]] = {
        f"{GOAL}{goal.id}": choice_field(goal.words, steps, required=False) for goal in goals
    }
    words = words_field(_l("Do you want to say something more?"))
    return _input({**asked, "words": words})


class SendInput(Input):
    """Where a link is to go."""

    address = text_field(
        _l("Their phone number or e-mail address"),
        hint=_l("The message names nobody. It holds the link only."),
        missing=_l("Write a phone number or an e-mail address"),
    )
    wished = check_field(_l("They want it sent to them"))


class RaterInput(Input):
    """Somebody besides the citizen who answers in the course."""

    key = FormKey()
    label = text_field(
        _l("What do you call them?"),
        hint=_l("For example Mum, Dad or the contact teacher. Their curve stands under this name."),
        limit=LABEL_LENGTH,
        missing=_l("Write what you call them"),
    )

    @validates("label")
    def refuse_unreadable(self, value: str, **_: Any) -> None:
        """A curve under a mark alone cannot be told from another, nor read aloud."""
        if value and not any(sign.isalnum() for sign in value):
            raise ValidationError([_l("Write what you call them")])
