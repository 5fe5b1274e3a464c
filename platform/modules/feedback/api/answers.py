"""A form by its one-time token: the way to its municipality, its words, and the answer to it."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from flask import abort
from sqlalchemy import bindparam, select

from hjelpa.core.database import db
from hjelpa.core.prepared import Prepared
from hjelpa.core.types import utcnow
from modules.feedback.answering import queries, request_queries
from modules.feedback.answering.choice import form_of
from modules.feedback.api.schemas import SHAPE
from modules.feedback.models import ScaleRequest
from modules.feedback.rules import Sheet, empty_sheet
from modules.feedback.scales.forms import Form
from tenants.identity.gate import enter_by_token
from tenants.identity.rules import hash_token

TENTHS = 10

_PLACE = Prepared(
    select(ScaleRequest.tenant_id).where(
        ScaleRequest.token_hash == bindparam("token_hash"), ScaleRequest.expires_at > bindparam("now")
    )
)


def open_request(token: str, *, lock: bool = False) -> ScaleRequest:
    """Enters the token's municipality and returns the living request; 404 for any other token."""
    tenant_id = _find_tenant(token)
    if tenant_id is None:
        abort(404)
    enter_by_token(tenant_id)
    asked = request_queries.find_request(token, utcnow(), lock=lock)
    return abort(404) if asked is None or request_queries.is_unwanted(asked) else asked


def _find_tenant(token: str) -> uuid.UUID | None:
    if not re.fullmatch(SHAPE, token):
        return None
    with db.engines["door"].connect() as connection:
        rows = _PLACE.on(connection, {"token_hash": hash_token(token), "now": utcnow()})
    return rows[0].tenant_id if rows else None


def describe(asked: ScaleRequest) -> dict[str, Any]:
    """The form with its words in every language that it has."""
    form = form_of(asked)
    return {
        "form": form.key,
        "version": form.version,
        "scale": asked.scale,
        "state": "used" if asked.used_at else "open",
        "expires_at": asked.expires_at,
        "maximum": form.item_maximum / TENTHS,
        "words": {
            language: {"question": words.question, "lead": words.lead} for language, words in form.words.items()
        },
        "items": [
            {
                "name": item.name,
                "words": {
                    language: {
                        "title": words.title,
                        "text": words.text,
                        "left": words.left,
                        "right": words.right,
                        "steps": list(words.steps),
                    }
                    for language, words in item.words.items()
                },
            }
            for item in form.items
        ],
    }


def read_sheet(form: Form, sent: Mapping[str, Any]) -> tuple[Sheet, dict[str, str]]:
    """The sheet that was sent, and what is wrong with it by field."""
    if sent["skip"]:
        return empty_sheet(form), {}
    wrong = {name: "The form has no such line." for name in sent["items"] if name not in form.names}
    values: list[int | None] = []
    for name in form.names:
        score = sent["items"].get(name)
        tenths = None if score is None else _tenths(score, form)
        if score is not None and tenths is None:
            wrong[name] = f"A score is a number from 0 to {form.item_maximum / TENTHS:g} with at most one decimal."
        values.append(tenths)
    sheet = Sheet(form, tuple(values))
    if not wrong and sheet.unanswered and not sent["as_it_is"]:
        wrong = dict.fromkeys(sheet.unanswered, "Unanswered; send as_it_is to leave it so.")
    return sheet, wrong


def _tenths(score: float, form: Form) -> int | None:
    """7.7 as 77; None for anything outside the line or finer than a tenth."""
    tenths = score * TENTHS
    if not 0 <= tenths <= form.item_maximum or abs(tenths - round(tenths)) > 1e-6:
        return None
    return round(tenths)


def is_same(asked: ScaleRequest, sheet: Sheet) -> bool:
    """Whether the answer that is kept says the same."""
    kept = queries.find_answer(request_queries.place_of(asked))
    given = list(sheet.values) if sheet.state == "answered" else []
    return kept is not None and kept.items == given
