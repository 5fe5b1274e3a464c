"""CPU per request of the pages people open most, beside a bare Flask "hello" and a pure psycopg loop."""

from collections.abc import Callable

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from bench.ground import Cost, measure, migrated
from hjelpa.core.database import auth_session, db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.limits import limiter
from hjelpa.demo.people import SIGN_INS
from hjelpa.demo.seed import seed
from hjelpa.embedded import EmbeddedServers
from hjelpa.factory import create_app
from modules.citizens.models import Course, Responsibility
from tenants.identity.models import Account, Membership
from tenants.identity.passwords import hash_password
from tests.people import Person, signed_in

PASSWORD = "et passord for målingen"


def report(running: EmbeddedServers) -> list[str]:
    app = create_app(migrated(running, "bench_pages"), sign_ins=SIGN_INS)
    app.config["WTF_CSRF_ENABLED"] = False
    limiter.enabled = False
    seed(app, lambda line: None)
    with running.superuser("bench_pages") as server:
        server.execute("vacuum analyze")
    hello = _hello()
    costs = {name: measure(running, act, hello, times=times) for name, act, times in _work(app, hello)}
    rows = [
        "| work | Python CPU µs | × hello | PostgreSQL CPU µs |",
        "|---|---:|---:|---:|",
        *(_row(name, cost) for name, cost in costs.items()),
    ]
    return rows


def _row(name: str, cost: Cost) -> str:
    return f"| {name} | {cost.python:,.0f} | {cost.ratio:.1f} | {cost.postgres:,.0f} |"


def _hello() -> Callable[[], object]:
    bare = Flask("bare")
    bare.add_url_rule("/", view_func=lambda: "hello")
    client = bare.test_client()
    return lambda: client.get("/")


def _work(app: Flask, hello: Callable[[], object]) -> list[tuple[str, Callable[[], object], int]]:
    helper, leader = _person(app, SIGN_INS[0][1]), _person(app, SIGN_INS[1][1])
    helping, leading = signed_in(app, helper), signed_in(app, leader)
    course = _a_course(app, helper)
    anyone = app.test_client()

    def sign_in() -> object:
        answer = anyone.post("/account/sign-in", data={"email": helper.email, "password": PASSWORD})
        assert answer.status_code == 303
        return answer

    def page(client: FlaskClient, path: str) -> Callable[[], object]:
        assert client.get(path).status_code == 200, path
        return lambda: client.get(path)

    return [
        ("bare Flask hello", hello, 40),
        ("the list's query in a psycopg loop", _psycopg_list(app), 40),
        ("sign-in (argon2id)", sign_in, 1),
        ("list of 50 contacts", page(helping, "/stange/contacts?show=all"), 5),
        ("list of courses", page(helping, "/stange/courses"), 5),
        ("course page with curve", page(helping, f"/stange/courses/{course}"), 5),
        ("leader's page", page(leading, "/sortland/steering"), 3),
        ("benchmark page", page(leading, "/sortland/benchmarks"), 3),
    ]


def _person(app: Flask, email: str) -> Person:
    with app.app_context():
        account = auth_session.scalars(select(Account).where(Account.email == email)).one()
        account.password_hash = hash_password(PASSWORD)
        auth_session.commit()
        return Person(account.id, account.email, account.name)


def _a_course(app: Flask, helper: Person) -> object:
    with app.app_context():
        seat = auth_session.execute(
            select(Membership.tenant_id, Membership.id).where(Membership.account_id == helper.account_id)
        ).one()
    with app.app_context(), tenant_scope(seat.tenant_id):
        return db.session.scalars(
            select(Course.id)
            .join(Responsibility, Responsibility.course_id == Course.id)
            .where(Responsibility.membership_id == seat.id, Responsibility.until_at.is_(None))
            .order_by(Course.opened_at)
        ).first()


def _psycopg_list(app: Flask) -> Callable[[], object]:
    """The same fifty rows of the same municipality under the same policy, with nothing around them."""
    url = app.extensions["hjelpa_settings"].url_for_role("app").replace("postgresql+psycopg", "postgresql")
    connection = psycopg.connect(url)
    with app.app_context():
        tenant = auth_session.scalars(
            select(Membership.tenant_id)
            .join(Account, Account.id == Membership.account_id)
            .where(Account.email == SIGN_INS[0][1])
        ).first()

    def run() -> object:
        connection.execute("select set_config('app.tenant_id', %s, true)", (str(tenant),))
        rows = connection.execute(
            "select id, name, received_at, channel, next_step_at, membership_id, first_conversation_at "
            "from contacts where tenant_id = %s order by received_at desc, id desc limit 50",
            (tenant,),
        ).fetchall()
        connection.commit()
        assert len(rows) == 50
        return rows

    return run
