"""What is chosen when a plan is shared."""

from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from hjelpa.core.schemas import Input, text_field
from hjelpa.core.versions import Version
from modules.citizens.schemas import FormKey
from modules.plans.document import PARTS


class OutsideInput(Input):
    """A service outside the house."""

    key = FormKey()
    name = text_field(
        _l("Which service?"),
        hint=_l("Such as the school, NAV or your doctor."),
        missing=_l("Write which service it is"),
    )
    address = text_field(
        _l("Their e-mail address"),
        hint=_l("They get a code there every time they want to read. Ask them for the right one."),
        missing=_l("Write an e-mail address where the service reads its mail"),
    )


class PartsInput(Input):
    """Parts that a service does not see."""

    version = Version()
    held_back = fields.List(
        fields.String(validate=validate.OneOf(list(PARTS), error=_l("Choose among these parts"))),
        load_default=list,
        metadata={
            "label": _l("Which parts do you hold back?"),
            "hint": _l("They do not see what you tick here."),
            "choices": PARTS,
        },
    )
