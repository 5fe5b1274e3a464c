"""Passwords and codes: argon2id, and the same time spent whether or not the account exists."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()


def hash_password(password: str, *, salt: bytes | None = None) -> str:
    """The hash to keep; its salt is random but for the demo."""
    return _hasher.hash(password, salt=salt)


@cache
def _decoy() -> str:
    return _hasher.hash("nobody's password")


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password fits; an account without one takes as long and never fits."""
    try:
        return _hasher.verify(password_hash or _decoy(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False
