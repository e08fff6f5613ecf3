"""Folding is state: what the group has yet to be shown, who took it, and when a job is owed."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select, update

from conversations.categories import Severity
from storage import incidents, moderators, reports, undoing, work
from storage.db import Transaction
from storage.incidents import Stale
from storage.joining import Handling
from storage.pressing import Pressed
from storage.tables import incidents as rows
from tests.storage_samples import HANDLING, NOW, VAULT, file, filing


def next_one(tx: Transaction, group: str = "moderators") -> Stale:
    stale = incidents.stale_next(tx, VAULT, group)
    assert stale is not None
    return stale


def changed(tx: Transaction, number: int) -> None:
    tx.execute(update(rows).where(rows.c.number == number).values(wanted_version=rows.c.wanted_version + 1))


def take(tx: Transaction, number: int, id: str, name: str, version: int = 0) -> None:
    """Press *take* on a card that nobody else has pressed since."""
    moderator = moderators.add(tx, VAULT, id, name)
    assert work.take(tx, Pressed(number, version, "take", moderator), NOW) == ("taken", "moderators")


def test_the_most_severe_is_shown_first_then_the_oldest(tx: Transaction) -> None:
    severities = [Severity.NORMAL, Severity.HIGH, Severity.CRITICAL, Severity.HIGH]
    numbers = [file(tx, handling=replace(HANDLING, severity=severity)).number for severity in severities]
    order = []
    while stale := incidents.stale_next(tx, VAULT, "moderators"):
        order.append(numbers.index(stale.incident.number))
        assert incidents.shown(tx, stale, f"message {len(order)}") is (len(order) < 4)
    assert order == [2, 1, 3, 0]


def test_a_card_shows_what_it_may(tx: Transaction) -> None:
    filed = file(tx, filing("identified"))
    incident, version, message, _ = next_one(tx)
    assert (incident.number, version, message) == (filed.number, 1, "")
    assert (incident.category, incident.severity, incident.state, incident.group) == (
        "hate",
        1,
        "received",
        "moderators",
    )
    assert (incident.channels, incident.languages, incident.anonymous) == ({"telegram": 1}, {"fr": 1}, 0)
    assert (incident.places, incident.earlier, incident.merged_into) == ({}, None, None)
    assert (incident.platform, incident.reports, incident.link) == ("web", 1, "hxxps://bad[.]example/p/7")
    assert incident.taken_by == "" and "bad" not in repr(incident)


def test_each_group_has_its_own(tx: Transaction) -> None:
    file(tx, handling=Handling(2, ("restricted",), "restricted"))
    assert incidents.stale_next(tx, VAULT, "moderators") is None
    assert next_one(tx, "restricted").incident.link == ""
    assert incidents.stale_groups(tx) == ["restricted"]


def test_what_changed_while_it_was_being_shown_is_shown_again(tx: Transaction) -> None:
    number = file(tx).number
    stale = next_one(tx)
    changed(tx, number)
    assert incidents.shown(tx, stale, "77") is True
    again = next_one(tx)
    assert (again.version, again.message) == (2, "77")
    assert incidents.shown(tx, again, "77") is False
    assert incidents.stale_groups(tx) == []


def test_a_late_record_of_an_old_version_takes_nothing_back(tx: Transaction) -> None:
    number = file(tx).number
    old = next_one(tx)
    changed(tx, number)
    assert incidents.shown(tx, next_one(tx), "77") is False
    assert incidents.shown(tx, old, "77") is False


def test_what_failed_for_good_waits_for_a_later_version(tx: Transaction) -> None:
    bad, good = file(tx).number, file(tx).number
    assert incidents.card_failed(tx, next_one(tx), "bad-request") is True
    assert next_one(tx).incident.number == good
    assert incidents.shown(tx, next_one(tx), "1") is False
    assert incidents.faults(tx) == [(bad, "bad-request")]
    changed(tx, bad)
    assert next_one(tx).incident.number == bad
    incidents.shown(tx, next_one(tx), "2")
    assert incidents.faults(tx) == []


def test_a_lost_card_is_sent_anew(tx: Transaction) -> None:
    number = file(tx).number
    incidents.shown(tx, next_one(tx), "77")
    changed(tx, number)
    incidents.card_lost(tx, next_one(tx))
    assert next_one(tx).message == ""


def test_taking_is_told_to_the_reporter_and_to_the_card(tx: Transaction) -> None:
    said = filing()
    number = file(tx, said).number
    incidents.shown(tx, next_one(tx), "77")
    take(tx, number, "900", "Salma")
    undoing.stand(tx, tx.execute(select(rows.c.id).where(rows.c.number == number)).scalar_one())
    assert reports.state(tx, said.reference) == "analysis"
    assert next_one(tx).incident.taken_by == "Salma" and next_one(tx).incident.state == "analysis"


def test_who_is_struck_off_lets_go_of_what_they_took(tx: Transaction) -> None:
    number = file(tx).number
    take(tx, number, "900", "Salma")
    incidents.shown(tx, next_one(tx), "77")
    assert moderators.remove(tx, VAULT, "900") and not moderators.remove(tx, VAULT, "900")
    assert next_one(tx).incident.taken_by == ""
    take(tx, number, "901", "Omar", version=2)
    assert (next_one(tx).incident.taken_by, next_one(tx).incident.state) == ("Omar", "analysis")


def test_the_listing_holds_neither_link_nor_name(tx: Transaction) -> None:
    number = file(tx).number
    take(tx, number, "900", "Salma")
    [listed] = incidents.listing(tx)
    assert listed["number"] == number and listed["taken"] is True and listed["opened_at"] == "2026-11-22T02:00:00+00:00"
    assert "Salma" not in str(listed) and "bad" not in str(listed)


def test_dropped_links_leave_the_card_and_owe_one_job(tx: Transaction) -> None:
    shown, waiting = file(tx), file(tx, handling=replace(HANDLING, group="restricted"))
    incidents.shown(tx, next_one(tx), "77")
    assert incidents.drop_links(tx, [shown.incident, waiting.incident]) == {"moderators"}
    assert next_one(tx).incident.link == "" and next_one(tx).message == "77"
    assert tx.execute(select(rows.c.link_until)).scalars().all() == [None, None]
