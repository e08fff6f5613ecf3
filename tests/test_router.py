"""The router: a proposal for every category and place, each with its source; an operator's own rows; the record at the desk."""

from __future__ import annotations

import doctest
import json
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from bot import operator
from bot.desk import plain
from bot.operator import SHIPPED
from bot.settings import Refused
from conversations import router
from conversations.categories import CATEGORIES
from conversations.router import ROWS, Proposal, Service, Why, choices, propose
from conversations.territory import PROVINCES
from storage import keys, referrals, reports, wraps
from storage.db import Store
from storage.opening import Desk
from storage.rewrapping import rewrap
from storage.tables import incidents
from storage.tables import referrals as rows
from tests.storage_samples import DESK, MADE, NOW, VAULT, emptied, file

OWN = """
[[referrals]]
place = "fes"
town = "gendarmerie"
court = "Sefrou"
source = "a letter"
verified = true

[[referrals]]
category = "scam"
town = "central"
"""


def test_every_province_has_a_row_and_nothing_else_but_what_is_no_place() -> None:
    others = {"abroad", "unknown", "category:terrorism"}
    assert set(ROWS) == {*PROVINCES, *others} and len(PROVINCES) == 75
    for key, row in ROWS.items():
        assert row.source and row.date and (bool(row.court) == bool(row.appeal))
        assert row.verified or "confirm" in row.source
        if key in PROVINCES:
            assert (row.town, row.countryside) == (Service.DGSN, Service.GENDARMERIE) and row.court
            assert PROVINCES[key].court in ("", row.appeal)
            assert row.verified is bool(PROVINCES[key].court)


def test_there_are_the_twenty_three_courts_of_appeal() -> None:
    assert len({row.appeal for row in ROWS.values()} - {""}) == 23


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("place", ["", "abroad", "unknown", "7", "nowhere", "fes", "figuig"])
def test_something_is_proposed_for_whatever_is_asked(category: str, place: str) -> None:
    for countryside in (False, True):
        proposal = propose(category, place, countryside)
        assert proposal.service in Service and proposal.why in Why
    first, *others = choices(category, (place, "taza", "fes", "abroad"))
    assert first.proposal == propose(category, place) and others
    found = [choice.key for choice in (first, *others)]
    assert len(set(found)) == len(found) and "central" in found
    assert not any(place in key for key in found for place in PROVINCES)


def test_the_place_decides_but_for_terrorism() -> None:
    assert propose("hate", "taza")[:4] == (Service.DGSN, "taza", "Taza", "Taza")
    assert propose("hate", "taza", countryside=True).why is Why.COUNTRYSIDE
    assert propose("terrorism", "taza")[:4] == (Service.CENTRAL, "taza", "Rabat", "Rabat")
    assert propose("hate", "abroad").why is Why.ABROAD and propose("hate", "9").why is Why.UNKNOWN


def test_an_operators_rows_stand_in_place_of_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN)
    competent = operator.read(tmp_path / "own.toml").referrals
    assert propose("hate", "fes", rows=competent)[:3] == (Service.GENDARMERIE, "fes", "Sefrou")
    assert propose("scam", "fes", rows=competent).service is Service.CENTRAL
    assert propose("hate", "taza", rows=competent) == propose("hate", "taza")
    assert operator.read(SHIPPED).referrals == ROWS


@pytest.mark.parametrize(
    "wrong",
    [
        "referrals = 1", '[[referrals]]\ntown = "dgsn"', '[[referrals]]\nplace = "fes"\ncategory = "scam"\ntown = "dgsn"',
        '[[referrals]]\nplace = "nowhere"\ntown = "dgsn"', '[[referrals]]\nplace = "fes"\ntown = "fbi"',
        '[[referrals]]\ncategory = "opinion"\ntown = "dgsn"', '[[referrals]]\nplace = "fes"\ntown = "dgsn"\ncourt = 1',
        '[[referrals]]\nplace = "fes"\ntown = "dgsn"\nodd = 1', '[[referrals]]\nplace = "category:terrorism"\ntown = "dgsn"',
        '[[referrals]]\nplace = "fes"\ntown = "dgsn"\nverified = "yes"',
    ],
)  # fmt: skip
def test_rows_that_cannot_be_are_refused_in_one_line_each(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "own.toml").write_text(wrong)
    with pytest.raises(Refused) as refused:
        operator.read(tmp_path / "own.toml")
    assert len(refused.value.problems) == 1 and "referral" in refused.value.problems[0]


def test_the_record_is_the_desks_and_the_group_knows_the_service(module_database_url: str) -> None:
    chosen = propose("hate", "figuig")
    with emptied(module_database_url) as store:
        incident = referred(store, chosen)
        with store.begin() as tx:
            assert referrals.service(tx, incident) == "dgsn"
            kept = tx.execute(select(rows)).one()
            number = tx.execute(select(incidents.c.number)).scalar_one()
            (report,) = reports.sealed(tx)
            assert report.referrals[0].parts == {"referral": kept.sealed}
            assert "iguig" not in str(kept) and "ujda" not in str(kept)
            ((one,),) = referrals.sealed(tx, [number]).values()
            referrals.withdraw(tx, incident, NOW)
            assert referrals.service(tx, incident) == ""
    desk = Desk(MADE.desk["general"])
    (shown,) = plain(report, desk)["referrals"]
    assert shown["referred_at"] == "2026-11-22T02:33:00Z" and shown["referral"]["court"] == "Bouarfa"
    read = json.loads(desk.open(one.name, one.parts, one.wraps)["referral"])
    assert (read["service"], read["place"], read["court"], read["appeal"]) == ("dgsn", "figuig", "Bouarfa", "Oujda")
    assert (read["verified"], read["why"], read["proposed"]) == (False, "town", "central")


def test_a_new_desk_key_reads_referrals_too(module_database_url: str) -> None:
    new = keys.generate()
    to = keys.parse_desk_keys(new.environment["IBLAGH_DESK_PUBLIC_KEYS"])
    with emptied(module_database_url) as store:
        referred(store, propose("hate", "fes"))
        with store.begin() as tx:
            made = rewrap(reports.sealed(tx), Desk(MADE.desk["general"]), to, lambda _: "general")
            lines = [one for one in made if one]
            assert [line.of for line in lines] == ["report", "referral"]
            wraps.take_in(tx, lines, [key.id for key in (*DESK, *to)], NOW)
            (report,) = reports.sealed(tx)
            assert wraps.only_readers(tx, to[0].id, [key.id for key in (*DESK, *to)]) == 0
    assert plain(report, Desk(new.desk["general"]))["referrals"][0]["referral"]["court"] == "Fès"


def referred(store: Store, chosen: Proposal) -> UUID:
    with store.begin() as tx:
        incident = file(tx).incident
        referrals.put(tx, VAULT, incident, chosen, NOW, proposed="central")
        return incident


def test_the_examples_hold() -> None:
    assert doctest.testmod(router).failed == 0
