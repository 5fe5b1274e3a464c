"""Where a code can be sent, as it is typed in the plan's forms."""

import uuid

from flask_babel import gettext

from hjelpa.core.isolation import get_tenant_id
from hjelpa.web.forms import Form
from tenants.guests.queries import get_place, is_taken
from tenants.guests.rules import Address, read_address
from tenants.messages.transports import can_send


def refuse_unreachable(form: Form, name: str) -> Address | None:
    """The address in a field, written as we keep it; a message beside the field where no code could be sent there."""
    typed = form.values.get(name, "")
    if not typed:
        return None
    to = read_address(typed, get_place(get_tenant_id()).country)
    if to is None:
        form.refuse(name, gettext("Write a phone number with eight digits, or an e-mail address"))
        return None
    if not can_send(to.channel):
        form.refuse(name, say_no_way())
    form.values[name] = to.text
    return to


def refuse_taken(
    form: Form, name: str, to: Address | None, citizen_id: uuid.UUID, *, relation: str = "adult"
) -> None:
    """A message beside the field where somebody's codes would go to whoever comes in as something else."""
    if to is not None and is_taken(citizen_id, to.text, relation=relation):
        form.refuse(name, say_taken())


def find_hindrance(to: Address, citizen_id: uuid.UUID, *, relation: str) -> str | None:
    """Why nobody can be let in by an address that was used before; None where they can."""
    if not can_send(to.channel):
        return say_no_way()
    return say_taken() if is_taken(citizen_id, to.text, relation=relation) else None


def say_no_way() -> str:
    return gettext("Codes cannot be sent this way yet. Try an e-mail address or a phone number instead.")


def say_taken() -> str:
    return gettext("Somebody else already comes in to these pages by this address. Each must have their own.")
