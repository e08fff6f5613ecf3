"""What `iblagh doctor` says of providers and machine: truthfully, with advice, and whatever a provider answers."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import text

from bot import doctor_machine, doctor_providers, templates
from bot.commands.webhooks import telegram as bot_of
from bot.finding import ADVICE, Finding
from bot.house import House, open_house
from simulator.faults import Fault
from simulator.serve import Server
from simulator.standins import Standins
from simulator.twilio_delivery import Webhook
from storage import db, server_settings
from tests.native_house import environment

ROOT = Path(__file__).resolve().parents[1]
PUBLIC = "https://bot.example.org"
NOWHERE = "postgresql://nobody@127.0.0.1:9/none"


@pytest.fixture(scope="module")
def standins() -> Iterator[Server]:
    with Server(Standins()) as server:
        yield server


@pytest.fixture
def server(standins: Server) -> Server:
    """The stand-ins of this file, told of no webhook yet."""
    standins.standins.twilio.delivery.webhook = Webhook()
    standins.standins.twilio.messages.contents.clear()
    return standins


def opened(server: Server, url: str = NOWHERE, **more: str) -> House:
    return open_house(environment(server, url, PUBLIC) | more)


def told(found: Iterator[Finding]) -> dict[str, Finding]:
    return {one.about: one for one in found}


def test_all_is_well_where_all_is_well(server: Server) -> None:
    home = opened(server)
    bot_of(home).set_webhook(f"{PUBLIC}/telegram")
    assert home.whatsapp
    home.whatsapp.set_webhook()
    found = told(doctor_providers.of_telegram(home)) | told(doctor_providers.of_twilio(home))
    assert all(one.well for one in found.values()), found
    assert set(found) == {"Telegram", "webhook", "moderators' group", "clock", "WhatsApp", "WhatsApp webhook"}
    assert "0 updates wait" in found["webhook"].words and "may write" in found["moderators' group"].words


@pytest.mark.parametrize(
    ("chat", "member", "words"),
    [
        ({"type": "channel"}, {"status": "administrator"}, "is no group but a channel"),
        ({"type": "supergroup", "username": "open"}, {"status": "member"}, "is public"),
        ({"type": "group"}, {"status": "kicked"}, "not in it (kicked)"),
        ({"type": "group", "permissions": {"can_send_messages": False}}, {"status": "member"}, "may not write"),
        ({"type": "supergroup"}, {"status": "restricted", "is_member": True, "can_send_messages": False}, "may not write"),
        ({"type": "supergroup"}, {"status": "restricted", "is_member": False}, "not in it"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_group(
    server: Server, monkeypatch: pytest.MonkeyPatch, chat: dict[str, object], member: dict[str, object], words: str
) -> None:
    bot = bot_of(opened(server))
    monkeypatch.setattr(bot, "seen_in", lambda id: (chat, member))
    found = doctor_providers._group(bot, "moderators' group", "-1")
    assert not found.well and words in found.words


def test_a_group_without_the_bot_and_a_bot_without_a_group(server: Server) -> None:
    strange = opened(server, TELEGRAM_MODERATORS_CHAT_ID="-1009999999999")
    assert "chat-not-found" in told(doctor_providers.of_telegram(strange))["moderators' group"].words
    without = opened(server, TELEGRAM_MODERATORS_CHAT_ID="")
    assert "is missing" in told(doctor_providers.of_telegram(without))["moderators' group"].words


def test_what_is_wrong_with_a_webhook(server: Server) -> None:
    home, now = opened(server), datetime.now(UTC)
    good = {"url": f"{PUBLIC}/telegram", "pending_update_count": 3}
    assert doctor_providers._webhook(home, good).well
    failing = {**good, "last_error_message": "Wrong response: 500", "last_error_date": int(now.timestamp())}
    assert "last error: Wrong response" in doctor_providers._webhook(home, failing).words
    assert not doctor_providers._webhook(home, failing).well
    past = {**failing, "last_error_date": int((now - timedelta(hours=2)).timestamp())}
    assert doctor_providers._webhook(home, past).well
    assert not doctor_providers._webhook(home, {**good, "pending_update_count": 500}).well
    assert not doctor_providers._webhook(home, {**good, "allowed_updates": ["message"]}).well


def test_what_is_wrong_at_twilio(server: Server) -> None:
    home = opened(server, TWILIO_TEMPLATES="list_2:HX" + "0" * 32)
    server.standins.twilio.delivery.webhook = Webhook("https://elsewhere.example/whatsapp")
    found = told(doctor_providers.of_twilio(home))
    assert found["WhatsApp"].well and "does not call our address" in found["WhatsApp webhook"].words
    assert "not at Twilio" in found["WhatsApp templates"].words and "notice_fr" in found["WhatsApp templates"].words
    server.standins.twilio.delivery.webhook = Webhook(f"{PUBLIC}/whatsapp")
    assert "other tries" in told(doctor_providers.of_twilio(home))["WhatsApp webhook"].words
    sandbox = opened(server, TWILIO_WHATSAPP_FROM="whatsapp:+14155238886")
    assert told(doctor_providers.of_twilio(sandbox))["WhatsApp"] == Finding(
        True, "WhatsApp", "no sender of the account's, so its webhook cannot be seen: the sandbox?"
    )
    server.standins.twilio.faults.order(Fault(500, "list_senders"))
    assert not told(doctor_providers.of_twilio(home))["WhatsApp"].well


def test_templates_that_are_there_are_well(server: Server) -> None:
    plain = opened(server)
    assert plain.whatsapp
    line = templates.line(templates.create(plain.whatsapp)[0])
    home = opened(server, **dict([line.split("=", 1)]))
    found = told(doctor_providers.of_twilio(home))["WhatsApp templates"]
    assert found == Finding(True, "WhatsApp templates", "all are there")


@pytest.mark.parametrize("body", [b"<html>", b'{"ok":true,"result":[]}', b'{"ok":true,"result":{},"senders":7}'])
def test_a_provider_that_answers_nonsense_breaks_nothing(server: Server, body: bytes) -> None:
    class Nonsense(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: a test's own output is enough."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Nonsense) as there:
        threading.Thread(target=there.serve_forever, args=(0.05,), daemon=True).start()
        address = f"http://127.0.0.1:{there.server_address[1]}"
        home = opened(server, TELEGRAM_API_BASE=address, TWILIO_API_BASE=address)
        found = [*doctor_providers.of_telegram(home), *doctor_providers.of_twilio(home)]
        there.shutdown()
    assert {one.about for one in found} >= {"Telegram", "WhatsApp"}
    assert not [one for one in found if one.about in ("Telegram", "WhatsApp") and one.well]


def test_nobody_there_is_a_finding_and_soon(server: Server) -> None:
    home = opened(server, TELEGRAM_API_BASE="http://127.0.0.1:9", TWILIO_API_BASE="http://127.0.0.1:9")
    found = [
        *doctor_providers.of_telegram(home),
        *doctor_providers.of_twilio(home),
        doctor_machine.telegram_clock(home),
    ]
    assert [one.well for one in found] == [False, False, False]


def test_the_server_is_asked_for_what_it_must_not_lack(server: Server, database_url: str) -> None:
    home = opened(server, database_url)
    with db.begin(home.engine) as tx:
        assert not [
            one for one in server_settings.lacking(tx, 20) if "max_connections" not in one and "fsync" not in one
        ]
        tx.execute(text("SET LOCAL synchronous_commit = off"))
        tx.execute(text("SET LOCAL log_parameter_max_length_on_error = -1"))
        tx.execute(text("SET LOCAL log_statement = 'all'"))
        tx.execute(text("SET LOCAL log_parameter_max_length = -1"))
        tx.execute(text("SET LOCAL log_min_messages = 'warning'"))
        tx.execute(text("SET LOCAL log_error_verbosity = 'default'"))
        said = " ".join(server_settings.lacking(tx, 10_000))
        assert doctor_machine.database_clock(tx).well
    for name in (
        "synchronous_commit",
        "on_error",
        "log_parameter_max_length =",
        "log_error_verbosity",
        "max_connections",
    ):
        assert name in said
    home.engine.dispose()


def test_clock_and_disk(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = opened(server, EVIDENCE_URL=str(tmp_path / "not" / "yet"), IBLAGH_VAR=str(tmp_path))
    assert [one.about for one in doctor_machine.disks(home)] == ["disk"]
    monkeypatch.setattr(doctor_machine, "LEAST_SHARE", 2.0)
    (full,) = doctor_machine.disks(home)
    assert not full.well and "GB free for EVIDENCE_URL" in full.words
    assert not doctor_machine._apart(timedelta(seconds=-40), doctor_machine.APART_FROM_TELEGRAM, "Telegram's").well
    assert "40.0 s behind" in doctor_machine._apart(timedelta(seconds=-40), timedelta(1), "Telegram's").words
    embedded = opened(server, "", EVIDENCE_URL=str(tmp_path), IBLAGH_VAR=str(tmp_path), IBLAGH_ALLOW_EMBEDDED="yes")
    assert len(list(doctor_machine.disks(embedded))) == 2


def test_every_finding_has_its_advice() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "bot").glob("doctor*.py")))
    named = set(re.findall(r'(?:Finding\((?:[^",()]|\([^()]*\))+, |State\()"([^"]+)"', code)) | set(
        doctor_providers.ABOUT.values()
    )
    assert named > {"jobs", "worker", "server", "webhook", "WhatsApp templates"}
    assert named <= set(ADVICE)
