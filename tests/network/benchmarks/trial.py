"""A made-up feature whose figures the tests decide, and the ways to count and release them."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from hjelpa.core.contract import Counts, Indicator, Manifest, Period
from hjelpa.core.database import commit_all, network_session
from hjelpa.core.features import Features
from hjelpa.core.isolation import get_tenant_id, tenant_scope
from network.benchmarks import jobs, queries
from network.benchmarks.manifest import manifest as benchmarks
from network.benchmarks.models import Contribution
from network.benchmarks.queries import CellRow, Key
from network.national.manifest import manifest as national
from tenants.identity.manifest import manifest as identity
from tenants.municipalities.manifest import manifest as municipalities
from tenants.notices.manifest import manifest as notices
from tenants.operator.manifest import manifest as operator
from tenants.workspace.manifest import manifest as workspace
from tests.people import Town, make_town

GROUND = (identity, municipalities, notices, operator, workspace, benchmarks, national)

Book = dict[tuple[uuid.UUID, str, str], Counts]

NOTHING = Counts(0, 0, 0)


class Trial:
    """What each municipality would count, by indicator and period; anything not written down is nothing."""

    def __init__(self) -> None:
        self.book: Book = {}

    def indicator(self, name: str, kind: str = "share") -> Indicator:
        def count(period: Period) -> Counts:
            return self.book.get((get_tenant_id(), name, period.id), NOTHING)

        return Indicator(
            id=name,
            version=1,
            title=f"Title of {name}",
            definition=f"Definition of {name}",
            caution=f"Caution of {name}",
            count=count,
            kind=kind,
        )

    def features(self) -> Features:
        """The ground and the network with one made-up module, so that no other module has a figure here."""
        indicators = (
            self.indicator("met_soon"),
            self.indicator("asked"),
            self.indicator("helped", "count"),
            self.indicator("per_position", "ratio"),
        )
        trial = Manifest(
            name="trial",
            kind="module",
            title="Trial",
            summary="",
            folder=Path(__file__).parent,
            indicators=indicators,
        )
        return Features([*GROUND, trial])

    def write(
        self, town: Town, name: str, period: str, numerator: int, denominator: int, eligible: int = 0
    ) -> None:
        self.book[(town.tenant_id, name, period)] = Counts(numerator, denominator, eligible or denominator)


def towns(app: Flask, count: int, status: str = "active") -> Sequence[Town]:
    return [make_town(app, status=status) for _ in range(count)]


def contribute(app: Flask, members: Iterable[Town]) -> None:
    for town in members:
        with app.app_context(), tenant_scope(town.tenant_id):
            jobs.contribute({})
            commit_all()


def release(app: Flask) -> None:
    with app.app_context():
        jobs.release({})
        commit_all()


def cells(app: Flask) -> Mapping[Key, CellRow]:
    with app.app_context():
        return {cell.key: cell for cell in queries.list_cells(network_session())}


def contributions(app: Flask, town: Town) -> Mapping[Key, Counts]:
    with app.app_context(), tenant_scope(town.tenant_id, read_only=True):
        return {figure.key: figure.counts for figure in queries.list_own()}


def computed_at(app: Flask, town: Town) -> Sequence[object]:
    with app.app_context():
        wanted = select(Contribution.computed_at).where(Contribution.tenant_id == town.tenant_id)
        return network_session.scalars(wanted).all()
