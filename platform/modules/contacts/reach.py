"""How somebody can be reached, and whether anything was written at all: text as people type it on a telephone."""

import re
import unicodedata
from typing import NamedTuple

_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>.]+")
FEWEST_DIGITS = 5


class Reach(NamedTuple):
    """A telephone number and an e-mail address, as they were written; empty where there is none."""

    phone: str
    email: str


def read_reach(text: str) -> Reach:
    """Finds a telephone number, an e-mail address or both; neither is checked for more than looking like one."""
    found = _EMAIL.search(text)
    email = found[0] if found else ""
    rest = " ".join(text.replace(email, " ", 1).split()).strip(",;<> ") if email else text.strip()
    digits = sum(sign.isdecimal() for sign in rest)
    return Reach(rest if digits >= FEWEST_DIGITS else "", email)


def is_blank(text: str) -> bool:
    """Whether there is nothing to see: only spaces, or signs without width such as those between emoji."""
    return not any(unicodedata.category(sign)[0] in "LNPS" for sign in text)
