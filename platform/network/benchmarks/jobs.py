"""The figure's way: each municipality counts in its own isolation, then the network decides what may be published."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from hjelpa.core.contract import Job, Schedule
from hjelpa.core.outbox import enqueue
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import new_id, utcnow
from network.benchmarks import queries
from network.benchmarks.catalogue import current_policy, list_indicators
from network.benchmarks.queries import Key
from network.benchmarks.rules import decide, is_settled, list_periods, period_of

# Two whole years back and no further: older courses of help may have been deleted as they should, and what was
# contributed then stands.
YEARS_BACK = 2


def local_today() -> date:
    return utcnow().astimezone(LOCAL).date()


def contribute(payload: Mapping[str, Any]) -> None:
    """Counts every indicator of this municipality for every settled period, and saves what is new or changed."""
    switched_off = queries.find_active_switches()
    if switched_off is None:
        return
    today = local_today()
    periods = list_periods(date(today.year - YEARS_BACK, 1, 1), today)
    queries.save_contributions(
        {
            Key(indicator.id, indicator.version, period.id): counts
            for indicator in list_indicators(switched_off)
            for period in periods
            if (counts := indicator.count(period)) is not None
        }
    )


def release(payload: Mapping[str, Any]) -> None:
    """Decides every cell that no release has decided yet, and publishes them as one release.

    Cells once decided are never looked at again, so running it twice adds nothing the second time. The payload's
    `release_id` is the id that the release gets.
    """
    release_id = payload.get("release_id")
    publish(local_today(), release_id=uuid.UUID(release_id) if release_id else None)


def ask_for_release(*, after: uuid.UUID | None) -> uuid.UUID:
    """Enqueues a release and returns the id of the work, by which it can be followed.

    `after` is the work asked for last, which is over. Only one can follow it: whoever asks at the same time is led
    to the same work. (The number of the last release would not do: work that fails or finds nothing adds none.)
    """
    return enqueue(RELEASE, {"release_id": str(new_id())}, key=f"release-after-{after or 'none'}")


def publish(
    today: date, *, release_id: uuid.UUID | None = None, released_at: datetime | None = None
) -> int | None:
    """Makes the release that is due on a day and returns its number; None when there is nothing new to decide.

    `released_at` is for the demo, which makes up the releases of earlier years.
    """
    queries.hold_release_lock()
    policy = current_policy()
    known = [(indicator.id, indicator.version) for indicator in list_indicators()]
    decided = {
        key: decide(parts, policy.kind(key.indicator), policy)
        for key, parts in queries.list_undecided(known).items()
        if is_settled(period_of(key.period), today)
    }
    if not decided:
        return None
    return queries.add_release(
        policy, decided, release_id=release_id or new_id(), released_at=released_at or utcnow()
    )


CONTRIBUTE = Job("benchmarks.contribute", contribute, schedule=Schedule(daily_at=(2, 0)))
RELEASE = Job("benchmarks.release", release, scope="network")
