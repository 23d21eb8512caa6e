"""Metrics: what a Prometheus server may scrape. One registry an app, no globals."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


class Metrics:
    """Counts of one app since it started."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "bioloom_http_requests",
            "Requests answered.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.latency = Histogram(
            "bioloom_http_request_seconds",
            "Seconds from a request to the start of its answer.",
            ["route"],
            registry=self.registry,
        )
        self.plans = Histogram(
            "bioloom_plan_seconds",
            "Seconds to compute a plan that was not remembered.",
            buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30),
            registry=self.registry,
        )
        self.entries = Gauge("bioloom_entries", "Entries in the record.", registry=self.registry)

    def text(self, *, entries: int) -> bytes:
        """Everything in Prometheus' text format 0.0.4."""
        self.entries.set(entries)
        return generate_latest(self.registry)
