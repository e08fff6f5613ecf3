"""Whatever the Bot API answers: a card is tried again, sent anew, or given up and kept for the operator."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import Any

import pytest

from bot import jobs, queue
from bot.channel import SendFailed
from bot.house import House
from bot.jobs import WAITS, show_next_card
from storage import db, incidents
from tests.bot_api import BotApi, refused
from tests.card_house import (
    MODERATORS,
    api,
    change,
    drain,
    file,
    forget_jobs,
    free,
    house,
    row,
    waiting,
)

__all__ = ["api", "house"]  # fixtures


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
