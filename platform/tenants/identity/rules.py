"""Decisions about sign-in: how long a session lives, and how many wrong tries are too many."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

# A working day at most, and half of one without a click.
ABSOLUTE = timedelta(hours=12)
IDLE = timedelta(hours=4)
# Last use is written at most this often, so that reading pages stays reading.
TOUCH_EVERY = timedelta(minutes=5)

# From one place against one address, and against that address from anywhere: a stranger must not be able to lock
# somebody out with a handful of guesses, nor go on for ever by changing places.
TRIES = 8
TRIES_FROM_ANYWHERE = 40
TRIES_WINDOW = timedelta(minutes=15)

# The code for the screen is short, because it is written with a citizen waiting: five tries, then the password.
CODE_TRIES = 5
CODE = re.compile(r"[0-9]{4,8}")
# Told on the demo's sign-in page, for all of its people.
DEMO_CODE = "5283"

# First segments of addresses that need no seat and no post.
FOR_EVERYONE = ("", "account", "help")


def make_token() -> str:
    """256 random bits for a cookie or an address."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> bytes:
    """What is kept of a token: it has enough randomness of its own, so that a plain hash suffices."""
    return hashlib.sha256(token.encode()).digest()


def is_alive(now: datetime, *, last_seen_at: datetime, expires_at: datetime, ended_at: datetime | None) -> bool:
    """Whether a sign-in session may still be used."""
    return ended_at is None and now < expires_at and now < last_seen_at + IDLE


def subject_of(secret: str, email: str, place: str = "") -> bytes:
    """A keyed hash of an address, alone or with the place of a try, so that the list tells nobody who tried."""
    about = f"{email.casefold()}\n{place}" if place else email.casefold()
    return hmac.new(secret.encode(), about.encode(), hashlib.sha256).digest()


def may_try(from_here: int, from_anywhere: int) -> bool:
    return from_here < TRIES and from_anywhere < TRIES_FROM_ANYWHERE


def is_guessable(code: str) -> bool:
    """Whether a code is among the first that anyone would try: one part repeated (0000, 1212), or digits in a row."""
    repeated = code in (code + code)[1:-1]
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(code)}
    return repeated or steps in ({1}, {9})


def is_own_address(target: str) -> bool:
    """Whether an address to return to stays on this platform: a path, and nothing a browser reads as a host."""
    return (
        target.startswith("/")
        and not target.startswith(("//", "/\\"))
        and "\\" not in target
        and target.isprintable()
    )


def first_segment(target: str) -> str:
    """The place an own address lies in: a municipality, a body outside them, or none."""
    return urlsplit(target).path.removeprefix("/").partition("/")[0]


def describe_device(user_agent: str) -> str:
    """A short name for a device from what the browser says of itself, without versions."""
    browsers = (
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    )
    systems = (
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    )
    browser = next((name for mark, name in browsers if mark in user_agent), "")
    system = next((name for mark, name in systems if mark in user_agent), "")
    return ", ".join(part for part in (browser, system) if part)
