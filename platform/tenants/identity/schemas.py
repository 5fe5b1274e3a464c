"""What a person types to sign in or changes about the own account."""

from flask_babel import lazy_gettext as _l
from marshmallow import fields

from hjelpa.core.schemas import Input, choice_field, text_field
from hjelpa.web.i18n import LANGUAGES


class DemoSignInInput(Input):
    """Who to be, and what every sign-in carries: where the person was heading."""

    email = text_field(_l("E-mail address"), missing=_l("Write your e-mail address"))
    next = fields.String(load_default="/")
    # Set when a form was sent after the session had ended.
    lost = fields.String(load_default="")


class SignInInput(DemoSignInInput):
    password = text_field(_l("Password"), missing=_l("Write your password"))


class LanguageInput(Input):
    language = choice_field(_l("Language"), LANGUAGES)
