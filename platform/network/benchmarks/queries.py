"""All SQL of the benchmarks: contributions by municipality, and releases."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Uuid, and_, cast, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hjelpa.core.contract import Counts
from hjelpa.core.database import db, network_session
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.outbox import NetworkOutboxRow
from hjelpa.core.types import new_id, utcnow
from network.benchmarks.models import Contribution, Release, ReleaseCell
from network.benchmarks.rules import Decision, Figure, Part, Policy, is_period, period_of
from tenants.municipalities.models import FeatureSwitch, Municipality

# Any number will do, as long as nothing else in the database takes the same lock.
_RELEASE_LOCK = 7_203_114_560

_COUNTED = ("numerator", "denominator", "eligible")


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Which cell: an indicator in one version, a period and a stratum."""

    indicator: str
    version: int
    period: str
    stratum: str = "all"


@dataclass(frozen=True, slots=True)
class OwnFigure:
    """A municipality's own counts for one cell."""

    key: Key
    counts: Counts


@dataclass(frozen=True, slots=True)
class CellRow:
    """One cell as it was released."""

    key: Key
    sequence: int
    released_at: datetime
    decision: Decision


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """How many municipalities have contributed to a period, and never what."""

    period: str
    municipalities: int
    cells: int
    undecided: int


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    sequence: int
    released_at: datetime
    published: int
    withheld: int


@dataclass(frozen=True, slots=True)
class Work:
    """A release that somebody has asked for. States: waiting, running, done, failed."""

    id: uuid.UUID
    state: str
    asked_at: datetime
    done_at: datetime | None
    sequence: int | None

    @property
    def busy(self) -> bool:
        return self.state in ("waiting", "running")


def find_active_switches() -> frozenset[str] | None:
    """The features this municipality has switched off; None when it is not an active member."""
    off = (
        select(FeatureSwitch.feature)
        .select_from(Municipality)
        .outerjoin(FeatureSwitch, FeatureSwitch.tenant_id == Municipality.id)
    )
    rows = db.session.scalars(off.where(Municipality.id == get_tenant_id(), Municipality.status == "active")).all()
    return frozenset(name for name in rows if name) if rows else None


def save_contributions(counted: Mapping[Key, Counts]) -> None:
    """Adds new counts and changes those that differ, in one statement.

    Empty cells are kept only where there was something before: a municipality that has not begun contributes nothing.
    """
    columns = (Contribution.indicator, Contribution.version, Contribution.period, Contribution.stratum)
    known = {Key(*row) for row in db.session.execute(select(*columns))}
    values = [
        {"tenant_id": get_tenant_id(), "id": new_id(), **asdict(key), **asdict(counts)}
        for key, counts in counted.items()
        if key in known or any(asdict(counts).values())
    ]
    if not values:
        return
    added = insert(Contribution).values(values)
    changed = or_(*(getattr(Contribution, name).is_distinct_from(added.excluded[name]) for name in _COUNTED))
    db.session.execute(
        added.on_conflict_do_update(
            index_elements=["tenant_id", "indicator", "version", "period", "stratum"],
            set_={name: added.excluded[name] for name in _COUNTED} | {"computed_at": utcnow()},
            where=changed,
        )
    )


def list_own() -> Sequence[OwnFigure]:
    """Everything this municipality has contributed to the unsplit cells."""
    columns = (Contribution.indicator, Contribution.version, Contribution.period, Contribution.stratum)
    counts = (Contribution.numerator, Contribution.denominator, Contribution.eligible)
    rows = db.session.execute(select(*columns, *counts).where(Contribution.stratum == "all"))
    return [OwnFigure(Key(*row[:4]), Counts(*row[4:])) for row in rows]


def list_cells(session: Session, *, sequence: int | None = None) -> Sequence[CellRow]:
    """Released cells by indicator and period: of one release, or of all together (each cell is decided once)."""
    cell = ReleaseCell
    wanted = (
        select(cell.indicator, cell.version, cell.period, cell.stratum, Release.sequence, Release.released_at)
        .add_columns(cell.status, cell.contributors, cell.persons, cell.value, cell.q1, cell.median, cell.q3)
        .join(Release, Release.id == cell.release_id)
        .order_by(cell.indicator, cell.version, cell.period, cell.stratum)
    )
    if sequence is not None:
        wanted = wanted.where(Release.sequence == sequence)
    return [
        CellRow(Key(*row[:4]), row[4], row[5], Decision(*row[6:9], *(_figure(value) for value in row[9:])))
        for row in session.execute(wanted)
    ]


def _figure(value: Decimal | None) -> Figure | None:
    """The column has one decimal, which only ratios use."""
    return int(value) if value is not None and value == int(value) else value


def hold_release_lock() -> None:
    """Lets one release be made at a time; the lock goes with the transaction."""
    network_session.execute(select(func.pg_advisory_xact_lock(_RELEASE_LOCK)))


def list_undecided(indicators: Iterable[tuple[str, int]]) -> Mapping[Key, Sequence[Part]]:
    """What active members have contributed to cells that no release has decided, by cell."""
    row, cell = Contribution, ReleaseCell
    wanted = (
        select(row.indicator, row.version, row.period, row.stratum, row.numerator, row.denominator)
        .join(Municipality, and_(Municipality.id == row.tenant_id, Municipality.status == "active"))
        .outerjoin(cell, _same_cell())
        .where(cell.id.is_(None))
        .order_by(row.indicator, row.version, row.period, row.stratum)
    )
    known, cells = set(indicators), dict[Key, list[Part]]()
    for indicator, version, period, stratum, numerator, denominator in network_session.execute(wanted):
        if (indicator, version) in known and is_period(period):
            cells.setdefault(Key(indicator, version, period, stratum), []).append(Part(numerator, denominator))
    return cells


def _same_cell() -> ColumnElement[bool]:
    row, cell = Contribution, ReleaseCell
    return and_(
        cell.indicator == row.indicator,
        cell.version == row.version,
        cell.period == row.period,
        cell.stratum == row.stratum,
    )


def add_release(
    policy: Policy, decided: Mapping[Key, Decision], *, release_id: uuid.UUID, released_at: datetime
) -> int:
    """Adds the next release with its cells and returns its number. Nobody can change it afterwards."""
    sequence = 1 + (network_session.scalar(select(func.max(Release.sequence))) or 0)
    release = Release(id=release_id, sequence=sequence, released_at=released_at, policy=policy.to_json())
    network_session.add(release)
    network_session.flush()
    network_session.add_all(
        ReleaseCell(id=new_id(), release_id=release.id, **asdict(key), **asdict(decision))
        for key, decision in decided.items()
    )
    network_session.flush()
    return sequence


def list_contributed_periods() -> Sequence[PeriodRow]:
    """Periods with contributions, newest first: how many municipalities, how many cells, how many still to decide."""
    row, cell = Contribution, ReleaseCell
    names = func.concat_ws("/", row.indicator, row.version, row.stratum)
    wanted = (
        select(
            row.period,
            func.count(row.tenant_id.distinct()),
            func.count(names.distinct()),
            func.count(names.distinct()).filter(cell.id.is_(None)),
        )
        .outerjoin(cell, _same_cell())
        .group_by(row.period)
    )
    rows = [PeriodRow(*found) for found in network_session.execute(wanted) if is_period(found[0])]
    return sorted(rows, key=lambda row: period_of(row.period).end, reverse=True)


def list_releases() -> Sequence[ReleaseRow]:
    """All releases, newest first, with how many cells were published and withheld."""
    published = func.count().filter(ReleaseCell.status == "published")
    withheld = func.count().filter(ReleaseCell.status == "withheld")
    wanted = (
        select(Release.sequence, Release.released_at, published, withheld)
        .join(ReleaseCell, ReleaseCell.release_id == Release.id)
        .group_by(Release.id)
        .order_by(Release.sequence.desc())
    )
    return [ReleaseRow(*found) for found in network_session.execute(wanted)]


def find_release(sequence: int) -> Release | None:
    return network_session.scalar(select(Release).where(Release.sequence == sequence))


def find_work(job: str, work_id: uuid.UUID | None = None) -> Work | None:
    """A release that was asked for, or the one asked for last."""
    row = NetworkOutboxRow
    # The id of the release to come is in the payload, so that what was asked for and what came of it stay together.
    release_id = cast(row.payload["release_id"].astext, Uuid)
    wanted = (
        select(row.id, row.created_at, row.sent_at, row.done_at, row.dead_at, Release.sequence)
        .outerjoin(Release, Release.id == release_id)
        .where(row.job == job)
    )
    if work_id is not None:
        wanted = wanted.where(row.id == work_id)
    found = network_session.execute(wanted.order_by(row.created_at.desc(), row.id.desc()).limit(1)).first()
    if found is None:
        return None
    identity, asked_at, sent_at, done_at, dead_at, sequence = found
    state = "done" if done_at else "failed" if dead_at else "running" if sent_at else "waiting"
    return Work(identity, state, asked_at, done_at, sequence)
