"""
What `/metrics` may tell, as one table, and how it is written for Prometheus (text format 0.0.4).

A label is a word of ours, from a list that ends: a channel, an outcome, a task, a provider's code. Never a citizen's word.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds; Twilio gives up after 15
REST = "+Inf"


class Metric(NamedTuple):
    """One family of numbers."""

    kind: str
    meaning: str


# fmt: off
METRICS: Mapping[str, Metric] = MappingProxyType({
    "iblagh_turns_total":                Metric("counter", "Deliveries at the doors, by channel and what became of them."),
    "iblagh_turn_seconds":               Metric("histogram", "Seconds from a delivery to the response that answered it."),
    "iblagh_sends_total":                Metric("counter", "Calls of the worker, by kind and result: ok, or why not."),
    "iblagh_taken_up_total":             Metric("counter", "Jobs of dead workers taken up: what one was sending may be sent twice."),
    "iblagh_memory_bytes":               Metric("gauge", "Resident memory of each process behind this address."),
    "iblagh_database_up":                Metric("gauge", "Whether the database answered this scrape. All below are its."),
    "iblagh_worker_silent":              Metric("gauge", "1 while no worker gives a sign of life."),
    "iblagh_jobs_due":                   Metric("gauge", "Jobs whose time has come and that nobody has begun, by task."),
    "iblagh_jobs_due_seconds":           Metric("gauge", "For how long the oldest of them has been due, by task."),
    "iblagh_jobs_failed":                Metric("gauge", "Jobs that were given up, by task."),
    "iblagh_incidents":                  Metric("gauge", "Incidents, by state and severity: seconds to minutes old."),
    "iblagh_incident_reports":           Metric("gauge", "Reports in them, by state and severity: as old."),
    "iblagh_cards_stale":                Metric("gauge", "Cards that do not show yet how their incident stands."),
    "iblagh_cards_failed":               Metric("gauge", "Cards that could not be shown."),
    "iblagh_notices_due":                Metric("gauge", "News for reporters whose time to leave has come."),
    "iblagh_notices_overdue":            Metric("gauge", "Those of them that should have left ten minutes ago."),
    "iblagh_answers_waiting":            Metric("gauge", "Answers that the worker has still to send."),
    "iblagh_files_waiting":              Metric("gauge", "Citizens' files to be fetched, or deleted at the provider."),
    "iblagh_deliveries_parked":          Metric("gauge", "Deliveries that failed three times by our own fault."),
    "iblagh_requests_waiting":           Metric("gauge", "Citizens' requests about their data that wait for the desk."),
    "iblagh_requests_overdue":           Metric("gauge", "Those of them that are beyond their day."),
    "iblagh_done_timestamp_seconds":     Metric("gauge", "When each thing that comes round by itself was last done."),
})
# fmt: on


class Sample(NamedTuple):
    """One line: a metric's name, its labels as they are written, its value."""

    name: str
    labels: str
    value: float


def sample(name: str, value: float, **labels: str) -> Sample:
    """A line of a metric of the table. Raises KeyError for any other."""
    _ = METRICS[name]
    return Sample(name, labelled(**labels), value)


def labelled(**labels: str) -> str:
    """
    Labels as they are written.

    >>> labelled(task="card", result='a "word"')
    '{task="card",result="a \\\\"word\\\\""}'
    """
    clean = (value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") for value in labels.values())
    joined = ",".join(f'{name}="{value}"' for name, value in zip(labels, clean, strict=True))
    return f"{{{joined}}}" if joined else ""


def bucket(seconds: float) -> str:
    """
    The smallest bucket that a duration falls into.

    >>> bucket(0.005), bucket(0.3), bucket(99)
    ('0.005', '0.5', '+Inf')
    """
    at = bisect_left(BUCKETS, seconds)
    return str(BUCKETS[at]) if at < len(BUCKETS) else REST


def written(samples: Iterable[Sample]) -> str:
    """All of them as a page: each metric under its meaning and kind, in the table's order."""
    order = {name: at for at, name in enumerate(METRICS)}
    found = sorted(samples, key=lambda one: order[_family(one.name)])
    return "".join(
        f"{line}\n" for family, some in groupby(found, lambda one: _family(one.name)) for line in _lines(family, some)
    )


def _lines(family: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP {family} {METRICS[family].meaning}"
    yield f"# TYPE {family} {METRICS[family].kind}"
    for one in samples:
        yield f"{one.name}{one.labels} {one.value:.15g}"


def _family(name: str) -> str:
    """A histogram has three names."""
    if name in METRICS:
        return name
    return name.removesuffix("_bucket").removesuffix("_sum").removesuffix("_count")
