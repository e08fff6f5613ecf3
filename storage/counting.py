"""
The statement by which a report joins its incident: what depends on how the incident stands is decided in it, so that who
reports the same link waits for no journey to us and back. It is said behind the fingerprint's locks, and sees what they cover.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from conversations.cases import State
from conversations.categories import CATEGORIES
from storage.custody import RECEIVES
from storage.named import Named, Plain
from storage.waking import WAKES

# The open incident, if its fingerprint leads to one: its row is held, then its chain's. A closed one is not held: that would
# leave a citizen's transaction's number in a row that is not written. A number is taken only where there is none.
# The gravest report says how it is worked, as `outranks` has it. What leads to them is found first, and no order that an
# index knows is asked for: a plan that walks all incidents by number until one fits would look cheap, and a new link fits none.
_STANDS = """
    WITH RECURSIVE given AS (
        SELECT CAST(:came AS timestamptz) AS came, CAST(:marks AS bytea[]) AS marks, CAST(:severity AS bigint) AS grave
    ), leads AS MATERIALIZED (
        SELECT array_agg(incident) AS there FROM fingerprints WHERE mark = ANY (CAST(:marks AS bytea[]))
    ), known AS (
        SELECT incidents.id AS held, incidents.number AS numbered, category AS was, severity AS its, card_group AS whose, link AS showed,
            link_until AS shows_until, places AS counted, state, earlier AS followed, length AS told, hash AS ends,
            (SELECT origin FROM fingerprints WHERE mark = ANY (CAST(:marks AS bytea[])) AND incident = incidents.id LIMIT 1)
            AS led_from
        FROM incidents JOIN custody_heads ON custody_heads.incident = incidents.id
        WHERE incidents.id = ANY (CAST((SELECT there FROM leads) AS uuid[])) AND state <> CAST(:closed AS text)
        ORDER BY incidents.number + 0 LIMIT 1 FOR NO KEY UPDATE OF incidents, custody_heads
    ), weighed AS (
        SELECT *, held IS NULL AS new, held IS NULL
            OR (CAST(:child AS boolean), grave) > (was = ANY (CAST(:children AS text[])), its) AS graver
        FROM given LEFT JOIN known ON true
    ), stands AS (
        SELECT new, came, marks, coalesce(held, CAST(:incident AS uuid)) AS id,
            coalesce(led_from, CAST(:incident AS uuid)) AS origin,
            coalesce(numbered, nextval('incidents_number_seq')) AS number, greatest(its, grave) AS severity,
            CASE WHEN graver THEN CAST(:category AS text) ELSE was END AS category,
            CASE WHEN graver THEN CAST(:group AS text) ELSE whose END AS card_group,
            CASE WHEN new THEN CAST(:link AS bytea) ELSE showed END AS link,
            CASE WHEN new THEN CAST(:link_until AS timestamptz) ELSE shows_until END AS link_until,
            coalesce(CAST(:places AS bytea), counted) AS places, state <> CAST(:state AS text) AS further,
            coalesce(told, 0) AS length, coalesce(ends, CAST(:beginning AS bytea)) AS ends,
            CASE WHEN NOT new THEN followed ELSE (
                SELECT max(number + 0) FROM incidents WHERE id = ANY (CAST((SELECT there FROM leads) AS uuid[]))
            ) END AS earlier
        FROM weighed
    ), worked AS (
        SELECT id, category, severity, card_group, places, CASE WHEN category = ANY (CAST(:linked AS text[])) THEN link END AS link,
            CASE WHEN category = ANY (CAST(:linked AS text[])) THEN link_until END AS link_until
        FROM stands
    )
"""
_COUNTS = """
    , joined AS (
        UPDATE incidents SET category = worked.category, severity = worked.severity, card_group = worked.card_group,
            link = worked.link, link_until = worked.link_until, places = worked.places, reports = reports + 1,
            last_at = greatest(last_at, came), wanted_version = wanted_version + 1, fresh = true
        FROM worked, given WHERE incidents.id = worked.id RETURNING reports
    ), made AS (
        INSERT INTO incidents (id, number, category, severity, card_group, link, link_until, places, platform, state,
            reports, opened_at, last_at, earlier)
        SELECT id, number, worked.category, worked.severity, worked.card_group, worked.link, worked.link_until, worked.places,
            CAST(:platform AS text), CAST(:state AS text), 1, came, came, earlier
        FROM worked JOIN stands USING (id) WHERE new RETURNING reports
    ), led AS (
        UPDATE fingerprints SET incident = stands.id, origin = stands.origin, fresh = true
        FROM stands WHERE mark = ANY (marks) AND incident <> stands.id
    ), noted AS (
        INSERT INTO fingerprints (mark, incident, origin) SELECT marks[1], id, origin FROM stands
        WHERE cardinality(marks) > 0 AND NOT EXISTS (SELECT FROM fingerprints AS there WHERE there.mark = marks[1])
    ), mailbox AS (
        SELECT CAST(mailbox AS text) AS lock FROM groups
        WHERE name = CAST(:wakes AS text) AND configured = CAST(:chat AS text)
    ),
"""
_TOLD = """
    SELECT id, number, stands.card_group, origin, new, stands.severity, counted.reports, earlier
    FROM stands, awake, (SELECT reports FROM joined UNION ALL SELECT reports FROM made) AS counted
"""

ALIKE: Mapping[str, Plain] = MappingProxyType(
    {
        "state": State.RECEIVED.value,
        "closed": State.CLOSED.value,
        "children": [category.key for category in CATEGORIES.values() if category.queue == "restricted"],
        "linked": [category.key for category in CATEGORIES.values() if category.card_link],
    }
)


def counting(name: str, more: str = "") -> Named:
    """The statement, which writes more in the same breath: common table expressions that read `stands`, each after a comma."""
    return Named(name, _STANDS + RECEIVES + more + _COUNTS + WAKES + _TOLD)
