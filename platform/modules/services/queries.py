"""Finding help that exists, in everyday words."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, String, case, cast, func, select
from sqlalchemy.dialects.postgresql import TSQUERY

from hjelpa.core.database import db
from modules.citizens.paging import PAGE_SIZE, counted, one
from modules.citizens.queries import AnyRow
from modules.services.models import Service
from modules.services.rules import year_before
from tenants.identity.models import Membership

_OWNER = (Membership.tenant_id == Service.tenant_id) & (Membership.id == Service.owner_id)
_OFFERED = Service.archived_at.is_(None)
_DESERTED = Membership.ended_at.is_not(None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which services are looked for. `shown` is one of `rules.SHOWN`; empty texts choose nothing."""

    words: str = ""
    kind: str = ""
    audience: str = ""
    shown: str = "all"


def _sought(words: str) -> ColumnElement[str]:
    """What is looked for, in the language of each row: any of the words, since people write sentences.

    Those in which more of them stand come first (`_rank`). Stop words and endings are PostgreSQL's own.
    """
    every = func.plainto_tsquery(func.app.text_config(Service.language), words)
    return cast(func.replace(cast(every, String), "&", "|"), TSQUERY)


def _rank(words: str) -> ColumnElement[float]:
    """Services in which all words stand first, then by where and how often they do."""
    every = func.plainto_tsquery(func.app.text_config(Service.language), words)
    whole = case((Service.search.op("@@")(every), 1.0), else_=0.0)
    return whole + func.ts_rank(Service.search, _sought(words), type_=Float())


def list_services(wanted: Wanted, reader: uuid.UUID | None, today: date, page: int) -> Sequence[AnyRow]:
    """One page of services; `total` stands on every row. By how well the words fit, else by name."""
    matching = _matching(wanted, reader, today)
    listed = (
        _rows()
        .where(*matching)
        .add_columns(counted(one().select_from(Service).join(Membership, _OWNER).where(*matching)).label("total"))
        .order_by(*_order(wanted.words))
        .limit(PAGE_SIZE)
    )
    return db.session.execute(listed.offset((page - 1) * PAGE_SIZE) if page > 1 else listed).all()


def search_offered(words: str, *, limit: int) -> Sequence[AnyRow]:
    """What is offered and fits the words, best first: for search and for suggestions in a plan."""
    found = _rows().where(*_matching(Wanted(words=words), None, date.max)).order_by(*_order(words))
    return db.session.execute(found.limit(limit)).all()


def _rows() -> Select[*tuple[object, ...]]:
    return select(
        Service.id,
        Service.name,
        Service.kind,
        Service.audience,
        Service.for_whom,
        Service.involves,
        Service.language,
        Service.checked_on,
        Membership.name.label("owner"),
        _DESERTED.label("deserted"),
    ).join(Membership, _OWNER)


def _matching(wanted: Wanted, reader: uuid.UUID | None, today: date) -> list[ColumnElement[bool]]:
    found = [_of_list(wanted.shown, reader, today)]
    if wanted.kind:
        found.append(Service.kind == wanted.kind)
    if wanted.audience:
        # What is for everyone is for children too.
        found.append(Service.audience.in_([wanted.audience, "everyone"]))
    if wanted.words:
        found.append(Service.search.op("@@")(_sought(wanted.words)))
    return found


def _of_list(shown: str, reader: uuid.UUID | None, today: date) -> ColumnElement[bool]:
    if shown == "archived":
        return Service.archived_at.is_not(None)
    chosen = {
        "mine": Service.owner_id == reader,
        "old": Service.checked_on <= year_before(today),
        "ownerless": _DESERTED,
    }
    return _OFFERED & chosen[shown] if shown in chosen else _OFFERED


def _order(words: str) -> list[ColumnElement[Any]]:
    by_name: list[ColumnElement[Any]] = [Service.name.expression, Service.id.expression]
    return [_rank(words).desc(), *by_name] if words else by_name


def find_service(service_id: uuid.UUID, *, offered: bool = False) -> AnyRow | None:
    """Everything about a service, with its owner's name; with `offered`, only one that is not put away."""
    query = select(Service, Membership.name.label("owner"), _DESERTED.label("deserted")).join(Membership, _OWNER)
    query = query.where(Service.id == service_id)
    return db.session.execute(query.where(_OFFERED) if offered else query).one_or_none()


def list_old(owner: uuid.UUID, today: date, *, limit: int) -> Sequence[AnyRow]:
    """What somebody keeps right and nobody has looked at for a year, the oldest first."""
    query = select(Service.id, Service.name, Service.checked_on).where(
        _OFFERED, Service.owner_id == owner, Service.checked_on <= year_before(today)
    )
    return db.session.execute(query.order_by(Service.checked_on, Service.id).limit(limit)).all()


def summarise_ownerless() -> tuple[int, datetime | None]:
    """How many services belong to somebody who has left, and when the first of them left."""
    query = (
        select(func.count(), func.min(Membership.ended_at))
        .select_from(Service)
        .join(Membership, _OWNER)
        .where(_OFFERED, _DESERTED)
    )
    row = db.session.execute(query).one()
    return row[0], row[1]


def list_names() -> Sequence[AnyRow]:
    """All that is offered, by name: to choose among in a form."""
    return db.session.execute(select(Service.id, Service.name).where(_OFFERED).order_by(Service.name)).all()
