"""How helpers ask in other ways than on their screen, for the tests of answering."""

import re
import uuid

from flask.testing import FlaskClient
from sqlalchemy import select

from hjelpa.core.database import db
from modules.feedback.models import Answer, Rater, Refusal
from tests.modules.feedback.courses import inside
from tests.people import Town


def make_link(client: FlaskClient, town: Town, conversation_id: uuid.UUID, **named: str) -> tuple[str, str]:
    """Makes a link and returns the helper's page with it and the citizen's address."""
    made = client.post(
        town.path(f"/feedback/conversations/{conversation_id}/link"), data={"scale": "outcome"} | named
    )
    assert made.status_code == 303
    assert "/feedback/links/" in made.location, made.location
    page = client.get(f"{made.location}?lang=en")
    assert page.status_code == 200
    found = re.search(rf'value="[^"]*(/{town.slug}/my/scale/[\w-]{{43}})"', page.text)
    assert found
    return made.location, found[1]


def add_rater(client: FlaskClient, town: Town, course_id: uuid.UUID, label: str) -> uuid.UUID:
    key = uuid.uuid4()
    sent = client.post(town.path(f"/feedback/courses/{course_id}/raters"), data={"label": label, "key": str(key)})
    assert sent.status_code == 303
    return key


def raters(town: Town, course_id: uuid.UUID) -> list[Rater]:
    with inside(town):
        found = list(db.session.scalars(select(Rater).where(Rater.course_id == course_id).order_by(Rater.label)))
        db.session.expunge_all()
    return found


def answers(town: Town, conversation_id: uuid.UUID) -> list[Answer]:
    with inside(town):
        found = list(
            db.session.scalars(
                select(Answer).where(Answer.conversation_id == conversation_id).order_by(Answer.answered_at)
            )
        )
        db.session.expunge_all()
    return found


def refusals(town: Town, course_id: uuid.UUID) -> list[Refusal]:
    with inside(town):
        found = list(
            db.session.scalars(select(Refusal).where(Refusal.course_id == course_id).order_by(Refusal.declined_at))
        )
        db.session.expunge_all()
    return found
