"""Reports of one fingerprint are one incident, however many come at once; and nobody learns that theirs joined."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, text, update

from conversations.links import find_links
from conversations.model import Step
from storage import catching_up, custody, incidents, reports
from storage.custody import Act
from storage.custody_chain import broken
from storage.db import Store, Transaction
from storage.incidents import Incident
from storage.joining import Handling, Joined
from storage.tables import fingerprints as marks
from storage.tables import incidents as rows
from storage.tables import notices
from storage.tables import reports as report_rows
from tests.crowd import at_once
from tests.storage_samples import FIRST, HANDLING, NOW, SECOND, VAULT, count, file, filing, someone, vault

CHILD = Handling(2, ("restricted",), "restricted")


def report(tx: Transaction, post: str = "one", **said: Any) -> Joined:
    handling = said.pop("handling", HANDLING)
    return file(tx, filing(post=post, **said), handling=handling)


def shown(tx: Transaction, number: int) -> Incident:
    """The incident as its card would show it."""
    tx.execute(update(rows).values(shown_version=rows.c.wanted_version))
    tx.execute(update(rows).where(rows.c.number == number).values(wanted_version=rows.c.wanted_version + 1))
    group = tx.execute(select(rows.c.card_group).where(rows.c.number == number)).scalar_one()
    stale = incidents.stale_next(tx, VAULT, group)
    assert stale is not None and stale.incident.number == number
    return stale.incident


def test_the_second_report_of_a_post_joins_the_first(tx: Transaction) -> None:
    first, second, other = report(tx), report(tx, disclosure="identified"), report(tx, "another")
    assert (first.new, second.new, other.new) == (True, False, True)
    assert first.number == second.number != other.number
    assert (second.reports, other.reports, second.origin) == (2, 1, first.incident)
    card = shown(tx, first.number)
    assert (card.reports, card.anonymous, card.languages) == (2, 1, {"fr": 2})


def test_joining_consumes_no_number(tx: Transaction) -> None:
    numbers = [report(tx).number for _ in range(5)] + [report(tx, "next").number]
    assert numbers[-1] == numbers[0] + 1


def test_an_account_named_with_its_app_is_recognised_too(tx: Transaction) -> None:
    by_words: dict[str, Any] = {"links": (), "category": "sextortion", "answers": ((Step.ACCOUNT, "insta: ali_1"),)}
    first, second = file(tx, filing(**by_words)), file(tx, filing(**by_words))
    third = file(tx, filing(links=find_links("https://www.instagram.com/Ali_1/?hl=fr"), category="sextortion"))
    assert first.number == second.number == third.number


def test_what_names_nothing_is_an_incident_of_its_own(tx: Transaction) -> None:
    front_page = find_links("https://m.facebook.com/")
    each = [file(tx, filing(links=front_page)), file(tx, filing(links=front_page))]
    each += [file(tx, filing(links=())), file(tx, filing(links=()))]
    assert len({joined.number for joined in each}) == 4 and count(tx, marks) == 0


def test_the_gravest_report_says_how_the_incident_is_worked(tx: Transaction) -> None:
    first = report(tx, category="scam", handling=Handling(0, link="hxxps://a", link_until=NOW + timedelta(days=1)))
    graver = report(tx, category="hate", handling=Handling(1))
    same = report(tx, category="violence", handling=Handling(1))
    assert (first.severity, graver.severity, same.severity) == (0, 1, 1)
    card = shown(tx, first.number)
    assert (card.category, card.severity, card.group, card.link) == ("hate", 1, "moderators", "hxxps://a")


def test_a_matter_of_a_child_leaves_the_group_with_its_link(tx: Transaction) -> None:
    first = report(tx, category="terrorism", handling=Handling(2, link="hxxps://a", link_until=NOW + timedelta(days=1)))
    stale = incidents.stale_next(tx, VAULT, "moderators")
    assert stale is not None
    incidents.shown(tx, stale, "77")
    joined = report(tx, category="child_abuse", handling=CHILD)
    assert (joined.number, joined.group) == (first.number, "restricted")
    assert incidents.stale_next(tx, VAULT, "moderators") is None
    moved = incidents.stale_next(tx, VAULT, "restricted")
    assert moved is not None and (moved.message, moved.left) == ("77", "moderators")
    assert (moved.incident.category, moved.incident.link) == ("child_abuse", "")
    assert report(tx, category="terrorism", handling=HANDLING).group == "restricted"


def test_places_are_counted_and_sealed(tx: Transaction) -> None:
    said = ("rabat", "rabat", "abroad", "rather not", "")
    numbers = {report(tx, answers=((Step.PLACE, place),)).number for place in said}
    assert shown(tx, *numbers).places == {"rabat": 2, "abroad": 1}
    assert b"rabat" not in tx.execute(select(rows.c.places)).scalar_one()


def test_a_closed_incident_is_closed_and_the_next_one_names_it(tx: Transaction) -> None:
    first = report(tx)
    tx.execute(update(rows).values(state="closed"))
    second, third = report(tx), report(tx)
    assert second.new and second.earlier == first.number and not third.new
    assert shown(tx, second.number).earlier == first.number


def test_it_is_recognised_across_a_rotation_of_the_key(tx: Transaction) -> None:
    old, both, new = vault((1, FIRST)), vault((2, SECOND), (1, FIRST)), vault((2, SECOND))
    found = []
    for key in (old, both, both, old, new):
        person = someone(tx)
        joined = reports.file(tx, key, filing(post="one"), HANDLING, "telegram", person, "chat", NOW)
        found.append((joined.number, joined.new))
    assert [number for number, _ in found] == [found[0][0]] * 5
    assert [new for _, new in found] == [True, False, False, False, False] and count(tx, marks) == 2


def test_who_reports_what_is_far_along_hears_received_first(tx: Transaction) -> None:
    report(tx)
    tx.execute(update(rows).values(state="referred"))
    tx.execute(update(report_rows).values(state="referred"))
    late = filing("confidential", post="one")
    file(tx, late)
    assert reports.state(tx, late.reference) == "received"
    follows = tx.execute(select(report_rows.c.follows_at).where(report_rows.c.reference == late.reference)).scalar_one()
    assert catching_up.AFTER <= follows - NOW <= catching_up.WITHIN + timedelta(hours=1) and follows.minute == 0
    assert catching_up.catch_up(tx, NOW + timedelta(hours=1)) == 0
    assert catching_up.catch_up(tx, NOW + timedelta(hours=10)) == 1
    assert reports.state(tx, late.reference) == "referred"
    assert count(tx, notices) == 1, "its reporter is told as the others were"
    assert catching_up.catch_up(tx, NOW + timedelta(hours=10)) == 0


def test_fifty_at_once_are_one_incident(store: Store, module_database_url: str) -> None:
    """From fifty processes."""
    told = at_once("report", module_database_url, 50)
    with store.begin() as tx:
        assert tx.execute(select(rows.c.number, rows.c.reports)).all() == [(int(told[0]), 50)]
        assert len(told) == 50 and len(set(told)) == 1
        assert tx.execute(select(func.count(func.distinct(report_rows.c.incident)))).scalar_one() == 1
        assert count(tx, report_rows) == 50 and count(tx, marks) == 1


def test_who_waits_for_a_moderator_sees_what_they_did(store: Store) -> None:
    """The row, its count and its chain are as the other left them, though the statement had begun before."""
    with store.begin() as tx:
        first = report(tx)
    late = filing("confidential", post="one")

    def reports_it() -> Joined:
        with store.begin() as tx:
            return file(tx, late)

    with ThreadPoolExecutor(1) as aside, store.begin() as tx:
        tx.execute(update(rows).values(state="analysis", reports=rows.c.reports + 10))
        custody.add(tx, first.incident, Act.TAKEN, NOW, actor="operator")
        waiting = aside.submit(reports_it)
        held_up(tx)
        tx.commit()
        joined = waiting.result(10)
    assert (joined.number, joined.reports) == (first.number, 12)
    with store.begin() as tx:
        (chain,) = custody.chains(tx)
        follows = tx.execute(select(report_rows.c.follows_at).where(report_rows.c.reference == late.reference)).scalar()
    assert [entry.act for entry in chain.entries] == ["received", "taken", "received"] and not list(broken(chain))
    assert follows is not None, "it was seen to be further"


def held_up(tx: Transaction) -> None:
    """Wait until somebody waits for us."""
    blocked = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))")
    for _ in range(500):
        if tx.execute(blocked).scalar_one():
            return
        time.sleep(0.01)
    raise AssertionError("nobody waited")
