"""The one queue between dispatcher and workers: RQ with JSON payloads, never pickle."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

QUEUE = "default"
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

    @property
    def name(self) -> str:
        return f"{self.id}-{self.attempt}"


def connect(redis_url: str) -> Redis:
    """A Redis client that gives up on an unreachable server instead of hanging."""
    return Redis.from_url(redis_url, socket_connect_timeout=5, health_check_interval=30)


def open_queue(connection: Redis) -> Queue:
    return Queue(QUEUE, connection=connection, serializer=JSONSerializer)


def send(queue: Queue, messages: Iterable[Message]) -> None:
    """Puts messages on the queue in one round trip; raises redis.RedisError."""
    data = [
        Queue.prepare_data(
            PERFORM,
            args=(message.job, str(message.id), str(message.tenant_id) if message.tenant_id else None),
            timeout=JOB_TIMEOUT,
            result_ttl=0,
            failure_ttl=FAILURE_TTL,
            description=f"{message.job} {message.name}",
            job_id=message.name,
        )
        for message in messages
    ]
    if data:
        queue.enqueue_many(data)
