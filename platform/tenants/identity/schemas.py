"""What a person types to sign in or changes about the own account."""

from flask_babel import lazy_gettext as _l
from marshmallow import fields

from hjelpa.core.schemas import Input, choice_field, text_field
from hjelpa.web.i18n import LANGUAGES


class SignInInput(Input):
    email = text_field(_l("E-mail address"), missing=_l("Write your e-mail address"))
    password = text_field(_l("Password"), missing=_l("Write your password"))
    next = fields.String(load_default="/")


class LanguageInput(Input):
    language = choice_field(_l("Language"), LANGUAGES)
