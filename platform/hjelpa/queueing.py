"""The queues between dispatcher and workers: RQ with JSON payloads, never pickle."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from redis import Redis
from rq import Queue
from rq.queue import EnqueueData
from rq.serializers import JSONSerializer

# Workers empty the first before they look at the next: a person at a progress page never waits for the night's work.
ASKED, SCHEDULED = QUEUES = ("default", "low")
PERFORM = "hjelpa.jobs.perform"

# A job that takes longer is interrupted and tried again; the longest ones compute a municipality's contributions.
JOB_TIMEOUT = 900
# What RQ itself keeps of a job that it could not run at all; our own record of failures is the outbox.
FAILURE_TTL = 86_400


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent for one outbox row: ids only. `attempt` makes each sending a message of its own."""

    job: str
    id: uuid.UUID
    tenant_id: uuid.UUID | None
    attempt: int
    queue: str = ASKED

    @property
    def name(self) -> str:
        return f"{self.id}-{self.attempt}"


def connect(redis_url: str) -> Redis:
    """A Redis client that gives up on an unreachable server instead of hanging."""
    return Redis.from_url(redis_url, socket_connect_timeout=5, health_check_interval=30)


def open_queues(connection: Redis) -> list[Queue]:
    """Every queue, in the order in which workers take from them."""
    return [Queue(name, connection=connection, serializer=JSONSerializer) for name in QUEUES]


def send(connection: Redis, messages: Iterable[Message]) -> None:
    """Puts messages on their queues, in one round trip each; raises redis.RedisError."""
    sorted_out: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        sorted_out[message.queue].append(message)
    for queue in open_queues(connection):
        if queue.name in sorted_out:
            queue.enqueue_many([_data(message) for message in sorted_out[queue.name]])


def _data(message: Message) -> EnqueueData:
    return Queue.prepare_data(
        PERFORM,
        args=(message.job, str(message.id), str(message.tenant_id) if message.tenant_id else None),
        timeout=JOB_TIMEOUT,
        result_ttl=0,
        failure_ttl=FAILURE_TTL,
        description=f"{message.job} {message.name}",
        job_id=message.name,
    )
