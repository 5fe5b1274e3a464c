"""What is typed to come in, and to let somebody in."""

from flask_babel import lazy_gettext as _l
from marshmallow import fields

from hjelpa.core.schemas import Input, check_field, text_field


class SignInInput(Input):
    """Where the code is to go, and where the person was heading."""

    address = text_field(
        _l("Phone number or e-mail address"),
        hint=_l("The one your helper has written down for you."),
        missing=_l("Write your phone number or e-mail address"),
    )
    next = fields.String(load_default="")
    # Set when a form was sent after the session had ended.
    lost = fields.String(load_default="")


class CodeInput(Input):
    code = text_field(_l("The code"), hint=_l("Six digits."), limit=20, missing=_l("Write the six digits"))
    asked = fields.String(load_default="")
    next = fields.String(load_default="")
    lost = fields.String(load_default="")


class AccessInput(Input):
    """Letting the citizen in to their own pages."""

    address = text_field(
        _l("Their phone number or e-mail address"),
        hint=_l("Ask whether anybody else reads messages there. Whoever does can come in."),
        missing=_l("Write a phone number or an e-mail address"),
    )
    asked = check_field(_l("The citizen wants this"))
