"""A municipality's life in random order, struck at random: nobody is ever let go of."""

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

import psycopg
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy.exc import IntegrityError

from hjelpa.core.database import auth_session, db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.leaving import NoHeir
from tenants.identity.models import Account, Membership
from tenants.units.models import Unit
from tests.modules.responsibility.acts import BY_HAND, NAMES, Acts, Work
from tests.modules.responsibility.faults import Strike, Striker, attempt
from tests.modules.responsibility.invariants import find_faults
from tests.people import Town, make_town

numbers = st.integers(0, 2**16)
strikes = st.none() | st.builds(Strike, st.sampled_from(["error", "killed", "too_slow"]), st.integers(1, 12))
acts = st.tuples(st.sampled_from(NAMES), st.integers(0, 1), numbers, numbers)

# What has happened already when a life begins, so that there is something to move.
BEFORE = ("begin", "receive", "begin", "register", "propose", "begin", "receive", "add_turn", "propose")

# What the database refuses by itself: a right end for whoever goes around the commands or comes at the same moment.
REFUSALS = {
    "course_is_held",
    "course_holder_is_seated",
    "contact_holder_is_seated",
    "unit_is_held",
    "duty_is_held",
    "duty_is_one",
    "seat_is_free",
    "ix_responsibilities_one",
}


class Life(RuleBasedStateMachine):
    """Two municipalities, the first with two doors. What happens is read from the database, never remembered."""

    app: Flask
    superuser: psycopg.Connection[Any]
    striker: Striker

    @initialize()
    def begin(self) -> None:
        self.towns = [make_town(self.app, extra_helpers=2) for _ in range(2)]
        self.acts = Acts(self.superuser, self.towns)
        _add_door(self.towns[0])
        for town, (number, name) in product(self.towns, enumerate(BEFORE)):
            work = getattr(self.acts, name)(town, number, number)
            assert work is not None and attempt(self.striker, town, work) is None, name

    @rule(act=acts, strike=strikes)
    def something_happens(self, act: Any, strike: Strike | None) -> None:
        town, work = self._plan(act)
        if work is None:
            return
        error = attempt(self.striker, town, work, strike)
        if strike is None and error is not None:
            assert isinstance(error, NoHeir) or (act[0] in ("by_hand", "change_door") and _is_refusal(error)), (
                error
            )

    @rule(act=acts)
    def something_happens_twice(self, act: Any) -> None:
        """The answer was lost on its way, so the same is sent again; a job runs again."""
        town, work = self._plan(act)
        for _ in range(2 if work else 0):
            attempt(self.striker, town, work)

    @rule(statement=st.sampled_from(BY_HAND), where=st.integers(0, 1), n=numbers, m=numbers)
    def somebody_writes_by_hand(self, statement: str, where: int, n: int, m: int) -> None:
        """With the application's rights, and without knowing any rule: it is refused, or it was all right."""
        town = self.towns[where]
        error = attempt(self.striker, town, self.acts.by_hand(town, statement, n, m))
        assert error is None or _is_refusal(error), error

    @rule(first=acts, second=acts, strike=strikes)
    def two_things_happen_at_once(self, first: Any, second: Any, strike: Strike | None) -> None:
        planned = [(self._plan(first), strike), (self._plan(second), None)]
        threads = [
            threading.Thread(target=attempt, args=(self.striker, town, work, struck))
            for (town, work), struck in planned
            if work is not None
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    @rule(where=st.integers(0, 1))
    def somebody_new_comes(self, where: int) -> None:
        with self.app.app_context():
            account = Account(email=f"{uuid.uuid4().hex}@new.example", name="New")
            auth_session.add(account)
            auth_session.flush()
            with tenant_scope(self.towns[where].tenant_id):
                auth_session.add(Membership(account_id=account.id, name="New", roles=["helper", "leader"]))
            auth_session.commit()

    @invariant()
    def nobody_is_let_go_of(self) -> None:
        faults = find_faults(self.superuser, self.towns)
        assert not faults, faults

    def _plan(self, act: Any) -> tuple[Town, Work | None]:
        name, where, n, m = act
        town = self.towns[where]
        return town, getattr(self.acts, name)(town, n, m)


def _is_refusal(error: BaseException) -> bool:
    if not isinstance(error, IntegrityError) or not isinstance(error.orig, psycopg.Error):
        return False
    name = error.orig.diag.constraint_name or ""
    return name in REFUSALS or name.startswith("ck_")


def _add_door(town: Town) -> None:
    people = [town.people[who].membership_id for who in ("everything", "helper2", "helper3")]
    tasks = dict(zip(("leader_id", "duty_id", "deputy_id"), people, strict=True))
    with town.app.app_context(), tenant_scope(town.tenant_id):
        db.session.add(Unit(slug="second", name="Second", open=True, **tasks))
        db.session.commit()


@contextmanager
def life_in(app: Flask, connect: Callable[[], psycopg.Connection[Any]]) -> Iterator[type[Life]]:
    """The machine for one application; `connect` opens a superuser's connection to its database."""
    striker = Striker(app, connect)
    with connect() as superuser:
        yield type("LifeHere", (Life,), {"app": app, "superuser": superuser, "striker": striker})
    striker.close()
