"""The indicators that exist, as the features announce them."""

from collections.abc import Iterable, Mapping

from hjelpa.core.contract import Indicator
from hjelpa.core.permissions import features
from network.benchmarks.rules import Policy


def list_indicators(switched_off: Iterable[str] = ()) -> tuple[Indicator, ...]:
    """The indicators of all features, or of those that are on for a municipality."""
    return tuple(indicator for manifest in features().enabled(switched_off) for indicator in manifest.indicators)


def indicators_by_id() -> Mapping[str, Indicator]:
    return {indicator.id: indicator for indicator in list_indicators()}


def current_policy() -> Policy:
    """Today's thresholds, with the kinds of today's indicators."""
    return Policy(
        kinds={indicator.id: indicator.kind for indicator in list_indicators() if indicator.kind != "share"}
    )
