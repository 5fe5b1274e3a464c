"""Sealing what one municipality sends another: only the receiver's own key opens it, and only for what it was made.

Keys are derived for each receiver from the platform's (`HJELPA_TRANSFER_KEYS`), so that a package that reaches the wrong
municipality stays shut there. Several keys may be in use at once: the newest seals, all open.
"""

import json
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SALT = b"hjelpa transfer 1"


class Unreadable(ValueError):
    """A package that this municipality cannot open: another's, another thing's, or sealed with a key that is gone."""


@dataclass(frozen=True, slots=True)
class Package:
    """What goes with a citizen: only what they have said yes to, so each of these may be empty.

    `parts` are (title, words) in the sender's language, as the receiver will read them.
    """

    name: str = ""
    phone: str = ""
    age_band: str = ""
    parts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Who answered, and why not when it was a refusal."""

    by: str
    reason: str = ""


def seal_package(secrets: Sequence[str], transfer_id: uuid.UUID, receiver: uuid.UUID, package: Package) -> bytes:
    content = {
        "name": package.name,
        "phone": package.phone,
        "age_band": package.age_band,
        "parts": package.parts,
    }
    return _seal(secrets, f"package:{transfer_id}", receiver, content)


def open_package(secrets: Sequence[str], transfer_id: uuid.UUID, receiver: uuid.UUID, sealed: bytes) -> Package:
    """Raises Unreadable for anything but the package that was sealed for this receiver under this id."""
    found = _open(secrets, f"package:{transfer_id}", receiver, sealed)
    parts = tuple((title, words) for title, words in found["parts"])
    return Package(found["name"], found["phone"], found["age_band"], parts)


def seal_answer(secrets: Sequence[str], transfer_id: uuid.UUID, sender: uuid.UUID, answer: Answer) -> bytes:
    return _seal(secrets, f"answer:{transfer_id}", sender, {"by": answer.by, "reason": answer.reason})


def open_answer(secrets: Sequence[str], transfer_id: uuid.UUID, sender: uuid.UUID, sealed: bytes) -> Answer:
    """Raises Unreadable like `open_package`."""
    found = _open(secrets, f"answer:{transfer_id}", sender, sealed)
    return Answer(found["by"], found["reason"])


def _box(secrets: Sequence[str], reader: uuid.UUID) -> MultiFernet:
    return MultiFernet([Fernet(_derive(secret, reader)) for secret in secrets])


def _derive(secret: str, reader: uuid.UUID) -> bytes:
    key = HKDF(algorithm=SHA256(), length=32, salt=SALT, info=reader.bytes).derive(secret.encode())
    return urlsafe_b64encode(key)


def _seal(secrets: Sequence[str], purpose: str, reader: uuid.UUID, content: Mapping[str, object]) -> bytes:
    document = json.dumps({"purpose": purpose, **content}, ensure_ascii=False)
    return _box(secrets, reader).encrypt(document.encode())


def _open(secrets: Sequence[str], purpose: str, reader: uuid.UUID, sealed: bytes) -> dict[str, Any]:
    try:
        content = json.loads(_box(secrets, reader).decrypt(sealed))
    except InvalidToken:
        raise Unreadable("sealed for somebody else, or with a key that is gone") from None
    if content.pop("purpose") != purpose:
        raise Unreadable("sealed for another handover")
    found: dict[str, Any] = content
    return found
