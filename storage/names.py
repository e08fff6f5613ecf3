"""Names: the statements that lock, find and make who bears them."""

from __future__ import annotations

from collections.abc import Sequence

from storage import wire
from storage.sealed import Pseudonym
from storage.wire import Statement

# One statement, in the order of the keys: two transactions that want the same locks never wait for each other.
# A person's key is the one that `key` reads out of their id. What follows in the transaction finds single rows by their
# keys: planning that anew for every message would cost the database more than doing it, and a plan made while the tables were
# empty would read them whole until they are analysed.
LOCKS = Statement(
    "locks",
    """
    SELECT pg_advisory_xact_lock(key), person, set_config('plan_cache_mode', 'force_generic_plan', true),
        set_config('enable_seqscan', 'off', true)
    FROM (
        SELECT key, NULL AS person FROM unnest(CAST($1 AS bigint[])) AS key
        UNION
        SELECT CAST(CAST('x' || replace(left(CAST(person AS text), 18), '-', '') AS bit(64)) AS bigint), person
        FROM aliases WHERE pseudonym = ANY (CAST($2 AS bytea[]))
        ORDER BY key
    ) AS wanted
    """,
)
BEARERS = Statement("bearers", "SELECT pseudonym, person FROM aliases WHERE pseudonym = ANY (CAST($1 AS bytea[]))")
BORN = Statement(
    "born",
    """
    WITH born AS (INSERT INTO people (id) VALUES ($2))
    INSERT INTO aliases (pseudonym, person) SELECT unnest(CAST($1 AS bytea[])), $2
    """,
)

Names = Sequence[tuple[Pseudonym, ...]]  # for each name its versions, newest first


def listed(names: Names) -> bytes:
    """All versions of all names, as a list for a statement."""
    return wire.array(wire.BYTES, [pseudonym for versions in names for pseudonym in versions])
