"""What is chosen for an import besides the file."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from hjelpa.core.schemas import Input, choice_field, text_field
from modules.citizens.schemas import FormKey


def import_input(doors: Mapping[str, str], helpers: Mapping[str, str], packs: Mapping[str, str]) -> type[Input]:
    """The form, with what can be chosen in this municipality now."""
    fields = {
        "key": FormKey(),
        "file": text_field(
            _l("The file"),
            required=False,
            hint=_l("CSV or XLSX, at most 64 MB. It is kept only until it has been taken in."),
        ),
        "unit_id": choice_field(_l("At which door are the new courses?"), doors, missing=_l("Choose a door")),
        "helper_id": choice_field(
            _l("Who answers for the new courses?"),
            helpers,
            hint=_l("Each course has one helper who answers for it. It can be passed on afterwards."),
            missing=_l("Choose a helper"),
        ),
        "pack": choice_field(_l("Which forms were answered?"), packs, missing=_l("Choose the forms")),
    }
    return type("ImportInput", (Input,), fields)
