"""Cards leave: once each, in their group's pace, whatever the Bot API answers."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from procrastinate import App, PsycopgConnector
from sqlalchemy import text, update

from bot import jobs, queue
from bot.channel import SendFailed
from bot.chores import look_for_stale
from bot.house import House, open_house
from bot.jobs import WAITS, show_next_card
from bot.moderators import settle
from conversations.categories import CATEGORIES
from storage import db, incidents, keys
from storage.incidents import Handling
from storage.tables import groups
from storage.tables import incidents as incident_rows
from tests.bot_api import BotApi, refused

MODERATORS, RESTRICTED = "-1001000000001", "-1001000000002"
LINK = "hxxps://shop[.]example/fake-phones"
KEYS = keys.generate().environment


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api
        api.held.set()
        api.shutdown()


@pytest.fixture
def house(database_url: str, api: BotApi) -> Iterator[House]:
    made = open_house(environment(database_url, api))
    with db.begin(made.engine) as tx:
        settle(tx, made)
    yield made
    if made.telegram:
        made.telegram.close()
    made.engine.dispose()


def environment(database_url: str, api: BotApi) -> dict[str, str]:
    """What `iblagh worker` needs in its environment, Bot API included."""
    return {
        **KEYS,
        "DATABASE_URL": database_url,
        "TELEGRAM_TOKEN": "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "TELEGRAM_WEBHOOK_SECRET": "between-us",
        "TELEGRAM_API_BASE": api.address,
        "TELEGRAM_MODERATORS_CHAT_ID": MODERATORS,
        "TELEGRAM_RESTRICTED_CHAT_ID": RESTRICTED,
        "OPERATOR_NAME": "Office",
        "OPERATOR_CONTACT": "desk@office.example",
        "OPERATOR_URL": "https://office.example",
        "LANGUAGES": "en",
    }


def file(house: House, category: str = "scam", group: str = "moderators") -> int:
    """An incident and its card job, in one transaction, as filing a report makes them; its number."""
    now = datetime.now(UTC)
    handling = Handling(
        severity=CATEGORIES[category].severity, group=group, link=LINK, link_until=now + timedelta(days=30)
    )
    with db.begin(house.engine) as tx:
        opened = incidents.new(
            tx, house.vault, handling, now, category=category, channel="telegram", locale="ar",
            disclosure="anonymous", platform="facebook",
        )  # fmt: skip
        queue.defer_card(tx, group)
    return opened.number


def change(house: House, number: int) -> None:
    """Another report of the same incident: its card is to be edited."""
    more = {"reports": incident_rows.c.reports + 1, "wanted_version": incident_rows.c.wanted_version + 1}
    with db.begin(house.engine) as tx:
        tx.execute(update(incident_rows).where(incident_rows.c.number == number).values(**more))
        queue.defer_card(tx, "moderators")


def free(house: House) -> None:
    """Let the groups be called at once, so that a test need not wait out their pace."""
    with db.begin(house.engine) as tx:
        tx.execute(update(groups).values(free_at=datetime.now(UTC) - timedelta(minutes=1)))


def waiting(house: House) -> list[dict[str, Any]]:
    """The card jobs there are: arguments, lock, status, seconds until they may start."""
    asked = "SELECT *, extract(epoch FROM scheduled_at - now()) AS starts FROM procrastinate_jobs ORDER BY id"
    with db.begin(house.engine) as tx:
        return [dict(row) for row in tx.execute(text(asked)).mappings()]


def forget_jobs(house: House) -> None:
    with db.begin(house.engine) as tx:
        tx.execute(text("TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers"))


def row(house: House, number: int) -> Any:
    with db.begin(house.engine) as tx:
        return tx.execute(incident_rows.select().where(incident_rows.c.number == number)).one()


def drain(house: House, seconds: float) -> None:
    """A worker in this process, for so long: cards only."""

    async def run() -> None:
        app = App(connector=PsycopgConnector(conninfo=db.plain(house.url)))
        jobs.register_cards(app, house)
        async with app.open_async():
            working = app.run_worker_async(
                fetch_job_polling_interval=0.1, delete_jobs="successful", install_signal_handlers=False
            )
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(working, seconds)

    asyncio.run(run())


def test_a_card_is_sent_and_recorded(house: House, api: BotApi) -> None:
    number = file(house)
    show_next_card(house, "moderators")
    (form,) = api.forms("sendMessage")
    assert str(form["chat_id"]) == MODERATORS
    assert f"Incident {number} · ○ normal" in form["text"]
    assert LINK in form["text"]
    assert form["protect_content"] is True
    assert form["disable_notification"] is True
    assert form["link_preview_options"] == {"is_disabled": True}
    assert "parse_mode" not in form
    (((button,),),) = [form["reply_markup"]["inline_keyboard"]]
    assert button["callback_data"] == f"1:{number}:take"
    shown = row(house, number)
    assert (shown.shown_version, shown.card_message) == (1, "1000")


def test_a_severe_card_rings_and_comes_first(house: House, api: BotApi) -> None:
    file(house)
    severe = file(house, "terrorism")
    show_next_card(house, "moderators")
    (form,) = api.forms("sendMessage")
    assert f"Incident {severe} · ● critical" in form["text"]
    assert form.get("disable_notification") in (None, False)


def test_a_card_of_a_child_goes_to_the_restricted_group_without_its_link(house: House, api: BotApi) -> None:
    file(house, "child_abuse", "restricted")
    show_next_card(house, "moderators")
    assert api.calls == []
    show_next_card(house, "restricted")
    (form,) = api.forms("sendMessage")
    assert str(form["chat_id"]) == RESTRICTED
    assert "shop" not in form["text"]


def test_a_job_exists_exactly_when_the_incident_does(house: House) -> None:
    with pytest.raises(RuntimeError), db.begin(house.engine) as tx:
        queue.defer_card(tx, "moderators")
        raise RuntimeError
    assert waiting(house) == []
    file(house)
    (job,) = waiting(house)
    with db.begin(house.engine) as tx:
        mailbox = tx.execute(text("SELECT mailbox FROM groups WHERE name = 'moderators'")).scalar_one()
    assert (job["task_name"], job["args"], job["lock"]) == ("card", {"group": "moderators"}, str(mailbox))
    assert job["queueing_lock"] is None


def test_nothing_is_deferred_for_a_group_that_is_not_there(house: House) -> None:
    with db.begin(house.engine) as tx:
        queue.defer_card(tx, "nowhere")
    assert waiting(house) == []


def test_many_changes_are_one_edit(house: House, api: BotApi) -> None:
    number = file(house)
    show_next_card(house, "moderators")
    for _ in range(50):
        change(house, number)
    assert len(waiting(house)) == 50
    show_next_card(house, "moderators")
    assert waiting(house) == []
    (form,) = api.forms("editMessageText")
    assert "Reports: 51" in form["text"]
    assert form["link_preview_options"] == {"is_disabled": True}
    assert len(api.calls) == 2


def test_a_change_during_the_call_is_shown_afterwards(house: House, api: BotApi) -> None:
    number = file(house)
    forget_jobs(house)
    api.held.clear()
    showing = threading.Thread(target=show_next_card, args=(house, "moderators"))
    showing.start()
    until(lambda: len(api.calls) == 1)
    with db.begin(house.engine) as tx:  # deferring nothing, as if its job had been absorbed
        tx.execute(update(incident_rows).values(reports=2, wanted_version=2))
    api.held.set()
    showing.join(10)
    assert row(house, number).shown_version == 1
    assert len(waiting(house)) == 1
    show_next_card(house, "moderators")
    assert "Reports: 2" in api.forms("editMessageText")[0]["text"]


def test_a_group_is_not_called_faster_than_it_grants(house: House, api: BotApi) -> None:
    for _ in range(6):
        file(house)
    for _ in range(6):
        show_next_card(house, "moderators")
    assert len(api.calls) == 3
    (job,) = waiting(house)
    assert 1 < job["starts"] < 4
    file(house)
    assert len(waiting(house)) == 1  # the job that waits for its time will see it


def test_a_wake_up_cannot_start_before_what_it_announces(house: House, api: BotApi) -> None:
    """A filing that leans on a job which waits for its time holds that job until it commits."""
    with db.begin(house.engine) as tx:
        queue.defer_card(tx, "moderators", at=datetime.now(UTC) + timedelta(seconds=0.5))
    with db.begin(house.engine) as tx:
        queue.defer_card(tx, "moderators")
        drain(house, 1.5)
        (job,) = waiting(house)
        assert job["status"] == "todo"
    drain(house, 1.5)
    assert waiting(house) == []


def test_too_many_requests_holds_the_group_and_not_the_worker(house: House, api: BotApi) -> None:
    number = file(house)
    forget_jobs(house)
    api.faults.append(refused(429, "Too Many Requests: retry after 2", retry_after=2))
    begun = time.monotonic()
    show_next_card(house, "moderators")
    assert time.monotonic() - begun < 1
    assert row(house, number).shown_version == 0
    drain(house, 1.2)
    assert len(api.calls) == 1
    drain(house, 2.5)
    assert len(api.calls) == 2
    assert row(house, number).shown_version == 1


def test_broken_connections_and_faults_of_the_server_are_tried_again(
    house: House, api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "WAITS", (0.1, 0.1, 0.1))
    number = file(house)
    api.faults.extend([None, refused(502, "Bad Gateway"), refused(500, "Internal Server Error")])
    with pytest.raises(SendFailed):
        show_next_card(house, "moderators")
    free(house)
    file(house)
    monkeypatch.setattr("storage.groups.SPACING", timedelta(0))
    drain(house, 2.0)
    assert len(api.forms("sendMessage")) == 5  # three that failed, and the two cards
    assert row(house, number).shown_version == 1
    assert waiting(house) == []


def test_waits_grow_and_end_after_a_day() -> None:
    assert WAITS[:5] == (1, 2, 5, 15, 60)
    assert list(WAITS) == sorted(WAITS)
    assert timedelta(hours=23) < timedelta(seconds=sum(WAITS)) < timedelta(hours=25)


def test_a_card_is_given_up_in_the_end_and_the_next_has_its_turn(house: House, api: BotApi) -> None:
    number, next_number = file(house, "terrorism"), file(house)
    forget_jobs(house)
    api.faults.append(refused(500, "Internal Server Error"))
    show_next_card(house, "moderators", attempts=len(WAITS))
    assert (row(house, number).card_fault, row(house, number).fault_version) == ("network", 1)
    with db.begin(house.engine) as tx:
        assert incidents.faults(tx) == [(number, "network")]
    drain(house, 1.0)
    assert row(house, next_number).shown_version == 1
    assert row(house, number).shown_version == 0
    change(house, number)
    drain(house, 1.0)
    assert (row(house, number).shown_version, row(house, number).card_fault) == (2, None)


def test_a_card_that_is_refused_is_not_sent_again(house: House, api: BotApi) -> None:
    number = file(house)
    forget_jobs(house)
    api.faults.append(refused(400, "Bad Request: BUTTON_DATA_INVALID"))
    show_next_card(house, "moderators")
    drain(house, 0.5)
    assert len(api.calls) == 1
    assert row(house, number).card_fault == "refused"


@pytest.mark.parametrize(
    "refusal",
    [
        refused(403, "Forbidden: bot was kicked from the supergroup chat"),
        refused(400, "Bad Request: chat not found"),
        refused(401, "Unauthorized"),
    ],
)
def test_what_an_operator_can_put_right_gives_no_card_up(house: House, api: BotApi, refusal: Any) -> None:
    number = file(house)
    api.faults.append(refusal)
    with pytest.raises(SendFailed):
        show_next_card(house, "moderators")
    assert row(house, number).card_fault is None
    free(house)
    show_next_card(house, "moderators")
    assert row(house, number).shown_version == 1


def test_a_card_that_somebody_deleted_is_sent_anew(house: House, api: BotApi) -> None:
    number = file(house)
    show_next_card(house, "moderators")
    change(house, number)
    api.faults.append(refused(400, "Bad Request: message to edit not found"))
    drain(house, 1.5)
    assert [call.method for call in api.calls] == ["sendMessage", "editMessageText", "sendMessage"]
    assert row(house, number).card_message == "1001"
    assert waiting(house) == []


def test_an_unchanged_card_counts_as_shown(house: House, api: BotApi) -> None:
    number = file(house)
    show_next_card(house, "moderators")
    change(house, number)
    api.faults.append(refused(400, "Bad Request: message is not modified: specified new message content …"))
    show_next_card(house, "moderators")
    assert row(house, number).shown_version == 2


def test_a_group_that_became_a_supergroup_is_followed(house: House, api: BotApi) -> None:
    number = file(house)
    api.faults.append(
        refused(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1009)
    )
    drain(house, 1.5)
    assert [form["chat_id"] for form in api.forms("sendMessage")] == [int(MODERATORS), -1009]
    assert row(house, number).shown_version == 1


def test_a_stale_card_without_a_job_is_found(house: House, api: BotApi) -> None:
    file(house)
    forget_jobs(house)
    look_for_stale(house)
    look_for_stale(house)
    assert len(waiting(house)) == 1


def test_a_first_card_waits_until_its_group_is_known(house: House) -> None:
    with db.begin(house.engine) as tx:
        tx.execute(groups.delete())
    file(house)
    assert waiting(house) == []
    look_for_stale(house)
    assert len(waiting(house)) == 1


def test_a_card_shown_twice_is_counted(
    house: House, api: BotApi, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    number = file(house)

    def away(*_: object) -> bool:
        raise db.Away("57P01")

    monkeypatch.setattr(incidents, "shown", away)
    with pytest.raises(db.Away):
        show_next_card(house, "moderators")
    assert f"incident {number}: card shown and not recorded" in caplog.text


def test_no_wake_up_is_lost_in_a_crowd(house: House, api: BotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four at a time change ten incidents while a worker shows them: no look for stale cards is needed at the end."""
    monkeypatch.setattr("storage.groups.SPACING", timedelta(milliseconds=20))
    monkeypatch.setattr("storage.groups.TOLERANCE", timedelta(milliseconds=40))
    numbers = [file(house) for _ in range(10)]
    with ThreadPoolExecutor(5) as pool:
        working = pool.submit(drain, house, 7.0)
        for done in [pool.submit(change, house, number) for number in numbers * 30]:
            done.result()
        changed = time.monotonic()
        until(lambda: not waiting(house), 5)
        assert time.monotonic() - changed < 5
        working.result()
    assert {row(house, number).shown_version for number in numbers} == {31}
    assert len(api.calls) < 310
    assert {form["text"].count("Reports: 31") for form in last_texts(api).values()} == {1}


def test_a_bug_is_kept_for_the_operator(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def planted(*_: object) -> None:
        raise KeyError("planted")

    file(house)
    monkeypatch.setattr(jobs, "WAITS", (0.1,))
    monkeypatch.setattr(jobs, "show_next_card", planted)
    drain(house, 1.5)
    with db.begin(house.engine) as tx:
        (failed,) = queue.failed(tx)
    assert (failed.task, failed.attempts) == ("card", 2)


def test_no_word_of_a_report_reaches_the_log_or_the_queue(
    house: House, api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    file(house)
    api.faults.extend([None, refused(500, "Internal Server Error")])
    drain(house, 4.0)
    assert len(api.calls) == 3
    for secret in ("shop", "fake-phones", "AAAAAAAA", MODERATORS):
        assert secret not in caplog.text
        assert all(secret not in str(job) for job in waiting(house))


def last_texts(api: BotApi) -> dict[str, dict[str, Any]]:
    """The last form about each incident, by its first line."""
    return {form["text"].splitlines()[0]: form for _, form in api.calls}


def until(happened: Any, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
