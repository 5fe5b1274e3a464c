"""What a person types to sign in or changes about the own account."""

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, validates_schema

from hjelpa.core.schemas import Input, choice_field, text_field
from hjelpa.web.i18n import LANGUAGES
from tenants.identity.rules import CODE, is_guessable


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


class ScreenCodeInput(Input):
    """The helper's own code, which opens the screen again."""

    screen_code = text_field(_l("The helper's code"), missing=_l("Write the code"))

    @validates_schema
    def look_like_a_code(self, data: dict[str, Any], **_: Any) -> None:
        if "screen_code" in data and not CODE.fullmatch(data["screen_code"]):
            raise ValidationError(_l("The code is 4 to 8 digits"), "screen_code")


class ChooseCodeInput(ScreenCodeInput):
    """A code to choose, written twice; `then` is what it was needed for, sealed (`screen.find_waiting`)."""

    screen_code = text_field(
        _l("Your code"), missing=_l("Write the code"), hint=_l("4 to 8 digits that only you know.")
    )
    again = text_field(_l("The same code once more"), missing=_l("Write the code once more"))
    then = fields.String(load_default="")

    @validates_schema
    def be_hard_to_guess(self, data: dict[str, Any], **_: Any) -> None:
        code = data.get("screen_code", "")
        if CODE.fullmatch(code) and is_guessable(code):
            said = _l("That is too easy to guess. Avoid digits in a row, and the same ones again.")
            raise ValidationError(said, "screen_code")
        if "again" in data and CODE.fullmatch(code) and data["again"] != code:
            raise ValidationError(_l("The two codes are not the same"), "again")
