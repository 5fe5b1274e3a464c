"""The form of a service: who may keep it right, what stands in it, and what a colleague wrote meanwhile."""

import uuid
from collections.abc import Sequence

from flask import render_template, request
from flask_babel import gettext

from hjelpa.core.visitor import Seat
from hjelpa.web.forms import Form
from modules.services.commands import WRITTEN
from modules.services.models import Service
from modules.services.schemas import LANGUAGES, with_owners
from tenants.identity.members import list_members

# What a form starts from and a colleague may have changed: the written fields, and the web page.
FIELDS = (*WRITTEN, "web")


def _owners() -> dict[str, str]:
    return {str(member.id): member.name for member in list_members()}


def blank_form(key: uuid.UUID, seat: Seat) -> Form:
    language = seat.language if seat.language in LANGUAGES else "nb"
    initial = {"key": key, "version": 0, "language": language, "owner": seat.id, "audience": "everyone"}
    return Form(with_owners(_owners()), initial=initial)


def form_of(service: Service) -> Form:
    """The form as the service stands; a web page is shown as it is kept."""
    initial = {name: getattr(service, name) for name in FIELDS}
    noted = {"key": service.id, "version": service.version, "owner": service.owner_id}
    return Form(with_owners(_owners()), initial={**initial, **noted})


def read_form() -> Form:
    return Form.read(with_owners(_owners()), request.form)


def say_differences(form: Form, service: Service) -> list[tuple[str, str]]:
    """What stands in the catalogue now where it differs from the form: label and text. The form gets its version."""
    form.typed = {**form.typed, "version": service.version}
    now = {name: str(getattr(service, name)) for name in FIELDS}
    titles = {name: dict(form.choices(name)) for name in FIELDS}
    return [
        (form.label(name), titles[name].get(text, text) or gettext("Nothing"))
        for name, text in now.items()
        if text != form.value(name).replace("\r\n", "\n").strip()
    ]


def show_form(form: Form, service_id: uuid.UUID | None, *, theirs: Sequence[tuple[str, str]] = ()) -> str:
    """The page with the form; `theirs` is what a colleague wrote while this was being typed."""
    return render_template(
        "services/form.html",
        form=form,
        form_errors=form.errors or theirs,
        service_id=service_id,
        theirs=theirs,
    )
