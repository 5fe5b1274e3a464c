"""When work is due, and when it is given up: decisions without a database."""

from datetime import UTC, datetime, timedelta

from hjelpa.core.contract import Schedule

FIRST_RETRY = timedelta(seconds=10)
LONGEST_RETRY = timedelta(hours=1)
MAX_ATTEMPTS = 5

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def latest_tick(schedule: Schedule, now: datetime) -> datetime:
    """The latest moment at or before `now` at which the schedule was due, in UTC.

    Ticks lie on a grid that depends on the schedule alone, so that every process computes the same ones.
    Raises ValueError for a schedule that names no time.
    """
    if schedule.daily_at is not None:
        hour, minute = schedule.daily_at
        tick = now.astimezone(UTC).replace(hour=hour, minute=minute, second=0, microsecond=0)
        return tick if tick <= now else tick - timedelta(days=1)
    if schedule.every_minutes > 0:
        step = timedelta(minutes=schedule.every_minutes)
        return _EPOCH + (now - _EPOCH) // step * step
    raise ValueError("a schedule needs every_minutes or daily_at")


def tick_key(job: str, tick: datetime) -> str:
    """What makes a tick's outbox row the only one of its kind."""
    return f"schedule:{job}:{tick.isoformat()}"


def retry_delay(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: four times as long each time, at most an hour."""
    return min(FIRST_RETRY * float(4 ** min(max(attempts - 1, 0), 10)), LONGEST_RETRY)


def is_exhausted(attempts: int, max_attempts: int = MAX_ATTEMPTS) -> bool:
    """Whether a job that was sent so many times is to be given up and shown to the operator."""
    return attempts >= max_attempts
