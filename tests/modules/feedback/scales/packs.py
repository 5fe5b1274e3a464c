"""Packs of a municipality's own, for the tests of scales. All words in them are invented."""

import re
import uuid
from datetime import date, timedelta

from hjelpa.core.types import utcnow
from modules.feedback.scales.choosing import local_day
from tests.people import Town

NOTHING_CHECKED = {"source": "Oppdiktet håndbok 2026", "state": "verified", "checked_on": "2026-11-01"}


def today() -> date:
    return local_day(utcnow())


def licence(*, days: int = 365, name: str = "Trivselsmåler") -> dict[str, str]:
    ends = today() + timedelta(days=days)
    return {"name": name, "holder": "Prøveby kommune", "reference": "L-17", "expires_on": ends.isoformat()}


def definition(*, kind: str = "outcome", lines: int = 3, **more: str | list[str]) -> dict[str, str | list[str]]:
    """What an administrator sends for a form of some invented lines."""
    sent: dict[str, str | list[str]] = {
        "kind": kind,
        "language": "nb",
        "ages": ["adolescent", "adult"],
        "question": "Hvordan står det til med skuta?",
        "lead": "Sett et merke.",
        "item_maximum": "10",
        "direction": "higher",
        "may_miss": "0",
        **NOTHING_CHECKED,
    }
    for number in range(1, lines + 1):
        sent |= {
            f"line{number}_title": f"Mast {number}",
            f"line{number}_text": "Står den?",
            f"line{number}_left": "Skakk",
            f"line{number}_right": "Rett",
        }
    return sent | more


def add_pack(town: Town, **told: int | str) -> uuid.UUID:
    """Records a licence as the administrator does; returns the pack's id."""
    sent = licence(**told)  # type: ignore[arg-type]  # the same names, handed on
    answer = town.client("administrator").post(town.path("/feedback/scales/packs/new"), data=sent)
    assert answer.status_code == 303, answer.text
    found = re.search(r"/packs/([0-9a-f-]{36})$", answer.location)
    assert found is not None
    return uuid.UUID(found[1])


def add_form(town: Town, pack_id: uuid.UUID, **told: object) -> None:
    address = town.path(f"/feedback/scales/packs/{pack_id}/forms/new")
    answer = town.client("administrator").post(address, data=definition(**told))  # type: ignore[arg-type]  # the same names, handed on
    assert answer.status_code == 303, answer.text


def use(town: Town, pack: uuid.UUID | str) -> None:
    sent = {"pack": str(pack)}
    answer = town.client("administrator").post(town.path("/feedback/scales/use"), data=sent)
    assert answer.status_code == 303
