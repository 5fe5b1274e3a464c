"""What changes the catalogue. Nothing here commits: that is the request's own act."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from hjelpa.core.database import db
from hjelpa.core.types import utcnow
from modules.citizens.commands import insert_once
from modules.services.models import Service
from modules.services.rules import web_address

TEXTS = ("involves", "for_whom", "how_to_start", "cost", "phone", "address", "keywords")
WRITTEN = ("language", "kind", "audience", "name", *TEXTS)


def add_service(values: Mapping[str, Any], owner: uuid.UUID, today: date) -> uuid.UUID:
    """A new service, right as of today; the same form sent twice is one. Returns its id."""
    return (
        insert_once(Service, values["key"], {**_written(values), "owner_id": owner}, {"checked_on": today})
        or (values["key"])
    )


def lock_service(service_id: uuid.UUID) -> Service | None:
    """The service, held until the request ends, so that two people cannot change it at once."""
    return db.session.scalars(select(Service).where(Service.id == service_id).with_for_update()).one_or_none()


def change_service(service: Service, values: Mapping[str, Any], owner: uuid.UUID, today: date) -> bool:
    """Writes what was changed; False, and nothing written, when a colleague has changed the text meanwhile.

    The same form sent twice is no conflict: the text already says so.
    """
    said = {**_written(values), "owner_id": owner}
    if service.version != values["version"]:
        return all(getattr(service, name) == value for name, value in said.items())
    for name, value in said.items():
        setattr(service, name, value)
    service.version += 1
    service.checked_on = today
    return True


def _written(values: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: values[name] for name in WRITTEN}
    return {**said, "web": web_address(values["web"]) or "" if values["web"] else ""}


def put_away(service: Service) -> None:
    service.archived_at = service.archived_at or utcnow()


def take_back(service: Service) -> None:
    service.archived_at = None
