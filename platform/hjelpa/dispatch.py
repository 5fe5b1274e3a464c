"""The dispatcher: hands outbox rows to RQ, sends again what got lost, and keeps the schedules. One leads at a time."""

from datetime import datetime, timedelta

import structlog
from redis import Redis, RedisError
from sqlalchemy import Connection, Engine, create_engine, pool
from sqlalchemy.exc import DBAPIError

from hjelpa.core.config import Settings
from hjelpa.core.features import Features
from hjelpa.core.stopping import StopSignal
from hjelpa.core.types import utcnow
from hjelpa.queueing import connect, open_queues, send
from hjelpa.relay import (
    BATCH,
    OUTBOXES,
    claim,
    find_overdue,
    plan_ticks,
    prune,
    settle_overdue,
    unclaim,
    write_tick,
)

# Any number that nothing else in this database locks: the ASCII codes of "hjelpa".
LEADER_LOCK = 0x686A656C7061

TIDY_EVERY = timedelta(hours=1)

log = structlog.get_logger("hjelpa.dispatch")


def make_engine(settings: Settings) -> Engine:
    """The dispatcher's own connections: role `dispatch`, and none kept that the server has closed."""
    return create_engine(
        settings.url_for_role("dispatch"), pool_size=2, max_overflow=0, pool_pre_ping=True, hide_parameters=True
    )


class Leadership:
    """The right to dispatch: an advisory lock that lives and dies with one connection of its own."""

    def __init__(self, settings: Settings) -> None:
        self._engine = create_engine(
            settings.url_for_role("dispatch"), poolclass=pool.NullPool, isolation_level="AUTOCOMMIT"
        )
        self._connection: Connection | None = None

    def hold(self) -> bool:
        """Whether this process leads now; takes the lead if it is free. Raises DBAPIError without a database."""
        if self._connection is not None:
            self._connection.exec_driver_sql("select 1")
            return True
        connection = self._engine.connect()
        try:
            # A leader whose machine vanished must not keep the lock for the two hours of default keepalive.
            for name, value in (("idle", 10), ("interval", 5), ("count", 3)):
                connection.exec_driver_sql(f"set tcp_keepalives_{name} = {value}")
            locked = connection.exec_driver_sql("select pg_try_advisory_lock(%s)", (LEADER_LOCK,)).scalar_one()
        except DBAPIError:
            connection.close()
            raise
        if locked:
            self._connection = connection
            log.info("leading")
        else:
            connection.close()
        return bool(locked)

    def resign(self) -> None:
        """Gives the lead up, whatever state the connection is in."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


class Dispatcher:
    """One turn after the other until it is told to stop. `patience`: how long a sent job may stay untouched."""

    def __init__(
        self,
        settings: Settings,
        features: Features,
        *,
        interval: float = 0.5,
        patience: timedelta = timedelta(seconds=30),
    ) -> None:
        self.features = features
        self.interval = interval
        self.patience = patience
        self.redis: Redis = connect(settings.redis_url)
        self.engine = make_engine(settings)
        self.leadership = Leadership(settings)
        self._ticks: dict[str, datetime] = {}
        self._tidied: datetime | None = None
        self._reachable = True

    def run(self, stop: StopSignal) -> None:
        """Leads or stands by until the stop is asked for."""
        try:
            while not stop.is_set():
                self._try_turn()
                stop.wait(self.interval)
        finally:
            self.close()

    def close(self) -> None:
        self.leadership.resign()
        self.engine.dispose()
        self.redis.close()

    def _try_turn(self) -> None:
        try:
            if self.leadership.hold():
                self.turn()
            self._note(reachable=True)
        except RedisError as error:
            # Nothing is lost: the rows stay where they are until Redis is back.
            self._note(reachable=False, error=type(error).__name__)
        except DBAPIError as error:
            self.leadership.resign()
            self._note(reachable=False, error=type(error).__name__)

    def _note(self, *, reachable: bool, error: str = "") -> None:
        """One log line when the servers go away and one when they are back, not one per turn."""
        if reachable != self._reachable:
            self._reachable = reachable
            log.warning("servers_back" if reachable else "servers_away", error=error)

    def turn(self) -> None:
        """One turn: what has become due, what got lost, what is to be sent. Raises RedisError or DBAPIError."""
        self.keep_schedules(utcnow())
        self.tidy(utcnow())
        self.redis.ping()
        self.sweep()
        self.relay()

    def keep_schedules(self, now: datetime) -> None:
        """Writes the ticks that have become due since the last turn; safe to repeat in any process."""
        for job, tick in plan_ticks(self.features, now).items():
            if self._ticks.get(job) != tick:
                write_tick(self.engine, self.features, job, tick)
                self._ticks[job] = tick

    def tidy(self, now: datetime) -> int:
        """Once an hour, deletes what was done long ago; returns how many rows went."""
        if self._tidied is not None and now - self._tidied < TIDY_EVERY:
            return 0
        self._tidied = now
        return sum(prune(self.engine, outbox, self.features, now) for outbox in OUTBOXES)

    def sweep(self) -> int:
        """Sends again (or gives up) what was sent, is not done, and neither waits on the queue nor is worked on."""
        swept = 0
        for outbox in OUTBOXES:
            with self.engine.begin() as connection:
                overdue = find_overdue(connection, outbox, self.patience)
                if overdue:
                    waiting = {name for queue in open_queues(self.redis) for name in queue.get_job_ids()}
                    swept += settle_overdue(connection, outbox, overdue, waiting, self.features)
        if swept:
            log.warning("swept", rows=swept)
        return swept

    def relay(self) -> int:
        """Sends everything that is due, batch by batch; returns how many messages were sent."""
        sent = 0
        for outbox in OUTBOXES:
            full = True
            while full:
                # The mark commits before the message leaves, so that a fast worker never meets a locked row.
                with self.engine.begin() as connection:
                    messages = claim(connection, outbox, self.features)
                try:
                    send(self.redis, messages)
                except RedisError:
                    with self.engine.begin() as connection:
                        unclaim(connection, outbox, messages)
                    raise
                sent += len(messages)
                full = len(messages) == BATCH
        return sent
