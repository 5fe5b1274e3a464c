"""Help that somebody looked for and that does not exist: told to whoever gathers unmet needs."""

from hjelpa.core.events import UnmetNeed, publish
from hjelpa.core.permissions import features
from hjelpa.core.visitor import get_seat


def are_heard() -> bool:
    """Whether any feature that is on gathers unmet needs here; else nobody is asked to write one."""
    on = features().enabled(get_seat().modules_off)
    return any(listener.event is UnmetNeed for manifest in on for listener in manifest.listeners)


def tell(words: str) -> None:
    publish(UnmetNeed(words, "catalogue"))
