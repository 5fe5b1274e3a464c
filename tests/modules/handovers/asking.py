"""Handing over in tests: the forms filled in, and what stands in the database afterwards."""

import uuid
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from hjelpa.core.config import Settings
from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from hjelpa.embedded import EmbeddedServers
from modules.citizens.models import Responsibility
from modules.citizens.workdays import next_working_day
from modules.handovers.jobs import settle
from modules.handovers.models import Handover, Transfer
from modules.handovers.reminders import remind
from tests.modules.door import begun, id_in, post, rows
from tests.people import Person, Town

REASON = "We have nobody who can meet the family this month."


def working_day() -> str:
    """A day in some days' time on which somebody can answer."""
    soon = utcnow().astimezone(LOCAL).date() + timedelta(days=2)
    return next_working_day(soon, "NO").isoformat()


def day_off() -> str:
    """The next Sunday but one."""
    today = utcnow().astimezone(LOCAL).date()
    return (today + timedelta(days=13 - today.weekday())).isoformat()


def letter(whom: object, **typed: Any) -> dict[str, Any]:
    """The form of a handover, filled in."""
    return {
        "key": str(uuid.uuid4()),
        "whom": str(whom),
        "summary": "They would like to go on with the evenings.",
        "wishes": "Not to tell everything again.",
        "day": working_day(),
        **typed,
    }


def ask(client: FlaskClient, town: Town, course: str, kind: str, whom: object, **typed: Any) -> str:
    """The address of a handover just proposed."""
    answer = post(client, town.path(f"/handovers/new/{id_in(course)}/{kind}"), letter(whom, **typed))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def ask_colleague(client: FlaskClient, town: Town, course: str, person: Person, **typed: Any) -> str:
    return ask(client, town, course, "colleague", person.membership_id, **typed)


def ask_municipality(client: FlaskClient, town: Town, course: str, other: Town, **typed: Any) -> str:
    said = {"agreed": "1", "parts": ["who", "age", "summary", "agreements"], **typed}
    return ask(client, town, course, "municipality", other.tenant_id, **said)


def incoming(town: Town, handover: str) -> str:
    """Where the receiving municipality finds what was sent by a handover."""
    return town.path(f"/handovers/incoming/{id_in(handover)}")


def receiving(helper: Person, **typed: str) -> dict[str, str]:
    return {"helper": str(helper.membership_id), "name": "Invented Person", "age_band": "adult", **typed}


def handed_in(sender: Town, receiver: Town, **typed: Any) -> tuple[str, str]:
    """A course, and the handover of it to another municipality."""
    client = sender.client()
    course = begun(client, sender, name="Mina Oppdiktet", phone="000 11 222")
    return course, ask_municipality(client, sender, course, receiver, **typed)


def accepted(receiver: Town, handover: str) -> str:
    """The address of the course that began at the receiver's."""
    where = f"{incoming(receiver, handover)}/accept"
    answer = post(receiver.client(), where, receiving(receiver.helper, name="Mina Oppdiktet", known="new"))
    assert answer.status_code == 303 and "/courses/" in answer.location, answer.text
    return str(answer.location)


def age(servers: EmbeddedServers, settings: Settings, handover: str, **moved: timedelta) -> None:
    """Moves a package's times, which nobody else may change."""
    with servers.superuser(settings.database_url.partition("@/")[2].partition("?")[0]) as superuser:
        superuser.execute("set session_replication_role = replica")  # past the guard
        for column, by in moved.items():
            superuser.execute(
                f"update transfers set {column} = {column} + %s where id = %s", (by, id_in(handover))
            )


def responsible(town: Town, course: str) -> list[uuid.UUID]:
    """Who answers for a course now."""
    turn = select(Responsibility.membership_id).where(
        Responsibility.course_id == id_in(course), Responsibility.until_at.is_(None)
    )
    return [row[0] for row in rows(town, turn)]


def state(town: Town, handover: str) -> str:
    return str(rows(town, select(Handover.state).where(Handover.id == id_in(handover)))[0][0])


def transfer(town: Town, handover: str) -> Any:
    """The package as one of the two municipalities sees it; None for everyone else."""
    query = select(Transfer.state, Transfer.package, Transfer.answer).where(Transfer.id == id_in(handover))
    found = rows(town, query)
    return found[0] if found else None


def run(town: Town, job: Any = settle) -> None:
    """One run of a job in the municipality's isolation, committed."""
    with town.app.app_context(), tenant_scope(town.tenant_id):
        job({})
        db.session.commit()


def run_reminders(town: Town) -> None:
    run(town, remind)
