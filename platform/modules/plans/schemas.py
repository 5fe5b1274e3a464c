"""What is asked when a plan is written: one matter a form, each with the version it was opened in."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields

from hjelpa.core.schemas import LONG_TEXT, Input, check_field, choice_field, date_field, text_field
from hjelpa.core.versions import Version
from modules.citizens.schemas import FormKey
from modules.plans.wording import CELLS, EFFECTS, GOAL_STATES, MEASURE_KINDS, NEXT, RIGHT, YES_NO

SHORT = 1000


class WholeNumber(fields.Field[int]):
    """A short whole number as people type it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not (str(value).isdecimal() and len(str(value)) < 5):
            raise self.make_error("invalid")
        return int(value)


class PartInput(Input):
    """`key` is the id that a new part gets, `version` that of one which is changed."""

    key = FormKey()
    version = Version()


class MattersInput(PartInput):
    matters = text_field(
        _l("What matters to me"),
        hint=_l("In the words of the one the plan is for."),
        limit=LONG_TEXT,
        required=False,
    )
    evaluate_on = date_field(
        _l("When do we look at the whole plan next?"),
        required=False,
        hint=_l("Leave it empty only when nothing more is needed."),
    )


class HeadingInput(PartInput):
    heading = text_field(_l("Own heading"), limit=80, missing=_l("Write a heading"))


class WordsInput(PartInput):
    works = text_field(CELLS["works"], limit=LONG_TEXT, required=False)
    hard = text_field(CELLS["hard"], limit=LONG_TEXT, required=False)
    wish = text_field(CELLS["wish"], limit=LONG_TEXT, required=False)


class GoalInput(PartInput):
    words = text_field(
        _l("What do you want to achieve?"),
        hint=_l("In your own words."),
        limit=SHORT,
        missing=_l("Write the goal in a few words"),
    )
    state = choice_field(_l("How does it stand?"), GOAL_STATES)


class ProgressInput(Input):
    key = FormKey()
    value = choice_field(
        _l("Where are you on the way, from 0 to 10?"),
        {str(number): str(number) for number in range(11)},
        hint=_l("0 is not begun, 10 is there."),
        missing=_l("Choose a number from 0 to 10"),
    )


class MeasureInput(PartInput):
    what = text_field(_l("What shall be done?"), limit=SHORT, missing=_l("Write what shall be done"))
    kind = choice_field(_l("Whose effort is it?"), MEASURE_KINDS)
    who = text_field(
        _l("Who does it?"), required=False, hint=_l("A name, such as Mum, the coach, or the nurse at school.")
    )
    membership_id = choice_field(_l("Or a colleague"), {}, required=False)
    goal_id = choice_field(_l("Under which goal?"), {}, required=False)
    begins_on = date_field(_l("From when?"))
    evaluate_on = date_field(_l("When do we look at whether it helps?"))
    needs_decision = choice_field(_l("Did this need a formal decision?"), YES_NO, missing=_l("Choose yes or no"))


def asking(members: Mapping[str, str], goals: Mapping[str, str]) -> type[MeasureInput]:
    """The form of a measure, with the colleagues and the plan's goals that can be chosen."""

    class Asking(MeasureInput):
        class Meta(Input.Meta):
            register = False

        membership_id = choice_field(_l("Or a colleague"), members, required=False)
        goal_id = choice_field(
            _l("Under which goal?"),
            goals,
            required=False,
            hint=_l("Leave it empty when it belongs to the whole plan."),
        )

    return Asking


class AgreementInput(PartInput):
    what = text_field(_l("What is agreed?"), limit=SHORT, missing=_l("Write what you agreed on"))
    who = text_field(_l("Who does it?"), missing=_l("Write who does it"))
    due_on = date_field(_l("By when?"))


class EvaluationInput(PartInput):
    effect = choice_field(_l("Has it had the effect that we wanted?"), EFFECTS)
    right_help = choice_field(_l("Is it the right thing to do?"), RIGHT)
    change = text_field(_l("What should be changed?"), required=False, limit=LONG_TEXT)
    wanted = text_field(_l("Is there help you want and do not get?"), required=False, limit=LONG_TEXT)
    shared = check_field(
        _l("Share this wish without a name"),
        hint=_l("Only these words go further, so that the service learns what is missing. Leave out names."),
    )
    then = choice_field(_l("What happens now?"), NEXT)
    next_on = date_field(_l("New evaluation date"), required=False)


class DecisionInput(Input):
    """Who decides about access to a child's plan."""

    version = Version()
    birth_year = WholeNumber(
        required=True,
        error_messages={"required": _l("Write the year of birth"), "invalid": _l("Write a year, like 2012")},
        metadata={
            "label": _l("Which year is the child born?"),
            "hint": _l("Asked only to know who decides who has access."),
        },
    )


class AdultInput(Input):
    key = FormKey()
    name = text_field(_l("Name"), missing=_l("Write the name"))
    relation = text_field(
        _l("Who are they to the child?"),
        hint=_l("The child's own word, such as Mum or Uncle Per."),
        required=False,
    )
    contact = text_field(
        _l("Phone or e-mail"),
        hint=_l("The one-time code is sent there. No other adult sees it."),
        missing=_l("Write where the code can be sent"),
    )
    protected = check_field(_l("Lives at a hidden address"))
    agreed = check_field(_l("The one who decides has said yes to this"))


class AddressInput(Input):
    version = Version()
    address = text_field(
        _l("Address"), required=False, limit=SHORT, hint=_l("Never printed, and in no copy of the plan.")
    )
    protected = check_field(
        _l("The address is hidden"), hint=_l("Then only whoever is responsible for the course sees it.")
    )


class AgeInput(Input):
    """The municipality's own decision."""

    age = WholeNumber(
        load_default=None,
        error_messages={"invalid": _l("Write an age in whole years, from 1 to 18")},
        metadata={
            "label": _l("From which age does the young person decide who has access?"),
            "hint": _l("In whole years. Leave it empty as long as it is not decided."),
        },
    )


def choices_of(rows: Sequence[tuple[uuid.UUID, str]]) -> dict[str, str]:
    return {str(id): title for id, title in rows}
