"""Two other ways in: polling without a public address, and Twilio's list after an outage. Real processes, real clients."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.serve import Server
from simulator.standins import Standins
from simulator.telegram_chats import Person
from storage.keys import generate

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def standins() -> Iterator[Server]:
    with Server(Standins()) as server:
        yield server


@pytest.fixture
def environment(standins: Server, database_url: str) -> dict[str, str]:
    accounts = standins.standins.accounts
    system = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {
        **system,
        **generate().environment,
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": database_url,
        "OPERATOR_NAME": "Example",
        "OPERATOR_CONTACT": "desk@example.org",
        "OPERATOR_URL": "https://example.org",
        "LANGUAGES": "en",
        "LOG_LEVEL": "DEBUG",
        "PUBLIC_URL": "http://127.0.0.1:9",
        "TELEGRAM_TOKEN": accounts.telegram_token,
        "TELEGRAM_WEBHOOK_SECRET": accounts.telegram_secret,
        "TELEGRAM_API_BASE": standins.url,
        "TELEGRAM_MODERATORS_CHAT_ID": str(accounts.moderators_chat),
        "TWILIO_ACCOUNT_SID": accounts.twilio_account,
        "TWILIO_AUTH_TOKEN": accounts.twilio_auth_token,
        "TWILIO_WHATSAPP_FROM": f"whatsapp:{accounts.whatsapp_number}",
        "TWILIO_API_BASE": standins.url,
    }


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "bot.cli", *words]


def run(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*words), cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def texts(standins: Standins, person: Person) -> list[str]:
    """What the bot has said to a person."""
    return [post.message["text"] for post in standins.posts(person.id) if post.mine]


def test_a_conversation_by_polling(standins: Server, environment: dict[str, str]) -> None:
    there = standins.standins
    person = there.telegram_person("en")
    there.on_telegram.say(person.id, "hello")
    polling = subprocess.Popen(command("poll"), cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        assert there.seen(lambda: len(texts(there, person)) == 1, 20)
        there.on_telegram.say(person.id, "https://example.org/hidden-words")
        assert there.seen(lambda: len(texts(there, person)) == 2)
    finally:
        polling.send_signal(signal.SIGTERM)
        _, log = polling.communicate(timeout=10)
    assert polling.returncode == 0
    assert "polling" in log
    assert not [word for word in ("hidden-words", str(person.id), environment["TELEGRAM_TOKEN"]) if word in log]


def test_polling_refuses_beside_a_webhook_and_takes_over_when_told(
    standins: Server, environment: dict[str, str]
) -> None:
    set_ = run({**environment, "PUBLIC_URL": standins.url}, "webhooks", "set")
    assert set_.returncode == 0, set_.stderr
    assert "ok    webhook: 0 updates wait" in run({**environment, "PUBLIC_URL": standins.url}, "doctor").stdout
    assert "WRONG webhook: is set to another address" in run(environment, "doctor").stdout
    done = run(environment, "poll")
    assert done.returncode == 1 and "--take-over" in done.stderr
    polling = subprocess.Popen(
        command("poll", "--take-over"), cwd=ROOT, env=environment, stderr=subprocess.DEVNULL, text=True
    )
    try:
        person = standins.standins.telegram_person("en")
        standins.standins.on_telegram.say(person.id, "hello")
        assert standins.standins.seen(lambda: bool(texts(standins.standins, person)), 20)
    finally:
        polling.send_signal(signal.SIGTERM)
        assert polling.wait(10) == 0


def test_what_twilio_received_in_an_outage_is_answered_once(standins: Server, environment: dict[str, str]) -> None:
    there = standins.standins
    citizen = there.whatsapp_person()
    there.on_whatsapp.say(citizen, "I want to report something")
    there.on_whatsapp.say(citizen, "https://example.org/hidden-words")
    done = run(environment, "reconcile")
    assert (done.returncode, done.stdout) == (0, "")
    assert "answered 2, failed 0, known before 0" in done.stderr
    assert "hidden-words" not in done.stderr and citizen.phone not in done.stderr
    assert len(there.notes(citizen)) == 4
    assert "answered 0, failed 0, known before 2" in run(environment, "reconcile").stderr
    assert len(there.notes(citizen)) == 4
