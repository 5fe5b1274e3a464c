"""Finding packs, their licences and their forms. The platform's own forms are in memory and cost no statement."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Subquery, and_, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute

from hjelpa.core.database import db
from hjelpa.core.types import utcnow
from modules.feedback.scales.choosing import Choice, PackInUse, choose_among, comparable, local_day, standing
from modules.feedback.scales.forms import Form, FormError
from modules.feedback.scales.models import ScaleChoice, ScaleForm, ScaleLicence, ScalePack
from modules.feedback.scales.reading import read_form
from modules.feedback.scales.registry import FORMS, OWN_PACK, VERSIONS, youngest_form
from tenants.identity.models import Membership

AnyRow = Row[*tuple[Any, ...]]


def find_form(key: str, version: int) -> Form | None:
    """One version of a form, ours or the municipality's own, whether its licence lives or not: data and curves stay."""
    return find_forms([(key, version)]).get((key, version))


def find_forms(wanted: Iterable[tuple[str, int]]) -> Mapping[tuple[str, int], Form]:
    """Several forms by key and version, in one statement at most; those that do not exist are left out."""
    asked = set(wanted)
    found = {place: VERSIONS[place] for place in asked & set(VERSIONS)}
    elsewhere = [place for place in asked - set(VERSIONS) if not place[0].startswith(f"{OWN_PACK}.")]
    if elsewhere:
        kept = select(ScaleForm.definition).where(tuple_(ScaleForm.key, ScaleForm.version).in_(elsewhere))
        found |= {(form.key, form.version): form for form in _read(db.session.scalars(kept))}
    return found


def _read(definitions: Iterable[Mapping[str, Any]]) -> list[Form]:
    """The forms that hold together; one that does not is handed to nobody."""
    forms = []
    for definition in definitions:
        try:
            forms.append(read_form(definition))
        except FormError:
            continue
    return forms


def choose_form(kind: str, age_band: str, *, youngest: bool = False) -> Form:
    """The form to hand over now, in one statement; `youngest` asks for the picture for children under 6."""
    return choose(kind, age_band, youngest=youngest).form


def choose(kind: str, age_band: str, *, youngest: bool = False) -> Choice:
    """The form to hand over now, with when it closes; for the youngest there is our own only, before a conversation."""
    if youngest and kind == "outcome":
        return Choice(youngest_form())
    return choose_among(find_pack_in_use(), kind, age_band, local_day(utcnow()))


def _latest_expiry(pack_id: InstrumentedAttribute[uuid.UUID] | ColumnElement[uuid.UUID]) -> ScalarSelect[date]:
    """The last day of the licence that was recorded last: that is the one that holds."""
    newest = (ScaleLicence.created_at.desc(), ScaleLicence.id.desc())
    latest = select(ScaleLicence.expires_on).where(ScaleLicence.pack_id == pack_id)
    return latest.order_by(*newest).limit(1).correlate(ScalePack).scalar_subquery()


def _newest_forms() -> Subquery:
    """The newest version of each form."""
    columns = (ScaleForm.tenant_id, ScaleForm.pack_id, ScaleForm.id, ScaleForm.created_at, ScaleForm.definition)
    newest = select(*columns).ext(distinct_on(ScaleForm.key)).order_by(ScaleForm.key, ScaleForm.version.desc())
    return newest.subquery()


def find_pack_in_use() -> PackInUse | None:
    """The municipality's pack that was taken into use last; None while the platform's own is. One statement."""
    latest = select(ScaleChoice.tenant_id, ScaleChoice.pack_id)
    newest = (ScaleChoice.chosen_at.desc(), ScaleChoice.id.desc())
    chosen, forms = latest.order_by(*newest).limit(1).subquery(), _newest_forms()
    rows = db.session.execute(
        select(ScalePack.id, ScalePack.name, _latest_expiry(ScalePack.id), forms.c.definition)
        .join(chosen, and_(chosen.c.tenant_id == ScalePack.tenant_id, chosen.c.pack_id == ScalePack.id))
        .outerjoin(forms, and_(forms.c.tenant_id == ScalePack.tenant_id, forms.c.pack_id == ScalePack.id))
        .order_by(forms.c.created_at.desc(), forms.c.id.desc())
    ).all()
    if not rows or rows[0][2] is None:
        return None
    id, name, expires_on, _ = rows[0]
    return PackInUse(id, name, expires_on, tuple(_read(row.definition for row in rows if row.definition)))


def find_pack_key() -> str:
    """The pack in use, by the name that answers' forms and estimates know it by; one statement.

    An ended licence changes nothing here: the answers that figures rest on are still those of that pack.
    """
    pack = find_pack_in_use()
    return OWN_PACK if pack is None else str(pack.id)


def list_forms_of(pack: str) -> tuple[Form, ...]:
    """The newest version of each form of a pack, the latest entered first; ours in memory, else one statement."""
    if pack == OWN_PACK:
        return tuple(FORMS.values())
    try:
        pack_id = uuid.UUID(pack)
    except ValueError:
        return ()
    forms = _newest_forms()
    latest = (forms.c.created_at.desc(), forms.c.id.desc())
    found = select(forms.c.definition).where(forms.c.pack_id == pack_id).order_by(*latest)
    return tuple(_read(db.session.scalars(found)))


def list_measuring(pack: str) -> tuple[Form, ...]:
    """The outcome forms of a pack whose totals may be put together in figures; keys hold for every version."""
    return comparable(list_forms_of(pack))


@dataclass(frozen=True, slots=True)
class PackRow:
    """A pack of the municipality's as lists show it. `licences` are those recorded, the one that holds first."""

    id: uuid.UUID
    name: str
    expires_on: date


def list_packs() -> Sequence[PackRow]:
    """The municipality's own packs by name."""
    packs = select(ScalePack.id, ScalePack.name, _latest_expiry(ScalePack.id)).order_by(
        ScalePack.name, ScalePack.id
    )
    return [PackRow(*row) for row in db.session.execute(packs) if row[2] is not None]


def find_pack(pack_id: uuid.UUID) -> PackRow | None:
    pack = select(ScalePack.id, ScalePack.name, _latest_expiry(ScalePack.id)).where(ScalePack.id == pack_id)
    row = db.session.execute(pack).one_or_none()
    return None if row is None or row[2] is None else PackRow(*row)


def find_ended_pack(form: Form) -> PackRow | None:
    """The pack of a form in which nothing is answered any more, as its licence has ended; None for a form that is open.

    Asked when a form is shown and when it is answered: a licence may be closed while a request is open.
    """
    pack = None if form.pack == OWN_PACK else find_pack(uuid.UUID(form.pack))
    return pack if pack and standing(pack.expires_on, local_day(utcnow())) == "ended" else None


def list_licences(pack_id: uuid.UUID) -> Sequence[AnyRow]:
    """(holder, reference, expires_on, name of who recorded it, created_at), the one that holds first."""
    recorded = and_(Membership.tenant_id == ScaleLicence.tenant_id, Membership.id == ScaleLicence.recorded_by)
    columns = (ScaleLicence.holder, ScaleLicence.reference, ScaleLicence.expires_on)
    query = select(*columns, Membership.name, ScaleLicence.created_at).join(Membership, recorded)
    newest = (ScaleLicence.created_at.desc(), ScaleLicence.id.desc())
    return db.session.execute(query.where(ScaleLicence.pack_id == pack_id).order_by(*newest)).all()


@dataclass(frozen=True, slots=True)
class FormRow:
    """One version of a form with who entered it and when; `form` is None for one that does not hold together."""

    id: uuid.UUID
    key: str
    version: int
    pack_id: uuid.UUID
    form: Form | None
    entered_by: str
    created_at: datetime


def list_versions(pack_id: uuid.UUID) -> Sequence[FormRow]:
    """Every version of every form of a pack, the newest of each first."""
    in_order = (ScaleForm.kind.desc(), ScaleForm.key, ScaleForm.version.desc())
    return _form_rows(ScaleForm.pack_id == pack_id, in_order)


def find_newest(form_id: uuid.UUID) -> FormRow | None:
    """The newest version of the form of which this is a version."""
    key = select(ScaleForm.key).where(ScaleForm.id == form_id).scalar_subquery()
    found = _form_rows(ScaleForm.key == key, (ScaleForm.version.desc(),))
    return found[0] if found else None


def _form_rows(which: ColumnElement[bool], order: tuple[ColumnElement[Any] | Any, ...]) -> list[FormRow]:
    entered = and_(Membership.tenant_id == ScaleForm.tenant_id, Membership.id == ScaleForm.entered_by)
    rows = db.session.execute(
        select(ScaleForm, Membership.name).join(Membership, entered).where(which).order_by(*order)
    )
    return [
        FormRow(
            row.id,
            row.key,
            row.version,
            row.pack_id,
            next(iter(_read([row.definition])), None),
            name,
            row.created_at,
        )
        for row, name in rows
    ]


def list_choices(limit: int = 20) -> Sequence[AnyRow]:
    """(chosen_at, name of the pack or None for ours, name of who chose), the latest first."""
    pack = and_(ScalePack.tenant_id == ScaleChoice.tenant_id, ScalePack.id == ScaleChoice.pack_id)
    who = and_(Membership.tenant_id == ScaleChoice.tenant_id, Membership.id == ScaleChoice.chosen_by)
    query = select(ScaleChoice.chosen_at, ScalePack.name, Membership.name).outerjoin(ScalePack, pack)
    latest = (ScaleChoice.chosen_at.desc(), ScaleChoice.id.desc())
    return db.session.execute(query.join(Membership, who).order_by(*latest).limit(limit)).all()
