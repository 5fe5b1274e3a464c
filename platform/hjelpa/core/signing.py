"""Files that leave the platform with a signature: anybody can tell, without us, whether they are as we made them.

The signature is the file's last line, written so that a browser or a reader of PDF takes it for a remark. It covers
every byte before that line. Ed25519 (RFC 8032).
"""

import hashlib
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hjelpa.core.config import Settings

Kind = Literal["html", "pdf"]

# Said before the file's own bytes, so that a signature made for something else never fits a file.
PURPOSE = b"hjelpa signed file v1\n"
FRAMES: dict[Kind, tuple[bytes, bytes]] = {"html": (b"\n<!-- ", b" -->\n"), "pdf": (b"\n% ", b"\n")}
_LINE = re.compile(rb"hjelpa-signature v1 ([A-Za-z0-9+/]{43}=) ([A-Za-z0-9+/]{86}==)")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a file's signature says. `key` is the signer's public key in base64, empty where there is no signature."""

    valid: bool
    key: str = ""


def signing_key(settings: Settings) -> Ed25519PrivateKey:
    """The platform's key; outside production one that follows from the secret, where none is set."""
    if settings.signing_key:
        return Ed25519PrivateKey.from_private_bytes(b64decode(settings.signing_key))
    seed = hashlib.sha256(b"signing key\n" + settings.secret_key.encode()).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def public_key(settings: Settings) -> str:
    """The public key, in base64, as people compare it."""
    return b64encode(signing_key(settings).public_key().public_bytes_raw()).decode()


def sign_file(content: bytes, kind: Kind, settings: Settings) -> bytes:
    """The file with its signature as the last line."""
    signature = b64encode(signing_key(settings).sign(PURPOSE + content)).decode()
    before, after = FRAMES[kind]
    line = f"hjelpa-signature v1 {public_key(settings)} {signature}".encode()
    return content + before + line + after


def find_kind(file: bytes) -> Kind | None:
    """What a file is, by its first bytes."""
    if file.startswith(b"%PDF-"):
        return "pdf"
    return "html" if file[:200].lstrip().lower().startswith(b"<!doctype html") else None


def verify_file(file: bytes, *, trusted: str = "") -> Verdict:
    """Whether a file is as it was when it was signed, and by the holder of the `trusted` key where one is given."""
    kind = find_kind(file)
    before, after = FRAMES[kind or "html"]
    content, mark, line = file.rpartition(before)
    found = _LINE.fullmatch(line.removesuffix(after)) if mark and line.endswith(after) else None
    if kind is None or found is None:
        return Verdict(False)
    key = found[1].decode()
    try:
        Ed25519PublicKey.from_public_bytes(b64decode(found[1])).verify(b64decode(found[2]), PURPOSE + content)
    except (InvalidSignature, ValueError):
        return Verdict(False, key)
    return Verdict(not trusted or trusted == key, key)
