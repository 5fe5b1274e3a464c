"""What an invented service of the demo is made of, in whichever language."""

from typing import NamedTuple


class Entry(NamedTuple):
    """One service. `{town}` in a text stands for the municipality's name; empty texts are left out."""

    kind: str
    audience: str
    name: str
    involves: str
    for_whom: str
    how_to_start: str
    keywords: str
    cost: str = ""
    phone: str = ""
    web: str = ""
    address: str = ""
