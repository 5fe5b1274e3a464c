"""Figures for Prometheus: requests by endpoint, jobs by kind and outcome. No tenant, no person, no address."""

import os
from collections.abc import Iterable
from contextlib import suppress

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from redis import Redis, RedisError

JOBS_KEY = "hjelpa:jobs"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value


class JobCounts(Collector):
    """Counts of jobs, kept in Redis: every job runs in a process that ends with it. A lost count harms nobody."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def add(self, kind: str, outcome: str) -> None:
        with suppress(RedisError):
            self._redis.hincrby(JOBS_KEY, f"{kind} {outcome}", 1)

    def collect(self) -> Iterable[Metric]:
        family = CounterMetricFamily("hjelpa_jobs", "Jobs by kind and outcome", labels=("job", "outcome"))
        with suppress(RedisError):
            for name, count in self._redis.hgetall(JOBS_KEY).items():
                family.add_metric(_text(name).split(" ", 1), float(count))
        yield family


class Metrics:
    """The figures of one application; with PROMETHEUS_MULTIPROC_DIR set, of all processes that share the folder."""

    def __init__(self, redis: Redis) -> None:
        self.registry = CollectorRegistry()
        labels = ("endpoint", "status")
        self._requests = Counter("hjelpa_requests", "Requests answered", labels, registry=self.registry)
        self._seconds = Histogram(
            "hjelpa_request_seconds", "Time to answer", labels, buckets=SECONDS, registry=self.registry
        )
        self._jobs = JobCounts(redis)

    def count_request(self, endpoint: str, status: int, seconds: float) -> None:
        """Counts one answer by endpoint and class of status (2xx, 4xx, …)."""
        status_class = f"{status // 100}xx"
        self._requests.labels(endpoint, status_class).inc()
        self._seconds.labels(endpoint, status_class).observe(seconds)

    def count_job(self, kind: str, outcome: str) -> None:
        self._jobs.add(kind, outcome)

    def page(self) -> tuple[bytes, str]:
        """The text that Prometheus reads, and its content type."""
        registry = self.registry
        if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library leaves it untyped
        jobs = CollectorRegistry()
        jobs.register(self._jobs)
        return generate_latest(registry) + generate_latest(jobs), CONTENT_TYPE_LATEST
