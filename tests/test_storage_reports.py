"""A filed report: sealed to the desk, readable by nobody else, and tied to a person only who wanted it."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from conversations.cases import told
from storage import parcels, people, reports
from storage.db import Rejected, Store
from storage.opening import Desk
from storage.sealed import ForAnotherKey
from storage.tables import incidents, metadata, report_parts, ways
from storage.tables import reports as filed
from tests.storage_samples import (
    CONTACT,
    DETAILS,
    HANDLING,
    LATER,
    LINK,
    MADE,
    NAME,
    NOW,
    VAULT,
    counts,
    file,
    filing,
    someone,
)

GENERAL, RESTRICTED = Desk(MADE.desk["general"]), Desk(MADE.desk["restricted"])


def opened(store: Store, desk: Desk = GENERAL) -> list[dict[str, dict[str, object]]]:
    """What the desk reads of what is pulled."""
    stream = io.BytesIO()
    with store.begin() as tx:
        parcels.write(stream, reports.sealed(tx))
    stream.seek(0)
    read = [desk.open(one.reference, one.parts, one.wraps) for one in parcels.read(stream)]
    return [{name: json.loads(part) for name, part in report.items()} for report in read]


def test_the_desk_reads_what_was_written(store: Store) -> None:
    with store.begin() as tx:
        said = filing("identified", answers=(("danger", "no"),))
        file(tx, said)
    [report] = opened(store)
    content = report["content"]
    assert content["links"] == [said.draft.links[0]._asdict()]
    assert content["received"] == "2026-11-22T02:33:00+00:00"
    assert (content["details"], content["answers"], content["notice"]) == (DETAILS, {"danger": "no"}, said.notice)
    assert report["identity"] == {"format": 1, "name": NAME, "contact": CONTACT}


@pytest.mark.parametrize("disclosure", ["anonymous", "confidential"])
def test_who_is_not_identified_has_no_identity_under_the_seal(store: Store, disclosure: str) -> None:
    with store.begin() as tx:
        file(tx, filing(disclosure, name=NAME, contact=CONTACT))
    [report] = opened(store)
    assert list(report) == ["content"] and NAME not in str(report) and CONTACT not in str(report)


def test_an_anonymous_report_has_no_key_to_a_person(store: Store) -> None:
    with store.begin() as tx:
        said = filing("anonymous")
        file(tx, said)
        row = tx.execute(select(filed)).one()
        assert row.person is None and VAULT.is_secret(said.reference, said.secret, row.secret)
    assert counts(store, ways) == [0]


@pytest.mark.parametrize("disclosure", ["confidential", "identified"])
def test_who_may_be_written_to_has_left_a_way_back(store: Store, disclosure: str) -> None:
    with store.begin() as tx:
        file(tx, filing(disclosure))
        row = tx.execute(select(filed)).one()
        way = people.way(tx, VAULT, row.person)
        assert row.secret is None and way is not None and (way.channel, way.address) == ("telegram", "chat-4711")


def test_the_database_itself_knows_that_the_anonymous_have_no_person(store: Store) -> None:
    with pytest.raises(Rejected) as caught, store.begin() as tx:
        file(tx)
        tx.execute(filed.update().values(person=someone(tx)))
    assert caught.value.constraint == "ck_reports_anonymous_has_no_person"


def test_nothing_said_is_in_clear_in_any_table(store: Store) -> None:
    with store.begin() as tx:
        for at, disclosure in enumerate(("anonymous", "confidential", "identified")):
            file(tx, filing(disclosure), name=f"name-{at}")
        every = [tx.execute(text(f"SELECT CAST(t AS text) FROM {table.name} AS t")) for table in metadata.sorted_tables]
        held = "\n".join(row for rows in every for row in rows.scalars())
    assert "IB-" in held
    for said in (NAME, CONTACT, LINK, "bad[.]example", DETAILS, "sentinel", "chat-", "name-0", "seven words"):
        assert said not in held and said.encode().hex() not in held


def test_only_the_desk_of_its_queue_opens_a_report(store: Store) -> None:
    with store.begin() as tx:
        file(tx, filing(category="child_abuse"), handling=replace(HANDLING, queues=("restricted",), group="restricted"))
    with pytest.raises(ForAnotherKey):
        opened(store, GENERAL)
    assert len(opened(store, RESTRICTED)) == 1


def test_any_words_come_through(store: Store) -> None:
    odd = "\ud83d half a pair, \u0000 nothing, \u202e back, سلام ⵜⴰⵎⴰⵣⵉⵖⵜ"
    with store.begin() as tx:
        file(tx, filing(details=odd))
    assert opened(store)[0]["content"]["details"] == odd


def test_one_report_opens_one_incident_whose_card_is_owed(store: Store) -> None:
    with store.begin() as tx:
        first, second = file(tx), file(tx, name="4712")
        assert second.number > first.number and first.group == "moderators"
        row = tx.execute(select(incidents).where(incidents.c.id == first.incident)).one()
    assert (row.wanted_version, row.shown_version, row.reports, row.platform) == (1, 0, 1, "web")
    assert row.opened_at == datetime(2026, 11, 22, 2, tzinfo=UTC)
    assert VAULT.open("incidents", row.id.bytes, row.link) == HANDLING.link.encode()
    assert row.link_until == datetime(2026, 12, 22, 3, tzinfo=UTC)


def test_where_the_category_lets_no_link_on_the_card_none_is_kept(store: Store) -> None:
    with store.begin() as tx:
        file(tx, handling=replace(HANDLING, link="", link_until=None))
        row = tx.execute(select(incidents)).one()
    assert row.link is None and row.link_until is None


def test_a_taken_reference_is_refused_and_writes_nothing(store: Store) -> None:
    """Fifty random bits: once in a billion with a million reports."""
    first = filing()
    with store.begin() as tx:
        file(tx, first)
    with pytest.raises(Rejected, match="uq_reports_reference"), store.begin() as tx:
        file(tx, replace(filing(), reference=first.reference))
    assert counts(store, filed, incidents, report_parts) == [1, 1, 1]


def test_the_unique_index_has_the_last_word(store: Store) -> None:
    with pytest.raises(Rejected) as caught, store.begin() as tx:
        said = filing()
        file(tx, said)
        tx.execute(text("INSERT INTO reports SELECT (r).* FROM (SELECT r FROM reports r) AS x"))
    assert "IB-" not in str(caught.value) and said.reference not in repr(caught.value)


def test_a_reference_tells_its_state_and_no_more(store: Store) -> None:
    with store.begin() as tx:
        said = filing()
        file(tx, said)
        assert (state := reports.state(tx, said.reference)) and told(state) == "received"
        assert reports.state(tx, "IB-0000-0000-000") is None


def test_the_listing_is_clear_facts_alone(store: Store) -> None:
    with store.begin() as tx:
        first, second = filing(), filing("identified")
        number = file(tx, first).number
        file(tx, second)
        listed = reports.listing(tx)
    assert listed[0] == {
        "reference": first.reference,
        "incident": number,
        "category": "hate",
        "severity": 1,
        "channel": "telegram",
        "locale": "fr",
        "disclosure": "anonymous",
        "state": "received",
        "received_at": "2026-11-22T02:00:00Z",
    }
    assert [one["reference"] for one in listed] == [first.reference, second.reference]
    assert "sentinel" not in json.dumps(listed)


def test_many_reports_are_carried_in_pieces(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "AT_A_TIME", 3)
    with store.begin() as tx:
        wanted = {file(tx, name=str(at)).number for at in range(10)}
    with store.begin() as tx:
        carried = list(reports.sealed(tx))
    assert {report.facts["incident"] for report in carried} == wanted
    assert all(report.parts and report.wraps for report in carried)


def test_filing_and_saving_survive_a_stop_in_the_same_breath(store: Store) -> None:
    """A confidential reporter who then says stop keeps the way back and the report, and loses the session."""
    with store.begin() as tx:
        person = someone(tx)
        reports.file(tx, VAULT, filing("confidential"), HANDLING, "telegram", person, "chat", NOW)
        people.save(tx, VAULT, person, None, LATER)
    with store.begin() as tx:
        assert someone(tx) == person
