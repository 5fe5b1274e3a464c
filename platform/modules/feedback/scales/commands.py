"""What changes packs, licences and forms. Nothing here commits: that is the request's own act."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from hjelpa.core.database import db
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.types import new_id
from hjelpa.core.visitor import get_seat
from modules.citizens.commands import insert_once, is_received
from modules.feedback.scales.forms import Form
from modules.feedback.scales.models import ScaleChoice, ScaleForm, ScaleLicence, ScalePack
from modules.feedback.scales.queries import FormRow
from modules.feedback.scales.reading import write_form


def add_pack(values: Mapping[str, Any]) -> uuid.UUID:
    """A pack with its first licence; the same form sent twice is one. Returns the pack's id."""
    said = {"name": values["name"], "recorded_by": get_seat().id}
    pack_id = insert_once(ScalePack, values["key"], said, {})
    if pack_id is None:
        return values["key"]  # type: ignore[no-any-return]  # a schema's values are of any type
    renew_licence(pack_id, {**values, "key": new_id()})
    return pack_id


def renew_licence(pack_id: uuid.UUID, values: Mapping[str, Any]) -> None:
    """Records a licence, which holds from now on; those before it are kept."""
    said = {name: values[name] for name in ("holder", "reference", "expires_on")}
    insert_once(ScaleLicence, values["key"], {**said, "pack_id": pack_id, "recorded_by": get_seat().id}, {})


def add_form(pack_id: uuid.UUID, id: uuid.UUID, form: Form) -> None:
    """A new form, at its first version; the same sent twice is one."""
    for own in (id, new_id()):
        keyed = replace(form, key=f"{own}.{form.kind}", pack=str(pack_id), version=1)
        if _insert(own, pack_id, keyed) or is_received(ScaleForm, own, {"definition": write_form(keyed)}):
            return
    raise RuntimeError("a new id is taken")


def add_version(newest: FormRow, seen: int, id: uuid.UUID, form: Form) -> bool:
    """A form's next version after the one that was `seen`; False, and nothing saved, when a colleague has saved one
    meanwhile. The same sent twice is one, and a version that says nothing new is none."""
    if newest.id == id or form == newest.form:
        return True
    if newest.version != seen:
        return False
    return _insert(id, newest.pack_id, replace(form, version=seen + 1))


def _insert(id: uuid.UUID, pack_id: uuid.UUID, form: Form) -> bool:
    row = {
        "tenant_id": get_tenant_id(),
        "id": id,
        "pack_id": pack_id,
        "key": form.key,
        "kind": form.kind,
        "version": form.version,
        "definition": write_form(form),
        "entered_by": get_seat().id,
    }
    added = insert(ScaleForm).values(row).on_conflict_do_nothing().returning(ScaleForm.id)
    return db.session.execute(added).scalar_one_or_none() is not None


def choose_pack(pack_id: uuid.UUID | None) -> None:
    """Takes a pack into use from now on, None for the platform's own."""
    db.session.add(ScaleChoice(pack_id=pack_id, chosen_by=get_seat().id))
