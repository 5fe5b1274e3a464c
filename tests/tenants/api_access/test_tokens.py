"""Tokens of the API: shown once, kept as a hash, for what they were made for and no longer than they should."""

import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.types import utcnow
from tenants.api_access.models import ApiToken
from tenants.identity.rules import hash_token
from tests.people import Town

METRICS = "/api/v1/feedback/metrics"
SCOPE = "feedback.metrics.read"


def send(town: Town, role: str = "administrator", **other: Any) -> Any:
    data = {"key": str(uuid.uuid4()), "name": "Styringstall", "scopes": [SCOPE]}
    data |= {"expires_on": (date.today() + timedelta(days=30)).isoformat()} | other
    return town.client(role).post(town.path("/settings/api/new"), data=data)


def make_token(town: Town, **other: Any) -> str:
    answer = send(town, **other)
    assert answer.status_code == 201, answer.text
    found = re.search(r'<code id="token">([\w-]{43})</code>', answer.text)
    assert found
    return found[1]


def ask(town: Town, token: str, where: str = METRICS, **headers: str) -> Any:
    return town.app.test_client().get(where, headers={"Authorization": f"Bearer {token}", **headers})


def tokens(town: Town) -> list[ApiToken]:
    with town.app.app_context(), tenant_scope(town.tenant_id):
        found = list(db.session.scalars(select(ApiToken)))
        db.session.expunge_all()
        db.session.rollback()
    return found


def test_it_is_shown_once_and_opens_what_it_was_made_for(town: Town) -> None:
    token = make_token(town)
    assert ask(town, token).status_code == 200
    [kept] = tokens(town)
    assert (kept.token_hash, kept.scopes, kept.last_used_at is not None) == (hash_token(token), [SCOPE], True)
    page = town.client("administrator").get(town.path("/settings/api"))
    assert page.status_code == 200
    assert "Styringstall" in page.text and token not in page.text


def test_the_same_form_twice_makes_one(town: Town) -> None:
    key = str(uuid.uuid4())
    make_token(town, key=key)
    assert send(town, key=key).status_code == 303
    assert len(tokens(town)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"scopes": []},
        {"scopes": ["feedback.everything"]},
        {"expires_on": ""},
        {"expires_on": (date.today() - timedelta(days=1)).isoformat()},
        {"expires_on": (date.today() + timedelta(days=366)).isoformat()},
    ],
    ids=["name", "no scope", "scope", "no end", "past", "long"],
)
def test_what_is_missing_is_told_beside_it(town: Town, wrong: dict[str, Any]) -> None:
    answer = send(town, **wrong)
    assert answer.status_code == 422
    assert f'id="{next(iter(wrong))}-error"' in answer.text or "form-summary" in answer.text
    assert tokens(town) == []


def test_who_has_no_living_token_is_answered_alike(town: Town, other_town: Town) -> None:
    """None, another's withdrawn, one that has ended, nonsense: the same bytes."""
    withdrawn, ended, living = make_token(town), make_token(town), make_token(town)
    [first, *_] = [kept for kept in tokens(town) if kept.token_hash == hash_token(withdrawn)]
    admin = town.client("administrator")
    assert admin.post(town.path(f"/settings/api/{first.id}/withdraw")).status_code == 303
    later = utcnow() + timedelta(days=31)
    client = town.app.test_client()
    answers = [ask(town, withdrawn), ask(town, "x"), ask(town, "æøå"), client.get(METRICS), admin.get(METRICS)]
    answers.append(client.get(METRICS, headers={"Authorization": f"Basic {living}"}))
    with time_machine.travel(later, tick=False):
        answers.append(ask(town, ended))
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.data for answer in answers}) == 1
    assert {answer.headers["WWW-Authenticate"] for answer in answers} == {"Bearer"}
    assert answers[0].content_type == "application/problem+json"
    assert ask(town, living).status_code == 200


def test_nobody_withdraws_anothers(town: Town, other_town: Town) -> None:
    token = make_token(town)
    [kept] = tokens(town)
    where = f"/settings/api/{kept.id}/withdraw"
    assert other_town.client("administrator").post(other_town.path(where)).status_code == 404
    assert town.client("leader").post(town.path(where)).status_code == 403
    assert ask(town, token).status_code == 200


def test_a_token_without_the_scope_is_refused(town: Town) -> None:
    token = make_token(town)
    with town.app.app_context(), tenant_scope(town.tenant_id):
        db.session.scalars(select(ApiToken)).one().scopes = []
        db.session.commit()
    answer = ask(town, token)
    assert (answer.status_code, answer.content_type) == (403, "application/problem+json")


def test_where_the_feature_is_off_there_is_nothing(town: Town) -> None:
    token = make_token(town)
    town.client("administrator").post(town.path("/settings/features/feedback"), data={"on": "0"})
    answer = ask(town, token)
    assert answer.status_code == 404
    assert answer.data == ask(town, token, "/api/v1/nowhere").data
