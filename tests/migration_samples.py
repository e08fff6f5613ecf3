"""What each revision finds when it comes, and what must be there when it has been and when it has gone again."""

from __future__ import annotations

# fmt: off
LOADED: dict[str, tuple[str, ...]] = {
    "0001": (),
    "0002": (
        "INSERT INTO people (id) VALUES (:one)",
        "INSERT INTO sessions (person, sealed, expires_at) VALUES (:one, '\\xf801', '2026-11-22T03:00Z')",
        "INSERT INTO incidents (id, category, severity, state, opened_at, reports, channel, locale, disclosure, card_group)"
         " VALUES (:one, 'hate', 1, 'received', '2026-11-22T02:00Z', 1, 'telegram', 'fr', 'confidential', 'moderators')",
        "INSERT INTO reports (id, reference, incident, category, severity, channel, locale, disclosure, state, received_at,"
         " person) VALUES (:one, 'IB-0000-0000-000', :one, 'hate', 1, 'telegram', 'fr', 'confidential', 'received',"
         " '2026-11-22T02:00Z', :one)",
    ),
    "0003": (
        "INSERT INTO incidents (id, category, severity, state, opened_at, reports, channel, locale, disclosure, card_group)"
         " VALUES (:one, 'scam', 0, 'received', '2026-11-22T02:00Z', 1, 'whatsapp', 'ar', 'anonymous', 'moderators')",
        "INSERT INTO reports (id, reference, incident, category, severity, channel, locale, disclosure, state, received_at,"
         " secret) VALUES (:one, 'IB-0000-0000-000', :one, 'scam', 0, 'whatsapp', 'ar', 'anonymous', 'received',"
         " '2026-11-22T02:00Z', '\\x01')",
        "INSERT INTO report_parts (report, part, sealed) VALUES (:one, 'content', '\\xfa01')",
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('default', 'card', '{\"group\": \"moderators\"}')",
    ),
    "0004": (
        "INSERT INTO deliveries (mark, kept, forget_at) VALUES ('\\x01', '\\xf901', '2026-11-24T02:00Z')",
        "INSERT INTO discards (id, channel, sealed, due_at, forget_at)"
         " VALUES (:one, 'whatsapp', '\\xf801', '2026-11-22T02:01Z', '2026-11-23T02:00Z')",
    ),
    "0005": (
        "INSERT INTO people (id) VALUES (:one)",
        "INSERT INTO sessions (person, sealed, expires_at) VALUES (:one, '\\xf801', '2026-11-25T03:00Z')",
    ),
    "0006": (
        "INSERT INTO incidents (id, category, severity, state, opened_at, reports, channel, locale, disclosure, card_group)"
         " VALUES (:one, 'scam', 0, 'closed', '2026-11-22T02:00Z', 1, 'telegram', 'ar', 'anonymous', 'moderators')",
        "INSERT INTO reports (id, reference, incident, category, severity, channel, locale, disclosure, state, received_at,"
         " secret) VALUES (:one, 'IB-0000-0000-000', :one, 'scam', 0, 'telegram', 'ar', 'anonymous', 'closed',"
         " '2026-11-22T02:00Z', '\\x01')",
        "INSERT INTO people (id) VALUES (:one)",
    ),
    "0007": (
        "INSERT INTO answers (mark, pseudonym, mailbox, position, sealed, tried, forget_at)"
         " VALUES ('\\x01', '\\x02', :one, 1, '\\xf801', true, '2026-11-23T03:00Z')",
    ),
    "0008": (
        "INSERT INTO incidents (id, category, severity, state, opened_at, reports, channel, locale, disclosure, card_group)"
         " VALUES (:one, 'scam', 0, 'received', '2026-11-22T02:00Z', 1, 'whatsapp', 'ar', 'anonymous', 'moderators')",
        "INSERT INTO reports (id, reference, incident, category, severity, channel, locale, disclosure, state, received_at,"
         " secret) VALUES (:one, 'IB-0000-0000-000', :one, 'scam', 0, 'whatsapp', 'ar', 'anonymous', 'received',"
         " '2026-11-22T02:00Z', '\\x01')",
        "INSERT INTO report_parts (report, part, sealed) VALUES (:one, 'content', '\\xfa01')",
        "INSERT INTO additions (id, report, part, sealed, added_at)"
         " VALUES (:one, :one, 'content', '\\xfa02', '2026-11-22T03:00Z')",
        "INSERT INTO evidence (report, exhibit, file, sealed) VALUES (:one, 1, :one, '\\xfa03')",
    ),
    "0009": (
        "INSERT INTO incidents (id, category, severity, state, opened_at, reports, channel, locale, disclosure, card_group,"
         " card_message) VALUES (:one, 'scam', 0, 'analysis', '2026-11-22T02:00Z', 1, 'telegram', 'ar', 'anonymous',"
         " 'moderators', '77')",
        "INSERT INTO reports (id, reference, incident, category, severity, channel, locale, disclosure, state, received_at,"
         " secret) VALUES (:one, 'IB-0000-0000-000', :one, 'scam', 0, 'telegram', 'ar', 'anonymous', 'analysis',"
         " '2026-11-22T02:00Z', '\\x01')",
    ),
    "0010": (
        "INSERT INTO people (id) VALUES (:one)",
        "INSERT INTO sessions (person, sealed, expires_at) VALUES (:one, '\\xf801', '2026-11-25T03:00Z')",
    ),
    "0011": (
        "INSERT INTO incidents (id, category, severity, state, opened_at, last_at, reports, card_group)"
         " VALUES (:one, 'scam', 0, 'received', '2026-11-22T02:00Z', '2026-11-22T02:00Z', 1, 'moderators')",
        "INSERT INTO deliveries (mark, kept, forget_at) VALUES ('\\x01', '\\xf901', '2026-11-24T02:00Z')",
    ),
    "0012": (
        "INSERT INTO people (id) VALUES (:one)",
        "INSERT INTO sessions (person, sealed, expires_at) VALUES (:one, '\\xf801', '2026-11-25T03:00Z')",
    ),
    "0013": (
        "INSERT INTO moderators (id, pseudonym, name, restricted) VALUES (:one, '\\x01', '\\xf801', 1)",
    ),
    "0014": (
        "INSERT INTO incidents (id, category, severity, state, opened_at, last_at, reports, card_group, card_message,"
         " shown_version) VALUES (:one, 'hate', 1, 'received', '2026-11-22T02:00Z', '2026-11-22T02:00Z', 250, 'moderators',"
         " '77', 1)",
        "INSERT INTO reports (id, reference, incident, origin, category, severity, channel, locale, disclosure, state,"
         " received_at) VALUES (:one, 'IB-0000-0000-000', :one, :one, 'hate', 1, 'telegram', 'ar', 'confidential',"
         " 'received', '2026-11-22T02:00Z')",
        "INSERT INTO notices (id, report, due_at, forget_at) VALUES (:one, :one, '2026-11-22T02:10Z', '2027-01-01T00:00Z')",
    ),
    "0015": (
        "INSERT INTO incidents (id, category, severity, state, opened_at, last_at, reports, card_group)"
         " VALUES (:one, 'hate', 1, 'analysis', '2026-11-22T02:00Z', '2026-11-22T02:00Z', 1, 'moderators')",
        "INSERT INTO work (incident, version, menu) VALUES (:one, 3, 'close')",
    ),
    "0016": (
        "INSERT INTO custody_heads (incident, number, length, hash) VALUES (:one, 101, 2, sha256('two'))",
        "UPDATE custody_heads SET length = 3, hash = sha256('three')",
    ),
    "0017": ("INSERT INTO tombstones (mark, what, buried_on) VALUES ('\\x01', 'name', '2026-11-22')",),
    "0018": (
        "INSERT INTO incidents (id, category, severity, state, opened_at, last_at, reports, card_group, wanted_version,"
         " shown_version) VALUES (:one, 'hate', 1, 'received', '2026-11-22T02:00Z', '2026-11-22T02:00Z', 1, 'moderators', 7, 7)",
        "INSERT INTO alerted (incident, severity, reminder) VALUES (:one, 1, 1)",
        "INSERT INTO work (incident, version, menu, menu_until) VALUES (:one, 3, 'close', '2026-11-22T02:05Z')",
    ),
}
CHECKED: dict[str, tuple[tuple[str, object], ...]] = {
    "0001": (("SELECT count(*) FROM people", 0),),
    "0002": (
        ("SELECT number FROM incidents", 101),
        ("SELECT reference FROM reports JOIN sessions USING (person)", "IB-0000-0000-000"),
        ("SELECT bool_and(fresh) FROM reports", True),
    ),
    "0003": (
        ("SELECT reference FROM reports JOIN report_parts ON report = id WHERE part = 'content'", "IB-0000-0000-000"),
        ("SELECT secret FROM reports", b"\x01"),
        ("SELECT task_name FROM procrastinate_jobs", "card"),
    ),
    "0004": (("SELECT kept FROM deliveries", b"\xf9\x01"), ("SELECT channel FROM discards", "whatsapp")),
    "0005": (("SELECT sealed FROM sessions JOIN people ON id = person", b"\xf8\x01"),),
    "0006": (("SELECT state FROM reports", "closed"), ("SELECT count(*) FROM people", 1)),
    "0007": (("SELECT sealed FROM answers WHERE position = 1", b"\xf8\x01"),),
    "0008": (
        ("SELECT sealed FROM report_parts", b"\xfa\x01"),
        ("SELECT sealed FROM evidence WHERE exhibit = 1", b"\xfa\x03"),
        ("SELECT count(*) FROM incidents WHERE number = 101", 1),
    ),
    "0009": (
        ("SELECT card_message FROM incidents WHERE reports = 1", "77"),
        ("SELECT reports.state FROM reports JOIN incidents ON incident = incidents.id", "analysis"),
    ),
    "0010": (("SELECT sealed FROM sessions JOIN people ON person = id", b"\xf8\x01"),),
    "0011": (("SELECT state FROM incidents", "received"), ("SELECT kept FROM deliveries", b"\xf9\x01")),
    "0012": (("SELECT sealed FROM sessions JOIN people ON person = id", b"\xf8\x01"),),
    "0013": (("SELECT name FROM moderators", b"\xf8\x01"), ("SELECT to_jsonb(m)->>'role' IS DISTINCT FROM 'agent' FROM moderators m", True)),
    "0014": (
        ("SELECT count(*) FROM notices WHERE due_at = '2026-11-22T02:10Z'", 1),
        ("SELECT card_message FROM incidents WHERE reports = 250", "77"),
    ),
    "0015": (
        ("SELECT version FROM work WHERE menu = 'close'", 3),
        ("SELECT count(*) FROM work w WHERE to_jsonb(w) ? 'menu_until' AND to_jsonb(w)->>'menu_until' IS NULL", 0),
    ),
    "0016": (("SELECT length FROM custody_heads WHERE hash = sha256('three')", 3),),
    "0017": (("SELECT what FROM tombstones WHERE mark = '\\x01'", "name"),),
    "0018": (
        ("SELECT reminder FROM alerted JOIN work USING (incident) JOIN incidents ON id = incident WHERE shown_version = 7", 1),
        ("SELECT coalesce(to_jsonb(i)->>'looked_version', '0') FROM incidents i", "0"),  # nobody has looked
    ),
}
# fmt: on
