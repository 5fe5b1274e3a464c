"""The worker: takes jobs from the queues and runs each in a process of its own."""

from redis import Redis
from rq import Worker
from rq.serializers import JSONSerializer

from hjelpa import jobs
from hjelpa.queueing import open_queues

# RQ's own tidying up after dead workers runs between jobs only: often, and never behind a long wait for work.
MAINTENANCE_SECONDS = 30
WORKER_TTL = 60


def run_worker(connection: Redis, *, burst: bool = False) -> None:
    """Works until SIGTERM, then finishes the job at hand; with `burst` until the queues are empty.

    The application is made here, in the parent, and opens no connection: every job runs in a forked child, and two
    processes on one socket would read each other's answers.
    """
    jobs.worker_app()
    worker = Worker(
        open_queues(connection),
        connection=connection,
        serializer=JSONSerializer,
        maintenance_interval=MAINTENANCE_SECONDS,
        worker_ttl=WORKER_TTL,
        log_job_description=False,
    )
    worker.work(burst=burst)
