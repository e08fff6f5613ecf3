"""Following a report end to end: real updates and forms, real PostgreSQL, the operator's commands, notices over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from bot.cli import main
from bot.desk import open_parcels
from bot.house import House
from bot.notices import look_for_notices, send_notice
from bot.wording import words
from conversations import engine, follow_screens, following
from conversations.about import About, Query, Seek
from conversations.cases import Outcome, State, Told, told
from conversations.model import Message, Session, Step
from conversations.texts import Text
from storage import db, reports
from storage.parcels import write
from storage.tables import notices
from tests.bot_api import BotApi, refused
from tests.conversing import given
from tests.doors import NEW, Telegrammer, Whatsapper, client, house

CODES = re.compile(r"(IB|SC)-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3,4}")
TO_IDENTITY = ("hello", "https://example.org/post", "hate", "witness", "skip", "done")


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as made:
        yield made
        made.shutdown()


@pytest.fixture
def home(database_url: str, api: BotApi) -> Iterator[House]:
    made = house(database_url, TELEGRAM_API_BASE=api.address, TWILIO_API_BASE=api.address)
    yield made
    if made.telegram:
        made.telegram.close()
    made.engine.dispose()


@pytest.fixture
def doors(home: House) -> FlaskClient:
    return client(home)


def codes(said: str) -> list[str]:
    return [found[0] for found in CODES.finditer(said)]


def anonymous(citizen: Telegrammer | Whatsapper, link: str = "https://example.org/post") -> list[str]:
    """File one; its reference and code."""
    for said in (link, "continue", "scam"):
        citizen.says(said)
    return codes(citizen.says("send"))


def confidential(citizen: Telegrammer | Whatsapper) -> str:
    """File one whose writer wants notices; its reference."""
    for said in (*TO_IDENTITY, "confidential"):
        citizen.says(said)
    receipt = citizen.says("send")
    assert "Tell me news" in receipt
    assert citizen.says("Tell me news").startswith("We will write to you here")
    return codes(receipt)[0]


def command(home: House, *said: str) -> Result:
    return CliRunner().invoke(main, ["incidents", *said], env={"DATABASE_URL": home.settings.database_url})


def number(home: House, reference: str) -> str:
    with db.begin(home.engine) as tx:
        return str(next(row["incident"] for row in reports.listing(tx) if row["reference"] == reference))


def at_the_desk(home: House, folder: Path) -> dict[str, dict[str, Any]]:
    with (folder / "parcels").open("wb") as stream, db.begin(home.engine) as tx:
        write(stream, reports.sealed(tx))
    (folder / "key").write_text(NEW.desk["general"])
    return {str(report["reference"]): report for report in open_parcels(folder / "parcels", folder / "key")}


def due(home: House) -> None:
    """The minute in which it can be undone is over, and every chance moment has come."""
    with db.begin(home.engine) as tx:
        tx.execute(update(notices).values(due_at=notices.c.owed_at))


def sent(home: House) -> None:
    due(home)
    look_for_notices(home)
    with db.begin(home.engine) as tx:
        ids = tx.execute(select(notices.c.id).where(notices.c.fault.is_(None))).scalars().all()
        jobs = (
            tx.execute(text("SELECT args->>'row' FROM procrastinate_jobs WHERE task_name = 'notice'")).scalars().all()
        )
    assert {str(id) for id in ids} <= set(jobs)
    for id in ids:
        send_notice(home, id)


def test_an_anonymous_report_is_added_to_answered_and_closed(home: House, doors: FlaskClient, tmp_path: Path) -> None:
    citizen = Telegrammer(doors)
    reference, secret = anonymous(citizen)
    citizen.says("stop")
    other_phone = Whatsapper(doors)  # whoever holds the code, on whatever channel
    other_phone.says("status")
    other_phone.says("I have a code")
    assert "received" in other_phone.says(f"{reference} {secret.lower().replace('0', 'o')}")
    other_phone.says("add")
    assert other_phone.says("he wrote again").startswith("Added")
    assert command(home, "ask", number(home, reference), "account").exit_code == 0
    for said in ("done", "done", "status", "code"):
        other_phone.says(said)
    assert "exact name of the account" in other_phone.says(f"{secret} {reference}")
    other_phone.says("answer")
    other_phone.says("@thief on TikTok")
    for state in ("analysis", "closed"):
        outcome = ("--outcome", "lawful") if state == "closed" else ()
        done = command(home, "move", number(home, reference), state, *outcome)
        assert done.exit_code == 0, done.output
    assert "closed" in other_phone.says(reference) and "breaks the law" not in other_phone.says(reference)
    for said in ("status", "code"):
        other_phone.says(said)
    assert "breaks the law" in other_phone.says(f"{reference} {secret}")
    added = [one["content"] for one in at_the_desk(home, tmp_path)[reference]["additions"]]
    assert {(one["question"], one["details"]) for one in added} == {
        ("", "he wrote again"),
        ("account", "@thief on TikTok"),
    }


def test_a_wrong_code_and_an_unknown_reference_are_answered_alike_and_five_times(doors: FlaskClient) -> None:
    reference, secret = anonymous(Telegrammer(doors))
    thief = Telegrammer(doors, id=99)
    for said in ("hello", "status", "code"):
        thief.says(said)
    other = "SC-0000-0000-0012"
    wrong = [thief.says(f"{reference} {other}"), thief.says(f"IB-0000-0000-012 {secret}")]
    assert wrong[0] == wrong[1] and wrong[0].startswith("No report opens")
    for _ in range(3):
        thief.says(f"{reference} {other}")
    assert thief.says(f"{reference} {secret}").startswith("That was too many tries")
    thief.says("stop")
    for said in ("status", "code"):
        thief.says(said)
    assert thief.says(f"{reference} {secret}").startswith("That was too many tries")


def test_news_reaches_who_asked_for_it_without_a_word_of_what_it_is(
    home: House, doors: FlaskClient, api: BotApi
) -> None:
    citizen = Telegrammer(doors)
    reference = confidential(citizen)
    assert command(home, "move", number(home, reference), "analysis").exit_code == 0
    sent(home)
    assert not api.forms("sendMessage")  # as when it is taken from the card: that is no news
    assert command(home, "move", number(home, reference), "referred").exit_code == 0
    sent(home)
    (form,) = api.forms("sendMessage")
    assert form["chat_id"] == citizen.id and form["text"] == 'Your reference has news. To read it, write "status".'
    citizen.says("status")
    assert reference in citizen.says("My reports")
    assert "passed on" in citizen.says("1")
    sent(home)
    assert len(api.forms("sendMessage")) == 1


def test_news_that_cannot_leave_waits_for_the_next_message(home: House, doors: FlaskClient, api: BotApi) -> None:
    citizen, other = Whatsapper(doors), Telegrammer(doors)
    late, gone = confidential(citizen), confidential(other)
    closed = (400, {"code": 63016, "message": "outside the window", "status": 400})
    blocked = refused(403, "Forbidden: bot was blocked by the user")
    api.always = lambda call: closed if call.method == "Messages.json" else blocked
    for reference in (late, gone):
        assert command(home, "ask", number(home, reference), "screenshot").exit_code == 0
    sent(home)
    assert f"news about {late}" in citizen.says("hello") and "news about" not in citizen.says("hello")
    assert f"news about {gone}" in other.says("hello")


def test_nobody_opens_a_list_or_a_report_of_somebody_else(doors: FlaskClient) -> None:
    reference = confidential(Telegrammer(doors))
    other = Telegrammer(doors, id=99)
    for said in ("hello", "status"):
        other.says(said)
    assert other.says("My reports").startswith("No report of yours")
    other.says("code")
    assert other.says(f"{reference} SC-0000-0000-0012").startswith("No report opens")


def test_who_becomes_anonymous_is_found_by_nothing_but_the_new_code(home: House, doors: FlaskClient) -> None:
    citizen = Telegrammer(doors)
    reference = confidential(citizen)
    for said in ("status", "my reports", "1", "edit_identity"):
        citizen.says(said)
    (secret,) = [code for code in codes(citizen.says("anonymous")) if code.startswith("SC")]
    for said in ("done", "status"):
        citizen.says(said)
    assert citizen.says("my reports").startswith("No report of yours")
    citizen.says("code")
    assert reference in citizen.says(f"{reference} {secret}")
    with db.begin(home.engine) as tx:
        assert tx.execute(text("SELECT count(*) FROM ways")).scalar() == 0
        assert tx.execute(text("SELECT disclosure FROM reports")).scalar() == "anonymous"


def test_pictures_of_a_child_are_never_asked_for_and_mistakes_of_an_operator_are_one_line(
    home: House, doors: FlaskClient
) -> None:
    citizen = Telegrammer(doors)
    for said in ("https://example.org/post", "continue", "child_abuse"):
        citizen.says(said)
    of_child = number(home, codes(citizen.says("send"))[0])
    refused_ones: tuple[tuple[str, ...], ...] = (
        ("ask", of_child, "screenshot"), ("ask", "9", "when"), ("move", of_child, "closed"), ("move", "9", "analysis"),
        ("move", of_child, "analysis", "--outcome", "acted"), ("move", of_child, "nowhere"),
    )  # fmt: skip
    for wrong in refused_ones:
        assert command(home, *wrong).exit_code != 0
    assert command(home, "ask", of_child, "when").exit_code == 0
    assert command(home, "move", of_child, "analysis").exit_code == 0
    for outcome, well in (((), False), (("--outcome", "acted"), True)):  # every closing has a reason
        assert (command(home, "move", of_child, "closed", *outcome).exit_code == 0) is well


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@for_all(
    said=st.lists(st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=40, max_size=60), max_size=4)
)
def test_nothing_that_was_acknowledged_as_added_is_lost(
    home: House, doors: FlaskClient, tmp_path: Path, said: list[str]
) -> None:
    citizen = Telegrammer(doors, id=NUMBER.pop())
    reference, secret = anonymous(citizen)
    for step in ("status", "code", f"{reference} {secret}", "add"):
        citizen.says(step)
    kept = [one for one in said if citizen.says(one).startswith("Added")]
    found = at_the_desk(home, tmp_path)[reference].get("additions", [])
    assert sorted(one["content"]["details"] for one in found) == sorted(kept)
    assert len(kept) == len(said)


NUMBER = list(range(5_000, 6_000))


@pytest.mark.parametrize("locale", ["ar", "en", "es", "fr", "zgh"])
def test_the_longest_list_fits_a_small_screen(locale: str) -> None:
    found = tuple(
        About(f"IB-0000-0000-{at:03}", "received", "scam", "confidential", "2026-11-22 09:00") for at in range(5)
    )
    session = Session(Step.START, locale, "IB-0000-0000-012", "SC-0000-0000-0012")
    turn = following.told(session, Query(Seek.MINE), found, given())
    shown = words(turn.say)
    assert len(shown.text) <= 1024 and shown.text.count("\n") >= 5
    assert [choice.key for choice in turn.say.choices] == [one.reference for one in found]


def test_every_state_and_every_outcome_has_words_for_its_reporter() -> None:
    assert set(follow_screens.OUTCOMES) == set(Outcome) and set(follow_screens.STATES) == set(Told)
    assert {follow_screens.STATES[told(state)] for state in State} == set(follow_screens.STATES.values())


def test_a_reference_alone_tells_no_outcome() -> None:
    session = Session(Step.START, "en", "IB-0000-0000-012", "SC-0000-0000-0012")
    turn = engine.advance(session, Message(text="IB-0000-0000-012"), given())
    assert turn.seeks == Query(Seek.STATE, "IB-0000-0000-012")
    said = engine.told(turn, "closed", given()).say
    assert next(line.text for line in said.lines) is Text.STATUS_OF and said.choices
